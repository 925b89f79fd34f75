"""`flask search reindex`."""

import click
from flask import Flask
from flask.cli import AppGroup

from shop.db import writing
from shop.search import services


def init_app(app: Flask) -> None:
    group = AppGroup("search", help="The index of words.")

    @group.command("reindex")
    @click.option("--kind", "kinds", multiple=True, help="Only this kind of thing; may be given several times.")
    def reindex(kinds: tuple[str, ...]) -> None:
        """Build the index of words anew, while the shop goes on."""
        unknown = sorted(set(kinds) - set(services.INDEXERS))
        if unknown:
            raise click.ClickException(f"nothing of kind {unknown[0]!r} is indexed; known: {_known()}")
        for kind in kinds or sorted(services.INDEXERS):
            done = services.reindex(kind, said=lambda known, kind=kind: click.echo(f"\r{kind}: {known}", nl=False))  # type: ignore[misc]
            click.echo(f"\r{kind}: {done} to be found")
        with writing() as session:
            services.tidy(session)

    app.cli.add_command(group)


def _known() -> str:
    return ", ".join(sorted(services.INDEXERS)) or "none"
