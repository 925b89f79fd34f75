"""Signing in and out, links by mail, and what somebody sets for herself."""

from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user

from shop.db import LANGS, reading, writing
from shop.people import access, kept, passwords, queries, services
from shop.people.device import device_name
from shop.people.emails import is_demos
from shop.people.errors import BadPassword, DeadLink, WrongSignIn
from shop.people.forms import AskResetForm, ChangePasswordForm, LanguageForm, NewPasswordForm, SignInForm
from shop.people.landing import landing
from shop.people.limits import know_device
from shop.people.passwords import PasswordHash
from shop.people.person import Person, person_of
from shop.people.services import Purpose
from shop.web.access import signed_in
from shop.web.errors import sentence
from shop.web.i18n import LABELS, current_lang, speak

bp = Blueprint("people", __name__)


@bp.before_request
def speak_as_asked() -> None:
    """`?lang=` decides on pages that nobody need be signed in for."""
    asked = request.args.get("lang", "")
    if asked in LANGS and request.endpoint != "people.me":
        speak(asked)


@bp.context_processor
def languages_here() -> dict[str, Any]:
    """The language switch of these pages stays on them."""

    def other_langs() -> list[tuple[str, str, str, bool]]:
        now = current_lang()
        args = {**(request.view_args or {}), **request.args.to_dict()}
        asked = {name: value for name, value in args.items() if not name.startswith("_") and name != "lang"}
        page = request.endpoint if request.method == "GET" and request.endpoint else "people.sign_in"
        if page == "people.sign_in":
            asked = {"next": kept.local(request.values.get("next")) or None}
        return [(code, label, url_for(page, lang=code, **asked), code == now) for code, label in LABELS.items()]

    return {"other_langs": other_langs}


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    access.public()
    if request.method == "GET":
        return _sign_in_page()
    form = SignInForm()
    if not form.validate():
        return render_template("people/sign_in.html", form=form, kept=bool(form.kept.data)), 422
    try:
        person = _let_in(form.email.data, form.password.data)
    except WrongSignIn as error:
        form.form_errors.append(sentence(error))
        return render_template("people/sign_in.html", form=form, kept=bool(form.kept.data)), 422
    waiting = kept.opened(form.kept.data) if form.kept.data else None
    if waiting is not None and waiting.action:
        answer = make_response(render_template("people/send_again.html", waiting=waiting))
    else:
        to = kept.local(form.next.data) or landing(person.actor.role, person.actor.lang)
        answer = cast("Response", redirect(to, 303))
    know_device(answer, person.email)
    return answer


def _sign_in_page() -> ResponseReturnValue:
    actor = signed_in()
    to = kept.local(request.args.get("next"))
    if actor is not None:
        return redirect(to or landing(actor.role, actor.lang), 303)
    form = SignInForm(formdata=None)
    form.next.data = to
    return render_template("people/sign_in.html", form=form)


def _let_in(email: str, password: str) -> Person:
    """Prove the password between transactions, then open a device. Raises WrongSignIn."""
    if current_app.config["SETTINGS"].app_env == "production" and is_demos(email):
        raise WrongSignIn  # their password stands in the README
    with reading() as db:
        known = services.credentials(db, email=email)
    user_id = services.proven(known, password=password)
    if passwords.outdated(known.password_hash or ""):
        fresh = PasswordHash(passwords.hashed(password))
        with writing() as db:
            services.rehash(db, user_id=user_id, before=known.password_hash or "", after=fresh)
        known = services.Credentials(user_id, fresh)
    return _open(user_id, proof=known.password_hash)


def _open(user_id: int, *, proof: str | None) -> Person:
    before = getattr(current_user, "token", None)
    with writing() as db:
        token = services.open_session(
            db,
            user_id=user_id,
            device=device_name(request.user_agent.string),
            password_hash=proof,
            ends_token=before,
        )
    person = person_of(token)
    assert person is not None
    # a fresh session: nothing that was in this browser before is carried into hers
    session.clear()
    g.pop("csrf_token", None)  # its secret went with the session
    session.permanent = True
    login_user(person)
    return person


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    person = access.me()
    with writing() as db:
        services.sign_out(db, token=person.token)
    lang = current_lang()
    session.clear()
    session[kept.SIGNED_OUT] = True
    answer = cast("Response", redirect(url_for("people.sign_in", lang=lang), 303))
    # the next person on a shared phone must not go back into the first one's pages
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.route("/password", methods=["GET", "POST"])
def ask_reset() -> ResponseReturnValue:
    access.public()
    form = AskResetForm()
    if request.method == "POST":
        if not form.validate():
            return render_template("people/ask_reset.html", form=form), 422
        with writing() as db:
            services.ask_reset(db, email=form.email.data)
        return redirect(url_for("people.reset_asked", lang=request.args.get("lang")), 303)
    return render_template("people/ask_reset.html", form=form)


