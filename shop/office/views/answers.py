"""What a maker says and holds: her answers about what is public, her mandate, her PIN, her card."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from config import Settings
from shop import clock
from shop.brokers import queries as brokers
from shop.brokers.services import Scopes, end_mandate, give_mandate
from shop.db import reading, writing
from shop.documents.qr import qr_svg
from shop.makers import pins, services
from shop.makers.errors import BadPin
from shop.makers.models import CONSENT_ITEMS
from shop.makers.sentences import item_label, way_label
from shop.makers.services.consents import WAYS
from shop.office import access
from shop.office.answers import choices, posted, put, refusal
from shop.office.blueprint import bp
from shop.office.forms.makers import ConsentForm, MandateForm, PinForm
from shop.office.views.makers import _row, maker_page


@bp.route("/makers/<int:maker_id>/consent", methods=["GET", "POST"])
def maker_consent(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    row = _row(maker_id)
    asked = request.args.get("item", "")
    form = ConsentForm(data={"on": clock.today(), "how": "signed", "item": asked if asked in CONSENT_ITEMS else "name"})
    form.item.choices = choices((item, item_label(item)) for item in CONSENT_ITEMS)
    form.how.choices = choices((way, way_label(way)) for way in WAYS)
    form.answer.choices = choices((("yes", _("Yes, it may be shown")), ("no", _("No, or she takes it back"))))
    status: int | None = 200
    if posted():
        status = refusal(
            form,
            lambda session: services.answer_consent(
                session,
                maker_id=maker_id,
                item=form.item.data,
                given=form.answer.data == "yes",
                how=form.how.data,
                on=form.on.data,
                by=actor,
            ),
        )
        if status is None:
            flash(_("Written down. The public pages follow it from now on."))
            return redirect(url_for("office.maker", maker_id=maker_id, _anchor="answers"), 303)
    return maker_page(
        row,
        form,
        status,
        heading=_("Write down her answer"),
        sub=_("You decide nothing here: write down what she said, and when."),
    )


@bp.route("/makers/<int:maker_id>/mandate", methods=["GET", "POST"])
def maker_mandate(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    row = _row(maker_id)
    form = MandateForm(data={"starts_on": clock.today(), "may_list": True, "may_accept_work": True})
    with reading() as session:
        working = brokers.brokers(session, with_resting=False, limit=100)
    form.broker_id.choices = choices((line.id, line.name) for line in working)
    status: int | None = 200
    if posted():
        status = refusal(
            form,
            lambda session: give_mandate(
                session,
                maker_id=maker_id,
                broker_id=form.broker_id.data or 0,
                scopes=Scopes(
                    may_list=form.may_list.data,
                    may_accept_work=form.may_accept_work.data,
                    may_collect_money=form.may_collect_money.data,
                ),
                evidence=form.evidence.data or "",
                starts_on=form.starts_on.data,
                by=actor,
            ),
        )
        if status is None:
            flash(_("Written down. The mandate before has ended with it."))
            return redirect(url_for("office.maker", maker_id=maker_id, _anchor="mandate"), 303)
    return maker_page(
        row,
        form,
        status,
        heading=_("She gives a broker her mandate"),
        sub=_("She may change broker whenever she likes; the broker before need not agree."),
    )


@bp.post("/makers/<int:maker_id>/mandate/end")
def maker_mandate_end(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    with writing() as session:
        end_mandate(session, maker_id=maker_id, by=actor)
    flash(_("Her mandate has ended: no broker acts for her."))
    return redirect(url_for("office.maker", maker_id=maker_id, _anchor="mandate"), 303)


@bp.route("/makers/<int:maker_id>/pin", methods=["GET", "POST"])
def maker_pin(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    row = _row(maker_id)
    form = PinForm()
    status: int | None = 200
    if posted():
        status = _set_pin(form, maker_id)
        if status is None:
            flash(_("Her new PIN is set. Nobody can look it up."))
            return redirect(url_for("office.maker", maker_id=maker_id, _anchor="keys"), 303)
    assert actor.role in access.OFFICERS
    return maker_page(
        row,
        form,
        status,
        heading=_("Her PIN"),
        sub=_("Hand her the keys: she types it herself, and nobody looks."),
    )


def _set_pin(form: PinForm, maker_id: int) -> int | None:
    if not form.validate():
        return 422
    if pins.normal(form.pin.data or "") != pins.normal(form.again.data or ""):
        form.again.errors = (*form.again.errors, str(_("The two are not the same.")))
        return 422
    try:
        hashed = pins.hashed(form.pin.data or "")
    except BadPin as error:
        put(form, error)
        return error.status
    actor = access.officer()
    return refusal(form, lambda session: services.set_pin(session, maker_id=maker_id, pin_hash=hashed, by=actor))


@bp.post("/makers/<int:maker_id>/card")
def maker_card(maker_id: int) -> ResponseReturnValue:
    """The card is shown once, in the answer to the post: its secret is kept nowhere, so there is no page to go to."""
    actor = access.officer()
    row = _row(maker_id)
    with writing() as session:
        token = services.new_card(session, maker_id=maker_id, by=actor)
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    address = f"{settings.site_url}/m/{token}"
    svg = Markup(qr_svg(address, module_px=4, title=_("Opens her own page")))  # noqa: S704  drawn by us from our own text
    return render_template("office/card.html", maker=row, address=address, svg=svg)


@bp.post("/makers/<int:maker_id>/card/end")
def maker_card_end(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    with writing() as session:
        services.take_card_back(session, maker_id=maker_id, by=actor)
    flash(_("The card opens nothing any more."))
    return redirect(url_for("office.maker", maker_id=maker_id, _anchor="keys"), 303)
