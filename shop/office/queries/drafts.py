"""Drafts of one import, page by page, with what each still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from shop.catalog.importing.drafts import pictures_to_supply, proposed_pay
from shop.catalog.models import Product, Variant
from shop.catalog.queries import lacks_of
from shop.coop.models import Change
from shop.money import Money

PAGE = 50
MOST = 2000
"""So many drafts of one import are worked on at once; an import has at most twenty thousand rows."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft: its sizes, its lowest and highest price, the pay its list proposes, what it lacks, pictures to supply."""

    product: Product
    variants: int
    least: Money | None
    most: Money | None
    pay: Money | None
    lacks: tuple[str, ...]
    pictures: int


@dataclass(frozen=True, slots=True)
class ImportHead:
    """An import as the history has it; `drafts` counts those that are still drafts."""

    ref: str
    workshop_id: int
    by: str
    change: Change
    drafts: int


def _of(ref: str) -> ColumnElement[bool]:
    of_it: ColumnElement[bool] = Product.source_facts["import"].as_string() == ref
    return of_it


def import_head(session: Session, *, ref: str) -> ImportHead | None:
    """The import of this mark; None where the history has none."""
    change = session.scalar(
        select(Change)
        .where(Change.kind == "imported", Change.facts["import"].as_string() == ref)
        .order_by(Change.id.desc())
        .limit(1)
    )
    if change is None:
        return None
    count = session.scalar(select(func.count(Product.id)).where(_of(ref), Product.state == "draft"))
    workshop_id = int(change.about.partition(":")[2])
    return ImportHead(ref, workshop_id, change.actor_name or change.actor, change, int(count or 0))


def draft_ids(session: Session, *, ref: str, after: int = 0, limit: int = MOST) -> list[int]:
    """Ids of the import's drafts in the order of the list."""
    query = select(Product.id).where(_of(ref), Product.state == "draft", Product.id > after)
    return list(session.scalars(query.order_by(Product.id).limit(limit)))


def drafts_page(session: Session, *, ref: str, after: int = 0, limit: int = PAGE + 1) -> list[DraftRow]:
    """A page of drafts; six statements whatever its length."""
    ids = draft_ids(session, ref=ref, after=after, limit=limit)
    products = session.scalars(select(Product).where(Product.id.in_(ids)).order_by(Product.id)).all()
    missing = lacks_of(session, products=products, all_of_them=True)
    variants: dict[int, list[Variant]] = {product.id: [] for product in products}
    for variant in session.scalars(
        select(Variant).where(Variant.product_id.in_(ids)).order_by(Variant.position, Variant.id)
    ):
        variants[variant.product_id].append(variant)
    return [_row(product, variants[product.id], missing[product.id]) for product in products]


def _row(product: Product, variants: Sequence[Variant], missing: Sequence[str]) -> DraftRow:
    prices = [variant.price for variant in variants if variant.price]
    pays = [pay for variant in variants if (pay := proposed_pay(product, variant))]
    return DraftRow(
        product,
        len(variants),
        min(prices, default=None),
        max(prices, default=None),
        min(pays, default=None),
        tuple(missing),
        len(pictures_to_supply(product)),
    )


def complete_ids(session: Session, *, ref: str) -> list[int]:
    """Ids of drafts of the import that lack nothing which keeps them from being shown."""
    found: list[int] = []
    ids = draft_ids(session, ref=ref)
    for start in range(0, len(ids), 200):
        part = session.scalars(select(Product).where(Product.id.in_(ids[start : start + 200]))).all()
        missing = lacks_of(session, products=part)
        found += [product.id for product in part if not missing[product.id]]
    return sorted(found)
