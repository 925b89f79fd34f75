"""The broker's phone: what today needs, work given out and taken in, parcels, pay, goods, her own book.

Every page works without script at 390 px and speaks the broker's language. A broker sees and touches only what is
hers; what is another's answers 404. Beside it stands the maker's own page, which her card opens without signing in
(`card`): what she is owed, what was sent, and her own word that it came. Owns no table.
"""

from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.desk import blueprint, sentences  # noqa: PLC0415  routes are hung on before the app takes them

    import_module("shop.desk.views")
    import_module("shop.desk.card_limits")
    sentences.init_app()
    app.register_blueprint(blueprint.desk)
    app.register_blueprint(blueprint.card)
