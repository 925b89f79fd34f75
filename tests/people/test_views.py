"""Signing in and out as people do it, in three languages, on shared telephones and with two tabs open."""

import re
from pathlib import Path

import pytest

from shop.db import reading, writing
from shop.outbox.worker import run_due
from shop.people import person as persons
from shop.people import queries, services
from shop.web.access import rule
from tests.people.conftest import PASSWORD, user_row


def letter_of(app, sign: str) -> str:
    """The text of the newest letter whose file name holds `sign`."""
    import email
    import email.policy

    run_due()
    files = sorted((Path(app.instance_path) / "mail").glob(f"*{sign}*.eml"), key=lambda file: file.stat().st_mtime)
    letter = email.message_from_bytes(files[-1].read_bytes(), policy=email.policy.default)
    return letter.get_body(preferencelist=("plain",)).get_content()


def link_of(app, sign: str) -> str:
    """The path of the link in that letter."""
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", letter_of(app, sign))[1]


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


@pytest.mark.parametrize("path", ["/me/language", "/me/password", "/me/devices/1/end", "/me/devices/end"])
def test_what_is_hers_asks_a_stranger_to_sign_in(app, client, path):
    assert client.send(path).location == "/sign-in"


@pytest.mark.parametrize("path", ["/sign-out", "/me/language", "/me/password", "/me/devices/1/end"])
def test_looking_changes_nothing(person, sign_in, client, path):
    person()
    sign_in()
    assert client.get(path).status_code == 405
    assert client.get("/me").status_code == 200


def test_her_language_is_spoken_on_pages_that_name_none(person, sign_in, visit, client):
    user_id = person(lang="vi")
    sign_in()
    page = visit("/me", lang="vi")
    assert page.h1 == "Đăng nhập của tôi"
    answer = page.submit('form[action="/me/language"]', lang="zh")
    assert answer.h1 == "我的登录"
    assert "以后用中文和您交流。" in answer.text
    assert user_row(user_id).lang == "zh"
    assert client.send("/me/language", lang="xx").status_code == 422
    assert user_row(user_id).lang == "zh"


def test_a_refusal_speaks_her_language_too(person, sign_in, client):
    person(lang="vi")
    sign_in()
    for answer in (client.post("/me/language", data={"lang": "zh"}), client.get("/nowhere/at/all")):
        assert 'lang="vi"' in answer.get_data(as_text=True)


def test_she_changes_her_password_and_other_devices_are_signed_out(app, person, sign_in, device, visit):
    user_id = person()
    other = device()
    sign_in(client=other)
    sign_in()
    page = visit("/me")
    form = 'form[action="/me/password"]'
    wrong = page.submit(
        form, old_password="not mine", password="hand made lanterns", password_again="hand made lanterns"
    )
    assert wrong.all(".summary li") == ["That is not your present password."]
    wrong = page.submit(form, old_password=PASSWORD, password="hand made lanterns", password_again="hand made")
    assert wrong.all(".summary li") == ["The two passwords differ."]
    wrong = page.submit(form, old_password=PASSWORD, password="short", password_again="short")
    assert wrong.all(".summary li") == ["A password has at least 10 characters."]
    assert other.get("/me").status_code == 200
    done = page.submit(form, old_password=PASSWORD, password="hand made lanterns", password_again="hand made lanterns")
    assert "Your password is changed." in done.text
    assert other.get("/me").status_code == 303
    assert sign_in(password=PASSWORD, client=device()).status_code == 422
    assert sign_in(password="hand made lanterns", client=device()).status_code == 303
    assert "your password was changed" in letter_of(app, "people.password")
    with reading() as session:
        assert len(queries.devices(session, user_id=user_id)) == 2


