"""Words about what leaves the shop."""

from flask_babel import gettext as _


def outbox_label(kind: str) -> str:
    """What is owed to the outside."""
    known: dict[str, str] = {
        "mail": _("Letter"),
        "sms": _("Text message"),
        "payments.create": _("Payment page at Stripe"),
        "payments.refund": _("Refund through Stripe"),
        "payments.event": _("Word from Stripe"),
    }
    return known.get(kind, kind)
