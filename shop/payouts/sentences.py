"""Refusals of the payouts room in words."""

from flask_babel import gettext as _

from shop.money import Money
from shop.web.errors import SENTENCES
from shop.web.filters import money


def init_app() -> None:
    SENTENCES.update(
        {
            "same_person": lambda _data: _("You drafted this batch. A second person must approve it."),
            "nothing_to_pay": lambda _data: _("Nobody has pay waiting that could be paid out now."),
            "wrong_payout_state": lambda _data: _("This payout has moved on. Please load the page again."),
            "not_herself": lambda _data: _("This way does not show that she herself says so."),
            "overdraft": lambda data: _(
                "There is too little in this account: %(short)s are missing.",
                short=money(Money(int(data["short_minor"]), str(data.get("currency", "CNY")))),
            ),
        }
    )
