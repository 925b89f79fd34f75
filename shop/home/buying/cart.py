"""The cart's page, and what changes it: each change is a post of its own, and works without script."""

import re
from typing import cast

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.cart import services as carts
from shop.cart import vouchers
from shop.cart.errors import NoPost, NotForSale, VoucherRefused
from shop.cart.models import Cart, CartLine
from shop.coop.facts import known_facts
from shop.db import locked, reading, writing
from shop.errors import ShopError
from shop.home.blueprint import bp
from shop.home.buying import access
from shop.home.buying.basket import Sight, held_for, sight
from shop.home.buying.forms import row_id, whole_number
from shop.home.buying.told import made_by
from shop.home.buying.visitor import cart_token, guessed_country, private, remember, served_countries
from shop.home.cards import names_of
from shop.orders.errors import PriceChanged
from shop.people.limits import CHECKS, limiter, network
from shop.web.countries import country_name, country_options
from shop.web.cross_site import WITHOUT_TOKEN
from shop.web.errors import sentence
from shop.web.i18n import HTML_LANG, LABELS, current_lang

WITHOUT_TOKEN |= {"home.cart_add", "home.cart_line", "home.cart_country", "home.cart_code", "home.cart_prices"}

LONGEST_ECHO = 30


@bp.get("/<lang:lang>/cart")
def cart() -> ResponseReturnValue:
    """What she means to buy."""
    access.public()
    return cart_page()


def cart_page(
    error: ShopError | None = None, *, field: str = "", typed: dict[int, str] | None = None, code: str = ""
) -> Response:
    """The cart as it stands; with what was refused on top, and what was typed kept. GET and POST end here alike."""
    field = field or ("code" if isinstance(error, VoucherRefused) else "")
    with reading() as session:
        found = carts.cart_of(session, token=cart_token())
        codes = served_countries(session)
        seen = sight(session, cart=found, currency=known_facts().currency) if found else None
    page = render_template(
        "home/cart.html",
        sight=seen if seen and seen.basket.lines else None,
        refused=sentence(error) if error else "",
        field=field,
        typed=typed or {},
        code=code,
        code_refused=sentence(seen.basket.refused) if seen and seen.basket.refused else "",
        countries=country_options(codes, found.country if found else ""),
        country=country_name(found.country) if found else "",
        deliver_to=country_name(found.country) if found and seen and seen.basket.lines else None,
        abroad=found is not None and found.country != known_facts().country,
        prices=_shown_prices(seen) if seen else "",
        made_by=made_by,
        names_of=names_of,
        cart_n=seen.basket.pieces if seen else 0,
        has_errors=error is not None,
        other_langs=_langs,
    )
    answer = private(page, error.status if error else 200)
    if found:
        remember(answer, pieces=seen.basket.pieces if seen else 0)
    return answer


def _langs() -> list[tuple[str, str, str, bool]]:
    """The language switch leads to the cart, also from the answer to a refused post."""
    now = current_lang()
    return [(code, LABELS[code], url_for("home.cart", lang=code), code == now) for code in HTML_LANG]


def _shown_prices(seen: Sight) -> str:
    """The new prices that the page shows, so that she accepts these and no others."""
    return " ".join(f"{line.variant_id}:{line.unit_minor}" for line in seen.changed)


@bp.get("/<lang:lang>/cart/lines")
def cart_lines() -> ResponseReturnValue:
    """Somebody reloads where a form was sent to."""
    access.public()
    return redirect(url_for("home.cart"), 303)


@bp.post("/<lang:lang>/cart/lines")
def cart_add() -> ResponseReturnValue:
    """Put a variant into the cart; the first one makes the cart and its cookie."""
    access.public()
    variant_id = row_id(request.form.get("variant_id"))
    try:
        quantity = whole_number(request.form.get("quantity"))
        if variant_id is None:
            raise NotForSale(variant_id=0)
        with writing() as session:
            before = cart_token()
            codes, asked = served_countries(session), request.form.get("country", "")
            country = asked if asked in codes else guessed_country(codes)
            mine, token = carts.open_cart(session, token=before, country=country)
            held = 0
            if token == before:
                locked(session, Cart, {mine.id})  # two presses at once are two pieces
                held = held_for(session, cart_id=mine.id, variant_id=variant_id)
            pieces = carts.put(session, cart=mine, variant_id=variant_id, quantity=quantity, held=held)
            if token == before:
                pieces = _pieces(session, mine)
    except ShopError as error:
        return cart_page(error)
    return _back(pieces, token)


def _mine(session: Session) -> Cart | None:
    """Her cart, held until the unit of work ends."""
    found = carts.cart_of(session, token=cart_token())
    return None if found is None else locked(session, Cart, {found.id})[found.id]


