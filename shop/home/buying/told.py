"""An order's states in words: the headline, the thread with its dates, and what was given back."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from shop.clock import day_of
from shop.db import Texts
from shop.home.buying.basket import SightLine
from shop.home.buying.shown import STEPS, OrderSight, ParcelSight
from shop.home.cards import names_of, seal_letter
from shop.makers.public import PublicMaker
from shop.money import Money
from shop.orders.models import Refund
from shop.web.filters import day, money, tri, tri_text
from shop.web.i18n import current_lang

ZONE = ZoneInfo("Asia/Shanghai")
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Event:
    """A knot of the thread, as `ui/thread.html` draws it."""

    state: str
    title: Markup | str
    text: Markup | str | None
    when: str | None
    date: str | None


def clock_time(moment: datetime) -> str:
    """14:05, in the co-op's zone."""
    return f"{moment.astimezone(ZONE):%H:%M}"


def headline(sight: OrderSight) -> str:
    """Where the order stands, in one line."""
    state, slowest = sight.row.state, sight.slowest
    words = _("This order ran out unpaid")
    if state == "placed" and sight.payment == "waiting":
        words = _("Your order waits for its payment")
    elif state == "placed" and sight.payment == "under_way":
        words = _("Your payment is under way")
    elif state == "refunded" or (state == "paid" and slowest is None):
        words = _("This order was given back")
    elif state == "paid" and slowest is not None:
        first, last = day(slowest.row.arrives_from), day(slowest.row.arrives_to)
        words = {
            "to_assign": _("Paid, thank you"),
            "making": _("It is being made"),
            "ready": _("Made and checked, soon on its way"),
            "dispatched": _("On its way, with you between %(first)s and %(last)s", first=first, last=last),
        }.get(slowest.row.state, _("It has arrived"))
    return str(words)


def step_name(step: str) -> str:
    """One of the six states."""
    known = {
        "received": _("Order received"),
        "paid": _("Paid"),
        "making": _("Being made"),
        "checked": _("Checked"),
        "sent": _("On its way"),
        "delivered": _("Delivered"),
    }
    return str(known[step])


def place_of(sight: OrderSight) -> str:
    """As in "5 of 6: On its way", of the parcel that is waited for longest."""
    parcel = sight.slowest
    if parcel is None or sight.row.state not in {"placed", "paid"}:
        return str(_("Ended"))
    step = STEPS[parcel.reached]
    at = parcel.steps.index(step) + 1
    return str(_("%(at)s of %(all)s: %(step)s", at=at, all=len(parcel.steps), step=step_name(step)))


def made_by(one: SightLine, workshop: Texts) -> Markup:
    """Who made a line of the cart, or would; those who did not agree to a name are "a maker of" the workshop."""
    if not any(maker.named for maker in one.makers):
        return escape(_("Made by a maker of %(workshop)s", workshop=tri_text(workshop)))
    if one.one_of:
        words = _("Made by one of: %(names)s", names="{}")
    elif one.piece:
        words = _("Made by %(name)s, piece %(number)s", name="{}", number="{number}")
    else:
        words = _("Made by %(name)s", name="{}")
    number = Markup('<span class="nw">{}</span>').format(one.piece)
    return escape(words).replace("{}", names_of(one.makers)).replace("{number}", number)


def names(makers: tuple[PublicMaker, ...]) -> Markup:
    """Those who agreed to be named, as the page's language lists them, each with a link to her page."""
    named = [maker for maker in makers if maker.named is not None]
    comma = Markup("、") if current_lang() == "zh" else Markup(", ")
    return comma.join(_maker(maker) for maker in named[:MOST_NAMES])


def _maker(maker: PublicMaker) -> Markup:
    words = tri(maker.named)
    return Markup('<a href="{}">{}</a>').format(url_for("home.maker", slug=maker.slug), words) if maker.slug else words


def numbers(parcel: ParcelSight) -> Markup:
    """The numbers of a parcel's pieces, each with a link to its record."""
    comma = Markup("、") if current_lang() == "zh" else Markup(", ")
    return comma.join(
        Markup('<a class="nw" href="{}">{}</a>').format(url_for("home.piece", number=piece.number), piece.number)
        for piece in parcel.pieces
    )


def thread(sight: OrderSight, parcel: ParcelSight) -> list[Event]:
    """What has happened to a parcel, where it is, and what comes next; nothing more where nothing of it is left."""
    if sight.row.paid_at is None and sight.row.state in {"cancelled", "refunded"}:
        return _never_paid(sight, parcel)
    reached = parcel.reached if parcel.reached >= 0 else STEPS.index("paid")
    found = []
    for step in parcel.steps:
        at = STEPS.index(step)
        if at > reached and parcel.over:
            break
        state = "done" if at < reached or step == "delivered" or parcel.over else "now"
        if at > reached:
            state = "todo"
        when = parcel.dates.get(step) if state != "todo" else None
        found.append(_event(state, _title(step, state, sight, parcel), _text(step, state, sight, parcel), when))
    if parcel.over:
        words = {"line_returned": _("Returned"), "line_lost": _("Lost on the way")}.get(parcel.end, _("Cancelled"))
        back = _("What you paid for it is given back.") if _was_paid(sight, parcel) else None
        found.append(_event("now", str(words), back, parcel.dates.get("ended")))
    return found


def _event(state: str, title: Markup | str, text: Markup | str | None, when: datetime | None) -> Event:
    return Event(state, title, text or None, day(when) if when else None, day_of(when).isoformat() if when else None)


def _was_paid(sight: OrderSight, parcel: ParcelSight) -> bool:
    """Whether the buyer herself paid something of it; a voucher may have given all."""
    of_her = {line.row.id for line in parcel.lines}
    return any(refund.amount_minor for refund in sight.refunds if refund.line_id in of_her)


