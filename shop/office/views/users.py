"""Users: who may sign in, as what, and letting somebody in no more. Each change stands in the history."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.coop.queries import changes_about
from shop.coop.services import record
from shop.db import LANGS, reading, writing
from shop.errors import NotFound
from shop.office import access
from shop.office.answers import PAGE, choices, cut, number, posted, refusal, words_asked
from shop.office.blueprint import bp
from shop.office.forms.coop import InviteForm, RoleForm
from shop.office.words import ROLES, role_label
from shop.people import queries, services
from shop.people.models import User
from shop.web.i18n import LABELS, current_lang


@bp.get("/users")
def users() -> ResponseReturnValue:
    access.admin()
    words, role = words_asked(), request.args.get("role", "")
    role = role if role in ROLES else ""
    with reading() as session:
        found = queries.users(session, words=words, role=role, before=number("before") or None, limit=PAGE + 1)
        lines, more = cut(found)
    return render_template(
        "office/users.html",
        lines=lines,
        words=words,
        role=role,
        roles=[(code, role_label(code)) for code in ROLES],
        role_label=role_label,
        next_page=url_for("office.users", q=words or None, role=role or None, before=lines[-1].id) if more else None,
    )


@bp.route("/users/new", methods=["GET", "POST"])
def user_new() -> ResponseReturnValue:
    actor = access.admin()
    form = InviteForm(data={"role": "broker", "lang": current_lang()})
    form.role.choices = choices((code, role_label(code)) for code in ROLES)
    form.lang.choices = choices((code, LABELS[code]) for code in LANGS)
    status: int | None = 200
    if posted():

        def work(session: Session) -> None:
            made = services.invite(
                session,
                email=form.email.data or "",
                name=form.name.data or "",
                role=form.role.data,
                lang=form.lang.data,
                by=actor,
            )
            record(session, about=f"user:{made.user_id}", kind="invited", by=actor, facts={"role": form.role.data})

        status = refusal(form, work)
        if status is None:
            flash(_("The invitation is on its way. Its link works for seven days."))
            return redirect(url_for("office.users"), 303)
    return (
        render_template(
            "office/form.html",
            form=form,
            heading=_("Invite somebody"),
            sub=_("She gets a letter with a link and sets her own password."),
            save=_("Invite"),
            back=(_("Users"), url_for("office.users")),
            nav="office.users",
        ),
        status or 200,
    )


def _user(user_id: int) -> User:
    with reading() as session:
        row = queries.user_of(session, user_id=user_id)
    if row is None:
        raise NotFound(what="user")
    return row


@bp.route("/users/<int:user_id>", methods=["GET", "POST"])
def user(user_id: int) -> ResponseReturnValue:
    actor = access.admin()
    row = _user(user_id)
    form = RoleForm(data={"role": row.role})
    form.role.choices = choices((code, role_label(code)) for code in ROLES)
    status: int | None = 200
    if posted():

        def work(session: Session) -> None:
            before = services.change_role(session, user_id=user_id, role=form.role.data, by=actor)
            facts = {"role": form.role.data, "before": before}
            record(session, about=f"user:{user_id}", kind="role", by=actor, facts=facts)

        status = refusal(form, work)
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.user", user_id=user_id), 303)
    with reading() as session:
        history = changes_about(session, about=f"user:{user_id}", limit=12)
    return (
        render_template(
            "office/user.html",
            form=form,
            person=row,
            role_label=role_label,
            lang_label=LABELS[row.lang],
            history=history,
            nav="office.users",
        ),
        status or 200,
    )


@bp.post("/users/<int:user_id>/invite")
def user_invite_again(user_id: int) -> ResponseReturnValue:
    actor = access.admin()
    row = _user(user_id)
    with writing() as session:
        services.invite(session, email=row.email, name=row.name, role=row.role, lang=row.lang, by=actor)
        record(session, about=f"user:{user_id}", kind="invited", by=actor, facts={"role": row.role})
    flash(_("The invitation is on its way. Its link works for seven days."))
    return redirect(url_for("office.user", user_id=user_id), 303)


@bp.post("/users/<int:user_id>/deactivate")
def user_deactivate(user_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with writing() as session:
        services.deactivate(session, user_id=user_id, by=actor)
        record(session, about=f"user:{user_id}", kind="deactivated", by=actor)
    flash(_("She is let in no more; all her devices are signed out."))
    return redirect(url_for("office.user", user_id=user_id), 303)


@bp.post("/users/<int:user_id>/reactivate")
def user_reactivate(user_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with writing() as session:
        services.reactivate(session, user_id=user_id, by=actor)
        record(session, about=f"user:{user_id}", kind="reactivated", by=actor)
    flash(_("She may sign in again."))
    return redirect(url_for("office.user", user_id=user_id), 303)
