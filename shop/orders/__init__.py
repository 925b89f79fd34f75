"""Orders, from placing to delivery, and what is given back.

`place` freezes the split of every price and reserves the pieces; `settle` takes a payment once, whoever reports it;
then each workshop's part goes to its broker. What happens to the work is written into the order's history, and every
step reaches those it concerns through the outbox.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.orders import checks, jobs, sentences, sweeps  # noqa: PLC0415  they need the models of a ready app

    assert app is not None
    checks.init_checks()
    jobs.init_app()
    sweeps.init_app()
    sentences.init_app()
