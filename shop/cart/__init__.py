"""The cart: what a visitor means to buy, and what it costs to send it to her country.

No cookie is set before the first piece is put in. Prices are those of now; one that changed since she saw it is shown
to her again before she pays. Post is per workshop, since each sends its own parcel.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.cart import sentences  # noqa: PLC0415

    assert app is not None
    sentences.init_app()
