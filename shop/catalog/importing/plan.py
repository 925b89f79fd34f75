"""A file compared with the shop: every row gets its fate, nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from shop.catalog.importing.fates import Change, Fate, PictureToSupply, Plan, PlannedProduct, PlannedVariant, RowFate
from shop.catalog.importing.rows import FileRefused, ImportedProduct, ImportedVariant, ImportFile, RowFault, canonical
from shop.catalog.importing.stored import Stored, maker_ids, stored
from shop.catalog.models import Product, Variant
from shop.coop.models import Coop
from shop.db import Texts
from shop.money import Money, format_plain


@dataclass(slots=True)
class _Desk:
    """Where one comparison is worked on."""

    file: ImportFile
    stored: Stored
    faults: list[RowFault] = field(default_factory=list)
    refused_rows: set[int] = field(default_factory=set)
    fates: dict[int, RowFate] = field(default_factory=dict)
    pictures: list[PictureToSupply] = field(default_factory=list)

    def refuse(self, row: int, name: str, code: str, *, value: str = "", other: str = "") -> None:
        column = self.file.columns.get(_column_of(self.file, name))
        heading, letter = (column.heading, column.letter) if column else ("", "")
        self.faults.append(RowFault(row, heading, code, value, other, letter))
        self.refused_rows.add(row)

    def change(self, name: str, before: str, after: str) -> Change:
        column = self.file.columns.get(_column_of(self.file, name))
        return Change(name, column.heading if column else name, before, after)

    def tell(
        self, row: int, fate: Fate, product: ImportedProduct, sku: str = "", changes: Sequence[Change] = ()
    ) -> None:
        self.fates[row] = RowFate(row, fate, title_of(product), sku, tuple(changes))


def title_of(product: ImportedProduct) -> str:
    """The product's name as the file has it, in whichever language comes first."""
    return next(iter(product.title.values()))


def plan(session: Session, *, file: ImportFile, workshop_id: int) -> Plan:
    """What bringing in ``file`` would do to the workshop's products. To be applied in the same unit of work.

    Raises FileRefused where the file is in another currency than the co-op sells in.
    """
    coop = session.get(Coop, 1)
    if coop and coop.currency != file.currency:
        raise FileRefused([RowFault(0, "", "not_sold_in", other=f"{file.currency}, {coop.currency}")])
    desk = _Desk(file, stored(session, workshop_id=workshop_id, file=file))
    desk.refused_rows.update(fault.row for fault in file.faults)
    products = [planned for one in file.products if (planned := _product(desk, one)) is not None]
    for note in file.skipped:
        desk.fates.setdefault(note.row, RowFate(note.row, "skipped", faults=(note,)))
    faults = tuple(sorted([*file.faults, *desk.faults], key=lambda fault: (fault.row, fault.letter)))
    _refused(desk, faults)
    return Plan(
        file=file,
        workshop_id=workshop_id,
        products=tuple(products),
        fates=tuple(desk.fates[row] for row in sorted(desk.fates)),
        faults=faults,
        pictures=tuple(desk.pictures),
    )


