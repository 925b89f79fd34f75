"""The organizer's pages."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from config import Settings
from shop.db import LANGS, reading, writing
from shop.errors import NotFound
from shop.expo import access, services
from shop.expo.errors import NothingChosen
from shop.expo.export import KINDS
from shop.expo.queries import Wish, candidates, chosen_ids, edition_of, fairs_of, workshops_and_crafts
from shop.web.access import current_actor
from shop.web.i18n import current_lang

bp = Blueprint("expo", __name__, url_prefix="/expo")

MOST_IDS = 200
"""Ticks of one form; a page shows fewer."""


def _wish() -> Wish:
    after = request.values.get("after", "")
    return Wish(
        craft=request.values.get("craft", "")[:80],
        workshop=request.values.get("workshop", "")[:80],
        q=request.values.get("q", "")[:200],
        mine=request.values.get("mine") == "1",
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0,
    )


@bp.get("/")
def index() -> ResponseReturnValue:
    """Her fairs."""
    access.organizing()
    with reading() as session:
        fairs = [
            (access.fair_of(expo), count) for expo, count in fairs_of(session, user_id=current_actor().user_id or 0)
        ]
    return render_template("expo/index.html", fairs=fairs)


@bp.get("/<slug>/")
def fair(slug: str) -> ResponseReturnValue:
    """Choose pieces for a fair, and see what is chosen."""
    expo = access.my_fair(slug)
    wish = _wish()
    with reading() as session:
        shown, next_after = candidates(session, expo_id=expo.id, wish=wish)
        workshops, crafts = workshops_and_crafts(session)
        count = len(chosen_ids(session, expo_id=expo.id))
    return render_template(
        "expo/fair.html",
        expo=expo,
        wish=wish,
        shown=shown,
        next_after=next_after,
        workshops=workshops,
        crafts=crafts,
        count=count,
        langs=LANGS,
    )


@bp.post("/<slug>/selection")
def select(slug: str) -> ResponseReturnValue:
    """Add ticked pieces, or take them out again."""
    expo = access.my_fair(slug)
    ids = [
        int(each)
        for each in request.form.getlist("product")[:MOST_IDS]
        if each.isascii() and each.isdecimal() and len(each) < 16
    ]
    adding = request.form.get("do") != "drop"
    with writing() as session:
        work = services.choose if adding else services.drop
        changed = work(session, expo_id=expo.id, product_ids=ids, by=current_actor())
    if adding:
        flash(ngettext("%(num)d piece added.", "%(num)d pieces added.", changed))
    else:
        flash(ngettext("%(num)d piece taken out.", "%(num)d pieces taken out.", changed))
    wish = _wish()
    back = url_for(
        "expo.fair",
        slug=slug,
        craft=wish.craft or None,
        workshop=wish.workshop or None,
        q=wish.q or None,
        mine="1" if wish.mine else None,
    )
    return redirect(back, 303)


@bp.get("/<slug>/export/<kind>")
def export(slug: str, kind: str) -> ResponseReturnValue:
    """The selection as PDF, XLSX or CSV in one of the three languages."""
    expo = access.my_fair(slug)
    lang = request.args.get("lang", current_lang())
    if kind not in KINDS or lang not in LANGS:
        raise NotFound(what="format")
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    with reading(snapshot=True) as session:
        data = edition_of(session, expo_id=expo.id, media=settings.media_path, site_url=settings.site_url)
    if not data.items:
        raise NothingChosen
    answer = Response(KINDS[kind].make(data, lang), mimetype=KINDS[kind].media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{expo.slug}-{lang}.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def format_label(kind: str) -> str:
    """What a file format is for, in words."""
    return str(
        {"pdf": _("Catalogue for the printer (PDF)"), "xlsx": _("Price list (XLSX)"), "csv": _("Price list (CSV)")}[
            kind
        ]
    )


@bp.context_processor
def words() -> dict[str, object]:
    return {"format_label": format_label, "formats": list(KINDS)}
