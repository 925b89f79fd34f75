"""Money on its way: the bank's sheet and its results, and cash in brokers' hands."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.queries import broker_names
from shop.coop.facts import coop_facts
from shop.db import Texts, reading, writing
from shop.errors import BadInput, NotFound
from shop.ids import spoken
from shop.ledger.chart import account
from shop.ledger.models import Account
from shop.ledger.queries import balance, movements
from shop.money import Money, format_plain, in_words
from shop.office import access
from shop.office.answers import amount_typed, number, refusal
from shop.office.blueprint import bp
from shop.office.errors import NothingSent, NothingToSend
from shop.office.forms.pay import FloatForm
from shop.office.queries import pay
from shop.payouts import services
from shop.payouts.models import Payout, PayoutBatch
from shop.payouts.rails import PAYOUT_RAILS, RailFile, Terms, terms_of, transfer_file
from shop.payouts.services import cash_to_hand_over
from shop.web.filters import money
from shop.web.i18n import current_lang


def _of_batch(session: Session, batch_id: int, rail: str, state: str) -> list[Payout]:
    query = select(Payout).where(Payout.batch_id == batch_id, Payout.rail == rail, Payout.state == state)
    return list(session.scalars(query.order_by(Payout.id)))


def _send(batch_id: int, rail: str, actor: Actor) -> None:
    """Mark a rail's payouts as sent. A file that cannot be made leaves them as they are."""
    with reading() as session:
        batch = _batch(session, batch_id)
        terms = terms_of(session, currency=batch.currency, lang=current_lang())
        payouts = _of_batch(session, batch_id, rail, "approved")
        if not payouts and not _of_batch(session, batch_id, rail, "sent"):
            raise NothingToSend
    if payouts:
        PAYOUT_RAILS[rail].file(batch, payouts, terms, lang=current_lang())
    with writing() as session:
        services.mark_sent(session, payout_ids=[row.id for row in payouts], by=actor)


def _batch(session: Session, batch_id: int) -> PayoutBatch:
    batch = session.get(PayoutBatch, batch_id)
    if batch is None:
        raise NotFound(what="batch")
    return batch


def _unanswered(batch_id: int, rail: str) -> tuple[PayoutBatch, list[Payout], Terms]:
    """What was sent and has no answer yet; who was carried out is not on a file a second time."""
    with reading() as session:
        batch = _batch(session, batch_id)
        sent = [row for row in pay.unreported(session, batch_id=batch_id, rails=(rail,)) if row.state == "sent"]
        if not sent and _of_batch(session, batch_id, rail, "approved"):
            raise NothingSent
        terms = terms_of(session, currency=batch.currency, lang=current_lang())
    return batch, sent, terms