def test_she_sees_her_devices_and_ends_them_and_nobody_elses(person, sign_in, device, visit, client):
    person()
    person("lan@demo.example", name="Lan")
    phone, lans = device(), device()
    chrome = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
    phone.send("/sign-in", email="mei@demo.example", password=PASSWORD)
    phone.environ_base["HTTP_USER_AGENT"] = chrome
    phone.send("/sign-out")
    phone.send("/sign-in", email="mei@demo.example", password=PASSWORD)
    sign_in("lan@demo.example", client=lans)
    sign_in()
    page = visit("/me")
    assert "Chrome · Android" in page.text
    with reading() as session:
        (lans_device,) = [one.id for one in queries.devices(session, user_id=2)]
    assert client.send(f"/me/devices/{lans_device}/end").status_code == 404
    assert lans.get("/me").status_code == 200
    (end,) = [href for href in page._actions() if "devices/" in href and href != 'form[action="/me/devices/end"]']
    assert "That device is signed out." in page.submit(end).text
    assert phone.get("/me").status_code == 303
    assert client.get("/me").status_code == 200


def test_all_other_devices_end_with_one_button(person, sign_in, device, visit, client):
    person()
    others = [device(), device()]
    for one in others:
        sign_in(client=one)
    sign_in()
    visit("/me").submit('form[action="/me/devices/end"]')
    assert [one.get("/me").status_code for one in others] == [303, 303]
    assert client.get("/me").status_code == 200


def test_an_invitation_leads_from_the_letter_to_her_desk(app, visit, client):
    from shop.actor import COMMAND

    with writing() as session:
        services.invite(session, email="lan@demo.example", name="Lan", role="broker", lang="vi", by=COMMAND)
    assert "Lời mời tham gia" not in letter_of(app, "people.invite"), "the subject is no part of the text"
    path = link_of(app, "people.invite")
    page = visit(path, lang="vi")
    assert page.h1 == "Xin chào, Lan"
    refused = page.submit("main form", password="ngắn", password_again="ngắn")
    assert refused.status == 422
    answer = page.post("main form", password="hoa sen trong đầm", password_again="hoa sen trong đầm")
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert visit("/me", lang="vi").h1
    again = client.get(path)
    assert again.status_code == 410


def test_a_forgotten_password_is_set_anew_by_letter(app, person, sign_in, device, visit):
    person(lang="zh")
    other = device()
    sign_in(client=other)
    page = visit("/password?lang=zh", lang="zh").submit("main form", email="Mei@demo.example")
    assert page.h1 == "请查看邮箱"
    path = link_of(app, "people.reset")
    assert "两小时内有效" in letter_of(app, "people.reset")
    answer = visit(path, lang="zh").post(
        "main form", password="新的密码要够长才可以", password_again="新的密码要够长才可以"
    )
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert other.get("/me").status_code == 303
    assert visit(path, status=410, client=device()).h1


def test_asking_for_a_link_answers_alike_for_everybody(person, visit, device):
    person()
    answers = []
    for email in ("mei@demo.example", "nobody@demo.example", "no address"):
        page = visit("/password?lang=en", client=device()).submit("main form", email=email)
        answers.append((page.status, page.h1, page.text))
    assert len(set(answers)) == 1


def test_the_secret_of_a_link_is_in_no_log_and_leaves_the_site_with_no_referer(app, person, visit, capsys, sign_in):
    person()
    visit("/password").submit("main form", email="mei@demo.example")
    path = link_of(app, "people.reset")
    page = visit(path)
    page.post("main form", password="hand made lanterns", password_again="hand made lanterns")
    assert path.rsplit("/", 1)[1] not in "".join(capsys.readouterr())
    assert page.response.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}


@pytest.fixture
def notebook(app):
    """A page of somebody's work, as a higher room has it: it takes a text from a broker."""
    taken = []

    @rule("broker")
    def mine():
        return None

    def view():
        from flask import request

        mine()
        taken.append((request.form.get("text"), request.form.get("kind")))
        return "kept"

    endpoint = "test_notebook"
    app.view_functions[endpoint] = view
    if endpoint not in {one.endpoint for one in app.url_map.iter_rules()}:
        from werkzeug.routing import Rule

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
    from tests.support.pages import Page
    from tests.support.statements import Statements

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
