"""Brokers: the list, what the co-op knows of each, whose makers are whose, who signs in as her."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.brokers import queries, services
from shop.brokers.models import Broker
from shop.coop.queries import changes_about
from shop.db import reading, writing
from shop.errors import NotFound
from shop.makers import queries as makers
from shop.office import access
from shop.office.answers import PAGE, choices, cut, number, posted, refusal
from shop.office.blueprint import bp
from shop.office.forms.fields import texts
from shop.office.forms.workshops import BrokerForm, LinkForm
from shop.payouts.queries import ways
from shop.people import queries as people
from shop.places import queries as places
from shop.web.filters import tri_text
from shop.web.forms import ShopForm
from shop.workshops import queries as workshops


@bp.get("/brokers")
def brokers() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        lines, more = cut(queries.brokers(session, after=number("after"), limit=PAGE + 1))
        seen = {
            "lines": lines,
            "names": queries.broker_names(session, {line.parent_id for line in lines if line.parent_id}),
            "villages": places.places_by_id(session, {line.village_id for line in lines}),
            "may_edit": actor.role == "admin",
            "next_page": url_for("office.brokers", after=lines[-1].id) if more else None,
        }
    return render_template("office/brokers.html", **seen)


def _row(broker_id: int) -> Broker:
    with reading() as session:
        row = session.get(Broker, broker_id)
    if row is None:
        raise NotFound(what="broker")
    return row


@bp.get("/brokers/<int:broker_id>")
def broker(broker_id: int) -> ResponseReturnValue:
    actor = access.staff()
    row = _row(broker_id)
    with reading() as session:
        ids, more = cut(queries.makers_of(session, broker_id=broker_id, after=number("after"), limit=PAGE + 1))
        lines = makers.maker_lines(session, ids)
        hers = [lines[each] for each in ids]
        seen = {
            "broker": row,
            "count": queries.maker_count(session, broker_id=broker_id),
            "makers": hers,
            "villages": places.places_by_id(session, {row.village_id, *(line.village_id for line in hers)}),
            "parent": queries.broker_names(session, [row.parent_id] if row.parent_id else []).get(row.parent_id or 0),
            "workshops": workshops.workshops(session, broker_id=broker_id),
            "signs_in": people.user_of(session, user_id=row.user_id) if row.user_id else None,
            "ways": ways.ways(session, payee=f"broker:{broker_id}"),
            "history": changes_about(session, about=f"broker:{broker_id}", limit=12),
            "may_edit": actor.role == "admin",
            "next_page": url_for("office.broker", broker_id=broker_id, after=hers[-1].id) if more else None,
            "nav": "office.brokers",
        }
    return render_template("office/broker.html", **seen)


def _broker_form(form: BrokerForm, broker_id: int | None = None) -> BrokerForm:
    with reading() as session:
        above = [line for line in queries.brokers(session, limit=100) if line.tier == 1 and line.id != broker_id]
        form.village_id.choices = choices((line.id, line.name) for line in places.villages(session))
    form.parent_id.choices = choices(((line.id, line.name) for line in above), none=_("Nobody"))
    form.tier.choices = choices((("1", _("First tier")), ("2", _("Second tier"))))
    return form


def _facts(form: BrokerForm) -> dict[str, Any]:
    return {
        "name": texts(form.name),
        "tier": int(form.tier.data),
        "parent_id": form.parent_id.data,
        "village_id": form.village_id.data,
        "phone": form.phone.data or None,
        "name_in_split": form.name_in_split.data,
        "about": texts(form.about),
    }


def _page(form: ShopForm, status: int | None, back: tuple[str, str], **words: Any) -> ResponseReturnValue:
    return render_template("office/form.html", form=form, back=back, nav="office.brokers", **words), status or 200


@bp.route("/brokers/new", methods=["GET", "POST"])
def broker_new() -> ResponseReturnValue:
    actor = access.admin()
    form = _broker_form(BrokerForm(data={"tier": "1"}))
    status: int | None = 200
    if posted():
        made: list[int] = []
        status = refusal(
            form, lambda session: made.append(services.create_broker(session, by=actor, **_facts(form)).id)
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.broker", broker_id=made[-1]), 303)
    return _page(form, status, (_("Brokers"), url_for("office.brokers")), heading=_("Enter a broker"))


_FIELDS = ("name", "parent_id", "village_id", "phone", "name_in_split", "about", "version")


@bp.route("/brokers/<int:broker_id>/edit", methods=["GET", "POST"])
def broker_edit(broker_id: int) -> ResponseReturnValue:
    actor = access.admin()
    row = _row(broker_id)
    known = {name: getattr(row, name) for name in _FIELDS}
    form = _broker_form(BrokerForm(data={**known, "tier": str(row.tier)}), broker_id)
    status: int | None = 200
    if posted():
        status = refusal(
            form,
            lambda session: services.edit_broker(
                session, broker_id=broker_id, version=form.seen, by=actor, **_facts(form)
            ),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.broker", broker_id=broker_id), 303)
    return _page(form, status, _back(row), heading=_("Edit a broker"))


def _back(row: Broker) -> tuple[str, str]:
    return tri_text(row.name), url_for("office.broker", broker_id=row.id)


@bp.route("/brokers/<int:broker_id>/user", methods=["GET", "POST"])
def broker_user(broker_id: int) -> ResponseReturnValue:
    actor = access.admin()
    row = _row(broker_id)
    form = LinkForm(data={"user_id": row.user_id})
    with reading() as session:
        users = people.users(session, role="broker", limit=100)
    form.user_id.choices = choices(
        ((line.id, f"{line.name} · {line.email}") for line in users if line.is_active), none=_("Nobody")
    )
    status: int | None = 200
    if posted():
        status = refusal(
            form,
            lambda session: services.link_user(session, broker_id=broker_id, user_id=form.user_id.data, by=actor),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.broker", broker_id=broker_id), 303)
    return _page(
        form,
        status,
        _back(row),
        heading=_("Who signs in as this broker"),
        sub=_("Only users with the role of broker. Invite her first, under Users."),
    )


@bp.post("/brokers/<int:broker_id>/rest")
def broker_rest(broker_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with writing() as session:
        services.set_active(session, broker_id=broker_id, active=False, by=actor)
    flash(_("She rests: she can no longer act. Her makers may choose another broker."))
    return redirect(url_for("office.broker", broker_id=broker_id), 303)


@bp.post("/brokers/<int:broker_id>/work")
def broker_work(broker_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with writing() as session:
        services.set_active(session, broker_id=broker_id, active=True, by=actor)
    flash(_("She works with the co-operative again."))
    return redirect(url_for("office.broker", broker_id=broker_id), 303)
