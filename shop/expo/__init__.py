"""Fairs: an organizer chooses pieces of the shop for her fair and takes the catalogue with her.

She sees and exports only what belongs to her fairs: trade prices and public facts, never the split, a maker's pay or
anything personal. The same selection becomes a print-ready PDF, a price list as XLSX, or CSV.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.expo import cli, sentences, views  # noqa: PLC0415  they need the models of a ready app

    app.register_blueprint(views.bp)
    cli.init_app(app)
    sentences.init_app()
