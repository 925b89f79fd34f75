"""`flask reconcile`: Stripe beside the books; `flask sandbox fault`: let the sandbox misbehave as Stripe may."""

import json
import sys
from dataclasses import asdict

import click
from flask import Flask
from flask.cli import AppGroup

from config import Settings
from shop.coop.facts import coop_facts
from shop.db import reading
from shop.errors import ShopError
from shop.payments.jobs import gateway
from shop.payments.reconciling import Compared, reconciled
from shop.payments.sandbox import faults


def init_app(app: Flask) -> None:
    group = AppGroup("sandbox", help="The Stripe sandbox of a development installation.")

    @group.command("fault")
    @click.argument("name", required=False)
    @click.argument("switch", required=False, type=click.Choice(["on", "off"]))
    def fault(name: str | None, switch: str | None) -> None:
        """Switch a fault on or off for all processes; without arguments list those that are on."""
        settings = app.config["SETTINGS"]
        assert isinstance(settings, Settings)
        if not settings.sandboxed:
            click.echo("there is no sandbox here: a Stripe key is set", err=True)
            sys.exit(1)
        try:
            if name and switch:
                faults.switch(settings.instance_path, name, on=switch == "on")
        except ValueError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
        click.echo("faults on: " + (", ".join(faults.active(settings.instance_path)) or "none"))

    app.cli.add_command(group)

    @app.cli.command("reconcile")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
    def reconcile(*, as_json: bool) -> None:
        """Say where Stripe and the books differ, each difference by name; exit 1 where they do."""
        with reading() as session:
            currency = coop_facts(session).currency
        try:
            found = reconciled(gateway(), currency=currency)
        except ShopError as error:
            click.echo(f"Stripe could not be asked: {error}", err=True)
            sys.exit(1)
        click.echo(json.dumps(asdict(found), default=str) if as_json else _told(found, currency))
        sys.exit(1 if found.differences else 0)


def _told(found: Compared, currency: str) -> str:
    """The comparison in lines, sums in minor units."""
    lines = [
        f"{each.what} {each.name}: Stripe {each.outside_minor}, books {each.books_minor}" for each in found.differences
    ]
    lines.append(
        f"reconcile: {found.agreeing} agree, {len(found.differences)} differ;"
        f" Stripe {found.outside_minor}, books {found.books_minor} ({currency}, minor units)"
    )
    return "\n".join(lines)