def _download(file: RailFile | None, name: str) -> Response:
    if file is None:
        raise NotFound(what="file")
    answer = Response(file.content, mimetype=file.mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{file.ending}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/batches/<int:batch_id>/bank-file")
def batch_bank_file(batch_id: int) -> ResponseReturnValue:
    """The batch's bank payouts go out by one sheet."""
    actor = access.treasurer()
    _send(batch_id, "bank_file", actor)
    flash(_("The sheet is ready: download it and hand it to the bank. Its payouts count as sent."))
    return redirect(url_for("office.batch", batch_id=batch_id), 303)


@bp.get("/batches/<int:batch_id>/bank-file.xlsx")
def batch_bank_sheet(batch_id: int) -> ResponseReturnValue:
    """The bank's own sheet, by the columns that the co-op chose."""
    access.staff()
    batch, sent, terms = _unanswered(batch_id, "bank_file")
    return _download(PAYOUT_RAILS["bank_file"].file(batch, sent, terms, lang=current_lang()), f"batch-{batch.number}")


@bp.get("/batches/<int:batch_id>/pain001.xml")
def batch_transfers(batch_id: int) -> ResponseReturnValue:
    """The same payouts as ISO 20022, for a bank that takes it."""
    access.staff()
    batch, sent, terms = _unanswered(batch_id, "bank_file")
    file = transfer_file(batch, sent, terms, pay_on=max(batch.pay_on, clock.today()))
    return _download(file, f"batch-{batch.number}")


@bp.post("/batches/<int:batch_id>/<any(vietqr, wallet):rail>")
def batch_rail_sent(batch_id: int, rail: str) -> ResponseReturnValue:
    """The batch's payouts by QR code or wallet are on their way."""
    actor = access.treasurer()
    _send(batch_id, rail, actor)
    flash(_("The list is ready: pay by it. Its payouts count as sent."))
    return redirect(url_for("office.batch", batch_id=batch_id), 303)


@bp.get("/batches/<int:batch_id>/<any(vietqr, wallet):rail>")
def batch_rail_file(batch_id: int, rail: str) -> ResponseReturnValue:
    """The sheet of codes on A4, or the list for the wallets."""
    access.staff()
    batch, sent, terms = _unanswered(batch_id, rail)
    return _download(PAYOUT_RAILS[rail].file(batch, sent, terms, lang=current_lang()), f"batch-{batch.number}-{rail}")


@bp.post("/batches/<int:batch_id>/bank-done")
def batch_bank_done(batch_id: int) -> ResponseReturnValue:
    """The bank carried out everything of the batch; each is booked by itself, so that a second click does nothing."""
    actor = access.treasurer()
    with reading() as session:
        sent = pay.unreported(session, batch_id=batch_id)
    for row in sent:
        with writing() as session:
            services.bank_paid(session, payout_id=row.id, by=actor)
    flash(_("Written down. They wait for each payee's own word."))
    return redirect(url_for("office.batch", batch_id=batch_id), 303)


@bp.post("/payouts/<int:payout_id>/bank")
def payout_bank(payout_id: int) -> ResponseReturnValue:
    """One result of the bank's: carried out, failed, or sent back."""
    actor = access.treasurer()
    result = request.form.get("result", "")
    if result not in {"done", "failed", "returned"}:
        raise BadInput(field="result")
    with writing() as session:
        if result == "done":
            row = services.bank_paid(session, payout_id=payout_id, by=actor)
        else:
            row = services.bank_failed(session, payout_id=payout_id, by=actor, returned=result == "returned")
    if result == "done":
        flash(_("Written down. It waits for her own word."))
    else:
        flash(_("Written down. Her pay is hers again and waits for the next batch."))
    return redirect(url_for("office.batch", batch_id=row.batch_id), 303)


@bp.post("/batches/<int:batch_id>/cash-sent")
def batch_cash_sent(batch_id: int) -> ResponseReturnValue:
    """The cash of one broker's payouts in this batch is in her hands."""
    actor = access.treasurer()
    broker_id = request.form.get("broker", 0, type=int)
    with writing() as session:
        payouts = _of_batch(session, batch_id, "cash", "approved")
        ids = [row.id for row in payouts if row.broker_id == broker_id]
        services.mark_sent(session, payout_ids=ids, by=actor)
    flash(_("Marked as sent: the broker hands it over."))
    return redirect(url_for("office.batch", batch_id=batch_id), 303)


def _broker(session: Session, broker_id: int) -> Texts:
    name = broker_names(session, [broker_id]).get(broker_id)
    if name is None:
        raise NotFound(what="broker")
    return name


def _cash_form(broker_id: int) -> tuple[FloatForm, Texts, str]:
    """The form with a key of its own, whose cash it is about, and in which currency."""
    with reading() as session:
        name, currency = _broker(session, broker_id), coop_facts(session).currency
    form = FloatForm()
    if not form.key.data:
        form.key.data = spoken(12)
    return form, name, currency


@bp.get("/floats/<int:broker_id>")
def broker_cash(broker_id: int) -> ResponseReturnValue:
    """The co-op's cash in a broker's hands."""
    actor = access.staff()
    form, name, currency = _cash_form(broker_id)
    if number("amount"):
        form.amount.data = format_plain(Money(number("amount"), currency))
    return _cash_page(broker_id, name, currency, form, may=actor.role == "treasurer")


@bp.post("/floats/<int:broker_id>")
def broker_cash_move(broker_id: int) -> ResponseReturnValue:
    """Cash drawn or brought back. The sum is said back in words first; the second post moves it."""
    actor = access.treasurer()
    form, name, currency = _cash_form(broker_id)
    back = request.form.get("way") == "back"
    status, amount = amount_typed(form, currency)
    if amount is None:
        return _cash_page(broker_id, name, currency, form, back=back, may=True), status
    wanted = f"{'back' if back else 'draw'}:{amount.minor}"
    if form.said.data != wanted:
        form.said.data, said = wanted, f"{money(amount)} · {in_words(amount, current_lang())}"
        return _cash_page(broker_id, name, currency, form, said=said, back=back, may=True)
    move = services.return_float if back else services.draw_float
    refused = refusal(
        form,
        lambda session: move(
            session,
            broker_id=broker_id,
            amount_minor=amount.minor,
            currency=currency,
            by=actor,
            key=form.key.data or "",
        ),
    )
    if refused is not None:
        return _cash_page(broker_id, name, currency, form, back=back, may=True), refused
    flash(_("%(amount)s are written down.", amount=money(amount)))
    return redirect(url_for("office.broker_cash", broker_id=broker_id), 303)


def _cash_page(
    broker_id: int, name: Texts, currency: str, form: FloatForm, *, may: bool, said: str = "", back: bool = False
) -> str:
    with reading() as session:
        row = session.scalar(
            select(Account).where(
                Account.kind == "broker:float", Account.owner == str(broker_id), Account.currency == currency
            )
        )
        held = balance(session, account("broker:float", broker_id), currency)
        waits = cash_to_hand_over(session, broker_id=broker_id)
        credit = balance(session, account("broker:credit", broker_id), currency)
        moved = movements(session, row.id, limit=20) if row else []
        actors = pay.actor_names(session, [each.actor for each in moved])
    return render_template(
        "office/broker_cash.html",
        form=form,
        name=name,
        broker_id=broker_id,
        held=Money(held, currency),
        waits=Money(waits, currency),
        credit=Money(credit, currency),
        over=Money(held - waits - credit, currency),
        moved=[(each, Money(each.minor, currency)) for each in moved],
        actors=actors,
        account_id=row.id if row else None,
        said=said,
        back=back,
        may_move=may,
        nav="office.batches",
    )
