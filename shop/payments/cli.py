"""`flask sandbox fault`: let the Stripe sandbox misbehave as Stripe may."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from config import Settings
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
