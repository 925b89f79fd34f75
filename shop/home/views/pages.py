"""The co-op's own pages, addresses without a language, and what search engines ask for."""

from flask import Response, current_app, redirect, request, url_for
from markupsafe import escape

from config import Settings
from shop.coop.pages import SLUGS
from shop.coop.queries import page as coop_page
from shop.db import LANGS, reading_core
from shop.errors import NotFound
from shop.home.answers import Page, piece, plain, shown
from shop.home.blueprint import bp
from shop.home.queries.sitemap import site_map
from shop.web import access
from shop.web.i18n import HTML_LANG, current_lang, wished_lang

_FRONT = ("home.index", "home.products", "home.makers", "home.workshops", "home.open_accounts")
_CLOSED = ("/desk/", "/office/", "/expo/", "/m/", "/e/", "/sign-in", "/sandbox/", "/api/", "/webhooks/", "/demo/")
_CLOSED_HERE = ("cart", "checkout", "orders", "account", "search")


@bp.get("/<lang:lang>/pages/<slug>")
def page(slug: str) -> Response:
    """Terms, privacy, returns and their like, in the page's language or the one they exist in."""
    access.public()
    if slug not in SLUGS:
        raise NotFound(what="page")
    lang = current_lang()
    with reading_core() as connection:
        found = coop_page(connection, slug=slug, lang=lang)
    if found is None:
        raise NotFound(what="page")
    text_lang = HTML_LANG[found.lang] if found.lang != lang else None
    return shown(Page(found.title, piece("home/_page.html", page=found, text_lang=text_lang)))


@bp.get("/")
@bp.get("/products")
@bp.get("/products/<part>")
@bp.get("/search")
@bp.get("/crafts/<part>")
@bp.get("/makers")
@bp.get("/makers/<part>")
@bp.get("/workshops")
@bp.get("/workshops/<part>")
@bp.get("/pages/<part>")
@bp.get("/open-accounts")
@bp.get("/cart")
@bp.get("/checkout")
@bp.get("/p/<part>")
@bp.get("/orders/<part>")
def bare(**_parts: str) -> Response:
    """An address without a language leads to the one the browser asks for."""
    access.public()
    query = request.query_string.decode("latin-1")
    response = redirect(f"/{wished_lang()}{request.path}" + (f"?{query}" if query else ""), 302)
    response.vary.add("Accept-Language")
    response.headers["Cache-Control"] = "private, no-cache"
    assert isinstance(response, Response)
    return response


def _site() -> str:
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    return settings.site_url


@bp.get("/robots.txt")
def robots() -> Response:
    """What machines need not look at, and where the map is."""
    access.public()
    closed = [*_CLOSED, *(f"/{lang}/{name}" for lang in LANGS for name in _CLOSED_HERE)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {_site()}/sitemap.xml"]
    return plain("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Every public page in its three languages; what nobody may see is not in it. Asked for anew each time."""
    access.public()
    asked = request.args.get("part", "")
    part = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 else None
    with reading_core() as connection:
        found = site_map(connection, part=part)
    if part is not None and not 1 <= part <= found.parts:
        raise NotFound(what="sitemap")
    if found.parts > 1 and part is None:
        body = _index(found.parts)
    else:
        front = [(endpoint, "") for endpoint in _FRONT] if part in {None, 1} else []
        body = _urls([*front, *found.places])
    response = Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', mimetype="application/xml")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _index(parts: int) -> str:
    files = "".join(f"<sitemap><loc>{_site()}/sitemap.xml?part={n}</loc></sitemap>" for n in range(1, parts + 1))
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{files}</sitemapindex>'


def _urls(places: list[tuple[str, str]]) -> str:
    written = []
    for endpoint, slug in places:
        # built in one language and turned into the others: three times fewer addresses to build
        path = (url_for(endpoint, lang="en", slug=slug) if slug else url_for(endpoint, lang="en")).removeprefix("/en")
        address = {lang: escape(f"{_site()}/{lang}{path}") for lang in LANGS}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{HTML_LANG[lang]}" href="{address[lang]}"/>' for lang in LANGS
        )
        written += [f"<url><loc>{address[lang]}</loc>{others}</url>" for lang in LANGS]
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        + "".join(written)
        + "</urlset>"
    )
