"""Guest checkout: one form, everything it costs beside it, and then the payment page."""

import re
from typing import cast

from flask import Response, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from shop.actor import Actor
from shop.cart import services as carts
from shop.cart import vouchers
from shop.cart.errors import NoPost, NotForSale, VoucherRefused, VoucherUsedByYou
from shop.cart.models import Cart
from shop.catalog.errors import SoldOut
from shop.coop.facts import known_facts
from shop.db import locked, reading, writing
from shop.errors import Conflict, ShopError
from shop.home.blueprint import bp
from shop.home.buying import access
from shop.home.buying.basket import Sight, sight
from shop.home.buying.cart import cart_page
from shop.home.buying.forms import CheckoutForm
from shop.home.buying.paying import Older, close_older, older_orders, site_url, stuck, to_payment
from shop.home.buying.visitor import cart_token, private
from shop.home.cards import names_of
from shop.home.kept import Kept
from shop.orders import services as orders
from shop.orders.errors import CartChanged, EmptyCart, PriceChanged
from shop.orders.models import OrderGroup
from shop.payments.gateway import OutcomeUnknown, Refused
from shop.web.access import signed_in
from shop.web.countries import country_name
from shop.web.errors import sentence
from shop.web.i18n import current_lang

TYPED = ("email", "name", "street", "postcode", "city", "region", "phone", "note")
KEPT, MOST_KEPT = "typed", 1200
"""Under which name, and how many bytes, her own browser keeps what she typed: its cookie holds no more."""

LOOK_AGAIN = (CartChanged, PriceChanged, EmptyCart, NotForSale, SoldOut, NoPost, Conflict, VoucherRefused)
"""What the cart's page tells her, since that is where she can put it right."""


@bp.route("/<lang:lang>/checkout", methods=["GET", "POST"])
def checkout() -> ResponseReturnValue:
    """Where it shall go. The order is placed once, however often the form is sent."""
    access.public()
    if request.method == "GET":
        return _blank()
    with reading() as session:
        cart = carts.cart_of(session, token=cart_token())
        older = older_orders(session, cart_id=cart.id) if cart else []
    if cart is None:
        return redirect(url_for("home.cart"), 303)
    form = CheckoutForm(country=cart.country)
    if "without_code" in request.form:
        return _without_code(form, cart)
    return _place(form, cart, older) if form.validate() else _shown_again(form, cart)


def _blank() -> ResponseReturnValue:
    """The form, empty, or with what she typed when she came back from the payment page of just this cart."""
    with reading() as session:
        cart = carts.cart_of(session, token=cart_token())
        seen = sight(session, cart=cart, currency=known_facts().currency) if cart else None
        begun = session.get(OrderGroup, seen.waiting.group_id) if seen and seen.waiting else None
    if seen is None or not seen.can_be_ordered():
        return redirect(url_for("home.cart"), 303)
    typed = _typed_before(begun, cart)
    return _page(_fresh_form(seen, typed), seen, fields=None if typed else _fields(seen))


def _shown_again(form: CheckoutForm, cart: Cart, status: int = 422) -> Response:
    with reading() as session:
        seen = sight(session, cart=cart, currency=known_facts().currency)
    return _page(form, seen, status) if seen.basket.lines else cart_page(EmptyCart())


def _without_code(form: CheckoutForm, cart: Cart) -> Response:
    """She goes on without her voucher: the same form with what she typed, and the total that it comes to then."""
    with writing() as session:
        mine = locked(session, Cart, {cart.id})[cart.id]
        vouchers.drop(session, cart=mine)
    with reading() as session:
        mine = session.get_one(Cart, cart.id)
        seen = sight(session, cart=mine, currency=known_facts().currency)
    if not seen.can_be_ordered():
        return cast("Response", redirect(url_for("home.cart"), 303))
    form.version.data, form.total.data = str(seen.basket.version), _total(seen)
    return _page(form, seen)


def _total(seen: Sight) -> str:
    return str(seen.basket.total.minor if seen.basket.total else 0)


def _keep_typed(form: CheckoutForm, cart: Cart) -> None:
    """Nothing is asked twice: what she typed waits in her own browser while she looks at the cart again."""
    texts = {name: getattr(form, name).data or "" for name in TYPED}
    while sum(len(text.encode()) for text in texts.values()) > MOST_KEPT:
        # the longest is the note, or nonsense
        texts[max(texts, key=lambda name: len(texts[name]))] = ""
    browser[KEPT] = {"cart": cart.id, **texts}


