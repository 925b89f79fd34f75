"""Listing a product, editing it, taking it off sale."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog.errors import Lacking, Outdated
from shop.catalog.models import Product, ProductMaker, ProductPicture, Variant
from shop.catalog.queries import lacks
from shop.db import Texts
from shop.errors import BadInput, Conflict, NotFound
from shop.ids import slug_of
from shop.search import services as search
from shop.workshops.models import Workshop, WorkshopMaker

EDITABLE = {
    "name",
    "description",
    "care",
    "craft_id",
    "technique_id",
    "made_to_order",
    "unique_piece",
    "materials",
    "hs_code",
    "origin",
    "certificate",
}
"""Fields that a form may change; state, makers, pictures and prices have services of their own."""


def create_product(
    session: Session,
    *,
    workshop_id: int,
    name: Texts,
    by: Actor,
    broker_id: int | None = None,
    slug: str | None = None,
    item_no: str | None = None,
    source_key: str | None = None,
    **fields: Any,
) -> Product:
    """A draft; nobody but the co-op and its broker sees it until it is published."""
    if session.get(Workshop, workshop_id) is None:
        raise NotFound(what="workshop")
    if not any(name.values()):
        raise BadInput(field="name")
    product = Product(
        workshop_id=workshop_id,
        name=name,
        broker_id=broker_id,
        slug=slug or "",
        item_no=item_no or "",
        source_key=source_key,
        listed_by=by.key,
        created_at=clock.now(),
        **_allowed(fields, extra={"lead_days", "source_facts"}),
    )
    if not item_no:
        product.item_no = _next_item_no(session)
    if not slug:
        product.slug = (
            f"{slug_of(name.get('en') or name.get('vi') or '') or 'piece'}-{product.item_no.removeprefix('QS-')}"
        )
    session.add(product)
    session.flush()  # its id is needed by variants, makers and pictures
    return product


def _next_item_no(session: Session) -> str:
    newest = session.scalar(select(func.max(Product.id))) or 0
    number = newest + 5001
    while session.scalar(select(Product.id).where(Product.item_no == f"QS-{number:04d}")):
        number += 1
    return f"QS-{number:04d}"


def _allowed(fields: dict[str, Any], *, extra: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    unknown = set(fields) - EDITABLE - extra
    if unknown:
        raise BadInput(field=min(unknown))
    return fields


def create_variant(session: Session, *, product_id: int, currency: str, **fields: Any) -> Variant:
    """A size or colour of a product, without a price yet."""
    position = session.scalar(select(func.count(Variant.id)).where(Variant.product_id == product_id)) or 0
    variant = Variant(product_id=product_id, currency=currency, position=position, **fields)
    session.add(variant)
    session.flush()  # prices and rates point to it
    return variant


def edit_product(session: Session, *, product_id: int, version: int, **fields: Any) -> Product:
    """Change texts and facts. Raises Outdated where somebody saved since `version` was read."""
    row = session.execute(
        update(Product)
        .where(Product.id == product_id, Product.version == version)
        .values(version=version + 1, **_allowed(fields))
        .returning(Product.id)
    ).scalar_one_or_none()
    if row is None:
        raise Outdated(product_id=product_id)
    product = session.get_one(Product, product_id, populate_existing=True)
    index_product(session, product_id=product_id)
    return product


def edit_variant(session: Session, *, variant_id: int, **fields: Any) -> Variant:
    """Change size, colour, weight or SKU of a variant."""
    unknown = set(fields) - {
        "sku",
        "size_label",
        "colour",
        "size",
        "weight_grams",
        "position",
        "is_active",
        "to_take_in",
    }
    if unknown:
        raise BadInput(field=min(unknown))
    variant = session.get(Variant, variant_id)
    if variant is None:
        raise NotFound(what="variant")
    for name, value in fields.items():
        setattr(variant, name, value)
    session.flush()  # a duplicate SKU must speak up here, not at the end
    return variant


def set_makers(session: Session, *, product_id: int, maker_ids: Sequence[int]) -> None:
    """Who can make it; only makers of its workshop."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(what="product")
    of_workshop = set(
        session.scalars(select(WorkshopMaker.maker_id).where(WorkshopMaker.workshop_id == product.workshop_id))
    )
    if not set(maker_ids) <= of_workshop:
        raise BadInput(field="makers")
    session.execute(delete(ProductMaker).where(ProductMaker.product_id == product_id))
    session.add_all(ProductMaker(product_id=product_id, maker_id=maker_id) for maker_id in dict.fromkeys(maker_ids))
    product.version += 1
    session.flush()  # the index reads them
    index_product(session, product_id=product_id)


def set_pictures(session: Session, *, product_id: int, pictures: Sequence[tuple[int, Texts]]) -> None:
    """The product's pictures in order, each with its alternative text; the first becomes the cover."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(what="product")
    session.execute(delete(ProductPicture).where(ProductPicture.product_id == product_id))
    session.add_all(
        ProductPicture(product_id=product_id, picture_id=picture_id, position=place, alt=alt)
        for place, (picture_id, alt) in enumerate(pictures)
    )
    product.cover_id = pictures[0][0] if pictures else None
    product.version += 1


def publish(session: Session, *, product_id: int) -> Product:
    """Show it to the public. Raises Lacking with what is missing."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(what="product")
    missing = lacks(session, product_id=product_id)
    if missing:
        raise Lacking(lacks=missing)
    if product.state != "published":
        product.state = "published"
        product.published_at = product.published_at or clock.now()
        product.version += 1
    session.flush()  # the index reads it
    index_product(session, product_id=product_id)
    return product


def withdraw(session: Session, *, product_id: int) -> Product:
    """Take it off the shop; its pages answer "not found", orders already paid go on."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(what="product")
    if product.state == "draft":
        raise Conflict(product_id=product_id)
    product.state = "withdrawn"
    product.version += 1
    search.forget(session, kind="product", ref=product_id)
    return product


def sell_out(session: Session, *, product_id: int) -> None:
    """Nothing of it can be bought for now; its page stays and says so."""
    _switch(session, product_id, on=False)


def put_on_sale_again(session: Session, *, product_id: int) -> None:
    """The reverse of `sell_out`."""
    _switch(session, product_id, on=True)


def _switch(session: Session, product_id: int, *, on: bool) -> None:
    session.execute(update(Variant).where(Variant.product_id == product_id).values(is_active=on))
    session.execute(update(Product).where(Product.id == product_id).values(version=Product.version + 1))


def index_product(session: Session, *, product_id: int) -> None:
    """Bring the search index up to what a published product says now."""
    from shop.catalog.queries import words_of  # noqa: PLC0415  kept beside the other readings of a product

    words = words_of(session, product_id=product_id)
    if words is None:
        search.forget(session, kind="product", ref=product_id)
    else:
        search.remember(session, kind="product", ref=product_id, words=words)
