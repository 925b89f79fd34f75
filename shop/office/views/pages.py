"""The co-op's pages: terms, privacy, returns and the others, in three languages, as Markdown."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.coop import queries, services
from shop.coop.pages import PLACEHOLDERS, SLUGS
from shop.db import LANGS, reading
from shop.errors import BadInput, NotFound
from shop.office import access
from shop.office.answers import posted, refusal
from shop.office.blueprint import bp
from shop.office.forms.coop import PageForm
from shop.office.words import page_label


@bp.route("/shop/pages/<slug>", methods=["GET", "POST"])
def shop_page(slug: str) -> ResponseReturnValue:
    actor = access.admin()
    if slug not in SLUGS:
        raise NotFound(what="page")
    with reading() as session:
        bodies = queries.page_bodies(session, slug=slug)
    form = PageForm(data=bodies)
    status: int | None = 200
    if posted():

        def work(session: Session) -> None:
            for lang in LANGS:
                typed = (form[lang].data or "").replace("\r\n", "\n").strip()
                if typed and typed != bodies[lang].strip():
                    try:
                        services.set_page(session, slug=slug, lang=lang, body=typed, by=actor)
                    except BadInput as error:
                        error.data["field"] = lang
                        raise

        status = refusal(form, work)
        if status is None:
            flash(_("Saved."))
            return redirect(url_for("office.shop"), 303)
    return (
        render_template(
            "office/page.html",
            form=form,
            heading=page_label(slug),
            placeholders=[f"{{{name}}}" for name in PLACEHOLDERS],
            nav="office.shop",
        ),
        status or 200,
    )
