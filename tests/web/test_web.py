"""What every answer of the shop has, whatever room it comes from."""

import json
from datetime import UTC, datetime

import pytest
from flask import request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Forbidden

from shop.coop.models import Task
from shop.db import reading, writing
from shop.errors import Conflict, NotYours
from shop.web import access
from shop.web.cross_site import WITHOUT_TOKEN
from shop.web.filters import isolated
from shop.web.second_run import twice
from tests.support.apps import SITE

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EVERY_HEADER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _add_probes(app, seen):
    """Pages that no shop has: each breaks in a way of its own."""

    def raising(error):
        def view():
            access.public()
            raise error

        return view

    def echo():
        access.public()
        seen.append(request.form.get("word", ""))
        return seen[-1]

    def race():
        access.public()
        seen.append("run")
        with writing() as session:
            taken = session.scalar(select(Task.id)) is None or len(seen) > 1
            session.add(Task(key="two" if taken else "one", kind="look", facts={}, created_at=NOON))
        return "done"

    faults = {
        "boom": RuntimeError("a fault"),
        "lost": NotYours(what="order"),
        "conflict": Conflict(),
        "forbidden": Forbidden(),
        "away": OperationalError("SELECT 1", {}, Exception("server closed the connection")),
    }
    for name, error in faults.items():
        app.add_url_rule(f"/<lang:lang>/probe/{name}", f"probe_{name}", raising(error))
    app.add_url_rule("/probe/echo", "probe_echo", echo, methods=["POST"])
    app.add_url_rule("/probe/free", "probe_free", echo, methods=["POST"])
    app.add_url_rule("/probe/race", "probe_race", twice(race), methods=["POST"])


@pytest.fixture
def seen():
    return []


@pytest.fixture
def probes(another_app, seen):
    """An app as it is served, errors and all, with pages that break."""
    made = another_app()
    _add_probes(made, seen)
    WITHOUT_TOKEN.add("probe_free")
    yield made.test_client()
    WITHOUT_TOKEN.discard("probe_free")


on_one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_the_shop_is_alive_and_ready(client):
    assert client.get("/healthz").json == {"status": "ok", "pay_stalled_since": None}
    assert client.get("/readyz").json["status"] == "ready"


@on_one_engine
@pytest.mark.parametrize("path", ["/healthz", "/zh/nothing-here", "/en/probe/boom"])
def test_every_answer_carries_the_security_headers(probes, path):
    headers = probes.get(path).headers
    assert {name: headers.get(name) for name in EVERY_HEADER} == EVERY_HEADER
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self' https://checkout.stripe.com",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    assert "Strict-Transport-Security" not in headers
    assert "Set-Cookie" not in headers


@on_one_engine
def test_production_insists_on_https(another_app):
    made = another_app(
        app_env="production",
        base_url="https://shop.example",
        secret_key="k" * 40,
        stripe_secret_key="sk_live_1",
        stripe_webhook_secret="whsec_1",
    )
    said = made.test_client().get("/healthz").headers
    assert said["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@on_one_engine
def test_what_answers_a_form_is_never_cached(probes):
    assert probes.send("/probe/echo", word="x").headers["Cache-Control"] == "private, no-store"


@on_one_engine
@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123_x.Y", True), ("a" * 64, True), ("a" * 65, False), ("x y", False), ("<script>", False), ("", False)],
)
def test_a_request_keeps_a_decent_id_and_is_given_one_otherwise(probes, given, kept):
    said = probes.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert (said == given) is kept
    assert said


@on_one_engine
def test_a_fault_is_logged_with_the_requests_id_and_without_its_secrets(probes, capfd):
    said = probes.get("/en/probe/boom?token=secret", headers={"X-Request-Id": "find-me"})
    assert said.status_code == 500
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    assert {"find-me"} == {line["id"] for line in lines if "id" in line}
    assert any(line.get("status") == 500 for line in lines)
    assert "secret" not in json.dumps(lines)


ERRORS = [
    ("boom", 500, "Something broke on our side"),
    ("lost", 404, "We cannot find this page"),
    ("conflict", 409, "Something changed in the meantime"),
    ("forbidden", 403, "This page is for somebody else"),
    ("away", 503, "The shop is busy"),
]


@on_one_engine
@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
@pytest.mark.parametrize(("name", "status", "english"), ERRORS)
def test_errors_are_pages_in_the_readers_language(probes, visit, lang, name, status, english):
    page = visit(f"/{lang}/probe/{name}", client=probes, status=status)
    assert (page.h1 == english) is (lang == "en")
    assert "a fault" not in page.text


