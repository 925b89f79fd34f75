"""The co-op itself: founding it, its name, hotline and rules, its logo, the local minimum pay."""

from typing import Any

from babel.dates import get_day_names
from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from config import Settings
from shop import clock
from shop.coop import queries, services
from shop.coop.models import Coop
from shop.coop.pages import SLUGS
from shop.db import LANGS, reading
from shop.media import queries as media
from shop.money import Money, in_words
from shop.office import access
from shop.office.answers import amount_typed, choices, picture_refusal, posted, refusal
from shop.office.blueprint import bp
from shop.office.forms.coop import CoopForm, FoundForm, MinimumForm
from shop.office.forms.fields import texts
from shop.office.forms.makers import PictureForm
from shop.office.words import page_label
from shop.web.filters import money
from shop.web.i18n import LABELS, LOCALE, current_lang

_TEXTS = ("name", "claim", "legal_form", "address", "hotline_hours")
_PLAIN = ("registration", "email", "hotline", "payout_weekday", "hold_days", "return_days", "working_age")


def _weekday_names() -> list[tuple[int, str]]:
    names = get_day_names("wide", locale=LOCALE[current_lang()])
    return [(number, str(names[number])) for number in range(7)]


@bp.get("/shop")
def shop() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        coop = session.get(Coop, 1)
    if coop is None:
        return redirect(url_for("office.shop_found"), 303)
    return _settings(coop, _coop_form(coop), 200, may_edit=actor.role == "admin")


def _coop_form(coop: Coop) -> CoopForm:
    form = CoopForm(data={name: getattr(coop, name) for name in (*_TEXTS, *_PLAIN, "version")})
    form.payout_weekday.choices = choices(_weekday_names())
    return form


@bp.post("/shop")
def shop_save() -> ResponseReturnValue:
    actor = access.admin()
    with reading() as session:
        coop = services.the_coop(session)
    form = _coop_form(coop)
    facts: dict[str, Any] = {name: texts(form[name]) for name in _TEXTS}
    facts |= {name: form[name].data for name in _PLAIN}
    status = refusal(form, lambda session: services.edit_coop(session, version=form.seen, by=actor, **facts))
    if status is None:
        flash(_("Saved."))
        return redirect(url_for("office.shop"), 303)
    return _settings(coop, form, status, may_edit=True)


def _settings(coop: Coop, form: CoopForm, status: int, *, may_edit: bool) -> ResponseReturnValue:
    with reading() as session:
        there = queries.pages_there(session)
        seen = {
            "form": form,
            "currency": coop.currency,
            "logo": media.pictures_by_id(session, [coop.logo_id]).get(coop.logo_id) if coop.logo_id else None,
            "minimums": [(row.valid_from, Money(row.minor, row.currency)) for row in queries.hourly_minimums(session)],
            "pages": [
                (slug, page_label(slug), [LABELS[lang] for lang in LANGS if (slug, lang) not in there])
                for slug in SLUGS
            ],
            "last": next(iter(queries.changes_about(session, about="coop:1", limit=1)), None),
            "may_edit": may_edit,
            "nav": "office.shop",
        }
    page = render_template("office/shop.html", **seen)
    return page, status


@bp.route("/shop/found", methods=["GET", "POST"])
def shop_found() -> ResponseReturnValue:
    actor = access.admin()
    form = FoundForm()
    form.country.choices = choices((("CN", _("China")), ("VN", _("Vietnam"))))
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    status: int | None = 200
    if posted():
        status = refusal(
            form,
            lambda session: services.create_coop(
                session, name=texts(form.name), currency=settings.currency, country=form.country.data, by=actor
            ),
        )
        if status is None:
            flash(_("The co-operative is founded. Please fill in the rest."))
            return redirect(url_for("office.shop"), 303)
    return (
        render_template(
            "office/form.html",
            form=form,
            heading=_("Found the co-operative"),
            sub=_(
                "Its currency is %(currency)s and stays so; it is set where the shop is installed.",
                currency=settings.currency,
            ),
            save=_("Found it"),
            nav="office.shop",
        ),
        status or 200,
    )


def _back() -> tuple[str, str]:
    return str(_("Shop settings")), url_for("office.shop")


@bp.route("/shop/logo", methods=["GET", "POST"])
def shop_logo() -> ResponseReturnValue:
    actor = access.admin()
    with reading() as session:
        coop = services.the_coop(session)
    form = PictureForm(data={"version": coop.version})
    status: int | None = 200
    if posted():
        status = picture_refusal(
            form,
            actor,
            lambda session, picture_id: services.edit_coop(session, version=form.seen, by=actor, logo_id=picture_id),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.shop"), 303)
    page = render_template("office/form.html", form=form, heading=_("Logo"), back=_back(), nav="office.shop")
    return page, status or 200


@bp.route("/shop/minimum", methods=["GET", "POST"])
def shop_minimum() -> ResponseReturnValue:
    """A sum is shown back in words before it is saved (product.md 5.18): the second post saves what the first said."""
    actor = access.admin()
    with reading() as session:
        coop = services.the_coop(session)
    form = MinimumForm(data={"valid_from": clock.today()})
    status: int | None = 200
    words = ""
    if posted():
        status, amount = amount_typed(form, coop.currency)
        if amount is not None and form.said.data == str(amount.minor):

            def work(session: Session) -> None:
                assert form.valid_from.data is not None
                services.set_hourly_minimum(session, minor=amount.minor, valid_from=form.valid_from.data, by=actor)

            status = refusal(form, work)
            if status is None:
                flash(_("Saved."))
                return redirect(url_for("office.shop"), 303)
        elif amount is not None:
            form.said.data = str(amount.minor)
            words = f"{money(amount)} · {in_words(amount, current_lang())}"
    return (
        render_template(
            "office/form.html",
            form=form,
            heading=_("Local minimum pay"),
            sub=_("Piece rates are shown beside it, per hour."),
            said=words,
            save=_("Yes, save it") if words else _("Next"),
            back=_back(),
            nav="office.shop",
        ),
        status or 200,
    )
