"""A plan carried out: drafts and nothing else, all rows or none unless bad ones may be left out."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog.importing.fates import Plan, PlannedProduct, PlannedVariant, RowsRefused
from shop.catalog.importing.plan import materials_of, plain, texts
from shop.catalog.importing.prose import measures
from shop.catalog.importing.rows import ImportedVariant
from shop.catalog.models import PriceSplit, Product, ProductMaker, Variant
from shop.catalog.services import create_variant, edit_product, set_makers
from shop.coop.services import record
from shop.ids import slug_of, spoken
from shop.workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was written. ``ref`` marks the drafts of this import in ``source_facts["import"]``; empty: nothing changed."""

    ref: str
    new_products: tuple[int, ...]
    changed_products: tuple[int, ...]
    left_out: int


def apply(session: Session, *, plan: Plan, skip_bad: bool, by: Actor, key: str = "") -> ImportResult:
    """Write what ``plan`` says, which must have been made in this unit of work.

    New products are drafts. ``key`` finds it again (``drafts.import_of``). Raises RowsRefused when a row is wrong and ``skip_bad`` is not given, Outdated when
    somebody saved one of the products in between; nothing is written then.
    """
    if plan.faults and not skip_bad:
        raise RowsRefused(plan.faults)
    ref = spoken(8)
    new = _make(session, plan, [planned for planned in plan.to_write if planned.product_id is None], ref=ref, by=by)
    changed = [_change(session, plan, planned, ref) for planned in plan.to_write if planned.product_id is not None]
    left_out = len({fault.row for fault in plan.faults})
    if new or changed:
        facts = {
            "import": ref,
            "key": key,
            "format": plan.file.format,
            "new": len(new),
            "changed": len(changed),
            "left_out": left_out,
        }
        record(session, about=f"workshop:{plan.workshop_id}", kind="imported", by=by, facts=facts)
    return ImportResult(ref if new or changed else "", tuple(new), tuple(changed), left_out)


def _make(session: Session, plan: Plan, new: Sequence[PlannedProduct], *, ref: str, by: Actor) -> list[int]:
    """Drafts, in one statement a table rather than some for each: others wait while a long list is written."""
    if not new:
        return []
    workshop = session.get_one(Workshop, plan.workshop_id)
    drafts = [
        _draft(planned, workshop, item_no=item_no, facts=_facts({}, planned, ref), by=by)
        for planned, item_no in zip(new, _free_numbers(session, len(new)), strict=True)
    ]
    made = insert(Product).returning(Product.id, sort_by_parameter_order=True)
    ids = list(session.scalars(made, drafts))
    variants = [
        {"product_id": product_id, "position": position, **_variant_fields(plan, variant)}
        for product_id, planned in zip(ids, new, strict=True)
        for position, variant in enumerate(planned.variants)
    ]
    session.execute(insert(Variant), variants)
    makers = [
        {"product_id": product_id, "maker_id": maker_id}
        for product_id, planned in zip(ids, new, strict=True)
        for maker_id in planned.maker_ids or ()
    ]
    if makers:
        session.execute(insert(ProductMaker), makers)
    return ids


def _draft(
    planned: PlannedProduct, workshop: Workshop, *, item_no: str, facts: dict[str, Any], by: Actor
) -> dict[str, Any]:
    imported = planned.imported
    craft_id, technique_id = planned.craft or (None, None)
    name = slug_of(imported.title.get("en") or imported.title.get("vi") or "") or "piece"
    return {
        "slug": f"{name}-{item_no.removeprefix('QS-')}",
        "item_no": item_no,
        "workshop_id": workshop.id,
        "broker_id": workshop.broker_id,
        "name": dict(imported.title),
        "description": dict(imported.description),
        "materials": materials_of(imported),
        "craft_id": craft_id,
        "technique_id": technique_id,
        "source_key": imported.key,
        "source_facts": facts,
        "listed_by": by.key,
        "created_at": clock.now(),
    }


def _free_numbers(session: Session, count: int) -> list[str]:
    """As many item numbers that nothing has, counted on from where single products get theirs."""
    taken = set(session.scalars(select(Product.item_no)))
    newest = session.scalar(select(func.max(Product.id))) or 0
    numbers = (f"QS-{number:04d}" for number in itertools.count(newest + 5001))
    return list(itertools.islice((number for number in numbers if number not in taken), count))


def _variant_fields(plan: Plan, planned: PlannedVariant) -> dict[str, Any]:
    imported = planned.imported
    return {
        "currency": plan.file.currency,
        "sku": imported.sku,
        "size_label": texts(imported.size_label, plan.file.lang),
        "colour": texts(imported.colour, plan.file.lang),
        "weight_grams": imported.weight_g,
        "price_minor": imported.price.minor if imported.price else None,
        "size": measures(imported.size_label or ""),
        "to_take_in": imported.quantity or 0,
        "source_key": imported.key,
    }


