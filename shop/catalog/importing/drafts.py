"""What an import left to be done: its drafts, pictures still to be supplied, pay that the file proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Product, Variant
from shop.coop.models import Change
from shop.money import Money

SHOWN_IMPORTS = 50


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import that wrote something, as the history has it."""

    ref: str
    workshop_id: int
    at: datetime
    by: str
    new: int
    changed: int
    left_out: int


def past_imports(session: Session, *, workshop_id: int | None = None, limit: int = SHOWN_IMPORTS) -> list[PastImport]:
    """The latest imports, newest first; of one workshop or of all."""
    query = select(Change).where(Change.kind == "imported").order_by(Change.id.desc()).limit(limit)
    if workshop_id is not None:
        query = query.where(Change.about == f"workshop:{workshop_id}")
    return [_past(change) for change in session.scalars(query)]


def import_of(session: Session, *, key: str, by: str) -> PastImport | None:
    """The import that this person (her actor key) made under ``key``, which `apply` was given."""
    found = session.scalar(
        select(Change).where(Change.kind == "imported", Change.actor == by, Change.facts["key"].as_string() == key)
    )
    return None if found is None else _past(found)


def _past(change: Change) -> PastImport:
    return PastImport(
        ref=str(change.facts["import"]),
        workshop_id=int(change.about.partition(":")[2]),
        at=change.at,
        by=change.actor_name or change.actor,
        new=int(change.facts["new"]),
        changed=int(change.facts["changed"]),
        left_out=int(change.facts["left_out"]),
    )


def drafts_of(session: Session, *, ref: str) -> Sequence[Product]:
    """Products that the import ``ref`` wrote last and that are still drafts, in the order of the file."""
    query = select(Product).where(Product.source_facts["import"].as_string() == ref, Product.state == "draft")
    return session.scalars(query.order_by(Product.id)).all()


def pictures_to_supply(product: Product) -> list[str]:
    """Addresses and file names of pictures that the file pointed at; empty once the product has pictures of its own."""
    said = product.source_facts.get("said", {})
    return [] if product.cover_id else [str(url) for url in said.get("pictures", ())]


def proposed_pay(product: Product, variant: Variant) -> Money | None:
    """What the file says the maker gets for one piece; a proposal for the split, nothing more."""
    facts = product.source_facts.get("variants", {}).get(variant.source_key or "", {})
    pay = facts.get("pay")
    return Money(pay, variant.currency) if isinstance(pay, int) else None
