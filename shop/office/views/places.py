"""Places: counties, towns and villages; entering and changing one."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.coop.services import record
from shop.crafts import queries as crafts
from shop.db import reading
from shop.errors import NotFound
from shop.office import access
from shop.office.answers import choices, posted, refusal
from shop.office.blueprint import bp
from shop.office.forms.coop import PlaceForm
from shop.office.forms.fields import texts
from shop.office.words import place_label
from shop.places import queries, services
from shop.places.models import Place
from shop.places.services import ABOVE


@bp.get("/places")
def places() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        lines = queries.places(session)
        names = {node.id: node.name for node in crafts.craft_tree(session)}
    return render_template(
        "office/places.html", lines=lines, crafts=names, place_label=place_label, may_edit=actor.role == "admin"
    )


def _place_form(form: PlaceForm, *, kinds: tuple[str, ...]) -> PlaceForm:
    holds = {above for kind in kinds for above in ABOVE[kind]}
    with reading() as session:
        lines = [line for line in queries.places(session) if line.kind in holds]
        form.craft_id.choices = choices(((node.id, node.name) for node in crafts.craft_tree(session)), none="—")
    form.parent_id.choices = choices(((line.id, line.name) for line in lines), none=_("Nothing: a county"))
    form.kind.choices = choices((kind, place_label(kind)) for kind in kinds)
    return form


def _facts(form: PlaceForm) -> dict[str, Any]:
    return {
        "name": texts(form.name),
        "short_name": texts(form.short_name),
        "parent_id": form.parent_id.data,
        "craft_id": form.craft_id.data,
        "speciality": texts(form.speciality) or None,
    }


def _page(form: PlaceForm, status: int | None, heading: str) -> ResponseReturnValue:
    back = (str(_("Places")), url_for("office.places"))
    return render_template(
        "office/form.html", form=form, heading=heading, back=back, nav="office.places"
    ), status or 200


@bp.route("/places/new", methods=["GET", "POST"])
def place_new() -> ResponseReturnValue:
    actor = access.admin()
    form = _place_form(PlaceForm(data={"kind": "village"}), kinds=("village", "town", "county"))
    status: int | None = 200
    if posted():

        def work(session: Session) -> None:
            place = services.create_place(session, kind=form.kind.data, **_facts(form))
            record(session, about=f"place:{place.id}", kind="created", by=actor)

        status = refusal(form, work)
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.places"), 303)
    return _page(form, status, _("Enter a place"))


@bp.route("/places/<int:place_id>", methods=["GET", "POST"])
def place_edit(place_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with reading() as session:
        row = session.get(Place, place_id)
    if row is None:
        raise NotFound(what="place")
    names = ("kind", "name", "short_name", "parent_id", "craft_id")
    known: dict[str, Any] = {name: getattr(row, name) for name in names}
    form = _place_form(PlaceForm(data={**known, "speciality": row.speciality or {}}), kinds=(row.kind,))
    status: int | None = 200
    if posted():

        def work(session: Session) -> None:
            services.edit_place(session, place_id=place_id, **_facts(form))
            record(session, about=f"place:{place_id}", kind="edited", by=actor)

        status = refusal(form, work)
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.places"), 303)
    return _page(form, status, _("Edit a place"))