def _change(session: Session, plan: Plan, planned: PlannedProduct, ref: str) -> int:
    assert planned.product_id is not None
    product = session.get_one(Product, planned.product_id)
    fields: dict[str, Any] = {}
    for change in planned.changes:
        name, _, lang = change.field.partition(":")
        if lang:
            field = "name" if name == "title" else name
            fields[field] = {**fields.get(field, getattr(product, field)), lang: change.after}
        elif name == "materials":
            fields["materials"] = materials_of(planned.imported)
        elif name == "craft" and planned.craft:
            fields["craft_id"], fields["technique_id"] = planned.craft
    product = edit_product(session, product_id=product.id, version=planned.version, **fields)
    for variant in planned.variants:
        if variant.variant_id is None:
            create_variant(session, product_id=product.id, **_variant_fields(plan, variant))
        elif variant.changes:
            _change_variant(session, plan, session.get_one(Variant, variant.variant_id), variant)
    makers = _makers(session, planned)
    if makers is not None:
        set_makers(session, product_id=product.id, maker_ids=makers)
    product.source_facts = _facts(product.source_facts, planned, ref)
    return product.id


def _makers(session: Session, planned: PlannedProduct) -> list[int] | None:
    """The makers of a product after the import; None: as they are. A further variant adds hers, a change replaces."""
    if planned.maker_ids is None:
        return None
    if any(change.field == "makers" for variant in planned.variants for change in variant.changes):
        return list(planned.maker_ids)
    if all(variant.variant_id for variant in planned.variants):
        return None
    now = session.scalars(select(ProductMaker.maker_id).where(ProductMaker.product_id == planned.product_id))
    return list(dict.fromkeys([*now, *planned.maker_ids]))


def _change_variant(session: Session, plan: Plan, variant: Variant, planned: PlannedVariant) -> None:
    imported, lang = planned.imported, plan.file.lang
    for change in planned.changes:
        match change.field:
            case "price" if imported.price:
                variant.price_minor = imported.price.minor
                _price_without_split(session, variant.id)
            case "size":
                variant.size_label = {**variant.size_label, **texts(imported.size_label, lang)}
                variant.size = measures(imported.size_label or "") or variant.size
            case "colour":
                variant.colour = {**variant.colour, **texts(imported.colour, lang)}
            case "weight":
                variant.weight_grams = imported.weight_g
            case "sku":
                variant.sku = imported.sku
            case "quantity" if planned.to_take_in is not None:
                variant.to_take_in = planned.to_take_in
            case _:
                pass  # pay and makers stand in the facts and on the product
    variant.source_key = imported.key


def _price_without_split(session: Session, variant_id: int) -> None:
    """A new price needs a new split; the old one stays in the books, no longer live."""
    session.execute(
        update(PriceSplit)
        .where(PriceSplit.variant_id == variant_id, PriceSplit.kind == "retail", PriceSplit.live)
        .values(live=False)
    )


def _facts(before: Mapping[str, Any], planned: PlannedProduct, ref: str) -> dict[str, Any]:
    """What the file said, kept to tell its next version from the shop's own edits, and for the page of drafts.

    ``import`` is the ref of the import, ``pictures`` under ``said`` are still to be supplied, ``pay`` of a variant is
    proposed as the maker's part.
    """
    imported = planned.imported
    old = before.get("said", {})
    said = {
        "handle": imported.handle,
        "title": {**old.get("title", {}), **imported.title},
        "description": {**old.get("description", {}), **imported.description},
        "materials": dict(imported.materials) or old.get("materials", {}),
        "craft": imported.craft or old.get("craft"),
        "tags": list(imported.tags) or old.get("tags", []),
        "pictures": list(imported.picture_urls) or old.get("pictures", []),
        "at": clock.now().isoformat(),
    }
    variants = {**before.get("variants", {})}
    for one in planned.variants:
        variants[one.imported.key] = {**variants.get(one.imported.key, {}), **_variant_facts(one.imported)}
    return {**before, "import": ref, "said": said, "variants": variants}


def _variant_facts(imported: ImportedVariant) -> dict[str, Any]:
    facts = {
        "place": imported.place_key,
        "price": plain(imported.price),
        "pay": plain(imported.pay),
        "size": imported.size_label,
        "colour": imported.colour,
        "weight": imported.weight_g,
        "quantity": imported.quantity,
        "sku": imported.sku,
        "makers": list(imported.makers),
        "pictures": list(imported.picture_urls),
    }
    return {name: value for name, value in facts.items() if value not in (None, [], ())}
