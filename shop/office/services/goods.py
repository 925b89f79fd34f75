"""Saving parts of a product against the version that was on the page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.errors import Outdated
from shop.catalog.models import Product
from shop.catalog.services import Part
from shop.db import Texts, locked
from shop.errors import BadInput, NotFound, ShopError, Taken
from shop.office.queries.goods import sku_taken

MOST_PICTURES = 20

Price = tuple[str, int, int, Sequence[Part]]
"""Kind, from how many pieces, sum in minor units, parts."""


def held(session: Session, *, product_id: int, version: int) -> Product:
    """The product, held until the unit of work ends. Raises Outdated where somebody saved since `version` was read."""
    product = locked(session, Product, {product_id}).get(product_id)
    if product is None:
        raise NotFound(what="product")
    if product.version != version:
        raise Outdated(product_id=product_id)
    return product


def set_prices(session: Session, *, variant_id: int, prices: Sequence[Price], by: Actor) -> None:
    """Several prices of a variant at once, or none. Raises as `set_price`, with the place of the price as `column`."""
    for place, (kind, min_quantity, minor, parts) in enumerate(prices):
        try:
            catalog.set_price(
                session,
                variant_id=variant_id,
                price_minor=minor,
                parts=parts,
                by=by,
                kind=kind,
                min_quantity=min_quantity,
            )
        except ShopError as error:
            error.data["column"] = place
            raise


def save_variant(session: Session, *, product_id: int, variant_id: int | None, currency: str, **fields: Any) -> int:
    """Change a variant, or add one; gives its id. Raises Taken for a SKU that another has."""
    sku = fields.get("sku")
    if sku and sku_taken(session, sku=sku, but=variant_id or 0):
        raise Taken(field="sku", value=sku)
    product = session.get_one(Product, product_id)
    product.version += 1
    if variant_id is None:
        return catalog.create_variant(session, product_id=product_id, currency=currency, **fields).id
    return catalog.edit_variant(session, variant_id=variant_id, **fields).id


def add_pictures(
    session: Session, *, product_id: int, now: Sequence[tuple[int, Texts]], picture_ids: Sequence[int]
) -> None:
    """Put further pictures behind those a product has. Raises BadInput for more than twenty in all."""
    if len(now) + len(picture_ids) > MOST_PICTURES:
        raise BadInput(field="pictures")
    more: list[tuple[int, Texts]] = [(picture_id, {}) for picture_id in picture_ids]
    catalog.set_pictures(session, product_id=product_id, pictures=[*now, *more])
