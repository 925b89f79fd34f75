"""Letters: in the reader's language, whole, to the right address, and never twice in the folder."""

import email
import email.policy
import socketserver
import threading
import time
from datetime import date

import pytest
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from shop.db import reading, writing
from shop.money import Money
from shop.outbox import mail
from shop.outbox.facts import packed, unpacked
from shop.outbox.models import OutboxRow
from shop.outbox.services import done, lease
from shop.outbox.worker import run_due
from tests.outbox.conftest import row_of

TEMPLATES = {
    "mail/test/paid.txt": (
        '{% extends "mail/base.txt" %}\n'
        "{% block subject %}{{ _('Sign in') }} {{ facts.title }}{% endblock %}\n"
        "{% block body %}\n"
        "{{ facts.sum|money }} {{ facts.day|day }}\n\n\n\n"
        "{{ url_for('healthz', _external=True) if has_endpoint('healthz') else '' }}<b>&\n"
        "{% endblock %}\n"
    ),
    "mail/test/paid.html": (
        '{% extends "mail/base.html" %}'
        "{% block title %}{{ facts.title }}{% endblock %}{% block body %}<h1>{{ facts.title }}</h1>{% endblock %}"
    ),
    "mail/test/plain.txt": (
        '{% extends "mail/base.txt" %}{% block subject %}{{ facts.title }}{% endblock %}'
        "{% block body %}{{ facts.title }}{% endblock %}"
    ),
}


@pytest.fixture(autouse=True)
def _templates(app):
    before = app.jinja_env.loader
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), before])
    yield
    app.jinja_env.loader = before


@pytest.fixture
def post_to(app):
    """Let letters leave by another MAIL_URL during this test."""
    before = app.extensions["post_office"]

    def to(url):
        settings = app.config["SETTINGS"]
        app.config["SETTINGS"] = settings.model_copy(update={"mail_url": url})
        app.extensions["post_office"] = mail.post_office(app)

    yield to
    app.extensions["post_office"] = before


def send(key="order:1:paid", to="anna@demo.example", lang="en", template="test/paid", **facts):
    facts = {"title": "Lotus", "sum": Money(126000, "CNY"), "day": date(2026, 11, 21)} | facts
    with writing() as session:
        mail.owe_mail(session, key=key, to=to, lang=lang, template=template, facts=facts)
    run_due()


def letters(app):
    from pathlib import Path

    folder = Path(app.instance_path) / "mail"
    return [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in sorted(folder.glob("*.eml"))
    ]


def body(letter, kind="plain"):
    return letter.get_body(preferencelist=(kind,)).get_content()


@pytest.mark.parametrize(
    ("lang", "subject", "line"),
    [
        ("en", "Sign in Lotus", "¥1,260.00 21 Nov 2026"),
        ("zh", "登录 Lotus", "¥1,260.00 11月21日"),
        ("vi", "Đăng nhập Lotus", "21/11/2026"),
    ],
)
def test_a_letter_speaks_the_readers_language(app, lang, subject, line):
    send(lang=lang)
    (letter,) = letters(app)
    assert letter["Subject"] == subject
    assert line in body(letter)
    assert letter["Content-Language"] == {"zh": "zh-Hans"}.get(lang, lang)
    assert letter["To"] == "anna@demo.example"
    assert body(letter, "html").count("<h1>Lotus</h1>") == 1
    assert "<b>&" in body(letter), "plain text is not escaped"
    assert "\n\n\n" not in body(letter)


def test_a_letter_in_one_language_leaves_no_trace_on_the_page_that_sent_it(app):
    with app.test_request_context("/zh/"):
        from shop.web.i18n import current_lang, speak

        speak("zh")
        send(lang="vi")
        assert current_lang() == "zh"


def test_a_letter_sent_again_replaces_itself_and_keeps_its_id(app):
    send()
    first = letters(app)[0]["Message-ID"]
    with writing() as session:
        row = session.scalars(select(OutboxRow)).one()
        row.state, row.payload = "pending", row.payload | {"facts": packed({"title": "x", "sum": None, "day": None})}
    run_due()
    (letter,) = letters(app)
    assert letter["Message-ID"] == first
    assert first.startswith("<")
    assert first.endswith("@127.0.0.1>")


def test_two_keys_that_look_alike_as_file_names_are_two_letters(app):
    send(key="a/b")
    send(key="a:b")
    assert len(letters(app)) == 2


def test_what_a_letter_stated_is_forgotten_once_it_has_gone(app):
    send(token="s3cret")
    with reading() as session:
        payload = session.scalar(select(OutboxRow.payload))
    assert payload == {"to": "anna@demo.example", "lang": "en", "template": "test/paid"}


@pytest.mark.parametrize(
    "title", ["Lotus\nBcc: eve@demo.example", "Lotus\r\n\r\nHello", "a\u2028Bcc: x\x0b\x85y", "\n"]
)
def test_a_subject_cannot_bring_in_a_header(app, title):
    send(title=title)
    (letter,) = letters(app)
    assert letter["Bcc"] is None
    assert letter.keys().count("Subject") == 1
    assert "\n" not in str(letter["Subject"])
    assert letter["To"] == "anna@demo.example"


