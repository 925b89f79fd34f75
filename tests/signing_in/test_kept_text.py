"""Two tabs and shared telephones: no typed text is lost, and nothing of the first person is left to the second."""

import pytest
from flask import request
from werkzeug.routing import Rule

from shop.db import reading, writing
from shop.people import queries, services
from shop.web.access import rule
from tests.signing_in.conftest import PASSWORD
from tests.support.pages import Page
from tests.support.statements import Statements


@pytest.fixture
def notebook(app):
    """A page of somebody's work, as a higher room has it: it takes a text from a broker."""
    taken = []

    @rule("broker")
    def mine():
        return None

    def view():
        mine()
        taken.append((request.form.get("text"), request.form.get("kind")))
        return "kept"

    endpoint = "test_notebook"
    app.view_functions[endpoint] = view
    if endpoint not in {one.endpoint for one in app.url_map.iter_rules()}:
        app.url_map.add(Rule("/test-notebook", endpoint=endpoint, methods=["GET", "POST"]))
    return taken


TYPED = {"text": "二十件，\n三件要改 <b>", "kind": "mend", "password": "never kept"}


def test_what_she_typed_in_one_tab_survives_signing_out_in_another(person, sign_in, client, notebook):
    person()
    sign_in()
    token = client.token()
    client.send("/sign-out")
    lost = client.post("/test-notebook", data={"csrf_token": token, **TYPED})
    assert lost.status_code == 401
    assert notebook == []
    _finish(client, lost, notebook)


def test_what_she_typed_survives_being_signed_out_from_elsewhere(person, sign_in, client, notebook):
    user_id = person()
    sign_in()
    with writing() as session:
        services.end_all_sessions(session, user_id=user_id)
    _finish(client, client.send("/test-notebook", **TYPED), notebook)


def _finish(client, lost, notebook):
    page = Page(client, "/sign-in", lost, Statements())
    assert "What you typed is kept" in page.text or "写的内容还在" in page.text
    assert "never kept" not in page.source
    wrong = page.submit("main form", email="mei@demo.example", password="not mine")
    assert wrong.status == 422
    asked = wrong.submit("main form", email="mei@demo.example", password=PASSWORD)
    assert asked.status == 200
    assert "<b>" not in asked.source.split("<main")[1].split("</main")[0]
    assert notebook == []
    sent = asked.post("main form")
    assert sent.status_code == 200
    ((text, kind),) = notebook
    assert (text.replace("\r\n", "\n"), kind) == (TYPED["text"], "mend")


def test_signing_out_in_both_tabs_is_no_error(person, sign_in, client):
    person()
    sign_in()
    token = client.token()
    client.send("/sign-out")
    answer = client.post("/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.post("/sign-in", data={"csrf_token": token, "email": "x", "password": "y"}).status_code == 400


def test_text_that_is_not_ours_to_keep_is_not_sent_on(person, sign_in, client):
    person()
    for blob in ("x", "绣", "a.b.c", '["/office/", "", []]'):
        client.send("/sign-out")
        answer = sign_in(kept=blob)
        assert (answer.status_code, answer.location) == (303, "/desk/")


def test_the_second_broker_on_a_shared_telephone_gets_nothing_of_the_first(person, sign_in, client, visit):
    person()
    person("lan@demo.example", name="Lan")
    sign_in()
    with client.session_transaction(base_url="http://127.0.0.1:8000") as session:
        session["draft"] = "Mei's"
        first = session["_user_id"]
    # the sign-in form of another tab, without signing out before
    sign_in("lan@demo.example")
    assert "lan@demo.example" in visit("/me").text
    with client.session_transaction(base_url="http://127.0.0.1:8000") as session:
        assert "draft" not in session
    with reading() as session:
        assert queries.seat(session, token=first) is None
