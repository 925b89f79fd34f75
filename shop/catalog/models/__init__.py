"""What is listed, for how much, who makes it, and each numbered piece."""

from shop.catalog.models.pieces import Piece, Reservation, ReservedPiece
from shop.catalog.models.prices import PART_KINDS, PieceRate, PricePart, PriceSplit
from shop.catalog.models.products import Product, ProductMaker, ProductPicture, Variant
from shop.catalog.models.rules import RULED_PARTS, CommissionRule

__all__ = [
    "PART_KINDS",
    "RULED_PARTS",
    "CommissionRule",
    "Piece",
    "PieceRate",
    "PricePart",
    "PriceSplit",
    "Product",
    "ProductMaker",
    "ProductPicture",
    "Reservation",
    "ReservedPiece",
    "Variant",
]