def _refused(desk: _Desk, faults: Sequence[RowFault]) -> None:
    by_row: dict[int, list[RowFault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    for row, found in by_row.items():
        name, sku = desk.file.names.get(row, ("", ""))
        desk.fates[row] = RowFate(row, "refused", name, sku, (), tuple(found))


def _product(desk: _Desk, imported: ImportedProduct) -> PlannedProduct | None:
    before = len(desk.faults)
    craft = _craft(desk, imported)
    product = _same_product(desk, imported)
    changes = _product_changes(desk, imported, product, craft) if product else []
    if product and product.state == "published":
        for change in changes:
            desk.refuse(imported.rows[0], change.field, "listed", value=change.after)
    if len(desk.faults) > before:
        _refuse_rest(desk, imported, desk.faults[before].row)
        return None
    variants = [found for one in imported.variants if (found := _variant(desk, one, product)) is not None]
    if not variants:
        _refuse_rest(desk, imported, desk.faults[before].row)
        return None
    _tell(desk, imported, product, variants, changes)
    return PlannedProduct(
        imported=imported,
        product_id=product.id if product else None,
        version=product.version if product else 0,
        changes=tuple(changes),
        variants=tuple(variants),
        maker_ids=tuple(sorted(_makers(desk, variants))) if imported.makers else None,
        craft=craft,
    )


def _same_product(desk: _Desk, imported: ImportedProduct) -> Product | None:
    """The product most rows belong to already; a row that belongs to another one is a fault."""
    found = desk.stored.by_handle.get(imported.key)
    homes = [(one, variant.product_id) for one in imported.variants if (variant := desk.stored.variant(one))]
    if homes:
        home = found.id if found and any(found.id == home for _, home in homes) else homes[0][1]
        for one, other in homes:
            if other != home:
                desk.refuse(one.rows[0], "sku", "two_products", value=one.sku or "")
        return desk.stored.products[home]
    return found


def _craft(desk: _Desk, imported: ImportedProduct) -> tuple[int, int | None] | None:
    if not imported.craft:
        return None
    craft = desk.stored.craft(imported.craft)
    if craft is None and desk.file.craft_is_stated:
        like = desk.stored.craft_like(imported.craft)
        desk.refuse(imported.rows[0], "craft", "unknown_craft", value=imported.craft, other=like)
    return craft


def _product_changes(
    desk: _Desk, imported: ImportedProduct, product: Product, craft: tuple[int, int | None] | None
) -> list[Change]:
    said = desk.stored.said(product)
    changes = []
    for name, says, now in (
        ("title", imported.title, product.name),
        ("description", imported.description, product.description),
    ):
        for lang, text in says.items():
            if text not in {said.get(name, {}).get(lang), now.get(lang)}:
                changes.append(desk.change(f"{name}:{lang}", now.get(lang, ""), text))
    materials = imported.materials
    if materials and materials != said.get("materials") and materials_of(imported) != product.materials:
        changes.append(desk.change("materials", _list(product.materials), _list(materials_of(imported))))
    if craft and imported.craft != said.get("craft") and craft != (product.craft_id, product.technique_id):
        changes.append(desk.change("craft", "", imported.craft or ""))
    return changes


def materials_of(imported: ImportedProduct) -> list[dict[str, object]]:
    """Materials as the product keeps them, one entry with the text in each language."""
    return [{"code": "", "name": dict(imported.materials)}] if imported.materials else []


def _list(materials: Sequence[Mapping[str, object]]) -> str:
    names = [one.get("name") for one in materials]
    return ", ".join(str(next(iter(name.values()), "")) for name in names if isinstance(name, Mapping))


def _variant(desk: _Desk, imported: ImportedVariant, product: Product | None) -> PlannedVariant | None:
    before = len(desk.faults)
    row = imported.rows[0]
    variant = desk.stored.variant(imported) if product else None
    for name in imported.makers:
        found = maker_ids(desk.stored, name)
        if len(found) != 1:
            desk.refuse(row, "makers", "several_makers" if found else "unknown_maker", value=name)
    if imported.sku in desk.stored.skus_elsewhere:
        desk.refuse(row, "sku", "sku_elsewhere", value=imported.sku or "")
    if variant is None and product and product.state == "published":
        desk.refuse(row, "", "listed_variant", value=imported.sku or imported.size_label or "")
    changes: list[Change] = []
    to_take_in = None
    if variant and product:
        changes = _variant_changes(desk, imported, product, variant)
        to_take_in = _taking_in(desk, imported, product, variant)
        if to_take_in is not None:
            changes.append(desk.change("quantity", str(variant.to_take_in), str(to_take_in)))
    return (
        PlannedVariant(imported, variant.id if variant else None, tuple(changes), to_take_in)
        if len(desk.faults) == before
        else None
    )


def _variant_changes(desk: _Desk, imported: ImportedVariant, product: Product, variant: Variant) -> list[Change]:
    said = desk.stored.said_of(product, variant)
    lang = desk.file.lang
    changes = [
        desk.change(name, _printed(now), _printed(says))
        for name, says, now in (
            ("price", imported.price, variant.price),
            ("pay", imported.pay, _agreed(desk, said.get("pay"), variant)),
            ("size", imported.size_label, variant.size_label.get(lang, "")),
            ("colour", imported.colour, variant.colour.get(lang, "")),
            ("weight", imported.weight_g, variant.weight_grams),
            (
                "sku",
                imported.sku if canonical(imported.sku or "") != canonical(variant.sku or "") else None,
                variant.sku,
            ),
        )
        if says is not None and says != now and plain(says) != said.get(name)
    ]
    if not _same_makers(desk, imported, product, said):
        changes.append(desk.change("makers", ", ".join(said.get("makers", ())), ", ".join(imported.makers)))
    if product.state == "published":
        for change in changes:
            desk.refuse(imported.rows[0], change.field, "listed", value=change.after)
    rate = desk.stored.rates.get(variant.id)
    if rate and imported.pay and imported.pay.minor < rate.pay_minor:
        agreed = format_plain(Money(rate.pay_minor, rate.currency))
        desk.refuse(imported.rows[0], "pay", "pay_below_rate", value=format_plain(imported.pay), other=agreed)
    return changes


def _taking_in(desk: _Desk, imported: ImportedVariant, product: Product, variant: Variant) -> int | None:
    """How many pieces are still to be counted when the file names another number than before; None: as it is."""
    if imported.quantity is None:
        return None
    before = desk.stored.said_of(product, variant).get("quantity")
    if before is None:
        before = variant.on_hand + variant.to_take_in
    if imported.quantity == before:
        return None
    left: int = variant.to_take_in + imported.quantity - before
    if left >= 0:
        return left
    counted = str(before - variant.to_take_in)
    desk.refuse(imported.rows[0], "quantity", "taken_in", value=str(imported.quantity), other=counted)
    return None


def _makers(desk: _Desk, variants: Sequence[PlannedVariant]) -> set[int]:
    names = {name for variant in variants for name in variant.imported.makers}
    return {maker_id for name in names for maker_id in maker_ids(desk.stored, name)}


def _tell(
    desk: _Desk,
    imported: ImportedProduct,
    product: Product | None,
    variants: Sequence[PlannedVariant],
    changes: Sequence[Change],
) -> None:
    first = True
    for planned in variants:
        own = [*(changes if first else ()), *planned.changes]
        made: Fate = "new" if product is None and first else "variant"
        fate = made if planned.variant_id is None else "changed" if own else "same"
        desk.tell(planned.imported.rows[0], fate, imported, planned.imported.sku or "", own)
        first = False
    fresh = _pictures(desk, imported, product, variants)
    for row in imported.picture_rows:
        desk.tell(row, "picture" if row in fresh else "same", imported)


def _pictures(
    desk: _Desk, imported: ImportedProduct, product: Product | None, variants: Sequence[PlannedVariant]
) -> set[int]:
    """List the pictures that no import has listed yet; the rows they stand in."""
    known = set(desk.stored.said(product).get("pictures", ())) if product else set()
    own = [(one.imported.rows[0], url) for one in variants for url in one.imported.picture_urls]
    rows = set()
    for row, url in [*imported.pictures, *own]:
        if url not in known:
            known.add(url)
            rows.add(row)
            desk.pictures.append(PictureToSupply(row, title_of(imported), url))
    return rows


def _refuse_rest(desk: _Desk, imported: ImportedProduct, broken_at: int) -> None:
    for row in imported.rows:
        if row not in desk.refused_rows:
            desk.refuse(row, "", "product_refused", other=str(broken_at))


def _column_of(file: ImportFile, name: str) -> str:
    """The file's column of a field; where a text has one column only, that is the one whatever its language."""
    if name in file.columns:
        return name
    bare = name.partition(":")[0]
    return next((key for key in file.columns if key.partition(":")[0] == bare), bare)


def plain(value: object) -> object:
    """A value as it is remembered in ``source_facts``."""
    return value.minor if isinstance(value, Money) else value


def _agreed(desk: _Desk, said: object, variant: Variant) -> Money | None:
    """Her pay as the last import said it, else as her piece rate has it."""
    if isinstance(said, int):
        return Money(said, variant.currency)
    rate = desk.stored.rates.get(variant.id)
    return Money(rate.pay_minor, rate.currency) if rate else None


def _same_makers(desk: _Desk, imported: ImportedVariant, product: Product, said: Mapping[str, object]) -> bool:
    if not imported.makers or list(imported.makers) == said.get("makers"):
        return True
    named = {maker_id for name in imported.makers for maker_id in maker_ids(desk.stored, name)}
    return "makers" not in said and named <= desk.stored.makers_of.get(product.id, set())


def _printed(value: object) -> str:
    return "" if value is None else format_plain(value) if isinstance(value, Money) else str(value)


def texts(value: str | None, lang: str) -> Texts:
    """One text in the file's language."""
    return {lang: value} if value else {}
