"""Keeping the index of words in step with the catalogue: with what is public of its makers, and as a whole."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Product, ProductMaker
from shop.catalog.queries import words_of
from shop.catalog.services.listing import index_product

KIND = "product"


def follow_maker(session: Session, maker_id: int) -> None:
    """What is public of a maker changed: the products she makes are found by her name, or no longer."""
    ids = session.scalars(
        select(Product.id)
        .join(ProductMaker, ProductMaker.product_id == Product.id)
        .where(ProductMaker.maker_id == maker_id, Product.state == "published")
        .order_by(Product.id)
    ).all()
    for product_id in ids:
        index_product(session, product_id=product_id)


def read_products(session: Session, after_id: int, limit: int) -> Sequence[tuple[int, str | None]]:
    """All products for `flask search reindex`; drafts without words, since nobody may find them."""
    ids = session.scalars(select(Product.id).where(Product.id > after_id).order_by(Product.id).limit(limit)).all()
    return [(product_id, words_of(session, product_id=product_id)) for product_id in ids]
