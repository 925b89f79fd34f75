"""How buyer pages are answered: the same for everybody, so that caches may keep them and ask whether they changed."""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, make_response, render_template, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from shop.coop.facts import known_facts
from shop.db import LANGS
from shop.home.kept import Kept
from shop.web.access import signed_in
from shop.web.i18n import HTML_LANG, LABELS, current_lang, words

_HOUR_SECONDS = 3600


_NONE = Markup()


@dataclass(frozen=True, slots=True)
class Page:
    """What stands in a page's frame. `main` and `after` are finished HTML, the rest is text."""

    title: str
    main: Markup
    description: str = ""
    after: Markup = _NONE
    main_class: str = "wrap"
    body_class: str = ""
    noindex: bool = False
    q: str = ""
    deliver_to: str = ""


_frames: Kept[tuple[str, ...]] = Kept(200)
_mark = secrets.token_hex(8)
_cut = re.compile(rf"\[{_mark}-([a-z-]+)\]")
_DEMO = "demo"
"""What the demo's bar is known by among the app's extensions: with it every page is made for its visitor."""


def _slot(name: str) -> str:
    return f"[{_mark}-{name}]"


def shown(page: Page, *, private: bool = False) -> Response:
    """A page that may be kept by anybody and is asked for anew each time: a withdrawn consent must act at once.

    Header and footer are alike for all who are not signed in, so a process makes them once and sets the page between
    them. Who is signed in gets hers made for her; `shop.web.headers` then makes the answer private.
    """
    html = _framed(page)
    response = make_response(html)
    response.headers["Cache-Control"] = "private, no-cache" if private else "public, no-cache"
    response.set_etag(hashlib.blake2b(html.encode(), digest_size=12).hexdigest(), weak=True)
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


def _framed(page: Page) -> str:
    if current_app.debug or _DEMO in current_app.extensions or signed_in() is not None:
        return _drawn(page, _addresses())
    key = (
        current_lang(),
        request.endpoint,
        known_facts().version,
        page.main_class,
        page.body_class,
        page.noindex,
        bool(page.q),
        bool(page.description),
        page.deliver_to,
    )
    frame = _frames.get(key)
    if frame is None:
        frame = tuple(_cut.split(_drawn(_hollow(page), {lang: _slot(f"to-{lang}") for lang in LANGS})))
        if _DEMO in current_app.extensions:
            return _drawn(page, _addresses())  # the demo's bar holds what is this visitor's alone
        _frames.put(key, frame)
    values: dict[str, str] = {
        "title": page.title,
        "description": page.description,
        "main": page.main,
        "after": page.after,
        "q": page.q,
        **{f"to-{lang}": address for lang, address in _addresses().items()},
    }
    # split by a pattern with one group: texts and names of slots take turns
    return "".join(str(escape(values[part])) if place % 2 else part for place, part in enumerate(frame))


def _hollow(page: Page) -> Page:
    """The page with marks where its own words stand."""
    return replace(
        page,
        title=_slot("title"),
        description=_slot("description") if page.description else "",
        main=Markup("{}").format(_slot("main")),
        after=Markup("{}").format(_slot("after")),
        q=_slot("q") if page.q else "",
    )


def _drawn(page: Page, addresses: Mapping[str, str]) -> str:
    now = current_lang()
    langs = [(code, LABELS[code], addresses[code], code == now) for code in LANGS]
    return render_template(
        "home/frame.html", page=page, q=page.q, deliver_to=page.deliver_to, other_langs=lambda: langs
    )


def _addresses() -> dict[str, str]:
    """This page's address in each language: every buyer page has the same one behind its language."""
    path = quote(request.path[len("/en") :])
    query = request.query_string.decode("ascii", "replace")
    return {lang: f"/{lang}{path}" + (f"?{query}" if query else "") for lang in LANGS}


def piece(template: str, **context: Any) -> Markup:
    """A piece of a page. It is alike for all visitors, so what Flask and the rooms know of this one is left out."""
    lang = current_lang()
    said = _words_in(lang)
    drawn = current_app.jinja_env.get_template(template).render(lang=lang, html_lang=HTML_LANG[lang], **said, **context)
    return Markup(drawn)  # noqa: S704  Jinja has just escaped it


@cache
def _words_in(lang: str) -> dict[str, Callable[..., str]]:
    """The templates' gettext straight from a language's words; looking the language up for each word costs as much as
    the rest of a piece.
    """
    known = words(lang)

    def filled(context: Context, text: str, values: dict[str, Any]) -> str:
        return (Markup(text) if context.eval_ctx.autoescape else text) % values  # noqa: S704  our own words

    @pass_context
    def gettext(context: Context, text: str, /, **values: Any) -> str:
        return filled(context, known.gettext(text), values)

    @pass_context
    def ngettext(context: Context, one: str, many: str, num: int, /, **values: Any) -> str:
        return filled(context, known.ngettext(one, many, num), {"num": num, **values})

    return {"gettext": gettext, "ngettext": ngettext, "_": gettext}


def plain(text: str, *, mimetype: str) -> Response:
    """A file for machines, kept for an hour at most."""
    response = Response(text, mimetype=mimetype)
    response.headers["Cache-Control"] = f"public, max-age={_HOUR_SECONDS}"
    return response