def _never_paid(sight: OrderSight, parcel: ParcelSight) -> list[Event]:
    received = _event("done", step_name("received"), None, parcel.dates.get("received"))
    if sight.row.state == "refunded":
        return [received, _event("now", _("Paid too late, and given back"), None, parcel.dates.get("ended"))]
    words = _("Nothing was taken. The pieces are for sale again.")
    return [received, _event("now", _("Ended unpaid"), words, parcel.dates.get("ended"))]


def _title(step: str, state: str, sight: OrderSight, parcel: ParcelSight) -> Markup | str:
    if step == "making" and state != "todo":
        who, count = names(parcel.asked), max(len(parcel.asked), 1)
        if not who:
            return str(ngettext("A maker has said yes", "The makers have said yes", count))
        words = ngettext("%(names)s has said yes", "%(names)s have said yes", count, names="{}")
        return escape(words).replace("{}", who)
    if step == "making" and sight.payment == "paid" and parcel.reached == STEPS.index("paid"):
        return str(_("Asking who will make it"))
    if step == "checked" and "making" not in parcel.steps:
        return str(_("Ready to be sent"))
    return step_name(step)


def _text(step: str, state: str, sight: OrderSight, parcel: ParcelSight) -> Markup | str:
    if step == "making":
        return _of_making(state, parcel)
    if step == "checked":
        return _of_checking(state, parcel)
    if step == "sent":
        return _of_sending(state, parcel)
    words = ""
    if step == "received" and state == "now" and sight.payment == "waiting":
        words = _("The pieces are held for you until %(time)s.", time=clock_time(sight.row.expires_at))
    elif step == "paid" and state != "todo":
        amount = money(sight.money("total"))
        if not sight.row.total_minor:
            gift = money(sight.money("voucher"))
            return str(_("A voucher gave all of it, %(amount)s. The makers' part was set apart at once.", amount=gift))
        words = _("%(amount)s. The makers' part was set apart at once.", amount=amount)
        if len(sight.parcels) > 1:
            words = _("%(amount)s for all parcels together. The makers' part was set apart at once.", amount=amount)
    elif step == "delivered" and state == "todo":
        words = _(
            "Expected between %(first)s and %(last)s, for %(name)s, %(city)s.",
            first=day(parcel.row.arrives_from),
            last=day(parcel.row.arrives_to),
            name=sight.row.name,
            city=sight.row.city,
        )
    return str(words)


def _of_making(state: str, parcel: ParcelSight) -> str:
    if state == "todo":
        return str(_("She hears pay and date before she says yes, and may say no."))
    if parcel.due_on is None:
        return ""
    return str(_("She agreed to the pay and to the day, %(day)s, before she began.", day=day(parcel.due_on)))


def _of_checking(state: str, parcel: ParcelSight) -> Markup | str:
    if state == "todo":
        return str(_("Each piece is looked over and numbered before it leaves."))
    if not parcel.pieces:
        return ""
    accepted = max(piece.accepted_at for piece in parcel.pieces)
    if "making" not in parcel.steps:
        words = _("Made and checked on %(day)s: %(numbers)s.", day=day(accepted), numbers="{}")
    else:
        words = _("Passed as %(numbers)s. From this day her pay is hers.", numbers="{}")
    return escape(words).replace("{}", numbers(parcel))


def _of_sending(state: str, parcel: ParcelSight) -> Markup | str:
    if state == "todo" or parcel.shipment is None:
        return str(_("It should leave by %(day)s.", day=day(parcel.row.ship_by)))
    tracking = Markup('<b class="num">{}</b>').format(parcel.shipment.tracking)
    words = _("With %(carrier)s, tracking number %(tracking)s.", carrier="{0}", tracking="{1}")
    return escape(words).format(parcel.shipment.carrier, tracking)


def refund_words(refund: Refund) -> tuple[str, str]:
    """Why money went back, and how far it is."""
    why = {
        "cancelled": _("Cancelled"),
        "late_payment": _("Paid too late: sold in the meantime"),
        "double_payment": _("Paid twice"),
        "over_payment": _("Paid too much"),
        "return": _("Returned"),
        "lost": _("Lost on the way"),
        "reduction": _("Price reduced"),
        "fault": _("Faulty"),
        "unused": _("A payment that the order did not take"),
    }[refund.reason]
    by_bank = _("sent to your bank account")
    how_far = {
        "decided": _("on its way back to you"),
        "sent": by_bank if refund.bank_approved_by else _("sent back to you"),
        "failed": _("could not be sent back; we will write to you"),
    }[refund.state]
    return str(why), str(how_far)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A maker who said that her pay for this order reached her; `amount` where she lets it be public."""

    seal: str
    words: Markup


def confirmed(sight: OrderSight) -> list[Confirmed]:
    """Who has said so: each named maker all of whose pieces here have been paid and confirmed (product.md 1.6)."""
    found = []
    pieces = [piece for parcel in sight.parcels for piece in parcel.pieces]
    for maker in sight.makers:
        hers = [piece for piece in pieces if piece.maker_id == maker.id]
        dates = [piece.confirmed_at for piece in hers]
        if maker.named is None or not hers or None in dates:
            continue
        on = day(max(date for date in dates if date is not None))
        amount = money(Money(sum(piece.maker_minor for piece in hers), sight.row.currency))
        words = (
            _(
                "%(name)s confirmed on %(day)s that her pay of %(amount)s has reached her.",
                name="{}",
                day=on,
                amount=amount,
            )
            if maker.shows_pay
            else _("%(name)s confirmed on %(day)s that her pay has reached her.", name="{}", day=on)
        )
        found.append(Confirmed(seal_letter(maker.named), escape(words).replace("{}", tri(maker.named))))
    return found
