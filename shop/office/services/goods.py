"""Saving parts of a product against the version that was on the page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.errors import Outdated
from shop.catalog.models import Product, ProductPicture
from shop.catalog.services import Part
from shop.coop.facts import coop_facts
from shop.coop.services import record
from shop.db import Texts, locked
from shop.errors import Conflict, NotFound, ShopError, Taken
from shop.ids import digest
from shop.media import services as media
from shop.media.models import Picture
from shop.office.queries.goods import sku_taken
from shop.workshops.models import Workshop

MOST_PICTURES = 20


class TooManyPictures(ShopError):
    """More pictures than a product may have, or than are taken `at_once`. Data: most, at_once."""

    status = 422
    code = "too_many_pictures"


@dataclass(frozen=True, slots=True)
class Price:
    """A price to be set, in minor units, with its parts."""

    kind: str
    min_quantity: int
    lead_days: int | None
    minor: int
    parts: Sequence[Part]


def held(session: Session, *, product_id: int, version: int) -> Product:
    """The product, held until the unit of work ends. Raises Outdated where somebody saved since `version` was read."""
    product = locked(session, Product, {product_id}).get(product_id)
    if product is None:
        raise NotFound(what="product")
    if product.version != version:
        raise Outdated(product_id=product_id)
    return product


def shown(session: Session, *, product_id: int) -> Product:
    """A product that is in the shop, held until the unit of work ends. Raises Conflict for a draft or a withdrawn one."""
    product = locked(session, Product, {product_id}).get(product_id)
    if product is None:
        raise NotFound(what="product")
    if product.state != "published":
        raise Conflict(product_id=product_id)
    return product


def new_draft(
    session: Session, *, workshop_id: int, name: Texts, craft_id: int | None, made_to_order: bool, key: str, by: Actor
) -> int:
    """A draft with a variant that has no price yet; gives its id. The same form sent again gives the draft there is.

    `key` is the form's own; typed otherwise under the same key, it is another draft. Raises NotFound, BadInput.
    """
    workshop = session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound(what="workshop")
    typed = json.dumps([name, craft_id, made_to_order], sort_keys=True)
    source_key = f"office:{key}:{digest(typed)[:16]}" if key else None
    known = select(Product.id).where(Product.workshop_id == workshop_id, Product.source_key == source_key)
    found = session.scalar(known) if source_key else None
    if found is not None:
        return found
    product = catalog.create_product(
        session,
        workshop_id=workshop_id,
        name=name,
        by=by,
        source_key=source_key,
        craft_id=craft_id,
        made_to_order=made_to_order,
        broker_id=workshop.broker_id,
    )
    catalog.create_variant(session, product_id=product.id, currency=coop_facts(session).currency)
    record(session, about=f"product:{product.id}", kind="created", by=by)
    return product.id


def set_prices(
    session: Session,
    *,
    product_id: int,
    version: int,
    variant_id: int,
    prices: Sequence[Price],
    ended: Sequence[tuple[str, int]],
    by: Actor,
) -> None:
    """Several prices of a variant at once, or none; `ended` are those offered no more, as (kind, least quantity).

    Raises as `held`, `end_price` and `set_price`, with the place as `column`.
    """
    product = held(session, product_id=product_id, version=version)
    for kind, min_quantity in ended:
        catalog.end_price(session, variant_id=variant_id, kind=kind, min_quantity=min_quantity)
    for place, price in enumerate(prices):
        try:
            catalog.set_price(
                session,
                variant_id=variant_id,
                price_minor=price.minor,
                parts=price.parts,
                by=by,
                kind=price.kind,
                min_quantity=price.min_quantity,
                lead_days=price.lead_days,
            )
        except ShopError as error:
            error.data["column"] = place
            raise
    session.refresh(product, ["version"])
    # a retail price has counted itself; whoever edits another kind must be seen by the next editor as well
    product.version = max(product.version, version + 1)


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
    """Put further pictures behind those a product has. Raises TooManyPictures over twenty in all."""
    if len(now) + len(picture_ids) > MOST_PICTURES:
        raise TooManyPictures(field="pictures", most=MOST_PICTURES)
    more: list[tuple[int, Texts]] = [(picture_id, {}) for picture_id in picture_ids]
    catalog.set_pictures(session, product_id=product_id, pictures=[*now, *more])


def hang(session: Session, *, pictures: Sequence[tuple[Sequence[int], media.Kept]], by: Actor) -> None:
    """Put pictures behind those of the products named beside each; a product that has one of them gets it no second time.

    Raises TooManyPictures as `add_pictures`.
    """
    for product_ids, picture in pictures:
        has = select(ProductPicture.product_id).join(Picture, Picture.id == ProductPicture.picture_id)
        same = has.where(ProductPicture.product_id.in_(product_ids), Picture.sha256 == picture.checked.sha256)
        wanting = set(product_ids) - set(session.scalars(same))
        if not wanting:
            continue
        made = media.add_kept(session, kept=picture, by=by)
        for product_id in sorted(wanting):
            query = select(ProductPicture).where(ProductPicture.product_id == product_id)
            now = [(each.picture_id, each.alt) for each in session.scalars(query.order_by(ProductPicture.position))]
            add_pictures(session, product_id=product_id, now=now, picture_ids=[made.id])