@bp.get("/password/sent")
def reset_asked() -> ResponseReturnValue:
    access.public()
    return render_template("people/reset_asked.html")


@bp.route("/password/<token>", methods=["GET", "POST"])
def new_password(token: str) -> ResponseReturnValue:
    access.public()
    return _by_link(token, "reset")


@bp.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    access.public()
    return _by_link(token, "invite")


def _by_link(token: str, purpose: Purpose) -> ResponseReturnValue:
    """Set a password by a link from a letter; she is signed in then, and the link is dead."""
    with reading() as db:
        holder = queries.ticket_holder(db, token=token, purpose=purpose)
    if holder is None:
        return render_template("people/dead_link.html", purpose=purpose), 410
    if request.args.get("lang") not in LANGS:
        speak(holder.lang)
    form = NewPasswordForm()
    page = {"form": form, "holder": holder, "purpose": purpose}
    if request.method == "GET":
        return render_template("people/new_password.html", **page)
    if not form.validate():
        return render_template("people/new_password.html", **page), 422
    try:
        kept_hash = passwords.hashed(form.password.data, email=holder.email)
        with writing() as db:
            user_id = services.redeem(db, token=token, purpose=purpose, password_hash=kept_hash)
    except BadPassword as error:
        _refuse(form.password, sentence(error))
        return render_template("people/new_password.html", **page), 422
    except DeadLink:
        return render_template("people/dead_link.html", purpose=purpose), 410
    person = _open(user_id, proof=kept_hash)
    answer = cast("Response", redirect(landing(person.actor.role, person.actor.lang), 303))
    know_device(answer, person.email)
    return answer


def _refuse(field: Any, text: str) -> None:
    field.errors = [text]


@bp.get("/me")
def me() -> ResponseReturnValue:
    person = access.me()
    return _my_page(person, ChangePasswordForm(formdata=None))


def _my_page(person: Person, form: ChangePasswordForm) -> str:
    with reading() as db:
        devices = queries.devices(db, user_id=person.user_id)
    asked = request.args.get("lang", "")
    lang_form = LanguageForm(formdata=None, lang=asked if asked in LANGS else person.actor.lang)
    home = landing(person.actor.role, person.actor.lang)
    return render_template("people/me.html", person=person, form=form, lang_form=lang_form, devices=devices, home=home)


@bp.post("/me/language")
def set_language() -> ResponseReturnValue:
    person = access.me()
    form = LanguageForm()
    if not form.validate():
        return _my_page(person, ChangePasswordForm(formdata=None)), 422
    with writing() as db:
        services.set_lang(db, user_id=person.user_id, lang=form.lang.data)
    speak(form.lang.data)
    flash(_("From now on we speak English with you."))
    return redirect(kept.local(request.form.get("next")) or url_for("people.me"), 303)


@bp.post("/me/password")
def change_password() -> ResponseReturnValue:
    person = access.me()
    form = ChangePasswordForm()
    if not form.validate():
        return _my_page(person, form), 422
    with reading() as db:
        known = services.credentials(db, email=person.email)
    try:
        services.proven(known, password=form.old_password.data)
    except WrongSignIn:
        _refuse(form.old_password, _("That is not your present password."))
        return _my_page(person, form), 422
    try:
        fresh = passwords.hashed(form.password.data, email=person.email)
    except BadPassword as error:
        _refuse(form.password, sentence(error))
        return _my_page(person, form), 422
    with writing() as db:
        services.set_password(db, user_id=person.user_id, password_hash=fresh, keep_session_id=person.session_id)
    flash(_("Your password is changed. All other devices are signed out."))
    return redirect(url_for("people.me"), 303)


@bp.post("/me/devices/<int:device_id>/end")
def end_device(device_id: int) -> ResponseReturnValue:
    person = access.my_device()
    with writing() as db:
        services.end_session(db, user_id=person.user_id, session_id=device_id)
    flash(_("That device is signed out."))
    return redirect(url_for("people.me"), 303)


@bp.post("/me/devices/end")
def end_other_devices() -> ResponseReturnValue:
    person = access.me()
    with writing() as db:
        services.end_all_sessions(db, user_id=person.user_id, but=person.session_id)
    flash(_("All other devices are signed out."))
    return redirect(url_for("people.me"), 303)
