"""Collecting a slip: count, judge, see the pay, save once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.db import reading, writing
from shop.desk import access
from shop.desk.access import Mine
from shop.desk.answers import done, late_label, told
from shop.desk.blueprint import desk
from shop.desk.labels import reason_label
from shop.desk.queries import slips
from shop.desk.queries.slips import Asked, Work
from shop.desk.typed import NotWhole, plain, stepped, whole
from shop.errors import BadInput, ShopError
from shop.ids import secret
from shop.money import Money
from shop.payouts.queries.sweep import next_pay_day
from shop.work import services as work
from shop.work.errors import CountedBefore, CountsDisagree
from shop.work.services import Counts
from shop.work.services.collecting import REASONS, reasons_of

FIELDS = ("counted", "ok", "fix", "no")


@dataclass(frozen=True, slots=True)
class _Typed:
    """The form's texts as they were typed."""

    texts: Mapping[str, str]
    mend_reasons: tuple[str, ...]
    reasons: tuple[str, ...]
    key: str

    def counts(self) -> Counts:
        """What was meant. Raises BadInput for what is no whole number."""
        counted, accepted, mend, rejected = (self._whole(name) for name in FIELDS)
        # reasons belong to pieces that were judged so; a chip left over says nothing
        to_mend = [each for each in self.mend_reasons if each in REASONS] if mend else []
        not_taken = [each for each in self.reasons if each in REASONS] if rejected else []
        return Counts(accepted, mend, rejected, counted=counted, reasons=not_taken, mend_reasons=to_mend)

    def _whole(self, name: str) -> int:
        try:
            return whole(self.texts[name])
        except NotWhole:
            raise BadInput(field="quantity", at=name) from None


def _from_request() -> _Typed:
    form = request.form
    texts = {name: plain(form.get(name)) for name in FIELDS}
    step = stepped({**texts, **{name: form[name] for name in ("less", "more") if name in form}})
    if step and step[0] in FIELDS:
        texts[step[0]] = step[1]
    mend, rejected = (tuple(dict.fromkeys(form.getlist(name))) for name in ("mend_reasons", "reasons"))
    return _Typed(texts, mend, rejected, form.get("key", "")[:60])


def _read(assignment_id: int) -> tuple[Asked, Work, list[slips.Received]]:
    with reading() as session:
        found = slips.slip(session, assignment_id=assignment_id)
        about = slips.work(session, work_order_id=found.assignment.work_order_id, today=clock.today())
        before = slips.received(session, assignment_id=assignment_id)
    return found, about, before


def _where(error: ShopError | None) -> str:
    """The id of the input that a refusal is about; "" where it is about none."""
    if isinstance(error, CountsDisagree):
        return "counted"
    if isinstance(error, BadInput):
        return {"reasons": "why-no", "mend_reasons": "why-fix"}.get(
            str(error.data.get("field")), str(error.data.get("at", ""))
        )
    return ""


def _page(me: Mine, typed: _Typed | None, *, error: ShopError | None = None) -> ResponseReturnValue:
    found, about, before = _read(me.id)
    if typed is None:
        typed = _Typed({"counted": str(found.out), "ok": str(found.out), "fix": "", "no": ""}, (), (), secret())
    texts = {name: "" if name in {"fix", "no"} and text == "0" else text for name, text in typed.texts.items()}
    html = render_template(
        "desk/collect.html",
        slip=found,
        work=about,
        before=before,
        texts=texts,
        mend_reasons=[(code, reason_label(code), code in typed.mend_reasons) for code in REASONS],
        reasons=[(code, reason_label(code), code in typed.reasons) for code in REASONS],
        key=typed.key,
        sums=_sums(typed),
        error=told(error) if error else "",
        bad=_where(error),
        has_errors=error is not None,
        late=late_label,
    )
    return html, error.status if error else 200


def _sums(typed: _Typed) -> tuple[int, int] | None:
    """(judged, counted), or None where something is no number."""
    try:
        counts = typed.counts()
    except BadInput:
        return None
    return counts.total, counts.counted or 0


@desk.get("/slips/<int:assignment_id>/collect")
def collect(assignment_id: int) -> ResponseReturnValue:
    """Count and judge; accepted starts at what is expected."""
    me = access.my_slip(assignment_id)
    return _page(me, None)


@desk.post("/slips/<int:assignment_id>/collect")
def count(assignment_id: int) -> ResponseReturnValue:
    """First the pay in figures and words; with `save` it is kept, once for each form."""
    me = access.my_slip(assignment_id)
    typed = _from_request()
    if "less" in request.form or "more" in request.form or "again" in request.form:
        return _page(me, typed)
    try:
        if not typed.key:
            raise BadInput(field="key")
        counts = typed.counts()
        if counts.mend and not counts.mend_reasons:
            raise BadInput(field="mend_reasons")
        if "save" not in request.form:
            return _preview(me, typed, counts)
        with writing() as session:
            receipt = work.receive(
                session,
                assignment_id=assignment_id,
                counts=counts,
                key=f"desk:{assignment_id}:{typed.key}",
                by=me.actor,
            )
            receipt_id = receipt.id
    except CountedBefore as error:
        # she went back and counted again: as a form of its own it can be saved
        return _page(me, replace(typed, key=secret()), error=error)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        return _page(me, typed, error=error)
    return done("desk.receipt", receipt_id=receipt_id)


def _preview(me: Mine, typed: _Typed, counts: Counts) -> ResponseReturnValue:
    with reading() as session:
        pay = work.preview(session, assignment_id=me.id, counts=counts)
        later = work.preview(session, assignment_id=me.id, counts=_mended(counts)) - pay if counts.mend else 0
        pay_day = next_pay_day(session)
    found, about, _before = _read(me.id)
    return render_template(
        "desk/collect_pay.html",
        slip=found,
        work=about,
        counts=counts,
        why=_why(counts.mend_reasons, counts.reasons),
        typed=typed,
        pay=Money(pay, about.order.currency),
        each=Money(pay // counts.accepted, about.order.currency)
        if counts.accepted and pay % counts.accepted == 0
        else None,
        later=Money(later, about.order.currency),
        missing=found.out - (counts.counted or 0),
        pay_day=pay_day,
    )


def _mended(counts: Counts) -> Counts:
    """The same, were what is to be mended accepted too."""
    return Counts(counts.accepted + counts.mend, 0, counts.rejected, counted=counts.counted, reasons=counts.reasons)


def _why(mend: Sequence[str], rejected: Sequence[str]) -> list[tuple[str, list[str]]]:
    """What is to be mended and why pieces are not taken, each with its heading, in words."""
    told_of = ((_("To mend"), mend), (_("Rejected"), rejected))
    return [(heading, [reason_label(code) for code in codes]) for heading, codes in told_of if codes]


@desk.get("/receipts/<int:receipt_id>")
def receipt(receipt_id: int) -> ResponseReturnValue:
    """What was saved: piece numbers, and what is hers now."""
    me = access.my_receipt(receipt_id)
    with reading() as session:
        saved = slips.receipt_of(session, receipt_id=me.id)
        pay_day = next_pay_day(session)
    found, about, _before = _read(saved.receipt.assignment_id)
    return render_template(
        "desk/receipt.html",
        slip=found,
        work=about,
        saved=saved,
        why=_why(*reasons_of(saved.receipt)),
        pay_day=pay_day,
    )
