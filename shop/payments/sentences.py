"""Refusals of the payment room in words."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES


def init_app() -> None:
    SENTENCES.update(
        {
            "bad_signature": lambda _data: _("This message is not from Stripe."),
            "refused": lambda _data: _("This cannot be done as it stands now. Please look at the page again."),
            "payment_refused": lambda _data: _(
                "The payment page could not be opened. Nothing was charged; please try again or write to us."
            ),
            "payment_unknown": lambda _data: _(
                "The payment service does not answer. Nothing was charged; please try again in a minute."
            ),
        }
    )