@pytest.mark.parametrize(
    "to", ["anna@demo.example\nBcc: eve@x.org", "anna", "", "a@b@c", "anna@demo.example, eve@x.org"]
)
def test_a_letter_to_no_address_is_parked_and_nothing_is_sent(app, to):
    send(to=to)
    assert letters(app) == []
    assert row_of("mail:order:1:paid").state == "parked"


def test_an_address_in_another_script_is_sent_to_its_ascii_domain(app):
    send(to="mei@刺绣.cn")
    assert letters(app)[0]["To"] == "mei@xn--1crs20i.cn"


def test_a_letter_without_a_html_twin_is_plain_and_a_missing_template_is_retried(app):
    send(template="test/plain")
    (letter,) = letters(app)
    assert letter.get_content_type() == "text/plain"
    send(key="none", template="test/none")
    assert row_of("mail:none").state == "pending"
    assert "TemplateNotFound" in row_of("mail:none").last_error


def test_facts_come_back_as_what_they_were_and_floats_are_refused():
    from datetime import UTC, datetime

    facts = {"sum": Money(5, "VND"), "rows": [{"on": date(2026, 1, 2)}], "at": datetime(2026, 1, 2, tzinfo=UTC), "n": 3}
    assert unpacked(packed(facts)) == facts
    with pytest.raises(TypeError):
        packed({"price": 1.5})
    with pytest.raises(ValueError, match="naive"):
        packed({"at": datetime(2026, 1, 2)})


class MailServer(socketserver.ThreadingTCPServer):
    """Enough of a mail server to take a letter, refuse one, or hang."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *, recipient="250 ok", hang=False):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.recipient, self.hang, self.taken = recipient, hang, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}?from=shop@demo.example"


class _Talk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        if self.server.hang:
            time.sleep(3)
            return
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                self.say(self.server.recipient)
            elif verb == "DATA":
                self.say("354 go on")
                taken = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(taken)
                self.say("250 kept")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


@pytest.fixture
def mail_server():
    made = []

    def start(**how):
        made.append(MailServer(**how))
        return made[-1]

    yield start
    for server in made:
        server.shutdown()
        server.server_close()


def test_a_letter_goes_out_by_smtp_whole(app, post_to, mail_server):
    server = mail_server()
    post_to(server.url)
    send(lang="zh", title="莲花")
    (taken,) = server.taken
    letter = email.message_from_bytes(taken, policy=email.policy.default)
    assert letter["Subject"] == "登录 莲花"
    assert "shop@demo.example" in letter["From"]
    assert "11月21日" in body(letter)
    assert row_of("mail:order:1:paid").state == "done"


def test_an_address_the_server_refuses_for_good_is_parked_and_one_for_now_is_tried_again(app, post_to, mail_server):
    post_to(mail_server(recipient="550 no such user").url)
    send(key="gone")
    assert row_of("mail:gone").state == "parked"
    assert "anna" not in row_of("mail:gone").last_error
    post_to(mail_server(recipient="450 mailbox busy").url)
    send(key="busy")
    assert row_of("mail:busy").state == "pending"


def test_a_mail_server_that_hangs_or_is_away_costs_a_try_and_no_more(
    app, post_to, mail_server, monkeypatch, handler, owed
):
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.2)
    post_to(mail_server(hang=True).url)
    began = time.monotonic()
    send(key="hangs")
    post_to("smtp://127.0.0.1:9")
    ran = []
    handler("test.kind", lambda job: ran.append(job.key))
    owed("other")
    send(key="away")
    assert time.monotonic() - began < 3
    assert [row_of(f"mail:{key}").state for key in ("hangs", "away")] == ["pending", "pending"]
    assert ran == ["other"]


def test_a_password_is_not_sent_to_a_far_server_without_tls(app, post_to, mail_server, monkeypatch):
    server = mail_server()
    monkeypatch.setattr(mail, "_LOCAL", set())
    post_to(server.url.replace("smtp://", "smtp://shop:secret@"))
    send()
    assert server.taken == []
    assert row_of("mail:order:1:paid").state == "parked"
    assert "secret" not in row_of("mail:order:1:paid").last_error


def test_a_letter_is_never_sent_inside_a_transaction(app):
    with writing() as session:
        mail.owe_mail(session, key="k", to="a@demo.example", lang="en", template="test/plain", facts={"title": "x"})
        (job,) = lease(session, limit=1)
        with app.app_context(), pytest.raises(RuntimeError, match="inside"):
            mail.send(job)
        done(session, job)


@pytest.mark.parametrize("url", ["smtp://", "ftp://mail.example", "https://mail.example", "file://host/x"])
def test_a_mail_url_that_makes_no_sense_is_refused_at_start(another_app, url):
    with pytest.raises(ValueError, match="MAIL_URL"):
        another_app(mail_url=url)


def test_a_folder_may_be_named(another_app, tmp_path):
    app = another_app(mail_url=f"file://{tmp_path / 'post'}")
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader])
    with app.app_context():
        send(template="test/plain")
    assert len(list((tmp_path / "post").glob("*.eml"))) == 1
