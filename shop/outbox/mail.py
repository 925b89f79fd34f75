"""Letters: owed with the facts they state, written in the reader's language when they are sent.

A template is `templates/mail/<room>/<name>.txt` (with `.html` beside it where it gains from that); it extends
`mail/base.txt`, fills the blocks `subject` and `body`, and reads what it states from `facts`.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app, render_template
from jinja2 import TemplateNotFound
from sqlalchemy.orm import Session

from config import Settings
from shop import clock
from shop.db import holding
from shop.ids import digest
from shop.outbox.facts import packed, unpacked
from shop.outbox.files import file_name, put
from shop.outbox.handlers import Hopeless, handles
from shop.outbox.services import Job, owe
from shop.web.i18n import HTML_LANG, speak

KIND = "mail"
TIMEOUT_SECONDS = 20
_LOCAL = {"localhost", "127.0.0.1", "::1"}

Post = Callable[[EmailMessage, str], None]


def owe_mail(
    session: Session,
    *,
    key: str,
    to: str,
    lang: str,
    template: str,
    facts: dict[str, Any],
    due_at: datetime | None = None,
) -> None:
    """Owe one letter from this commit on; the same `key` again changes nothing.

    `template` is "<room>/<name>". Facts are texts, numbers, money, days, moments, lists and dicts of them.
    """
    payload = {"to": to, "lang": lang, "template": template, "facts": packed(facts)}
    owe(session, kind=KIND, key=f"mail:{key}", payload=payload, due_at=due_at)


def post_office(app: Flask) -> Post:
    """How letters leave this installation, by MAIL_URL. ValueError where it makes no sense."""
    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    url = urlsplit(settings.mail_url)
    if url.scheme in {"smtp", "smtps"}:
        if not url.hostname:
            raise ValueError("MAIL_URL names no host: smtp://user:password@host:port")
        return _by_smtp(url)
    if url.scheme not in {"", "file"} or url.netloc:
        raise ValueError("MAIL_URL must be a folder, or begin with smtp:// or smtps://")
    return _into(Path(url.path) if url.path else Path(app.instance_path) / "mail")


def sender_address(settings: Settings) -> str:
    """The address letters come from: `?from=` of MAIL_URL, else shop@ the site's host."""
    asked = parse_qs(urlsplit(settings.mail_url).query).get("from")
    host = urlsplit(settings.site_url).hostname or ""
    return asked[0] if asked else f"shop@{host if '.' in host and not host[-1].isdigit() else 'localhost'}"


def _into(folder: Path) -> Post:
    def post(letter: EmailMessage, key: str) -> None:
        put(folder / file_name(key, ".eml"), letter.as_bytes(policy=CRLF))

    return post


def _by_smtp(url: SplitResult) -> Post:
    def post(letter: EmailMessage, _key: str) -> None:
        secure = ssl.create_default_context()
        host, port = str(url.hostname), url.port or (465 if url.scheme == "smtps" else 25)
        server = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=secure)
            if url.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        )
        with server:
            server.ehlo()
            safe = url.scheme == "smtps"
            if not safe and server.has_extn("starttls"):
                server.starttls(context=secure)
                server.ehlo()
                safe = True
            if url.username:
                if not safe and host not in _LOCAL:
                    raise Hopeless(f"{host} offers no TLS, so MAIL_URL's password is not sent to it")
                server.login(unquote(url.username), unquote(url.password or ""))
            try:
                server.send_message(letter)
            except smtplib.SMTPRecipientsRefused as error:
                codes = [code for code, _ in error.recipients.values()]
                if codes and all(code >= 500 for code in codes):
                    raise Hopeless(f"the mail server refuses the address: {codes[0]}") from error
                raise

    return post


def letter_of(job: Job) -> EmailMessage:
    """The letter a job owes, in its language. Hopeless where the address can be none.

    Header injection is impossible: `EmailMessage` refuses line ends in headers, and subjects are squeezed before.
    """
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    lang, facts = job.payload["lang"], unpacked(job.payload["facts"])
    # a request's context, so that url_for(…, _external=True) gives BASE_URL's addresses and never a Host header's
    with current_app.app_context(), current_app.test_request_context("/", base_url=settings.site_url):
        speak(lang)
        name = f"mail/{job.payload['template']}"
        head, text = _parts(render_template(f"{name}.txt", facts=facts))
        page = _optional(f"{name}.html", facts)
    host = urlsplit(settings.site_url).hostname or "localhost"
    letter = EmailMessage(policy=CRLF)
    letter["From"] = Address(head.get("from", ""), addr_spec=sender_address(settings))
    letter["To"] = Address(addr_spec=_deliverable(job.payload["to"]))
    if head.get("reply-to"):
        letter["Reply-To"] = Address(addr_spec=_deliverable(head["reply-to"]))
    letter["Subject"] = head["subject"]
    letter["Date"] = format_datetime(clock.now())
    letter["Message-ID"] = f"<{digest(job.key)[:40]}@{host}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    if page:
        letter.add_alternative(page, subtype="html")
    # last, since set_content moves what is said of the content into the parts
    letter["Content-Language"] = HTML_LANG[lang]
    return letter


def _parts(rendered: str) -> tuple[dict[str, str], str]:
    """Header lines up to the first empty line, and the text after it with at most one empty line at a time."""
    head, _, body = rendered.strip().partition("\n\n")
    found = {}
    for line in head.splitlines():
        name, _, value = line.partition(":")
        found[name.strip().lower()] = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return found, re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"


def _optional(name: str, facts: dict[str, Any]) -> str:
    try:
        return render_template(name, facts=facts)
    except TemplateNotFound as error:
        if error.name != name:
            raise
        return ""


def _deliverable(address: str) -> str:
    """As mail servers want it: the domain in ASCII where it can be."""
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Hopeless("the address is none") from error
    return found.ascii_email or found.normalized


def send(job: Job) -> None:
    """Write the letter and post it."""
    if holding():
        raise RuntimeError(f"no letter is sent inside {holding()}")
    letter = letter_of(job)
    post: Post = current_app.extensions["post_office"]
    post(letter, job.key)


def init_app(app: Flask) -> None:
    app.extensions["post_office"] = post_office(app)
    # what a letter states, secrets of links above all, is not kept once it has gone
    handles(KIND, forget=("facts",))(send)
