"""Words of the office: roles, kinds, and the history in sentences."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from flask import url_for
from flask_babel import gettext as _

from shop import clock
from shop.coop.queries import ChangeLine
from shop.makers.sentences import item_label, way_label
from shop.web.i18n import LABELS, LOCALE, current_lang

_WITH_YEAR = {"zh": "y年M月d日", "vi": "dd/MM/yyyy", "en": "d MMM y"}


def full_day(value: date | datetime | None) -> str:
    """A day with its year, as records need it: 2026年11月21日 · 21/11/2026 · 21 Nov 2026."""
    lang = current_lang()
    found = clock.day_of(value) if isinstance(value, datetime) else value
    return "" if found is None else str(format_date(found, _WITH_YEAR[lang], locale=LOCALE[lang]))


ROLES = ("buyer", "broker", "organizer", "treasurer", "officer", "admin")


def role_label(role: str) -> str:
    """A role in words."""
    known: dict[str, str] = {
        "buyer": _("Buyer"),
        "broker": _("Broker"),
        "organizer": _("Organizer"),
        "treasurer": _("Treasurer"),
        "officer": _("Officer"),
        "admin": _("Administrator"),
        "maker": _("Maker"),
        "system": _("The shop"),
    }
    return known.get(role, role)


def place_label(kind: str) -> str:
    """What kind of place it is."""
    known: dict[str, str] = {"county": _("County"), "town": _("Town"), "village": _("Village")}
    return known[kind]


def level_label(level: int) -> str:
    """How well she can do it."""
    known: dict[int, str] = {
        1: _("learning"),
        2: _("with help"),
        3: _("by herself"),
        4: _("teaches others"),
        5: _("master"),
    }
    return known[level]


def page_label(slug: str) -> str:
    """A page of the co-op's, as the footer calls it."""
    known: dict[str, str] = {
        "terms": _("Terms of sale"),
        "privacy": _("Privacy"),
        "returns": _("Delivery and returns"),
        "how-makers-are-paid": _("How makers are paid"),
        "contact": _("Contact"),
        "imprint": _("Imprint"),
        "accessibility": _("Accessibility"),
    }
    return known[slug]


def change_label(line: ChangeLine) -> str:
    """What happened, in words."""
    item, lang = str(line.facts.get("item", "")), str(line.facts.get("lang", ""))
    if line.kind in {"consent", "no_consent", "withdrawn"} and item:
        said: dict[str, str] = {
            "consent": _("said yes: %(item)s", item=item_label(item)),
            "no_consent": _("said no: %(item)s", item=item_label(item)),
            "withdrawn": _("took back her yes: %(item)s", item=item_label(item)),
        }
        return f"{said[line.kind]} · {way_label(str(line.facts.get('how', '')))}"
    if line.kind == "role":
        return str(_("role changed to %(role)s", role=role_label(str(line.facts.get("role", "")))))
    if line.kind == "page":
        return str(_("text changed (%(lang)s)", lang=LABELS.get(lang, lang)))
    return _plain(line.kind)


def _plain(kind: str) -> str:
    known: dict[str, str] = {
        "registered": _("registered"),
        "created": _("entered"),
        "edited": _("edited"),
        "founded": _("founded"),
        "hourly_minimum": _("local minimum set"),
        "commission_rule": _("commission rule set"),
        "commission_rule_ended": _("commission rule ended"),
        "voucher": _("voucher made"),
        "voucher_ended": _("voucher ended"),
        "skill": _("skill changed"),
        "phone_verified": _("telephone verified"),
        "left": _("left the co-operative"),
        "came_back": _("came back"),
        "pin_set": _("new PIN set"),
        "card_made": _("new card made"),
        "card_ended": _("card taken back"),
        "mandate": _("gave a broker her mandate"),
        "mandate_ended": _("ended her mandate"),
        "user_linked": _("sign-in changed"),
        "active": _("works with us again"),
        "resting": _("rests"),
        "makers": _("makers changed"),
        "opened": _("opened"),
        "closed": _("closed"),
        "imported": _("goods imported"),
        "invited": _("invited"),
        "deactivated": _("let in no more"),
        "reactivated": _("let in again"),
        "published": _("shown in the shop"),
        "taken_off": _("taken out of the shop"),
        "sold_out": _("marked as sold out"),
        "on_sale": _("on sale again"),
        "price": _("price set"),
        "price_ended": _("price ended"),
        "rate": _("piece rate agreed"),
        "pictures": _("pictures changed"),
        "pay_method": _("way of payment changed"),
        "pay_heir": _("heir written down"),
        "pay_method_approved": _("changed account approved"),
        "pay_method_taken_back": _("changed account taken back"),
        "pay_settings": _("pay settings changed"),
        "payer_approved": _("the co-op's other account approved"),
        "payer_dropped": _("the co-op's other account given up"),
        "month_closed": _("month closed"),
        "payout_failed": _("the money did not reach her"),
        "payout_returned": _("the money came back"),
        "payout_cancelled": _("given up before it was sent"),
    }
    return known.get(kind) or str(_("changed"))


def about_label(about: str, facts: Mapping[str, object] | None = None) -> tuple[str, str | None]:
    """What a line of the history is about, and where that can be seen; a voucher by the code among the line's facts."""
    kind, _colon, tail = about.partition(":")
    number = int(tail) if tail.isascii() and tail.isdigit() else None
    if kind == "page":
        return page_label(tail), url_for("office.shop_page", slug=tail)
    if kind == "month":
        return tail, url_for("office.journal_months")
    if kind == "coop":
        return str(_("The co-operative")), url_for("office.shop")
    if kind == "voucher" and number is not None:
        return f"{_('Voucher')} {(facts or {}).get('code', number)}", url_for("office.vouchers", before=number + 1)
    known: dict[str, tuple[str, str, str]] = {
        "maker": (_("Maker"), "office.maker", "maker_id"),
        "broker": (_("Broker"), "office.broker", "broker_id"),
        "workshop": (_("Workshop"), "office.workshop", "workshop_id"),
        "user": (_("User"), "office.user", "user_id"),
        "craft": (_("Craft"), "office.craft_edit", "craft_id"),
        "place": (_("Place"), "office.place_edit", "place_id"),
        "product": (_("Product"), "office.product", "product_id"),
        "payout": (_("Payout"), "office.payout", "payout_id"),
    }
    if kind not in known or number is None:
        return about, None
    label, endpoint, argument = known[kind]
    values: dict[str, Any] = {argument: number}
    return f"{label} {number}", url_for(endpoint, **values)
