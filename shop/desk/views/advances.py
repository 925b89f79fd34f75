"""Pay before the work: the broker asks for it; the maker says yes or no on her own card's page, never here."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.utils import redirect

from shop import clock
from shop.db import reading, writing
from shop.desk import access
from shop.desk.access import CardHolder, Mine
from shop.desk.answers import DESK_DEVICE, done, told
from shop.desk.blueprint import card, desk
from shop.desk.errors import BrokersDevice
from shop.desk.forms.fields import MoneyField
from shop.desk.queries import slips
from shop.desk.views.card import card_page
from shop.errors import ShopError
from shop.money import Money
from shop.payouts import services
from shop.payouts.queries.advances import advances, room
from shop.payouts.sentences import advance_label
from shop.web.access import signed_in
from shop.web.cross_site import WITHOUT_TOKEN
from shop.web.forms import ShopForm

# the secret in the address is the token, as for her other answers
WITHOUT_TOKEN.update({"card.advance_yes", "card.advance_no"})


class AdvanceForm(ShopForm):
    """How much of a slip is asked for before the work."""

    amount = MoneyField(_l("How much"))


@desk.get("/slips/<int:assignment_id>/advance")
def advance(assignment_id: int) -> ResponseReturnValue:
    """What was advanced on a slip, and asking for more."""
    me = access.my_slip(assignment_id)
    return _page(me, AdvanceForm())


@desk.post("/slips/<int:assignment_id>/advance")
def advance_ask(assignment_id: int) -> ResponseReturnValue:
    """She asks; the maker and the co-op each still say yes."""
    me = access.my_slip(assignment_id)
    form = AdvanceForm()
    if not form.validate():
        return _page(me, form, 422)
    try:
        with writing() as session:
            services.ask_advance(session, assignment_id=me.id, amount_minor=form.amount.minor, by=me.actor)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        form.amount.errors = (told(error),)
        return _page(me, form, error.status)
    return done(
        "desk.advance", _("Asked for. She says yes on her own card or to the co-operative."), assignment_id=me.id
    )


def _page(me: Mine, form: AdvanceForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = slips.slip(session, assignment_id=me.id)
        about = slips.work(session, work_order_id=found.assignment.work_order_id, today=clock.today())
        lines = advances(session, assignment_id=me.id)
        most = Money(room(session, assignment_id=me.id), found.assignment.currency)
    page = render_template(
        "desk/advance.html",
        slip=found,
        work=about,
        lines=lines,
        most=most,
        form=form,
        state=advance_label,
        has_errors=status != 200,
    )
    return page, status


@card.post("/<token>/advance/<int:advance_id>/yes")
def advance_yes(token: str, advance_id: int) -> ResponseReturnValue:
    """She wants it, and wants it kept back from that slip's pay; after the slip, that the rest is carried on."""
    holder = access.card(token)
    actor = signed_in()
    brokers = (actor is not None and actor.role == "broker") or DESK_DEVICE in request.cookies
    try:
        with writing() as session:
            line = services.advance_of(session, advance_id=min(advance_id, access.LARGEST_ID), by=holder.actor)
            if brokers:
                raise BrokersDevice
            verb = services.carry_on if line.advance.state == "given" else services.agree_advance
            verb(session, advance_id=line.advance.id, by=holder.actor)
    except ShopError as error:
        if error.status in {404, 503}:
            raise
        return card_page(holder, error=error)
    return _back(holder)


@card.post("/<token>/advance/<int:advance_id>/no")
def advance_no(token: str, advance_id: int) -> ResponseReturnValue:
    """She does not want it."""
    holder = access.card(token)
    try:
        with writing() as session:
            line = services.advance_of(session, advance_id=min(advance_id, access.LARGEST_ID), by=holder.actor)
            services.refuse_advance(session, advance_id=line.advance.id, by=holder.actor)
    except ShopError as error:
        if error.status in {404, 503}:
            raise
        return card_page(holder, error=error)
    return _back(holder)


def _back(holder: CardHolder) -> ResponseReturnValue:
    wished = request.args.get("lang", "")
    return redirect(url_for("card.mine", token=holder.token, lang=wished or None, _anchor="advances"), 303)
