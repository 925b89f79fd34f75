"""Lists from outside: sent, tried without writing anything, then brought in whole or without their bad rows."""

from collections.abc import Sequence
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.actor import Actor
from shop.catalog.importing.applying import apply
from shop.catalog.importing.drafts import PastImport, import_of, past_imports
from shop.catalog.importing.fates import FATES, Plan, RowsRefused
from shop.catalog.importing.plan import plan
from shop.catalog.importing.reading import LIMITS, read
from shop.catalog.importing.rows import FileRefused, Format, ImportFile, RowFault
from shop.catalog.importing.words import change_text, fate_text, fault_text, place_text
from shop.coop.facts import coop_facts
from shop.db import reading, writing
from shop.errors import NotFound
from shop.ids import digest
from shop.money import CURRENCIES
from shop.office import access, uploads
from shop.office.answers import by_name, choices, number, posted
from shop.office.blueprint import bp
from shop.office.forms.goods import UploadForm
from shop.office.uploads import Upload
from shop.web.forms import ShopForm
from shop.web.i18n import colon
from shop.workshops.queries import workshop_line, workshop_names

KINDS = ("auto", "shopify", "qiaoshou")
ROWS = 100
MOST_MEGABYTES = min(LIMITS.size // 1024 // 1024, 11)
"""The list itself may be larger; one form of a browser may not."""

MOST_FAULTS = 200
COLOURS = {"new": "f-jade", "variant": "f-teal", "changed": "f-indigo", "picture": "f-gold"}
BADGES = {"new": "ok", "variant": "ok", "changed": "", "picture": "wait", "refused": "red"}


def _kind_label(kind: str) -> str:
    known: dict[str, str] = {
        "auto": _("find out by the headings"),
        "shopify": _("Shopify's product export"),
        "qiaoshou": _("our own list (品名, 价格, 工钱 …)"),
    }
    return known[kind]


@bp.route("/imports", methods=["GET", "POST"])
def imports() -> ResponseReturnValue:
    """Past imports, and a new list to be tried."""
    actor = access.officer()
    with reading() as session:
        houses = workshop_names(session)
        past = past_imports(session)
        currency = coop_facts(session).currency
    form = UploadForm(data={"currency": currency, "kind": "auto"})
    form.workshop_id.choices = choices(by_name(houses))
    form.kind.choices = choices((kind, _kind_label(kind)) for kind in KINDS)
    form.currency.choices = choices((code, code) for code in sorted(CURRENCIES, key=lambda code: code != currency))
    faults: Sequence[RowFault] = ()
    status = 200
    if posted():
        status = 422
        if _sound(form, currency):
            sent = form.list.data
            made, faults = _take(sent.read(LIMITS.size + 1), sent.filename, form, actor.key)
            if made is not None:
                return redirect(url_for("office.import_try", token=made.token), 303)
            said = (colon().join(part for part in (place_text(fault), fault_text(fault)) if part) for fault in faults)
            form.list.errors = (*form.list.errors, *said)
    page = render_template(
        "office/imports.html",
        form=form,
        past=past,
        houses=houses,
        limit_mb=MOST_MEGABYTES,
    )
    return page, status


def _sound(form: UploadForm, currency: str) -> bool:
    """Whether there is a file, of a workshop, in money that the co-op sells in."""
    fine = form.validate()
    if not form.list.data:
        form.list.errors = (*form.list.errors, _("Please choose a CSV or XLSX file."))
        fine = False
    if form.currency.data != currency and not form.currency.errors:
        fault = RowFault(0, "", "not_sold_in", other=f"{form.currency.data}, {currency}")
        form.currency.errors = (fault_text(fault),)
        fine = False
    return fine


def _take(data: bytes, filename: str, form: UploadForm, by: str) -> tuple[Upload | None, Sequence[RowFault]]:
    """Put a list aside when it can be read as one; else what is wrong with it, and nothing is kept."""
    kind, currency = form.kind.data, form.currency.data
    try:
        _read(data, filename, currency, kind)
    except FileRefused as refused:
        return None, refused.faults
    workshop_id = form.workshop_id.data
    return uploads.keep(data, filename=filename, workshop_id=workshop_id, kind=kind, currency=currency, by=by), ()


def _read(data: bytes, filename: str, currency: str, kind: str) -> ImportFile:
    return read(data, filename, currency=currency, kind=None if kind == "auto" else cast("Format", kind))


@bp.get("/imports/try/<token>")
def import_try(token: str) -> ResponseReturnValue:
    """What would become of each row. Nothing has been written."""
    actor = access.officer()
    upload, data = uploads.kept(token, by=actor.key)
    return _tried(upload, data, ShopForm())


def _tried(upload: Upload, data: bytes, form: ShopForm, status: int = 200) -> ResponseReturnValue:
    try:
        file = _read(data, upload.filename, upload.currency, upload.kind)
        with reading() as session:
            planned = plan(session, file=file, workshop_id=upload.workshop_id)
            house = workshop_line(session, upload.workshop_id)
    except FileRefused as refused:
        return _refused(upload, refused.faults)
    start = number("from")
    rows = planned.fates[start : start + ROWS]
    page = render_template(
        "office/import_try.html",
        upload=upload,
        form=form,
        file=file,
        plan=planned,
        house=house.name if house else {},
        bars=_bars(planned),
        refused=[fate for fate in planned.fates if fate.fate == "refused"],
        faults=planned.faults[:MOST_FAULTS],
        rows=rows,
        start=start,
        writable=len(planned.to_write),
        badges=BADGES,
        words={"fate": fate_text, "fault": fault_text, "change": change_text},
        previous=url_for("office.import_try", token=upload.token, **{"from": max(start - ROWS, 0) or None})  # type: ignore[arg-type]
        if start
        else None,
        next_page=url_for("office.import_try", token=upload.token, **{"from": start + ROWS})  # type: ignore[arg-type]
        if start + ROWS < len(planned.fates)
        else None,
        nav="office.imports",
    )
    return page, status


def _bars(planned: Plan) -> list[tuple[str, str, int]]:
    """Fill, words and number of rows of each fate that occurs."""
    known = COLOURS | {"refused": "f-red"}
    return [
        (known.get(fate, "f-rest"), fate_text(fate), planned.counts[fate]) for fate in FATES if planned.counts[fate]
    ]


def _refused(upload: Upload, faults: Sequence[RowFault]) -> ResponseReturnValue:
    """The shop changed since the list was sent (its currency): the list is put away and said so."""
    uploads.forget(upload.token)
    for fault in faults:
        flash(fault_text(fault), "error")
    return redirect(url_for("office.imports"), 303)


@bp.post("/imports/try/<token>")
def import_now(token: str) -> ResponseReturnValue:
    """Bring it in: all rows or none, or without the bad ones. A second click is told what the first has done."""
    actor = access.officer()
    try:
        upload, data = uploads.kept(token, by=actor.key)
    except NotFound:
        with reading() as session:
            done = import_of(session, key=digest(token), by=actor.key)
        if done is None:
            raise
        return _brought_in(done)
    form = ShopForm()
    try:
        done = _bring_in(upload, data, skip_bad=request.form.get("rows") == "good", by=actor)
    except RowsRefused as refused:
        wrong = len({fault.row for fault in refused.faults})
        form.form_errors.append(
            _("Nothing was written: %(num)s rows are wrong. Leave them out, or put them right in the file.", num=wrong)
        )
        return _tried(upload, data, form, refused.status)
    except FileRefused as refused:
        return _refused(upload, refused.faults)
    if done is None:  # the list stays, so that a second click is told the same
        flash(_("There was nothing to write: the shop has all of it already."))
        return redirect(url_for("office.imports"), 303)
    uploads.forget(token)
    return _brought_in(done)


def _bring_in(upload: Upload, data: bytes, *, skip_bad: bool, by: Actor) -> PastImport | None:
    """What was written, now or by a first click; None where there was nothing to write. One unit of work."""
    key = digest(upload.token)
    file = _read(data, upload.filename, upload.currency, upload.kind)
    with writing() as session:
        done = import_of(session, key=key, by=by.key)
        if done is None:
            planned = plan(session, file=file, workshop_id=upload.workshop_id)
            apply(session, plan=planned, skip_bad=skip_bad, by=by, key=key)
            session.flush()  # the history's line is looked up next
            done = import_of(session, key=key, by=by.key)
    return done


def _brought_in(done: PastImport) -> ResponseReturnValue:
    flash(
        _(
            "Brought in: %(new)s new drafts, %(changed)s changed, %(left)s rows left out.",
            new=done.new,
            changed=done.changed,
            left=done.left_out,
        )
    )
    return redirect(url_for("office.drafts", ref=done.ref), 303)


@bp.post("/imports/try/<token>/forget")
def import_forget(token: str) -> ResponseReturnValue:
    """The list is not wanted after all."""
    actor = access.officer()
    uploads.kept(token, by=actor.key)
    uploads.forget(token)
    flash(_("The list is put away. Nothing was written."))
    return redirect(url_for("office.imports"), 303)