def _typed_before(begun: OrderGroup | None, cart: Cart | None) -> dict[str, str]:
    if begun is not None:
        return {name: getattr(begun, name) for name in TYPED}
    typed = browser.get(KEPT) or {}
    fits = cart is not None and typed.get("cart") == cart.id
    return {name: str(typed.get(name, "")) for name in TYPED} if fits else {}


def _fresh_form(seen: Sight, typed: dict[str, str]) -> CheckoutForm:
    return CheckoutForm(
        formdata=None,
        country=seen.basket.country,
        data={**typed, "version": str(seen.basket.version), "total": _total(seen)},
    )


_kept: Kept[Markup] = Kept(200)


def _fields(seen: Sight) -> Markup:
    """The empty fields, alike for everybody in a language and a country."""
    key = (current_lang(), seen.basket.country)
    found = _kept.get(key)
    if found is None:
        form = CheckoutForm(formdata=None, country=seen.basket.country)
        html = render_template("home/checkout_fields.html", form=form, country=country_name(seen.basket.country))
        found = _kept.put(key, Markup(html))  # noqa: S704  Jinja has just escaped it
    return found


def _page(form: CheckoutForm, seen: Sight, status: int = 200, *, fields: Markup | None = None) -> Response:
    page = render_template(
        "home/checkout.html",
        form=form,
        fields=fields,
        sight=seen,
        country=country_name(seen.basket.country),
        abroad=seen.basket.country != known_facts().country,
        names_of=names_of,
        spent=status == VoucherUsedByYou.status,
        plain_header=True,
        cart_n=seen.basket.pieces,
    )
    return private(page, status)


def _number(text: str | None) -> int:
    """A hidden field's number as this page wrote it; -1, which fits nothing, for anything else."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else -1


def _place(form: CheckoutForm, cart: Cart, older: list[Older]) -> Response:
    version, total = _number(form.version.data), _number(form.total.data)
    try:
        other = close_older(older, key=f"cart:{cart.id}:{version}")
        if other is not None:
            return cast("Response", redirect(url_for("home.order", secret=other), 303))
        with writing() as session:
            placed = orders.place(
                session,
                cart_id=cart.id,
                version=version,
                buyer=_buyer(form, cart.country),
                currency=known_facts().currency,
                site_url=site_url(),
                by=_actor(form),
            )
            if placed.group.total_minor != total or placed.group.state == "cancelled":
                # another total than the page showed, or an order that has ended: nothing is kept, she looks again
                raise CartChanged
            group_id, secret, checkout = placed.group.id, placed.group.secret, placed.checkout
    except VoucherUsedByYou as error:
        # only her e-mail tells it, so it is said where she typed that, and nothing of it is lost
        form.email.errors = (sentence(error),)
        return _shown_again(form, cart, error.status)
    except LOOK_AGAIN as error:
        _keep_typed(form, cart)
        return cart_page(error)
    except (Refused, OutcomeUnknown) as error:
        return _cannot_let_go(cart.id, error)
    browser.pop(KEPT, None)
    if checkout is None:
        return cast("Response", redirect(url_for("home.order", secret=secret), 303))
    return to_payment(group_id, secret, checkout.id, stored=checkout if placed.fresh else None)


def _cannot_let_go(cart_id: int, error: ShopError) -> Response:
    """An older order of this cart might still be paid, and Stripe does not answer: that order first."""
    with reading() as session:
        older = session.scalar(
            select(OrderGroup.secret)
            .where(OrderGroup.cart_id == cart_id, OrderGroup.state == "placed")
            .order_by(OrderGroup.id)
            .limit(1)
        )
    return stuck(older, error) if older else cart_page(error)


def _buyer(form: CheckoutForm, country: str) -> orders.Buyer:
    actor = signed_in()
    typed = {name: getattr(form, name).data or "" for name in TYPED}
    return orders.Buyer(
        **typed,
        country=country,
        lang=current_lang(),
        user_id=actor.user_id if actor and actor.role == "buyer" else None,
    )


def _actor(form: CheckoutForm) -> Actor:
    actor = signed_in()
    return actor if actor and actor.role == "buyer" else Actor("buyer:guest", "buyer", form.name.data or "")
