"""Workshops: the list, what each is, who works there, whether it sells now."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.brokers import queries as brokers
from shop.coop.queries import changes_about
from shop.crafts import queries as crafts
from shop.db import reading, writing
from shop.errors import NotFound
from shop.makers import queries as makers
from shop.media import queries as media
from shop.office import access
from shop.office.answers import PAGE, choices, cut, number, picture_refusal, posted, refusal
from shop.office.blueprint import bp
from shop.office.forms.fields import texts
from shop.office.forms.makers import PictureForm
from shop.office.forms.workshops import StaffForm, WorkshopForm
from shop.payouts.queries import ways
from shop.places import queries as places
from shop.web.filters import tri_text
from shop.web.forms import ShopForm
from shop.workshops import queries, services
from shop.workshops.queries import WorkshopLine

MOST_TO_CHOOSE_FROM = 500


@bp.get("/workshops")
def workshops() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        lines, more = cut(queries.workshops(session, after=number("after"), limit=PAGE + 1))
        seen = {
            "lines": lines,
            "villages": places.places_by_id(session, {line.village_id for line in lines}),
            "brokers": brokers.broker_names(session, {line.broker_id for line in lines}),
            "crafts": {node.id: node.name for node in _all_crafts(session)},
            "may_edit": actor.role == "admin",
            "next_page": url_for("office.workshops", after=lines[-1].id) if more else None,
        }
    return render_template("office/workshops.html", **seen)


def _all_crafts(session: Any) -> list[crafts.CraftNode]:
    return [node for craft in crafts.craft_tree(session) for node in (craft, *craft.techniques)]


def _line(workshop_id: int) -> WorkshopLine:
    with reading() as session:
        line = queries.workshop_line(session, workshop_id)
    if line is None:
        raise NotFound(what="workshop")
    return line


@bp.get("/workshops/<int:workshop_id>")
def workshop(workshop_id: int) -> ResponseReturnValue:
    actor = access.staff()
    line = _line(workshop_id)
    with reading() as session:
        ids = queries.makers_of_workshop(session, workshop_id)
        staff = makers.maker_lines(session, ids[:100])
        picture = media.pictures_by_id(session, [line.picture_id]).get(line.picture_id) if line.picture_id else None
        seen = {
            "workshop": line,
            "craft": next((node.name for node in _all_crafts(session) if node.id == line.craft_id), {}),
            "villages": places.places_by_id(session, {line.village_id, *(each.village_id for each in staff.values())}),
            "broker": brokers.broker_names(session, [line.broker_id])[line.broker_id],
            "makers": [staff[each] for each in ids[:100]],
            "picture": picture,
            "ways": ways.ways(session, payee=f"workshop:{workshop_id}"),
            "history": changes_about(session, about=f"workshop:{workshop_id}", limit=12),
            "may_edit": actor.role == "admin",
            "nav": "office.workshops",
        }
    return render_template("office/workshop.html", **seen)


def _workshop_form(form: WorkshopForm) -> WorkshopForm:
    with reading() as session:
        form.craft_id.choices = choices((node.id, node.name) for node in _all_crafts(session))
        form.village_id.choices = choices((line.id, line.name) for line in places.villages(session))
        working = brokers.brokers(session, with_resting=False, limit=100)
    form.broker_id.choices = choices((line.id, line.name) for line in working)
    return form


def _facts(form: WorkshopForm) -> dict[str, Any]:
    return {
        "name": texts(form.name),
        "craft_id": form.craft_id.data,
        "village_id": form.village_id.data,
        "broker_id": form.broker_id.data,
        "hours": texts(form.hours),
        "story": texts(form.story),
    }


def _page(form: ShopForm, status: int | None, back: tuple[str, str], **words: Any) -> ResponseReturnValue:
    return render_template("office/form.html", form=form, back=back, nav="office.workshops", **words), status or 200


@bp.route("/workshops/new", methods=["GET", "POST"])
def workshop_new() -> ResponseReturnValue:
    actor = access.admin()
    form = _workshop_form(WorkshopForm())
    status: int | None = 200
    if posted():
        made: list[int] = []
        status = refusal(
            form, lambda session: made.append(services.create_workshop(session, by=actor, **_facts(form)).id)
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.workshop", workshop_id=made[-1]), 303)
    return _page(form, status, (_("Workshops"), url_for("office.workshops")), heading=_("Enter a workshop"))


_FIELDS = ("name", "craft_id", "village_id", "broker_id", "hours", "story", "version")


@bp.route("/workshops/<int:workshop_id>/edit", methods=["GET", "POST"])
def workshop_edit(workshop_id: int) -> ResponseReturnValue:
    actor = access.admin()
    line = _line(workshop_id)
    form = _workshop_form(WorkshopForm(data={name: getattr(line, name) for name in _FIELDS}))
    status: int | None = 200
    if posted():
        status = refusal(
            form,
            lambda session: services.edit_workshop(
                session, workshop_id=workshop_id, version=form.seen, by=actor, **_facts(form)
            ),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.workshop", workshop_id=workshop_id), 303)
    return _page(form, status, _back(line), heading=_("Edit a workshop"))


def _back(line: WorkshopLine) -> tuple[str, str]:
    return tri_text(line.name), url_for("office.workshop", workshop_id=line.id)


@bp.route("/workshops/<int:workshop_id>/makers", methods=["GET", "POST"])
def workshop_makers(workshop_id: int) -> ResponseReturnValue:
    actor = access.admin()
    line = _line(workshop_id)
    with reading() as session:
        here = queries.makers_of_workshop(session, workshop_id)
        under = brokers.makers_of(session, broker_id=line.broker_id, limit=MOST_TO_CHOOSE_FROM)
        known = makers.maker_lines(session, [*here, *under])
    form = StaffForm(data={"makers": here})
    form.makers.choices = choices((each.id, f"{tri_text(each.name)} · {each.number}") for each in known.values())
    status: int | None = 200
    if posted():
        status = refusal(
            form,
            lambda session: services.set_workshop_makers(
                session, workshop_id=workshop_id, maker_ids=form.makers.data or [], by=actor
            ),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.workshop", workshop_id=workshop_id), 303)
    return _page(
        form,
        status,
        _back(line),
        heading=_("Who works there"),
        sub=_("To choose from: who works there already, and the makers of its broker."),
    )


@bp.route("/workshops/<int:workshop_id>/picture", methods=["GET", "POST"])
def workshop_picture(workshop_id: int) -> ResponseReturnValue:
    actor = access.admin()
    line = _line(workshop_id)
    form = PictureForm(data={"version": line.version})
    status: int | None = 200
    if posted():
        status = picture_refusal(
            form,
            actor,
            lambda session, picture_id: services.edit_workshop(
                session, workshop_id=workshop_id, version=form.seen, by=actor, picture_id=picture_id
            ),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.workshop", workshop_id=workshop_id), 303)
    return _page(form, status, _back(line), heading=_("Picture of the workshop"))


@bp.post("/workshops/<int:workshop_id>/open")
def workshop_open(workshop_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with writing() as session:
        services.open_workshop(session, workshop_id=workshop_id, by=actor)
    flash(_("It sells from now on."))
    return redirect(url_for("office.workshop", workshop_id=workshop_id), 303)


@bp.post("/workshops/<int:workshop_id>/close")
def workshop_close(workshop_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with writing() as session:
        services.close_workshop(session, workshop_id=workshop_id, by=actor)
    flash(_("It sells no more for now. Paid orders are finished."))
    return redirect(url_for("office.workshop", workshop_id=workshop_id), 303)