def _pieces(session: Session, mine: Cart) -> int:
    session.flush()  # the change itself is counted
    return int(session.scalar(select(func.sum(CartLine.quantity)).where(CartLine.cart_id == mine.id)) or 0)


def _back(pieces: int, token: str | None = None) -> Response:
    answer = cast("Response", redirect(url_for("home.cart"), 303))
    remember(answer, pieces=pieces, token=token)
    return answer


@bp.post("/<lang:lang>/cart/lines/<int(max=999999999999999999):variant_id>")
def cart_line(variant_id: int) -> ResponseReturnValue:
    """Another quantity of a line, one more, one less (of one: none), none, or take it out."""
    access.public()
    text = request.form.get("quantity", "")
    try:
        wanted = 0 if "remove" in request.form else _wanted(text)
        with writing() as session:
            mine = _mine(session)
            if mine is None:
                return redirect(url_for("home.cart"), 303)
            if wanted:
                _put_what_is_there(session, mine, variant_id, wanted)
            else:
                carts.remove(session, cart=mine, variant_id=variant_id)
            pieces = _pieces(session, mine)
    except ShopError as error:
        return cart_page(error, field=f"q-{variant_id}", typed={variant_id: echo(text)})
    return _back(pieces)


def echo(text: str) -> str:
    """What was typed, to be shown again."""
    return "".join(sign for sign in text[:LONGEST_ECHO] if sign.isprintable())


def _wanted(text: str) -> int:
    if "more" in request.form:
        return whole_number(str(whole_number(text) + 1))
    if "less" in request.form:
        return whole_number(text) - 1
    return whole_number(text, least=0)


def _put_what_is_there(session: Session, mine: Cart, variant_id: int, wanted: int) -> None:
    line = session.scalar(select(CartLine).where(CartLine.cart_id == mine.id, CartLine.variant_id == variant_id))
    if line is None:
        raise NotForSale(variant_id=variant_id)
    if wanted < line.quantity:
        # fewer is always possible, also of what has become too few
        line.quantity = wanted
        carts.touch(session, cart_id=mine.id)
        return
    held = held_for(session, cart_id=mine.id, variant_id=variant_id)
    # a changed price is accepted by its own button, never by the way
    carts.put(session, cart=mine, variant_id=variant_id, quantity=wanted, add=False, held=held, sees_price=False)


@bp.post("/<lang:lang>/cart/country")
def cart_country() -> ResponseReturnValue:
    """Where it shall be sent."""
    access.public()
    code = request.form.get("country", "")
    try:
        with writing() as session:
            mine = _mine(session)
            if not re.fullmatch(r"[A-Z]{2}", code, re.ASCII) or code not in served_countries(session):
                raise NoPost(country=code[:2])
            if mine is not None:
                carts.set_country(session, cart=mine, country=code)
    except ShopError as error:
        return cart_page(error, field="country")
    return redirect(url_for("home.cart"), 303)


@bp.post("/<lang:lang>/cart/code")
def cart_code() -> ResponseReturnValue:
    """A voucher's code is put into the cart where it holds for what is in it, or taken out."""
    access.public()
    text = request.form.get("code", "")
    try:
        with writing() as session:
            mine = _mine(session)
            if mine is None:
                return redirect(url_for("home.cart"), 303)
            if "remove" in request.form:
                vouchers.drop(session, cart=mine)
            else:
                vouchers.enter(session, cart=mine, code=text)
                seen = sight(session, cart=mine, currency=known_facts().currency)
                if seen.basket.refused:
                    # nothing is kept: the cart is as it was
                    raise seen.basket.refused
    except VoucherRefused as error:
        return cart_page(error, code=echo(text))
    return redirect(url_for("home.cart"), 303)


@limiter.limit("20/minute;100/hour", key_func=network, deduct_when=lambda response: response.status_code == 422)
def _guessing() -> None:
    """Codes that do not hold; who has a right one is not slowed."""


CHECKS["home.cart_code"] = _guessing


@bp.post("/<lang:lang>/cart/prices")
def cart_prices() -> ResponseReturnValue:
    """She accepts the new prices that she was shown; where they changed once more, she is asked again."""
    access.public()
    try:
        with writing() as session:
            mine = _mine(session)
            if mine is None:
                return redirect(url_for("home.cart"), 303)
            seen = sight(session, cart=mine, currency=known_facts().currency)
            if request.form.get("prices", "") != _shown_prices(seen):
                raise PriceChanged(product_ids=[line.product_id for line in seen.changed])
            carts.see_prices(session, cart=mine)
    except ShopError as error:
        return cart_page(error)
    return redirect(url_for("home.cart"), 303)
