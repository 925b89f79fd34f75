"""The ledger: every sum that anybody owes or holds, in a book that balances by construction (money.md 3).

A `Posting` is one event and its `key` names it once; a `Transfer` moves one sum between two accounts of one currency.
Only `post()` writes here, once in a unit of work and last. Accounts of people never fall below zero.
An `Earning` is a sum that became somebody's own. `flask audit` reads everything and finds what does not agree.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.ledger import audit, cli, jobs  # noqa: PLC0415  they need the models of a ready app

    audit.init_checks()
    cli.init_app(app)
    jobs.init_app()
