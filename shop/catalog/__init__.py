"""The catalogue: products, their variants and pictures, what each costs and how the price is shared, numbered pieces.

A published product has a price, a split that sums, makers and a picture. Stock is counted in numbered pieces, each
with its maker; a checkout reserves, a payment takes, nothing is sold twice. Knows workshops and makers, no order.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.catalog import checks, cli, sentences  # noqa: PLC0415  they need the models of a ready app

    checks.init_checks()
    sentences.init_app()
    cli.init_app(app)
