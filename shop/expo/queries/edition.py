"""A fair's selection as the documents room prints it: trade prices and public facts, and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.catalog.models import PriceSplit, Product, ProductMaker, Variant
from shop.coop.models import Coop
from shop.crafts.models import Craft
from shop.db import LANGS, Texts
from shop.documents.edition import Carton, CatalogueData, CatalogueItem, Certificate
from shop.expo.models import Expo
from shop.expo.queries.selection import chosen_ids
from shop.makers.public import PublicMaker, public_makers
from shop.media.models import Picture
from shop.media.storage import path_of
from shop.money import Money
from shop.places.models import Place
from shop.workshops.models import Workshop

NAMED_AT_MOST = 3
"""More makers than that are "several makers": a caption holds no more names."""


def edition_of(session: Session, *, expo_id: int, media: Path, site_url: str) -> CatalogueData:
    """Everything the catalogue and the price list need, as of now, in a handful of statements."""
    expo = session.get_one(Expo, expo_id)
    coop = session.get_one(Coop, 1)
    ids = chosen_ids(session, expo_id=expo_id)
    items = _items(session, ids, media, site_url)
    return CatalogueData(
        expo_name=expo.name,
        starts_on=expo.starts_on,
        ends_on=expo.ends_on,
        place=expo.venue,
        edition="1",
        coop_name=coop.name,
        made_on=clock.today(),
        items=[items[product_id] for product_id in ids if product_id in items],
        preface=expo.preface,
    )


def _items(session: Session, ids: list[int], media: Path, site_url: str) -> dict[int, CatalogueItem]:
    rows = session.execute(
        select(Product, Variant, Workshop, Place, Picture)
        .join(Variant, (Variant.product_id == Product.id) & (Variant.position == 0))
        .join(Workshop, Workshop.id == Product.workshop_id)
        .join(Place, Place.id == Workshop.village_id)
        .outerjoin(Picture, Picture.id == Product.cover_id)
        .where(Product.id.in_(ids))
    ).all()
    tiers: dict[int, list[PriceSplit]] = {}
    for split in session.scalars(
        select(PriceSplit)
        .where(PriceSplit.variant_id.in_([row[1].id for row in rows]), PriceSplit.kind == "trade", PriceSplit.live)
        .order_by(PriceSplit.min_quantity)
    ):
        tiers.setdefault(split.variant_id, []).append(split)
    crafts = {craft.id: craft.name for craft in session.scalars(select(Craft))}
    makers = _makers(session, ids)
    return {
        product.id: _item(
            product,
            variant,
            workshop,
            place,
            picture=_master(media, picture),
            tiers=tiers.get(variant.id, []),
            technique=crafts.get(product.technique_id or product.craft_id or 0),
            maker=makers.get(product.id),
            url=f"{site_url}/products/{product.slug}",
        )
        for product, variant, workshop, place, picture in rows
    }


def _master(media: Path, picture: Picture | None) -> Path | None:
    """The full-size picture for print; None where there is none, or its file is being restored."""
    if picture is None:
        return None
    found = path_of(media, picture.key)
    return found if found.exists() else None


def _makers(session: Session, ids: list[int]) -> dict[int, Texts]:
    """The names under which a product's makers agreed to be shown."""
    pairs = session.execute(
        select(ProductMaker.product_id, ProductMaker.maker_id)
        .where(ProductMaker.product_id.in_(ids))
        .order_by(ProductMaker.id)
    ).all()
    public = public_makers(session, {row.maker_id for row in pairs})
    by_product: dict[int, list[PublicMaker]] = {}
    for row in pairs:
        by_product.setdefault(row.product_id, []).append(public[row.maker_id])
    found: dict[int, Texts] = {}
    for product_id, several in by_product.items():
        named = [maker.named for maker in several if maker.named]
        if named and len(named) == len(several) <= NAMED_AT_MOST:
            found[product_id] = {
                lang: ("、" if lang == "zh" else ", ").join(
                    name.get(lang) or next(iter(name.values())) for name in named
                )
                for lang in LANGS
            }
    return found


def _item(
    product: Product,
    variant: Variant,
    workshop: Workshop,
    place: Place,
    *,
    picture: Path | None,
    tiers: list[PriceSplit],
    technique: Texts | None,
    maker: Texts | None,
    url: str,
) -> CatalogueItem:
    prices = [(split.min_quantity, Money(split.price_minor, split.currency)) for split in tiers]
    if not prices and variant.price_minor is not None:
        prices = [(1, Money(variant.price_minor, variant.currency))]
    first = tiers[0] if tiers else None
    return CatalogueItem(
        item_no=product.item_no,
        names=product.name,
        workshop=workshop.name,
        price_term={
            lang: f"EXW {place.short_name.get(lang) or place.short_name.get('zh', '')}".strip() for lang in LANGS
        },
        currency=variant.currency,
        tiers=prices,
        moq=first.min_quantity if first else 1,
        lead_days=(first.lead_days if first and first.lead_days is not None else product.lead_days),
        sku=variant.sku or "",
        text=product.description or None,
        size=variant.size_label or None,
        weight_g=variant.weight_grams,
        materials=_listed(product.materials),
        technique=technique,
        colours=variant.colour or None,
        care=product.care or None,
        maker=maker,
        image=picture,
        hs_code=product.hs_code,
        origin={lang: {"zh": "中国", "vi": "Trung Quốc", "en": "China"}[lang] for lang in LANGS}
        if product.origin == "CN"
        else None,
        carton=_carton(variant.carton),
        certificate=_certificate(product.certificate),
        url=url,
    )


def _certificate(words: Texts | None) -> Certificate | None:
    """What a product is certified as. Where its words end in the same number in every language, that is its number."""
    if not words:
        return None
    ends = {text.split()[-1] for text in words.values() if text.split()}
    number = ends.pop() if len(ends) == 1 else ""
    if not any(sign.isdecimal() for sign in number):
        return Certificate(level=words, number="")
    return Certificate(
        level={lang: text.rsplit(None, 1)[0].rstrip(" ,，:：") for lang, text in words.items()}, number=number
    )


def _listed(materials: list[dict[str, Any]]) -> Texts | None:
    names: list[Mapping[str, str]] = [each["name"] for each in materials if each.get("name")]
    if not names:
        return None
    return {
        lang: ("、" if lang == "zh" else ", ").join(str(name.get(lang, "")) for name in names if name.get(lang))
        for lang in LANGS
    }


def _carton(facts: dict[str, Any]) -> Carton | None:
    if not facts:
        return None
    return Carton(
        pieces=int(facts["pieces"]),
        length_cm=int(facts["length_cm"]),
        width_cm=int(facts["width_cm"]),
        height_cm=int(facts["height_cm"]),
        gross_weight_g=facts.get("gross_weight_g"),
        net_weight_g=facts.get("net_weight_g"),
    )
