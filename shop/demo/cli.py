"""`flask demo`: make the demo co-op in an empty database."""

import sys
import time

import click
from flask import Flask
from sqlalchemy import select

from config import Settings
from shop.coop.models import Coop
from shop.db import reading


def init_app(app: Flask) -> None:
    @app.cli.command("demo")
    def demo() -> None:
        """Make the demo co-op: people, 60 products, 25 orders, two pay days. Only in an empty database."""
        settings = app.config["SETTINGS"]
        assert isinstance(settings, Settings)
        if settings.app_env == "production":
            click.echo("the demo is refused in production", err=True)
            sys.exit(1)
        with reading() as session:
            taken = session.scalar(select(Coop.id)) is not None
        if taken:
            click.echo("this database holds a co-op already; the demo is made only in an empty one", err=True)
            sys.exit(1)
        from shop.demo.build import PASSWORD, SIGN_INS, make_demo  # noqa: PLC0415  it loads the drawing

        began = time.monotonic()
        make_demo(app)
        click.echo(f"demo made in {time.monotonic() - began:.1f} s; password {PASSWORD}")
        for role, email in SIGN_INS:
            click.echo(f"  {role:10} {email}")
