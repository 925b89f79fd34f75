"""`flask import products`."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, cast

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from shop.actor import COMMAND
from shop.catalog.importing.applying import ImportResult, apply
from shop.catalog.importing.fates import Plan, RowsRefused
from shop.catalog.importing.plan import plan
from shop.catalog.importing.reading import LIMITS, read
from shop.catalog.importing.rows import FileRefused, Format, ImportFile, RowFault
from shop.catalog.importing.words import change_text, fate_text, fault_text, place_text
from shop.catalog.queries import lacks
from shop.catalog.sentences import lack_label
from shop.coop.models import Coop
from shop.db import again, reading, writing
from shop.errors import ShopError
from shop.money import CURRENCIES
from shop.web.errors import sentence
from shop.workshops.models import Workshop

LISTED_LACKS = 200
"""Drafts that are looked through for what they lack; more would keep the command waiting."""


def init_app(app: Flask) -> None:
    group = AppGroup("import", help="Bring in lists from outside.")

    @group.command("products")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--workshop", "slug", required=True, metavar="SLUG", help="The workshop the pieces belong to.")
    @click.option("--format", "kind", type=click.Choice(["auto", "shopify", "qiaoshou"]), default="auto")
    @click.option("--currency", metavar="C", help="What prices are in; without it the co-op's own currency.")
    @click.option("--dry-run", is_flag=True, help="Tell every row's fate and write nothing.")
    @click.option("--skip-bad", is_flag=True, help="Write the good rows and leave the bad ones out.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
    def products(
        *, file: Path, slug: str, kind: str, currency: str | None, dry_run: bool, skip_bad: bool, as_json: bool
    ) -> None:
        """Bring in a Shopify export or a list of our own (CSV, XLSX) as drafts; the same file twice changes nothing."""
        told = Report(as_json=as_json, name=file.name)
        asked = Asked(file, slug, None if kind == "auto" else cast("Format", kind), currency, dry_run, skip_bad)
        try:
            planned, result = _products(told, asked)
        except FileRefused as refused:
            told.file_refused(refused.faults)
        except DBAPIError as error:
            told.refuse(f"The database cannot be used ({str(error.orig).strip()}). Is it at hand, and migrated?")
        except ShopError as error:
            told.refuse(f"{sentence(error)} Nothing has been written.")
        told.tell(planned, result, dry_run=dry_run)
        if planned.faults and not skip_bad:
            sys.exit(1)

    app.cli.add_command(group)


class Asked(NamedTuple):
    """What the command was asked to do."""

    file: Path
    slug: str
    kind: Format | None
    currency: str | None
    dry_run: bool
    skip_bad: bool


def _products(told: "Report", asked: Asked) -> tuple[Plan, ImportResult | None]:
    workshop_id, own_currency = _target(told, asked.slug)
    currency = (asked.currency or own_currency).upper()
    if currency not in CURRENCIES:
        told.refuse(f"--currency {currency} is not known. Known: {', '.join(CURRENCIES)}.")
    known = read(_bytes(told, asked.file), asked.file.name, currency=currency, kind=asked.kind)
    if asked.dry_run:
        with reading() as session:
            return plan(session, file=known, workshop_id=workshop_id), None
    return again(lambda: _bring_in(known, workshop_id, skip_bad=asked.skip_bad))


def _target(told: "Report", slug: str) -> tuple[int, str]:
    with reading() as session:
        workshop_id = session.scalar(select(Workshop.id).where(Workshop.slug == slug))
        known = session.scalars(select(Workshop.slug).order_by(Workshop.slug).limit(20)).all()
        currency = session.scalar(select(Coop.currency))
    if workshop_id is None:
        told.refuse(f"There is no workshop “{slug}”. Known: {', '.join(known) or 'none'}.")
    if currency is None:
        told.refuse("There is no co-op yet. Make it first.")
    return workshop_id, currency


def _bytes(told: "Report", file: Path) -> bytes:
    try:
        if file.stat().st_size > LIMITS.size:
            told.refuse(f"{file}: larger than {LIMITS.size // 1024 // 1024} MB.")
        return file.read_bytes()
    except OSError as error:
        told.refuse(f"{file}: {error.strerror or 'cannot be read'}.")


def _bring_in(known: ImportFile, workshop_id: int, *, skip_bad: bool) -> tuple[Plan, ImportResult | None]:
    """Compare and write in one unit of work, so that nothing moves in between."""
    with writing() as session:
        planned = plan(session, file=known, workshop_id=workshop_id)
        try:
            return planned, apply(session, plan=planned, skip_bad=skip_bad, by=COMMAND)
        except RowsRefused:
            return planned, None


@dataclass(frozen=True, slots=True)
class Report:
    """What the command says, in lines for people or as one JSON object for programs."""

    name: str
    as_json: bool

    def refuse(self, text: str) -> NoReturn:
        """One clear line, and exit 1."""
        if self.as_json:
            click.echo(json.dumps({"ok": False, "error": text}, ensure_ascii=False))
        else:
            click.echo(text, err=True)
        sys.exit(1)

    def file_refused(self, faults: Sequence[RowFault]) -> NoReturn:
        """The file as a whole is no list."""
        if self.as_json:
            click.echo(json.dumps({"ok": False, "faults": [_fault(fault) for fault in faults]}, ensure_ascii=False))
        else:
            for fault in faults:
                click.echo(
                    ": ".join(part for part in (self.name, place_text(fault), fault_text(fault)) if part), err=True
                )
            click.echo("Nothing has been written.", err=True)
        sys.exit(1)

    def tell(self, planned: Plan, result: ImportResult | None, *, dry_run: bool) -> None:
        """The fates of the rows (all in a dry run, else the refused ones), the pictures to supply, the sum."""
        if self.as_json:
            click.echo(json.dumps(_as_json(planned, result), ensure_ascii=False))
            return
        file = planned.file
        kind = "a Shopify export" if file.format == "shopify" else "a list of our own"
        click.echo(f"{self.name}: {kind}, {file.row_count} rows, prices in {file.currency}, texts in {file.lang}.")
        if file.ignored:
            click.echo(f"Columns that are not read: {', '.join(file.ignored)}")
        for line in _rows(planned, every=dry_run):
            click.echo(line, err=not dry_run)
        for picture in planned.pictures:
            click.echo(f"Picture to be supplied, row {picture.row}, {picture.name}: {picture.url}")
        counts = ", ".join(f"{fate_text(fate)} {count}" for fate, count in planned.counts.items() if count)
        click.echo(f"Rows: {counts or 'none'}.")
        if dry_run:
            click.echo("This was a dry run: nothing has been written.")
            if planned.faults:
                click.echo(
                    f"Rows that are wrong: {len(_bad(planned))}. Only with --skip-bad would the others be written."
                )
        elif result is None:
            click.echo(
                f"Nothing has been written. Rows that are wrong: {len(_bad(planned))}; --skip-bad leaves them out.",
                err=True,
            )
        else:
            _written(result)


def _bad(planned: Plan) -> set[int]:
    return {fault.row for fault in planned.faults}


def _rows(planned: Plan, *, every: bool) -> list[str]:
    lines = []
    for fate in planned.fates:
        if not every and fate.fate != "refused":
            continue
        why = [change_text(change) for change in fate.changes]
        for fault in fate.faults:
            at = f"{fault.letter} {fault.column}: " if fault.column else ""
            value = f"“{fault.value}” – " if fault.value and fault.column else ""
            why.append(f"{at}{value}{fault_text(fault)}")
        named = " ".join(part for part in (fate.sku, fate.name) if part)
        lines.append(
            "  ".join(part for part in (f"row {fate.row}", fate_text(fate.fate), named, "; ".join(why)) if part)
        )
    return lines


def _written(result: ImportResult) -> None:
    if not result.ref:
        click.echo("Nothing to write: the shop has all of it already.")
        return
    left_out = f", rows left out: {result.left_out}" if result.left_out else ""
    new, changed = len(result.new_products), len(result.changed_products)
    click.echo(f"Import {result.ref}: new drafts: {new}, changed: {changed}{left_out}.")
    missing: Counter[str] = Counter()
    with reading() as session:
        for product_id in result.new_products[:LISTED_LACKS]:
            missing.update(lacks(session, product_id=product_id, all_of_them=True))
    if missing:
        told = ", ".join(f"{lack_label(code)} ({count})" for code, count in missing.items())
        click.echo(f"The drafts still lack: {told}.")


def _fault(fault: RowFault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "column": fault.column,
        "letter": fault.letter,
        "code": fault.code,
        "value": fault.value,
        "text": fault_text(fault),
    }


def _as_json(planned: Plan, result: ImportResult | None) -> dict[str, Any]:
    file = planned.file
    return {
        "ok": result is not None or not planned.faults,
        "format": file.format,
        "rows": file.row_count,
        "currency": file.currency,
        "lang": file.lang,
        "ignored": list(file.ignored),
        "counts": dict(planned.counts),
        "fates": [
            {
                "row": fate.row,
                "fate": fate.fate,
                "name": fate.name,
                "sku": fate.sku,
                "changes": [{"field": one.field, "before": one.before, "after": one.after} for one in fate.changes],
                "faults": [_fault(fault) for fault in fate.faults],
            }
            for fate in planned.fates
        ],
        "pictures": [{"row": one.row, "name": one.name, "url": one.url} for one in planned.pictures],
        "import": result.ref if result else "",
        "new": list(result.new_products) if result else [],
        "changed": list(result.changed_products) if result else [],
    }
