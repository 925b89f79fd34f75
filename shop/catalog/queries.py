"""Reading the catalogue for those who keep it; the buyer pages have statements of their own in shop/home."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import PieceRate, PricePart, PriceSplit, Product, ProductMaker, ProductPicture, Variant
from shop.crafts.models import Craft
from shop.db import LANGS, Texts
from shop.makers.public import public_makers
from shop.words import index_words

LACKS = ("price", "split", "rate", "makers", "picture", "size", "craft", "name_zh", "name_vi", "name_en", "stock")
"""What a draft may lack. Missing languages are told, and do not keep it from being published: the page falls back."""

TOLERATED = {"name_zh", "name_vi", "name_en"}


@dataclass(frozen=True, slots=True)
class LivePart:
    """A share of a live split."""

    kind: str
    payee: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class LiveSplit:
    """A variant's price now and how it is shared; `parts` sum to `price_minor`."""

    id: int
    variant_id: int
    price_minor: int
    currency: str
    parts: tuple[LivePart, ...]

    def of(self, kind: str) -> int:
        """The sum of all parts of one kind."""
        return sum(part.amount_minor for part in self.parts if part.kind == kind)


def live_splits(session: Session, *, variant_ids: list[int], kind: str = "retail") -> dict[int, LiveSplit]:
    """The splits in force by variant, in one statement."""
    rows = session.execute(
        select(PriceSplit, PricePart)
        .join(PricePart, PricePart.split_id == PriceSplit.id)
        .where(
            PriceSplit.variant_id.in_(variant_ids),
            PriceSplit.kind == kind,
            PriceSplit.live,
            PriceSplit.min_quantity == 1,
        )
        .order_by(PriceSplit.id, PricePart.position)
    ).all()
    grouped: dict[int, tuple[PriceSplit, list[LivePart]]] = {}
    for split, part in rows:
        grouped.setdefault(split.variant_id, (split, []))[1].append(LivePart(part.kind, part.payee, part.amount_minor))
    return {
        variant_id: LiveSplit(split.id, variant_id, split.price_minor, split.currency, tuple(parts))
        for variant_id, (split, parts) in grouped.items()
    }


def lacks(session: Session, *, product_id: int, all_of_them: bool = False) -> list[str]:
    """Codes of what keeps a product from being published; with `all_of_them` also what it should have and lacks."""
    product = session.get_one(Product, product_id)
    return lacks_of(session, products=[product], all_of_them=all_of_them)[product_id]


def lacks_of(session: Session, *, products: Sequence[Product], all_of_them: bool = False) -> dict[int, list[str]]:
    """The same for many products at once, by id, in four statements."""
    ids = [product.id for product in products]
    variants: dict[int, list[Variant]] = {product_id: [] for product_id in ids}
    for variant in session.scalars(
        select(Variant).where(Variant.product_id.in_(ids), Variant.is_active).order_by(Variant.position)
    ):
        variants[variant.product_id].append(variant)
    variant_ids = [variant.id for found in variants.values() for variant in found]
    splits = live_splits(session, variant_ids=variant_ids)
    rated = set(
        session.scalars(select(PieceRate.variant_id).where(PieceRate.variant_id.in_(variant_ids), PieceRate.live))
    )
    made = set(session.scalars(select(ProductMaker.product_id).where(ProductMaker.product_id.in_(ids)).distinct()))
    return {
        product.id: _lacks(product, variants[product.id], set(splits), rated, made, all_of_them=all_of_them)
        for product in products
    }


def _lacks(
    product: Product,
    variants: Sequence[Variant],
    split: set[int],
    rated: set[int],
    made: set[int],
    *,
    all_of_them: bool,
) -> list[str]:
    ids = {variant.id for variant in variants}
    missing = {
        "price": not ids or any(variant.price_minor is None for variant in variants),
        "split": not ids or not ids <= split,
        "rate": not ids or not ids <= rated,
        "makers": product.id not in made,
        "picture": product.cover_id is None,
        "size": any(not variant.size_label for variant in variants),
        "craft": product.craft_id is None,
        **{f"name_{lang}": not product.name.get(lang) for lang in LANGS},
        "stock": not product.made_to_order
        and not any(variant.on_hand for variant in variants)
        and product.state == "draft",
    }
    found = [code for code in LACKS if missing[code]]
    return found if all_of_them else [code for code in found if code not in TOLERATED]


def words_of(session: Session, *, product_id: int) -> str | None:
    """What the search index keeps of a product, most telling first; None when the public does not see it."""
    product = session.get_one(Product, product_id)
    if product.state != "published":
        return None
    crafts = session.scalars(
        select(Craft).where(Craft.id.in_([each for each in (product.craft_id, product.technique_id) if each]))
    ).all()
    labels: list[Texts] = []
    skus: list[str] = []
    for variant in session.scalars(select(Variant).where(Variant.product_id == product_id)):
        labels += [variant.size_label, variant.colour]
        skus.append(variant.sku or "")
    maker_ids = session.scalars(select(ProductMaker.maker_id).where(ProductMaker.product_id == product_id)).all()
    names = [maker.name for maker in public_makers(session, list(maker_ids)).values() if maker.named]
    texts: list[str] = [product.item_no, *product.name.values(), *skus]
    for craft in crafts:
        texts += [*craft.name.values(), *craft.synonyms]
    for tri in [*names, *labels, *(material.get("name", {}) for material in product.materials), product.description]:
        texts += [str(value) for value in (tri or {}).values() if value]
    return index_words(texts)


def pictures_of(session: Session, *, product_id: int) -> list[ProductPicture]:
    """The product's pictures in order."""
    return list(
        session.scalars(
            select(ProductPicture).where(ProductPicture.product_id == product_id).order_by(ProductPicture.position)
        )
    )
