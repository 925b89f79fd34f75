"""Makers: the list, what the co-op knows of each, entering and changing it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.brokers import queries as brokers
from shop.coop.queries import changes_about
from shop.crafts import queries as crafts
from shop.db import LANGS, reading, writing
from shop.errors import NotFound
from shop.makers import queries, services
from shop.makers.marks import MARKS
from shop.makers.models import Maker
from shop.makers.pins import pin_state
from shop.makers.sentences import phone_label
from shop.makers.services.register import set_skills
from shop.media import queries as media
from shop.office import access
from shop.office.answers import PAGE, choices, cut, number, picture_refusal, posted, refusal, words_asked
from shop.office.blueprint import bp
from shop.office.forms.fields import texts
from shop.office.forms.makers import DayForm, MakerForm, NewMakerForm, PictureForm
from shop.office.marks import mark_choices
from shop.office.words import level_label
from shop.payouts.queries import ways
from shop.places import queries as places
from shop.web.filters import tri_text
from shop.web.forms import ShopForm
from shop.web.i18n import LABELS


@bp.get("/makers")
def makers() -> ResponseReturnValue:
    actor = access.staff()
    words, with_left = words_asked(), request.args.get("left") == "1"
    with reading() as session:
        found = queries.makers(session, words=words, with_left=with_left, after=number("after"), limit=PAGE + 1)
        lines, more = cut(found)
        ids = [line.id for line in lines]
        of_maker = brokers.brokers_of_makers(session, maker_ids=ids)
        seen = {
            "lines": lines,
            "villages": places.places_by_id(session, {line.village_id for line in lines}),
            "brokers": brokers.broker_names(session, set(of_maker.values())),
            "broker_of": of_maker,
            "words": words,
            "with_left": with_left,
            "phone_label": phone_label,
            "may_edit": actor.role in access.OFFICERS,
            "next_page": url_for("office.makers", q=words or None, left="1" if with_left else None, after=lines[-1].id)
            if more
            else None,
        }
    return render_template("office/makers.html", **seen)


@bp.get("/makers/<int:maker_id>")
def maker(maker_id: int) -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        row = session.get(Maker, maker_id)
        if row is None:
            raise NotFound(what="maker")
        mandates = brokers.mandates_of(session, maker_id=maker_id)
        levels = queries.skills_of(session, maker_id=maker_id)
        seen = {
            "maker": row,
            "village": places.places_by_id(session, [row.village_id])[row.village_id],
            "skills": [(node.name, level_label(levels[node.id])) for node in _all_crafts(session) if node.id in levels],
            "answers": queries.answers_of(session, maker_id=maker_id),
            "mandates": mandates,
            "brokers": brokers.broker_names(session, {line.broker_id for line in mandates}),
            "pin": pin_state(session, maker_id=maker_id),
            "face": media.pictures_by_id(session, [row.face_id]).get(row.face_id) if row.face_id else None,
            "ways": ways.ways(session, payee=f"maker:{maker_id}"),
            "history": changes_about(session, about=f"maker:{maker_id}", limit=12),
            "phone_label": phone_label,
            "may_edit": actor.role in access.OFFICERS,
            "nav": "office.makers",
        }
    return render_template("office/maker.html", **seen)


def _all_crafts(session: Any) -> list[crafts.CraftNode]:
    return [node for craft in crafts.craft_tree(session) for node in (craft, *craft.techniques)]


def _maker_form(form: MakerForm) -> None:
    with reading() as session:
        form.village_id.choices = choices((line.id, line.name) for line in places.villages(session))
    form.mark.choices = mark_choices()
    form.lang.choices = choices((code, LABELS[code]) for code in LANGS)
    form.phone_kind.choices = choices((kind, phone_label(kind)) for kind in ("none", "own_phone", "shared_phone"))


def _facts(form: MakerForm) -> dict[str, Any]:
    return {
        "name": texts(form.name),
        "pen_name": texts(form.pen_name) or None,
        "mark": form.mark.data,
        "birth_year": form.birth_year.data,
        "village_id": form.village_id.data,
        "hours_a_week": form.hours_a_week.data,
        "lang": form.lang.data,
        "phone_kind": form.phone_kind.data,
        "phone": form.phone.data or None,
        "story": texts(form.story) or None,
    }


@bp.route("/makers/new", methods=["GET", "POST"])
def maker_new() -> ResponseReturnValue:
    actor = access.officer()
    form = NewMakerForm(data={"mark": MARKS[0], "hours_a_week": 20, "joined_on": clock.today()})
    _maker_form(form)
    status: int | None = 200
    if posted():
        made: list[int] = []
        status = refusal(
            form,
            lambda session: made.append(
                services.create_maker(session, by=actor, joined_on=form.joined_on.data, **_facts(form)).id
            ),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.maker", maker_id=made[-1]), 303)
    return (
        render_template(
            "office/form.html",
            form=form,
            heading=_("Enter a maker"),
            sub=_("Nothing about her is public until she says so."),
            back=(_("Makers"), url_for("office.makers")),
            nav="office.makers",
        ),
        status or 200,
    )


def _row(maker_id: int) -> Maker:
    with reading() as session:
        row = session.get(Maker, maker_id)
    if row is None:
        raise NotFound(what="maker")
    return row


def maker_page(row: Maker, form: ShopForm, status: int | None, **words: Any) -> ResponseReturnValue:
    """A form about one maker, with the way back to her page."""
    return (
        render_template(
            "office/form.html",
            form=form,
            back=(f"{tri_text(row.name)} · {row.number}", url_for("office.maker", maker_id=row.id)),
            nav="office.makers",
            **words,
        ),
        status or 200,
    )


@bp.route("/makers/<int:maker_id>/edit", methods=["GET", "POST"])
def maker_edit(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    row = _row(maker_id)
    known = {name: getattr(row, name) for name in (*_FIELDS, "version")}
    form = MakerForm(data={**known, "pen_name": row.pen_name or {}, "story": row.story or {}})
    _maker_form(form)
    status: int | None = 200
    if posted():
        status = refusal(
            form,
            lambda session: services.edit_maker(
                session, maker_id=maker_id, version=form.seen, by=actor, **_facts(form)
            ),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.maker", maker_id=maker_id), 303)
    return maker_page(row, form, status, heading=_("Edit a maker"))


_FIELDS = ("name", "mark", "birth_year", "village_id", "hours_a_week", "lang", "phone_kind", "phone")


@bp.route("/makers/<int:maker_id>/skills", methods=["GET", "POST"])
def maker_skills(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    row = _row(maker_id)
    with reading() as session:
        nodes = _all_crafts(session)
        levels = queries.skills_of(session, maker_id=maker_id)
    form = ShopForm()
    if posted():
        typed = {node.id: request.form.get(f"craft-{node.id}", "") for node in nodes}
        levels = {craft_id: int(level) for craft_id, level in typed.items() if level in {"1", "2", "3", "4", "5"}}
        status = refusal(
            form,
            lambda session: set_skills(session, maker_id=maker_id, levels=sorted(levels.items()), by=actor),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.maker", maker_id=maker_id), 303)
    return render_template(
        "office/skills.html",
        form=form,
        maker=row,
        nodes=nodes,
        levels=levels,
        level_label=level_label,
        nav="office.makers",
    )


@bp.route("/makers/<int:maker_id>/face", methods=["GET", "POST"])
def maker_face(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    row = _row(maker_id)
    form = PictureForm(data={"version": row.version})
    status: int | None = 200
    if posted():
        status = picture_refusal(
            form,
            actor,
            lambda session, picture_id: services.edit_maker(
                session, maker_id=maker_id, version=form.seen, by=actor, face_id=picture_id
            ),
        )
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.maker", maker_id=maker_id), 303)
    return maker_page(
        row,
        form,
        status,
        heading=_("Photo of her face"),
        sub=_("It is shown only while she agrees to it; until then it is kept for her card."),
    )


@bp.route("/makers/<int:maker_id>/leave", methods=["GET", "POST"])
def maker_leave(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    row = _row(maker_id)
    form = DayForm(data={"on": clock.today()})
    status: int | None = 200
    if posted():
        status = refusal(form, lambda session: services.leave(session, maker_id=maker_id, by=actor, on=form.on.data))
        if status is None:
            flash(_("She has left. What she earned stays hers."))
            return redirect(url_for("office.maker", maker_id=maker_id), 303)
    return maker_page(
        row,
        form,
        status,
        heading=_("She leaves the co-operative"),
        sub=_("Her mandate ends. What she earned stays hers and is paid as before."),
        save=_("She leaves"),
    )


@bp.post("/makers/<int:maker_id>/come-back")
def maker_come_back(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    with writing() as session:
        services.come_back(session, maker_id=maker_id, by=actor)
    flash(_("She works with the co-operative again. She gives a mandate anew."))
    return redirect(url_for("office.maker", maker_id=maker_id), 303)


@bp.post("/makers/<int:maker_id>/phone-verified")
def maker_phone_verified(maker_id: int) -> ResponseReturnValue:
    actor = access.officer()
    with writing() as session:
        services.verify_phone(session, maker_id=maker_id, by=actor)
    flash(_("Her telephone is verified: a message from it is her word."))
    return redirect(url_for("office.maker", maker_id=maker_id), 303)
