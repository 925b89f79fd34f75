"""What a fault leaves in the log: where it happened, and nothing that opens somebody's page."""

import json
import logging

import pytest
from flask import request
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from shop.db import reading, writing
from shop.web import access
from shop.web.cross_site import WITHOUT_TOKEN

SECRET = "lotus-0123456789abcdef"
PAGES = [
    f"/m/{SECRET}",
    f"/m/{SECRET}/statement",
    f"/en/orders/{SECRET}",
    f"/en/password/{SECRET}",
    f"/password/{SECRET}",
    f"/invitation/{SECRET}",
    f"/en/search?q={SECRET}",
]


@pytest.fixture
def served(another_app):
    """An app as it is served, every view of which breaks with the secret in its hands."""
    return another_app()


def break_every_view(app, fault) -> None:
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = fault


def everything(capfd, caplog) -> str:
    """All that was written, by whichever logger, to wherever."""
    out, err = capfd.readouterr()
    return out + err + caplog.text + "".join(str(record.__dict__) for record in caplog.records)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_fault_on_a_secret_page_leaves_no_secret_in_any_log(served, capfd, caplog, address):
    caplog.set_level(logging.DEBUG)

    def fault(**parts):
        access.public()
        raise LookupError(f"no row for {parts or request.args}")

    break_every_view(served, fault)
    said = served.test_client().get(address, headers={"X-Request-Id": "find-me"})
    assert said.status_code in {404, 500}
    written = everything(capfd, caplog)
    assert SECRET not in written
    if said.status_code == 500:
        (line,) = [json.loads(line) for line in written.splitlines() if line.startswith("{") and '"fault"' in line]
        assert (line["id"], line["method"]) == ("find-me", "GET")
        assert "LookupError" in line["trace"]
        assert "test_log.py" in line["trace"]
        assert line["route"].startswith("/")


def test_the_pages_meant_here_are_pages_of_the_shop(app):
    adapter = app.url_map.bind("shop.test")
    found = [adapter.test(address.partition("?")[0], "GET") for address in PAGES]
    assert found.count(False) <= 1  # one of the two ways to the password page, in or outside a language


def test_what_the_database_says_of_a_fault_names_no_values(served, capfd, caplog):
    caplog.set_level(logging.DEBUG)

    def fault(**_parts):
        access.public()
        with writing() as session:
            session.execute(
                text("INSERT INTO heartbeat (name, at) VALUES (:name, :at), (:name, :at)"),
                {"name": SECRET, "at": "2026-11-20 12:00:00"},
            )

    break_every_view(served, fault)
    said = served.test_client().get("/en/products")
    assert said.status_code == 500
    written = everything(capfd, caplog)
    assert "IntegrityError" in written
    assert SECRET not in written


def kept_of(made, word: str, read) -> tuple[TestResponse, list[str]]:
    """The answer of a view that keeps what it reads from its form by itself, and what was kept."""

    def keep():
        access.public()
        with writing() as session:
            session.execute(
                text("INSERT INTO heartbeat (name, at) VALUES (:name, '2026-11-20 12:00:00')"),
                {"name": read(request.form)},
            )
        return "kept"

    made.add_url_rule("/probe/keep", "probe_keep", keep, methods=["POST"])
    WITHOUT_TOKEN.add("probe_keep")
    try:
        said = made.test_client().post("/probe/keep", data={"word": word}, headers={"Sec-Fetch-Site": "same-origin"})
    finally:
        WITHOUT_TOKEN.discard("probe_keep")
    with reading() as session:
        return said, list(session.scalars(select(text("name")).select_from(text("heartbeat"))))


@pytest.mark.parametrize(("word", "kept"), [("a\x00b", "ab"), ("\x00", "")])
def test_both_databases_keep_the_same_of_a_form_with_a_nul_in_it(another_app, engine, word, kept):
    said, names = kept_of(another_app(), word, lambda form: form["word"])
    assert (said.status_code, names) == (200, [kept])


def test_what_postgresql_cannot_keep_is_refused_and_not_a_fault(another_app, engine):
    said, names = kept_of(another_app(), "a\x00b", lambda form: form.getlist("word")[0])
    if engine.dialect.name == "postgresql":
        assert (said.status_code, names) == (422, [])
        assert "character" in said.text
    else:
        assert said.status_code == 200  # SQLite would keep it: so no view may read a form that way
