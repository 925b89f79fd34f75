"""The cart's refusals in words."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from shop.money import Money
from shop.web.errors import SENTENCES
from shop.web.filters import day, money, tri_text


def init_app() -> None:
    SENTENCES.update(
        {
            "not_for_sale": lambda _data: _("This piece cannot be bought just now."),
            "no_post": lambda _data: _("We cannot send to that country yet. Please write to us."),
            "cart_full": lambda data: _("A cart holds at most %(limit)d lines.", limit=data["limit"]),
            "bad_quantity": lambda _data: _("Please give a whole number of pieces, 1 to 999."),
            **_OF_VOUCHERS,
        }
    )


_OF_VOUCHERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "voucher_unknown": lambda _data: _("There is no such code. Please look at it once more."),
    "voucher_ended": lambda data: _("The code %(code)s is over.", code=data["code"]),
    "voucher_not_yet": lambda data: _(
        "The code %(code)s holds from %(day)s on.", code=data["code"], day=day(data["day"])
    ),
    "voucher_used_up": lambda data: _("The code %(code)s has been used as often as it may be.", code=data["code"]),
    "voucher_used_by_you": lambda data: _(
        "With this e-mail address you have used the code %(code)s already.", code=data["code"]
    ),
    "voucher_below_minimum": lambda data: _(
        "The code %(code)s holds for pieces of %(amount)s or more.",
        code=data["code"],
        amount=money(Money(data["minimum_minor"], data["currency"])),
    ),
    "voucher_elsewhere": lambda data: _(
        "The code %(code)s is only for pieces of %(workshop)s.",
        code=data["code"],
        workshop=tri_text(data["workshop"]),
    ),
    "voucher_over_share": lambda data: _(
        "The code %(code)s takes more off than the workshop's own share of these pieces, so it cannot be used for them.",
        code=data["code"],
    ),
}
