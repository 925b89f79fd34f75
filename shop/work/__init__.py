"""Work: pieces to make, from an order or for the shelf, and the women who said yes to them.

A `WorkOrder` is split over makers as `WorkAssignment`s; each answers yes or no, and how she was told is kept. What
comes in is counted once as a `WorkReceipt`: accepted, to mend, rejected. Acceptance makes her pay hers, there and then.
Knows no order: whoever needs to hear of it registers with `news`.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.work import checks, sentences  # noqa: PLC0415  they need the models of a ready app

    assert app is not None
    checks.init_checks()
    sentences.init_app()
