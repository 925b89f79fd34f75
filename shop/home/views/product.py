"""The page of a product, kept while the rows it was made from are the same."""

from flask import Response, request, url_for
from sqlalchemy.engine import Connection

from shop import clock
from shop.cart.shipping import Post
from shop.coop.facts import known_facts
from shop.db import reading_core
from shop.errors import NotFound
from shop.home.answers import Page, piece, shown
from shop.home.blueprint import bp
from shop.home.buying.visitor import cart_token, guessed_country
from shop.home.delivery import cart_country, known_country, post_for, served
from shop.home.kept import Kept
from shop.home.offer import Offer
from shop.home.queries.goods import understood
from shop.home.queries.goods_rows import Seen, seen_goods
from shop.home.queries.market import average_percent, market
from shop.makers.public import PAY_BIT
from shop.web import access
from shop.web.countries import country_options
from shop.web.i18n import current_lang

_pages: Kept[Page] = Kept(400)
_posts: Kept[tuple[Post | None]] = Kept(200)


@bp.get("/<lang:lang>/products/<slug>")
def product(slug: str) -> Response:
    """What it is, who makes it, what it costs in all, and where its price goes."""
    access.public()
    facts = known_facts()
    token = cart_token()
    asked = known_country(request.args.get("country", ""))
    with reading_core() as connection:
        seen = seen_goods(connection, slug)
        if seen is None:
            raise NotFound(what="product")
        rated = sorted({row.t0 for row in seen.hanging if row.kind == "post"})
        country = asked or (cart_country(connection, token) if token else "") or guessed_country(_codes(rated))
        hidden = _hides_pay(seen)
        average = None
        if hidden:
            price = min((row.n2 for row in seen.hanging if row.kind == "variant" and row.n2), default=0)
            seen_market = market(connection)
            average = average_percent(seen_market, workshop_id=seen.product.workshop_id, price_minor=price)
        key = (current_lang(), country, clock.today(), facts.version, facts.country, average, seen.key)
        made = _pages.get(key)
        post: Post | None = None
        if made is None:
            post = _post(connection, seen, country)
    if made is None:
        offer = Offer(understood(seen), post=post, country=country, coop=facts, average=average)
        made = _pages.put(key, _made(offer, rated))
    response = shown(made, private=token is not None)
    if token is None and not asked:
        response.vary.add("Accept-Language")
    return response


def _post(connection: Connection, seen: Seen, country: str) -> Post | None:
    """The parcel, kept for as long as the rates that the page read are the same."""
    workshop = seen.product.workshop_id
    key = (country, workshop, tuple(tuple(row) for row in seen.hanging if row.kind == "post"))
    found = _posts.get(key)
    if found is None:
        post = post_for(connection, country=country, workshop_id=workshop)
        found = _posts.put(key, (post,))
    return found[0]


def _codes(rated: list[str]) -> tuple[str, ...]:
    return tuple(served(rated))


def _hides_pay(seen: Seen) -> bool:
    """Whether some maker keeps her pay to herself, by the mark of her consents."""
    return any(not row.n3 & PAY_BIT for row in seen.hanging if row.kind == "who")


def _made(offer: Offer, rated: list[str]) -> Page:
    offered = tuple(sorted({*served(rated), offer.country}))
    context = {
        "offer": offer,
        "countries": country_options(offered, offer.country),
        "here": url_for("home.product", slug=offer.product.slug),
    }
    return Page(
        offer.title,
        piece("home/_product.html", **context),
        offer.description,
        piece("home/_buybar.html", **context),
        body_class="pdp-page",
        deliver_to=offer.country_name,
    )
