"""`flask worker` and `flask clock`."""

import re
import sys
from datetime import timedelta

import click
from flask import Flask

from config import Settings
from shop import clock
from shop.db import again, engine, writing
from shop.outbox import services

_STEP = re.compile(r"\+(\d{1,4})([dhm])\Z")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def _refuse(text: str) -> None:
    click.echo(text, err=True)
    sys.exit(1)


def _clock(step: str | None) -> None:
    if step is None:
        click.echo(f"{clock.now():%Y-%m-%d %H:%M} UTC, {clock.shift()} ahead of the machine")
        return
    try:
        if step == "reset":
            before = clock.shift()
            clock.move(None)
            again(lambda: _pull_back(before))
        else:
            found = _STEP.match(step)
            if not found:
                _refuse(f"{step!r} is no step: write +8d, +3h, +20m or reset. The clock moves forward only.")
                return
            clock.move(timedelta(**{_UNITS[found[2]]: int(found[1])}))
    except RuntimeError:
        _refuse("The clock moves in development only (APP_ENV=development).")
    click.echo(f"The shop's clock says {clock.now():%Y-%m-%d %H:%M} UTC, {clock.shift()} ahead of the machine.")


def _pull_back(by: timedelta) -> None:
    with writing() as session:
        services.pull_back(session, by=by)


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)

    @app.cli.command("worker")
    def work() -> None:
        """Run what the shop owes: letters, SMS, late payments, expiries. In the foreground, until SIGTERM."""
        # Alembic and Huey load half a second each, and every web process reads this file
        from shop import schema  # noqa: PLC0415
        from shop.outbox.carrier import run_worker  # noqa: PLC0415

        if schema.revision_of(engine()) != schema.head():
            _refuse("The database is not at this version's schema. Run: flask db upgrade")
        click.echo(
            f"worker: carried by {'Redis' if settings.redis_url else 'a file in ' + app.instance_path}", err=True
        )
        run_worker(app)
        click.echo("worker: stopped", err=True)

    @app.cli.command("clock", context_settings={"ignore_unknown_options": True})
    @click.argument("step", required=False)
    def move(step: str | None) -> None:
        """Move the demo's time on for all processes: +8d, +3h, +20m, or reset."""
        _clock(step)