@on_one_engine
@pytest.mark.parametrize(
    ("wished", "lang"),
    [("zh-TW,zh;q=0.9", "zh-Hans"), ("vi", "vi"), ("de, fr", "en"), ("", "en"), ("de, vi;q=0.5, en;q=0.2", "vi")],
)
def test_where_the_address_names_no_language_the_browser_decides(probes, wished, lang):
    said = probes.get("/nothing-here", headers={"Accept-Language": wished})
    assert said.status_code == 404
    assert f'<html lang="{lang}"' in said.text


@on_one_engine
def test_a_busy_shop_says_when_to_come_back(probes):
    assert probes.get("/en/probe/away").headers["Retry-After"] == "3"


@on_one_engine
def test_a_wrong_method_names_the_right_one(probes):
    said = probes.get("/probe/echo")
    assert said.status_code == 405
    assert "POST" in said.headers["Allow"]


@on_one_engine
def test_the_page_of_last_resort_comes_when_even_the_error_page_breaks(probes, monkeypatch):
    def broken(_name):
        raise RuntimeError("no template")

    monkeypatch.setitem(probes.application.jinja_env.globals, "asset", broken)
    said = probes.get("/zh/probe/boom")
    assert said.status_code == 500
    for words in ("Something went wrong on our side", "我们这边出了错", "Phía chúng tôi gặp lỗi"):
        assert words in said.text


@on_one_engine
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": SITE},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": "", "Referer": "https://evil.example/127.0.0.1:8000/"},
        {"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:8001"},
        {"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:8000.evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/probe/echo", "/probe/free"])
def test_a_form_sent_from_another_site_is_refused(probes, seen, path, headers):
    said = probes.post(path, data={"word": "x", "csrf_token": probes.token()}, headers=headers)
    assert said.status_code == 400
    assert seen == []


@on_one_engine
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "", "Origin": SITE},
        {"Sec-Fetch-Site": "", "Referer": f"{SITE}/en/"},
        {"Sec-Fetch-Site": ""},
    ],
)
@pytest.mark.parametrize("path", ["/probe/echo", "/probe/free"])
def test_a_form_sent_from_our_own_page_is_taken(probes, seen, path, headers):
    said = probes.post(path, data={"word": "刺绣", "csrf_token": probes.token()}, headers=headers)
    assert said.status_code == 200
    assert seen == ["刺绣"]


@on_one_engine
@pytest.mark.parametrize("token", [None, "", "nonsense", "of another"])
def test_a_form_without_its_token_is_refused(probes, seen, token):
    if token == "of another":
        token = probes.application.test_client().token()
    said = probes.post("/probe/echo", data={"word": "x", **({} if token is None else {"csrf_token": token})})
    assert said.status_code == 400
    assert seen == []


@on_one_engine
def test_a_public_form_needs_no_token_and_sets_no_cookie(probes, seen):
    said = probes.post("/probe/free", data={"word": "x"})
    assert said.status_code == 200
    assert seen == ["x"]
    assert "Set-Cookie" not in said.headers


@on_one_engine
@pytest.mark.parametrize(
    ("kind", "megabytes"),
    [("application/x-www-form-urlencoded", 13), ("multipart/form-data", 13), ("multipart/form-data", 3)],
)
def test_too_large_a_post_is_refused(probes, seen, kind, megabytes):
    """12 MB for a whole request, since photos come so; 2 MB for a field of a form that may carry photos."""
    word = b"x" * (megabytes * 1024 * 1024)
    # by hand, since the test client would keep a body of that size in a file
    if kind == "multipart/form-data":
        kind += "; boundary=cut"
        body = b'--cut\r\nContent-Disposition: form-data; name="word"\r\n\r\n' + word + b"\r\n--cut--\r\n"
    else:
        body = b"word=" + word
    said = probes.post("/probe/free", data=body, content_type=kind)
    assert said.status_code == 413
    assert seen == []


def test_a_post_that_lost_a_race_is_carried_out_once_by_its_second_run(probes, seen):
    with writing() as session:
        session.add(Task(key="one", kind="look", facts={}, created_at=NOON))
    assert probes.send("/probe/race").status_code == 200
    assert seen == ["run", "run"]
    with reading() as session:
        assert sorted(session.scalars(select(Task.key))) == ["one", "two"]
    seen.clear()
    assert probes.send("/probe/race").status_code == 409
    with reading() as session:
        assert sorted(session.scalars(select(Task.key))) == ["one", "two"]


@on_one_engine
def test_static_files_carry_the_hash_of_their_contents_and_are_kept_a_year(probes):
    with probes.application.test_request_context():
        address = probes.application.jinja_env.globals["asset"]("css/base.css")
    said = probes.get(address)
    assert said.status_code == 200
    assert "max-age=31536000" in said.headers["Cache-Control"]
    said.close()


def test_a_file_s_name_cannot_turn_the_page_around():
    assert str(isolated("list\u202efdp.exe")) == "<bdi>list\ufffdfdp.exe</bdi>"
    assert str(isolated("<b>")) == "<bdi>&lt;b&gt;</bdi>"
