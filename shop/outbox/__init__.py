"""The room of side effects.

Whatever must happen after a commit (a letter, an SMS, a call to Stripe) is owed as a row in that same commit.
The worker leases rows, does them, ticks them off; what fails is tried again, ever later, then parked for a person to see.
What runs every so often, and what comes in by SMS, goes through here as well.
"""

from flask import Flask

from shop.outbox import cli, mail, queries, sms, sweep, worker
from shop.web import health


def init_app(app: Flask) -> None:
    worker.remember(app)
    mail.init_app(app)
    sms.init_app(app)
    cli.init_app(app)
    sweep.init_app()
    health.SHOWN["worker_seen_at"] = queries.worker_seen_at
    health.SHOWN["oldest_job_due_at"] = lambda session: queries.backlog(session).oldest_due_at
