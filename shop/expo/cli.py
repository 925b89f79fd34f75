"""`flask export catalog`."""

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from config import Settings
from shop.db import LANGS, reading
from shop.expo.export import KINDS
from shop.expo.models import Expo
from shop.expo.queries import edition_of


def init_app(app: Flask) -> None:
    group = AppGroup("export", help="Files for people outside.")

    @group.command("catalog")
    @click.argument("expo")
    @click.option("--format", "kind", type=click.Choice(list(KINDS)), required=True)
    @click.option("--lang", type=click.Choice(list(LANGS)), default="zh", show_default=True)
    @click.option("-o", "out", type=click.Path(path_type=Path, dir_okay=False), required=True)
    def catalog(expo: str, kind: str, lang: str, out: Path) -> None:
        """Write a fair's catalogue or price list; EXPO is the fair's slug."""
        settings = app.config["SETTINGS"]
        assert isinstance(settings, Settings)
        with reading(snapshot=True) as session:
            expo_id = session.scalar(select(Expo.id).where(Expo.slug == expo))
            if expo_id is None:
                click.echo(f"there is no fair called {expo!r}", err=True)
                sys.exit(1)
            data = edition_of(session, expo_id=expo_id, media=settings.media_path, site_url=settings.site_url)
        if not data.items:
            click.echo("nothing has been chosen for this fair yet", err=True)
            sys.exit(1)
        out.write_bytes(KINDS[kind].make(data, lang))
        click.echo(f"{out}: {len(data.items)} pieces")

    app.cli.add_command(group)
