"""Everything a product's page shows: one statement for the product, one for all that hangs on it.

Both are also the mark of the page: while they give the same rows, the page is the same, and it is kept. So a withdrawn
consent, a sold piece, a new review or a confirmed payout changes the page with the next request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Integer,
    Select,
    Subquery,
    Text,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from shop.brokers.models import Broker
from shop.cart.models import ShippingRate
from shop.catalog.models import (
    Piece,
    PieceRate,
    PricePart,
    PriceSplit,
    Product,
    ProductMaker,
    ProductPicture,
    Variant,
)
from shop.crafts.models import Craft
from shop.db import Utc
from shop.home.queries.shelf import buyable
from shop.home.queries.unchanged import rows_of
from shop.makers.models import Maker
from shop.makers.public import agreed_mark
from shop.media.models import Picture
from shop.orders.models import Review
from shop.payouts.queries.claims import confirmed_at
from shop.places.models import Place
from shop.workshops.models import Workshop

MOST_REVIEWS = 6
MOST_OTHERS = 4

_technique = aliased(Craft)
_PRODUCT = (
    select(
        Product.id,
        Product.version,
        Product.lead_days,
        Product.made_to_order,
        Product.unique_piece,
        Product.slug,
        Product.item_no,
        Product.hs_code,
        Product.origin,
        Product.listed_by,
        Product.workshop_id,
        Product.broker_id,
        cast(Product.name, Text).label("name"),
        cast(Product.description, Text).label("description"),
        cast(Product.care, Text).label("care"),
        cast(Product.materials, Text).label("materials"),
        cast(Product.certificate, Text).label("certificate"),
        Workshop.slug.label("workshop_slug"),
        Workshop.is_open,
        cast(Workshop.name, Text).label("workshop_name"),
        Craft.slug.label("craft_slug"),
        cast(Craft.name, Text).label("craft_name"),
        _technique.slug.label("technique_slug"),
        cast(_technique.name, Text).label("technique_name"),
    )
    .join(Workshop, Workshop.id == Product.workshop_id)
    .outerjoin(Craft, Craft.id == Product.craft_id)
    .outerjoin(_technique, _technique.id == Product.technique_id)
    .where(Product.slug == bindparam("slug"), Product.state == "published")
)


def _row(kind: str, ints: Sequence[Any] = (), texts: Sequence[Any] = (), at: Any = None) -> list[Any]:
    numbers = [*ints, *([null()] * (6 - len(ints)))]
    words = [*texts, *([null()] * (4 - len(texts)))]
    return [
        literal(kind, Text).label("kind"),
        *(cast(number, BigInteger).label(f"n{place}") for place, number in enumerate(numbers)),
        *(cast(word, Text).label(f"t{place}") for place, word in enumerate(words)),
        cast(null(), Utc()).label("at") if at is None else at.label("at"),
    ]


_THIS = bindparam("product", type_=BigInteger)


def _variants() -> list[Select[Any]]:
    live = (PriceSplit.live, PriceSplit.kind == "retail", PriceSplit.min_quantity == 1)
    return [
        select(
            *_row(
                "variant",
                (
                    Variant.id,
                    Variant.position,
                    Variant.price_minor,
                    Variant.on_hand - Variant.reserved,
                    cast(Variant.is_active, Integer),
                    Variant.weight_grams,
                ),
                (Variant.size_label, Variant.colour, Variant.size, Variant.currency),
            )
        ).where(Variant.product_id == _THIS),
        select(
            *_row("part", (Variant.id, PricePart.position, PricePart.amount_minor), (PricePart.kind, PricePart.payee))
        )
        .select_from(Variant)
        .join(PriceSplit, PriceSplit.variant_id == Variant.id)
        .join(PricePart, PricePart.split_id == PriceSplit.id)
        .where(Variant.product_id == _THIS, *live),
        select(*_row("rate", (Variant.id, PieceRate.minutes, PieceRate.pay_minor)))
        .select_from(Variant)
        .join(PieceRate, PieceRate.variant_id == Variant.id)
        .where(Variant.product_id == _THIS, PieceRate.live),
    ]


def _people() -> list[Select[Any]]:
    face = aliased(Picture)
    made = select(func.count(Piece.id)).where(Piece.maker_id == Maker.id).correlate(Maker).scalar_subquery()
    payees = (
        select(PricePart.payee)
        .join(PriceSplit, PriceSplit.id == PricePart.split_id)
        .join(Variant, Variant.id == PriceSplit.variant_id)
        .where(Variant.product_id == _THIS, PriceSplit.live, PricePart.kind == "broker")
    )
    able = select(ProductMaker.maker_id).where(ProductMaker.product_id == _THIS)
    next_maker = select(_oldest().c.maker_id).scalar_subquery()
    lister = select(Product.broker_id).where(Product.id == _THIS)
    return [
        select(
            *_row(
                "maker",
                (Maker.id, Maker.village_id, made),
                (Place.name, face.key),
            )
        )
        .select_from(ProductMaker)
        .join(Maker, Maker.id == ProductMaker.maker_id)
        .join(Place, Place.id == Maker.village_id)
        .outerjoin(face, face.id == Maker.face_id)
        .where(ProductMaker.product_id == _THIS),
        select(
            *_row(
                "who",
                (Maker.id, Maker.village_id, Maker.face_id, agreed_mark(Maker.id)),
                (Maker.slug, Maker.name, Maker.pen_name, Maker.story),
            )
        ).where(or_(Maker.id.in_(able), Maker.id == next_maker)),
        select(
            *_row(
                "broker",
                (Broker.id, cast(Broker.name_in_split, Integer), Broker.user_id),
                (Broker.name,),
            )
        ).where(or_((literal("broker:") + cast(Broker.id, Text)).in_(payees), Broker.id == lister.scalar_subquery())),
    ]


@lru_cache(maxsize=1)
def _oldest() -> Subquery:
    """The piece that would be sold next."""
    return (
        select(Piece.id, Piece.number, Piece.maker_id, Piece.accepted_at, Piece.receipt_key, Piece.variant_id)
        .join(Variant, Variant.id == Piece.variant_id)
        .where(Variant.product_id == _THIS, Variant.is_active, Piece.state == "shelf")
        .order_by(Piece.id)
        .limit(1)
        .subquery("oldest")
    )


def _pieces() -> list[Select[Any]]:
    oldest = _oldest()
    return [
        select(
            *_row(
                "piece", (oldest.c.id, oldest.c.maker_id, oldest.c.variant_id), (oldest.c.number,), oldest.c.accepted_at
            )
        ),
        select(*_row("paid", (oldest.c.id,), (), confirmed_at(oldest.c.receipt_key))),
    ]


def _words() -> list[Select[Any]]:
    latest = (
        select(Review)
        .where(Review.product_id == _THIS, Review.published)
        .order_by(Review.written_at.desc(), Review.id.desc())
        .limit(MOST_REVIEWS)
        .subquery("latest")
    )
    return [
        select(
            *_row(
                "picture", (ProductPicture.position, Picture.width, Picture.height), (Picture.key, ProductPicture.alt)
            )
        )
        .select_from(ProductPicture)
        .join(Picture, Picture.id == ProductPicture.picture_id)
        .where(ProductPicture.product_id == _THIS),
        select(
            *_row(
                "review",
                (latest.c.id, latest.c.stars),
                (latest.c.lang, latest.c.signed, latest.c.text, latest.c.piece_number),
                latest.c.written_at,
            )
        ),
        select(*_row("reviews", (func.count(Review.id), func.coalesce(func.sum(Review.stars), 0)))).where(
            Review.product_id == _THIS, Review.published
        ),
        select(
            *_row(
                "post",
                (
                    ShippingRate.workshop_id,
                    ShippingRate.fee_minor,
                    ShippingRate.days_min,
                    ShippingRate.days_max,
                ),
                (ShippingRate.country,),
            )
        ).where(
            or_(ShippingRate.workshop_id.is_(None), ShippingRate.workshop_id == bindparam("workshop", type_=BigInteger))
        ),
    ]


def _others() -> list[Select[Any]]:
    hers = select(ProductMaker.maker_id).where(ProductMaker.product_id == _THIS)
    by_her = select(ProductMaker.product_id).where(ProductMaker.maker_id.in_(hers))
    on_shelf = (Product.state == "published", Product.id != _THIS, Workshop.is_open, buyable())
    low = select(func.min(Variant.price_minor)).where(Variant.product_id == Product.id, Variant.is_active)
    newest = (
        select(Product.id, Product.slug, Product.name, Product.cover_id, low.scalar_subquery().label("price"))
        .join(Workshop, Workshop.id == Product.workshop_id)
        .where(Product.id.in_(by_her), *on_shelf)
        .order_by(Product.published_at.desc(), Product.id.desc())
        .limit(MOST_OTHERS)
        .subquery("others")
    )
    return [
        select(*_row("other", (newest.c.id, newest.c.price), (newest.c.slug, newest.c.name, Picture.key)))
        .select_from(newest)
        .outerjoin(Picture, Picture.id == newest.c.cover_id),
        select(*_row("others", (func.count(Product.id),)))
        .select_from(Product)
        .join(Workshop, Workshop.id == Product.workshop_id)
        .where(Product.id.in_(by_her), *on_shelf),
    ]


_HANGING: CompoundSelect[Any] = union_all(*_variants(), *_people(), *_pieces(), *_words(), *_others())


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows of a product's page, not yet understood; `key` is all of them."""

    product: Any
    hanging: Sequence[Any]
    key: tuple[Any, ...]


def seen_goods(connection: Connection, slug: str) -> Seen | None:
    """The rows of a published product's page, in two statements; None where the public sees no such product."""
    found = rows_of(connection, _PRODUCT, "product", {"slug": slug})
    if not found:
        return None
    product = found[0]
    binds = {"product": product.id, "workshop": product.workshop_id}
    hanging = rows_of(connection, _HANGING, "hanging", binds)
    return Seen(product, hanging, (tuple(product), tuple(map(tuple, hanging))))
