"""Payouts: what became a maker's or a broker's own is paid out, and counts as paid when she says so herself.

The treasurer drafts a batch, a second person approves it; live payouts never claim more of an earning than it is. Sent is not
received: `confirmed` comes from her (by text message, by her own card, or in a call of the co-op), `acknowledged`
only witnesses it on the broker's phone. Cash goes through the broker's float and leaves it with her word.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.payouts import checks, checks_ahead, group_paper, jobs, sentences  # noqa: PLC0415  they need the models of a ready app
    from shop.payouts.services import deducting, payer  # noqa: PLC0415

    assert app is not None
    checks.init_checks()
    checks_ahead.init_checks()
    jobs.init_app()
    payer.init_app()
    deducting.init_app()
    group_paper.init_app()
    sentences.init_app()
