"""How often a card's page may be opened and a word given, by network: guessing 160 bits is hopeless, and slowed too."""

from flask import Response, request

from shop.desk.blueprint import card
from shop.people.limits import limiter, network


def _unknown(response: Response) -> bool:
    return response.status_code == 404


@limiter.limit("120/minute;1000/hour", key_func=network, deduct_when=_unknown)
def _strange_cards() -> None:
    """Only cards that open nothing count: a whole village may share one address."""


@limiter.limit("120/minute", key_func=network)
def _taps() -> None:
    """Whatever is sent from a card's page."""


@card.before_request
def slow_down() -> None:
    """Before anything is looked up."""
    _strange_cards()
    if request.method == "POST":
        _taps()
