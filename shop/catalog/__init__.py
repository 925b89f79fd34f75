"""The catalogue: products, their variants and pictures, what each costs and how the price is shared, numbered pieces.

A published product has a price, a split that sums, makers and a picture. Stock is counted in numbered pieces, each
with its maker; a checkout reserves, a payment takes, nothing is sold twice. Knows workshops and makers, no order.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.catalog import checks, cli, index, sentences  # noqa: PLC0415  they need the models of a ready app
    from shop.makers.services import on_public_change  # noqa: PLC0415
    from shop.search.services import indexer  # noqa: PLC0415

    checks.init_checks()
    on_public_change(index.follow_maker)
    indexer(index.KIND)(index.read_products)
    sentences.init_app()
    cli.init_app(app)
