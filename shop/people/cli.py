"""`flask user create`."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from config import Settings
from shop.actor import COMMAND
from shop.db import LANGS, again, writing
from shop.people import services
from shop.people.errors import BadEmail, BadPassword, EmailTaken
from shop.people.models import ROLES
from shop.people.passwords import PasswordHash, hashed

LONGEST_LINE = 5000


def _refuse(text: str) -> None:
    click.echo(text, err=True)
    sys.exit(1)


def _words(error: Exception, email: str) -> str:
    if isinstance(error, EmailTaken):
        return f"{email} is in use already."
    if isinstance(error, BadPassword):
        why = {"short": "has under 10 characters", "long": "is too long", "plain": "is too easy to guess"}
        return f"That password {why.get(str(error.data['why']), 'holds a character that cannot be kept')}."
    return f"{email!r} is no e-mail address."


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    group = AppGroup("user", help="People who sign in.")

    @group.command("create")
    @click.argument("email")
    @click.option("--role", type=click.Choice(ROLES), required=True)
    @click.option("--name", default="", help="How pages name her; else the part before the @.")
    @click.option("--lang", type=click.Choice(LANGS), default="zh", show_default=True)
    @click.option(
        "--password-stdin", is_flag=True, help="Read a password from standard input, instead of inviting her."
    )
    def create(*, email: str, role: str, name: str, lang: str, password_stdin: bool) -> None:
        """Create a person. Without a password she is sent an invitation, and its link is printed here."""
        try:
            if password_stdin:
                kept = hashed(sys.stdin.readline(LONGEST_LINE).rstrip("\r\n"), email=email)
                again(lambda: _with_password(email, role, name, lang, kept))
                click.echo(f"{email} may sign in as {role} at {settings.site_url}/sign-in")
                return
            link = again(lambda: _invited(email, role, name, lang))
        except (BadEmail, BadPassword, EmailTaken) as error:
            _refuse(_words(error, email))
            return
        days = services.INVITED_FOR.days
        click.echo(f"{email} is invited as {role}. The link works once, for {days} days:")
        click.echo(f"{settings.site_url}/invitation/{link}")

    app.cli.add_command(group)


def _with_password(email: str, role: str, name: str, lang: str, kept: PasswordHash) -> None:
    with writing() as session:
        services.create_user(session, email=email, name=name, role=role, lang=lang, password_hash=kept)


def _invited(email: str, role: str, name: str, lang: str) -> str:
    with writing() as session:
        return services.invite(session, email=email, name=name, role=role, lang=lang, by=COMMAND).token
