"""Crafts and their techniques: the tree, entering and changing one."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.coop.services import record
from shop.crafts import queries, services
from shop.crafts.models import Craft
from shop.db import reading
from shop.errors import NotFound
from shop.office import access
from shop.office.answers import choices, posted, refusal
from shop.office.blueprint import bp
from shop.office.forms.coop import CraftForm
from shop.office.forms.fields import texts


@bp.get("/crafts")
def crafts() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        tree = queries.craft_tree(session)
    return render_template("office/crafts.html", tree=tree, may_edit=actor.role == "admin")


def _craft_form(form: CraftForm, craft_id: int | None = None) -> CraftForm:
    with reading() as session:
        tree = queries.craft_tree(session)
    form.parent_id.choices = choices(
        ((node.id, node.name) for node in tree if node.id != craft_id), none=_("Nothing: a craft of its own")
    )
    return form


def _facts(form: CraftForm) -> dict[str, Any]:
    return {
        "name": texts(form.name),
        "about": texts(form.about),
        "synonyms": (form.synonyms.data or "").splitlines(),
        "sort": form.sort.data,
        "parent_id": form.parent_id.data,
    }


def _page(form: CraftForm, status: int | None, heading: str) -> ResponseReturnValue:
    back = (str(_("Crafts")), url_for("office.crafts"))
    return render_template(
        "office/form.html", form=form, heading=heading, back=back, nav="office.crafts"
    ), status or 200


@bp.route("/crafts/new", methods=["GET", "POST"])
def craft_new() -> ResponseReturnValue:
    actor = access.admin()
    form = _craft_form(CraftForm(data={"sort": 100}))
    status: int | None = 200
    if posted():

        def work(session: Session) -> None:
            craft = services.create_craft(session, **_facts(form))
            record(session, about=f"craft:{craft.id}", kind="created", by=actor)

        status = refusal(form, work)
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.crafts"), 303)
    return _page(form, status, _("Enter a craft"))


@bp.route("/crafts/<int:craft_id>", methods=["GET", "POST"])
def craft_edit(craft_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with reading() as session:
        row = session.get(Craft, craft_id)
    if row is None:
        raise NotFound(what="craft")
    known = {"name": row.name, "about": row.about, "sort": row.sort, "parent_id": row.parent_id}
    form = _craft_form(CraftForm(data={**known, "synonyms": "\n".join(row.synonyms)}), craft_id)
    status: int | None = 200
    if posted():

        def work(session: Session) -> None:
            services.edit_craft(session, craft_id=craft_id, **_facts(form))
            record(session, about=f"craft:{craft_id}", kind="edited", by=actor)

        status = refusal(form, work)
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.crafts"), 303)
    return _page(form, status, _("Edit a craft"))
