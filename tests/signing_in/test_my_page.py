"""Links by mail, and what somebody sets for herself: language, password, devices."""

import email
import email.policy
import re
from pathlib import Path

import pytest

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.outbox.worker import run_due
from shop.people import queries, services
from tests.signing_in.conftest import PASSWORD, user_row


def letter_of(app, sign: str) -> str:
    """The text of the newest letter whose file name holds `sign`."""
    run_due()
    files = sorted((Path(app.instance_path) / "mail").glob(f"*{sign}*.eml"), key=lambda file: file.stat().st_mtime)
    letter = email.message_from_bytes(files[-1].read_bytes(), policy=email.policy.default)
    return letter.get_body(preferencelist=("plain",)).get_content()


def link_of(app, sign: str) -> str:
    """The path of the link in that letter."""
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", letter_of(app, sign))[1]


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
    assert wrong.all(".summary li") == ["The same password again: the two passwords differ."]
    wrong = page.submit(form, old_password=PASSWORD, password="short", password_again="short")
    assert wrong.all(".summary li") == ["New password: a password has at least 10 characters."]
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
    for address in ("mei@demo.example", "nobody@demo.example", "no address"):
        page = visit("/password?lang=en", client=device()).submit("main form", email=address)
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
