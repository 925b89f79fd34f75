"""The way back to an order whose link was lost: a letter to the address that was given with it."""

import unicodedata

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.db import writing
from shop.home.blueprint import bp
from shop.home.buying import access
from shop.home.buying.forms import FindOrderForm
from shop.home.buying.visitor import private
from shop.ids import digest
from shop.orders.mails import owe_order_mail
from shop.orders.models import OrderGroup
from shop.people.limits import CHECKS, account, limiter, network

EVERY_SECONDS = 600
"""The same order's link goes out once in ten minutes, however often it is asked for."""


def owe_link(session: Session, group: OrderGroup) -> None:
    """A letter with the order's link, to its own address."""
    turn = int(clock.now().timestamp()) // EVERY_SECONDS
    owe_order_mail(session, group=group, template="link", key=f"link:{turn}")


@bp.route("/<lang:lang>/find-order", methods=["GET", "POST"])
def find_order() -> ResponseReturnValue:
    """Ask for the link; the answer is the same whether there is such an order or not."""
    access.public()
    form = FindOrderForm()
    if request.method == "GET":
        return private(render_template("home/find_order.html", form=form))
    if not form.validate():
        return private(render_template("home/find_order.html", form=form), 422)
    number = unicodedata.normalize("NFKC", form.number.data or "").replace(" ", "").upper()
    if not number.startswith("QS-"):
        number = f"QS-{number}"
    with writing() as session:
        group = session.scalar(
            select(OrderGroup).where(
                OrderGroup.number == number, func.lower(OrderGroup.email) == (form.email.data or "").lower()
            )
        )
        if group is not None:
            owe_link(session, group)
    return redirect(url_for("home.find_order_sent"), 303)


@bp.get("/<lang:lang>/find-order/sent")
def find_order_sent() -> ResponseReturnValue:
    """Said to everybody."""
    access.public()
    return private(render_template("home/find_order_sent.html"))


@limiter.limit("20/hour", key_func=network)
@limiter.limit("5/hour", key_func=account)
def letters() -> None:
    """Every link asked for counts, whether there is such an order or not."""


def this_order() -> str:
    """Which order's page a button was pressed on."""
    return digest(str((request.view_args or {}).get("secret", "")))[:20]


@limiter.limit("20/hour", key_func=network)
@limiter.limit("5/hour", key_func=this_order)
def letters_from_its_page() -> None:
    """One who holds the link may have it sent again, not without end."""


@limiter.limit("60/minute;600/hour", key_func=network)
def questions_to_stripe() -> None:
    """Each of them asks Stripe; a page that was left open must not do so for ever."""


CHECKS |= {
    "home.find_order": letters,
    "home.order_letter": letters_from_its_page,
    "home.order_check": questions_to_stripe,
    "home.order_pay": questions_to_stripe,
}
