"""Signing in and out, in three languages; what a forged form or cookie comes to."""

import re

import pytest

from shop.db import writing
from shop.people import person as persons
from shop.people import services
from tests.signing_in.conftest import PASSWORD, user_row


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
@pytest.mark.parametrize("path", ["/sign-in", "/password", "/password/sent", "/password/none", "/invitation/none"])
def test_pages_for_signing_in_speak_three_languages(app, visit, lang, path):
    status = 410 if path.endswith("none") else 200
    page = visit(f"{path}?lang={lang}", status=status, lang=lang)
    assert page.response.headers["Cache-Control"].startswith("private, ")
    switch = page.hrefs("nav.lang a")
    assert [href.split("lang=")[1][:2] for href in switch] == ["zh", "vi", "en"]
    assert all(href.startswith(path) for href in switch)


@pytest.mark.parametrize(
    ("role", "to"),
    [
        ("broker", "/desk/"),
        ("organizer", "/expo/"),
        ("treasurer", "/office/"),
        ("officer", "/office/"),
        ("admin", "/office/"),
        ("buyer", "/vi/"),
    ],
)
def test_everybody_begins_where_her_work_is(person, visit, role, to):
    person(role=role, lang="vi")
    page = visit("/sign-in?lang=en", lang="en")
    answer = page.post("main form", email=" MEI@demo.example ", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, to)


def test_after_signing_in_she_is_where_she_wanted_to_go(person, visit):
    person()
    page = visit("/sign-in?next=/me%3Flang=vi")
    assert page.post("main form", email="mei@demo.example", password=PASSWORD).location == "/me?lang=vi"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "evil",
        "/" + "x" * 3000,
        " //evil.example",
    ],
)
def test_nobody_is_led_to_another_site(person, sign_in, client, target):
    person()
    answer = sign_in(next=target)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert client.get("/sign-in", query_string={"next": target}).location == "/desk/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("mei@demo.example", "another password"),
        ("nobody@demo.example", PASSWORD),
        ("no address", "wrong-password-7"),
        ("mei@demo.example", "x" * 1_000_000),
        ("mei@demo.example", "😀" * 12),
    ],
)
def test_a_wrong_sign_in_says_one_thing_whatever_was_wrong(person, visit, email, password):
    person()
    page = visit("/sign-in?lang=en").submit("main form", email=email, password=password)
    assert page.status == 422
    assert page.one(".summary li") == "E-mail or password is wrong."
    assert password not in page.source
    assert page.form()["email"] == email


def test_an_empty_form_names_both_fields(person, visit):
    page = visit("/sign-in?lang=en").submit("main form", email="", password="")
    assert page.all(".summary li") == ["Please give the e-mail address.", "Please give the password."]


@pytest.mark.parametrize("extra", [{"role": "admin"}, {"is_active": "1", "user_id": "1", "lang": "zh"}])
def test_fields_that_no_page_has_change_nothing(person, sign_in, extra):
    user_id = person()
    sign_in(**extra)
    assert user_row(user_id).role == "broker"
    assert user_row(user_id).lang == "en"


def test_the_cookie_is_hidden_from_scripts_and_bound_to_the_site(person, sign_in, another_app):
    person()
    cookies = sign_in().headers.getlist("Set-Cookie")
    (seat,) = [one for one in cookies if one.startswith("session=")]
    assert "HttpOnly" in seat
    assert "SameSite=Lax" in seat
    production = another_app(
        app_env="production",
        secret_key="p" * 40,
        base_url="https://shop.example",
        stripe_secret_key="sk_test_x",
        stripe_webhook_secret="whsec_x",
    )
    answer = production.test_client().get("https://shop.example/sign-in", base_url="https://shop.example")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_the_demos_people_cannot_sign_in_to_a_shop_in_production(person, another_app):
    person()
    person("mei@coop.example")
    production = another_app(
        app_env="production",
        secret_key="p" * 40,
        base_url="https://shop.example",
        stripe_secret_key="sk_test_x",
        stripe_webhook_secret="whsec_x",
    )

    def code(email):
        client = production.test_client()
        site = {"base_url": "https://shop.example"}
        page = client.get("https://shop.example/sign-in", **site).get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]
        data = {"csrf_token": token, "email": email, "password": PASSWORD}
        return client.post("https://shop.example/sign-in", data=data, **site).status_code

    assert code("mei@coop.example") == 303
    assert code("mei@demo.example") == 422
    assert code("ｍｅｉ＠Demo.Example ") == 422


