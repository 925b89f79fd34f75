"""The demo's sixty products with pictures, rates and splits, and the pieces that lie on the shelf."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.services import Part
from shop.db import writing
from shop.demo.build.ground import BACK, Made
from shop.media.services import Kept, add_kept
from shop.money import share
from shop.work.services import make_for_shelf


def list_everything(made: Made) -> None:
    """List every product by its broker, newest last; lay the stock on the shelf, each piece by a maker of its own."""
    rows = made.cast.products
    for place, row in enumerate(rows):
        # one after the other over three weeks, so that "newest" means something
        clock.stand_at(_listed_at(made, place, len(rows)))
        with writing() as session:
            _list(session, made, row)
        for variant in row["variants"]:
            _lay_on_shelf(made, row, variant)


def show_everything(made: Made, pictures: Mapping[str, Sequence[Kept]]) -> None:
    """Hang the pictures and publish, each product on the day it was listed."""
    rows = made.cast.products
    hung: dict[str, list[int]] = {}
    with writing() as session:
        for place, row in enumerate(rows):
            clock.stand_at(_listed_at(made, place, len(rows)))
            product_id = made.variants[f"product:{row['slug']}"]
            by, look = made.brokers[row["broker"]], str(row.get("like", row["slug"]))
            if look not in hung:
                hung[look] = [add_kept(session, kept=kept, by=by).id for kept in pictures[look]]
            shown = [(picture_id, row["name"]) for picture_id in hung[look]]
            catalog.set_pictures(session, product_id=product_id, pictures=shown)
            session.flush()  # publishing looks for the cover
            catalog.publish(session, product_id=product_id)


def _listed_at(made: Made, place: int, count: int) -> datetime:
    return made.moment(-BACK + 1 + place * 20 // count, 2 + place % 8)


def _list(session: Session, made: Made, row: dict[str, Any]) -> None:
    broker = made.brokers[row["broker"]]
    product = catalog.create_product(
        session,
        workshop_id=made.workshops[row["workshop"]],
        name=row["name"],
        by=broker,
        broker_id=broker.broker_id,
        slug=row["slug"],
        item_no=row["item_no"],
        description=row["description"],
        care=row["care"],
        craft_id=made.crafts[row["craft"]],
        technique_id=made.crafts[row["technique"]] if row["technique"] else None,
        made_to_order=row["availability"]["kind"] == "made_to_order",
        unique_piece=bool(row["availability"]["unique"]),
        materials=row["materials"],
        hs_code=row["hs_code"],
        origin=row["origin"],
        certificate=_certified(row["certificate"]),
        lead_days=row["lead_days"],
    )
    made.variants[f"product:{row['slug']}"] = product.id
    for variant in row["variants"]:
        _variant(session, made, product.id, variant, broker)
    catalog.set_makers(session, product_id=product.id, maker_ids=[made.makers[each] for each in row["makers"]])


def _certified(row: dict[str, Any] | None) -> dict[str, str] | None:
    """Its title with its number, as it stands on the paper."""
    if row is None:
        return None
    return {lang: f"{title} {row['number']}" for lang, title in row["title"].items()}


def _variant(session: Session, made: Made, product_id: int, row: dict[str, Any], by: Actor) -> None:
    variant = catalog.create_variant(
        session,
        product_id=product_id,
        currency=made.currency,
        sku=row["sku"],
        size_label=row["size_label"],
        colour=row["colour"] or {},
        size=row["size"],
        weight_grams=row["weight_g"],
        carton=row["carton"] or {},
    )
    made.variants[row["sku"]] = variant.id
    catalog.set_piece_rate(
        session,
        variant_id=variant.id,
        pay_minor=made.minor(row["retail"]["split"]["maker"]),
        minutes=row["minutes_per_piece"],
        by=by,
    )
    catalog.set_price(
        session,
        variant_id=variant.id,
        price_minor=made.minor(row["retail"]["price_fen"]),
        parts=_parts(made, row["retail"]),
        by=by,
    )
    for tier in row["trade"]:
        catalog.set_price(
            session,
            variant_id=variant.id,
            price_minor=made.minor(tier["price_fen"]),
            parts=_parts(made, tier),
            by=by,
            kind="trade",
            min_quantity=tier["min_qty"],
            lead_days=tier["lead_days"],
        )


def _parts(made: Made, price: dict[str, Any]) -> list[Part]:
    brokers = [
        Part("broker", made.minor(each["fen"]), f"broker:{made.brokers[each['broker']].broker_id}")
        for each in price["broker_parts"]
    ]
    split = price["split"]
    others = [Part(kind, made.minor(split[kind])) for kind in ("maker", "materials", "coop", "costs")]
    return [part for part in (*others[:2], *brokers, *others[2:]) if part.amount_minor]


def _lay_on_shelf(made: Made, row: dict[str, Any], variant: dict[str, Any]) -> None:
    """The pieces counted at the beginning, shared among the product's makers."""
    stock = int(variant["stock"] or 0)
    if not stock:
        return
    for maker, count in zip(row["makers"], share(stock, [1] * len(row["makers"])), strict=True):
        if count:
            with writing() as session:
                make_for_shelf(
                    session,
                    variant_id=made.variants[variant["sku"]],
                    maker_id=made.makers[maker],
                    quantity=count,
                    how="visit",
                    key=f"demo:{variant['sku']}:{maker}",
                    by=made.brokers[row["broker"]],
                )
