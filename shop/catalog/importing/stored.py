"""What the workshop has already, ready to be compared with a file."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.importing.rows import ImportedVariant, ImportFile, canonical
from shop.catalog.models import PieceRate, Product, ProductMaker, Variant
from shop.crafts.models import Craft
from shop.makers.models import Maker
from shop.workshops.models import WorkshopMaker

CHUNK = 500


@dataclass(slots=True)
class Stored:
    """The workshop's products and variants by identity, its makers by name, and all crafts by name."""

    products: dict[int, Product] = field(default_factory=dict)
    by_handle: dict[str, Product] = field(default_factory=dict)
    by_key: dict[str, Variant] = field(default_factory=dict)
    by_place: dict[str, Variant] = field(default_factory=dict)
    skus_elsewhere: set[str] = field(default_factory=set)
    rates: dict[int, PieceRate] = field(default_factory=dict)
    makers: dict[str, set[int]] = field(default_factory=dict)
    makers_of: dict[int, set[int]] = field(default_factory=dict)
    crafts: dict[str, Craft] = field(default_factory=dict)

    def variant(self, imported: ImportedVariant) -> Variant | None:
        """The same thing in the shop: by its number, else by handle and options where no number says otherwise."""
        found = self.by_key.get(imported.key) or self.by_place.get(imported.place_key)
        if found is None or not imported.sku or not found.sku or canonical(found.sku) == canonical(imported.sku):
            return found
        return None

    def craft(self, name: str) -> tuple[int, int | None] | None:
        """(craft, technique) that ``name`` means in any language, or None."""
        craft = self.crafts.get(_loose(name))
        if craft is None:
            return None
        return (craft.id, None) if craft.parent_id is None else (craft.parent_id, craft.id)

    def craft_like(self, name: str) -> str:
        """The craft's name that looks most like ``name``, else empty."""
        close = difflib.get_close_matches(_loose(name), list(self.crafts), n=1, cutoff=0.6)
        if not close:
            return ""
        names = self.crafts[close[0]].name.values()
        return next((one for one in names if _loose(one) == close[0]), next(iter(names), ""))

    def said(self, product: Product) -> Mapping[str, Any]:
        """What the last import said of the product, so that the shop's own edits are told from a changed file."""
        facts: Mapping[str, Any] = product.source_facts.get("said", {})
        return facts

    def said_of(self, product: Product, variant: Variant) -> Mapping[str, Any]:
        """What the last import said of the variant."""
        variants: Mapping[str, Mapping[str, Any]] = product.source_facts.get("variants", {})
        return variants.get(variant.source_key or "", {})


def stored(session: Session, *, workshop_id: int, file: ImportFile) -> Stored:
    """All that ``file`` can be compared with."""
    found = Stored()
    for product in session.scalars(select(Product).where(Product.workshop_id == workshop_id)):
        found.products[product.id] = product
        if product.source_key:
            found.by_handle[product.source_key] = product
    for variant in session.scalars(select(Variant).join(Product).where(Product.workshop_id == workshop_id)):
        _remember(found, variant)
    _pay(session, found, workshop_id)
    _makers(session, found, workshop_id)
    for craft in session.scalars(select(Craft).order_by(Craft.id)):
        for word in (craft.slug, *craft.name.values(), *craft.synonyms):
            found.crafts.setdefault(_loose(word), craft)
    skus = [variant.sku for product in file.products for variant in product.variants if variant.sku]
    for part in _chunks(skus):
        query = select(Variant.sku).join(Product).where(Variant.sku.in_(part), Product.workshop_id != workshop_id)
        found.skus_elsewhere.update(sku for sku in session.scalars(query) if sku)
    return found


def _remember(found: Stored, variant: Variant) -> None:
    if variant.sku:
        found.by_key[f"sku:{canonical(variant.sku)}"] = variant
    if variant.source_key:
        found.by_key.setdefault(variant.source_key, variant)
        product = found.products[variant.product_id]
        place = found.said_of(product, variant).get("place")
        if place:
            found.by_place[place] = variant


def _pay(session: Session, found: Stored, workshop_id: int) -> None:
    query = (
        select(PieceRate)
        .join(Variant, Variant.id == PieceRate.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(Product.workshop_id == workshop_id, PieceRate.live)
    )
    for rate in session.scalars(query):
        found.rates[rate.variant_id] = rate


def _makers(session: Session, found: Stored, workshop_id: int) -> None:
    query = (
        select(Maker)
        .join(WorkshopMaker, WorkshopMaker.maker_id == Maker.id)
        .where(WorkshopMaker.workshop_id == workshop_id, Maker.left_on.is_(None))
    )
    for maker in session.scalars(query):
        for name in (maker.number, *maker.name.values(), *(maker.pen_name or {}).values()):
            if name:
                found.makers.setdefault(_loose(name), set()).add(maker.id)
    pairs = (
        select(ProductMaker.product_id, ProductMaker.maker_id).join(Product).where(Product.workshop_id == workshop_id)
    )
    for product_id, maker_id in session.execute(pairs):
        found.makers_of.setdefault(product_id, set()).add(maker_id)


def maker_ids(found: Stored, name: str) -> set[int]:
    """Makers of the workshop whom ``name`` or number can mean."""
    return found.makers.get(_loose(name), set())


def _loose(text: str) -> str:
    return canonical(text).replace(" ", "").replace("·", "")


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
