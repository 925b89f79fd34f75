"""`flask audit`."""

import json
import sys

import click
from flask import Flask

from shop.db import reading
from shop.ledger.audit import CHECKS, DEEP
from shop.ledger.audit import audit as audited


def init_app(app: Flask) -> None:
    @app.cli.command("audit")
    @click.option("--deep", is_flag=True, help="Read every page of the database file too.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
    def audit(*, deep: bool, as_json: bool) -> None:
        """Check that the books and the rows agree. Exit 1, with row ids, where they do not."""
        # the checks set many statements against each other: on a live database they must see one moment
        with reading(snapshot=True) as session:
            breaches = audited(session, deep=deep)
        names = [*CHECKS, *(DEEP if deep else {})]
        if as_json:
            rows = [{"check": row.check, "ids": row.ids, **row.facts} for row in breaches]
            click.echo(json.dumps({"ok": not breaches, "checks": len(names), "breaches": rows}, ensure_ascii=False))
        else:
            for row in breaches:
                facts = " ".join(f"{name}={value}" for name, value in row.facts.items())
                click.echo(f"{row.check}: {', '.join(map(str, row.ids))} {facts}".rstrip())
            click.echo("audit: clean" if not breaches else f"audit: {len(breaches)} breaches", err=bool(breaches))
        if breaches:
            sys.exit(1)
