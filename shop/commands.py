"""`flask db`: the schema, for whoever runs the shop."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from shop import db


def init_app(app: Flask) -> None:
    group = AppGroup("db", help="The database's schema.")

    @group.command("upgrade")
    def upgrade() -> None:
        """Run the migrations that are still to run; harmless when there is none."""
        from shop import schema  # noqa: PLC0415  the web processes load no Alembic

        before = schema.revision_of(db.engine())
        schema.upgrade(db.engine())
        click.echo(f"schema {before or 'empty'} -> {schema.head()}")

    @group.command("check")
    def check() -> None:
        """Say whether the schema is the one this code expects; exit 1 where it is not."""
        from shop import schema  # noqa: PLC0415  the web processes load no Alembic

        found, wanted = schema.revision_of(db.engine()), schema.head()
        if found != wanted:
            click.echo(f"schema is at {found or 'nothing'}, this code needs {wanted}: run flask db upgrade", err=True)
            sys.exit(1)
        differences = schema.differences(db.engine())
        for difference in differences:
            click.echo(str(difference), err=True)
        if differences:
            sys.exit(1)
        click.echo(f"schema {found} is complete")

    app.cli.add_command(group)
