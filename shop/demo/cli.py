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
    @click.option("--products", type=click.IntRange(60, 100_000), default=60, help="How many in all.")
    @click.option("--makers", type=click.IntRange(24, 100_000), default=24, help="How many in all.")
    @click.option("--orders", type=click.IntRange(25, 100_000), default=25, help="How many in all.")
    @click.option("--seed", type=int, default=1, help="The same seed invents the same rows.")
    def demo(products: int, makers: int, orders: int, seed: int) -> None:
        """Make the demo co-op: people, 60 products, 25 orders, two pay days. Only in an empty database.

        What is asked for beyond the hand-made rows is invented, and lived through by the same services.
        """
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
        from shop.demo.build import FEN, PASSWORD, SIGN_INS, Scale, make_demo  # noqa: PLC0415  it loads the drawing

        if settings.currency not in FEN:
            click.echo(f"the demo co-op keeps {' or '.join(FEN)}, not {settings.currency}", err=True)
            sys.exit(1)

        began = time.monotonic()
        make_demo(app, Scale(products, makers, orders, seed))
        click.echo(f"demo made in {time.monotonic() - began:.1f} s; password {PASSWORD}")
        for role, email in SIGN_INS:
            click.echo(f"  {role:10} {email}")