def test_signing_out_ends_the_device_for_a_copied_cookie_too(person, sign_in, client, device, visit):
    person()
    sign_in()
    copied = client.get_cookie("session", domain="127.0.0.1").value
    answer = client.send("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/me").status_code == 303
    thief = device()
    thief.set_cookie("session", copied, domain="127.0.0.1")
    assert thief.get("/me").location == "/sign-in?next=/me"


@pytest.mark.parametrize("path", ["/me"])
def test_signed_in_pages_are_kept_by_no_cache(person, sign_in, client, path):
    person()
    sign_in()
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer.headers["Vary"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_page_that_asks_nobody_sets_no_cookie_for_somebody_signed_in(person, sign_in, client):
    person()
    sign_in()
    assert "Set-Cookie" not in client.get("/healthz").headers


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        (None, {}),
        ("", {}),
        ("forged", {}),
        ("ünïcödé绣", {}),
        ("from another", {}),
        ("right", {"Sec-Fetch-Site": "cross-site"}),
        ("right", {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}),
        ("right", {"Sec-Fetch-Site": "", "Origin": "null"}),
    ],
)
def test_a_form_from_elsewhere_is_refused_and_changes_nothing(person, sign_in, client, device, token, headers):
    user_id = person()
    sign_in()
    tokens = {"right": client.token(), "from another": device().token()}
    data = {"lang": "vi"} | ({} if token is None else {"csrf_token": tokens.get(token, token)})
    assert client.post("/me/language", data=data, headers=headers).status_code == 400
    assert user_row(user_id).lang == "en"


def test_a_signed_in_page_costs_one_statement_to_know_her(person, sign_in, client, statement_count):
    person(role="treasurer")
    sign_in()
    statement_count.clear()
    assert client.get("/sign-in").status_code == 303
    assert len(statement_count) == 1
    statement_count.clear()
    client.get("/healthz")
    assert not [one for one in statement_count if "user_session" in one]


def test_higher_rooms_add_what_they_know_of_her_once_and_for_their_roles_only(app, person, sign_in, client):
    asked = []

    def facts(session, user_id):
        asked.append(user_id)
        return {"broker_id": 77}

    user_id = person()
    person("otto@demo.example", role="organizer")
    persons.actor_facts(facts, roles={"broker"})
    persons.actor_facts(facts, roles={"broker"})
    try:
        with app.test_request_context("/me"):
            with writing() as session:
                tokens = [
                    services.sign_in(session, email=f"{who}@demo.example", password=PASSWORD, device="")
                    for who in ("mei", "otto")
                ]
            mei, otto = (persons.person_of(token).actor for token in tokens)
    finally:
        persons.forget_facts(facts)
    assert asked == [user_id]
    assert (mei.key, mei.role, mei.name, mei.broker_id) == (f"user:{user_id}", "broker", "Mei", 77)
    assert otto.broker_id is None


@pytest.mark.parametrize("cookie", ["x", "绣", "eyJfdXNlcl9pZCI6IjEifQ.x.y", "a" * 4000])
def test_a_forged_cookie_is_nobody(app, device, cookie):
    client = device()
    client.set_cookie("session", cookie, domain="127.0.0.1")
    assert client.get("/me").status_code == 303
    assert client.get("/sign-in").status_code == 200
