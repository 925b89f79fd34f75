"""From wherever somebody works, her name leads to her own page, and her language is two clicks away."""

import pytest

from tests.signing_in.conftest import user_row

ROOMS = [
    ("organizer", "/expo/"),
    ("treasurer", "/office/"),
    ("buyer", "/vi/"),
]


@pytest.mark.parametrize(("role", "path"), ROOMS)
def test_the_name_leads_to_her_own_page(person, sign_in, visit, client, role, path):
    person(role=role, lang="vi", name="Trần Thị Mơ")
    sign_in()
    page = visit(path, lang="vi")
    links = {" ".join(one.itertext()): one.get("href") for one in page.doc.cssselect("a")}
    assert links["Trần Thị Mơ"] == "/me"
    assert visit("/me", lang="vi").status == 200


@pytest.mark.parametrize(("role", "path"), ROOMS[:2])
def test_one_press_speaks_her_language_and_she_stays_where_she_is(person, sign_in, visit, client, role, path):
    user_id = person(role=role, lang="zh", name="Mei")
    sign_in()
    page = visit(path + "?seen=1", lang="zh")
    answer = page.submit('form[action="/me/language"]', lang="en")
    assert answer.response.request.full_path == path + "?seen=1"
    assert user_row(user_id).lang == "en"
    visit(path, lang="en")


def test_the_language_leads_to_no_other_site(person, sign_in, client):
    person(role="treasurer", lang="zh", name="Mei")
    sign_in()
    for elsewhere in ("//evil.example/", "https://evil.example/", "\\\\evil.example"):
        assert client.send("/me/language", lang="vi", next=elsewhere).location == "/me"


def test_a_chinese_name_says_so_on_a_page_of_another_language(person, sign_in, visit, client):
    person(role="treasurer", lang="vi", name="刘会计")
    sign_in()
    page = visit("/office/", lang="vi")
    assert [one.get("lang") for one in page.doc.cssselect(".who p span")] == ["zh-Hans"]
    assert "lang" not in {key for one in visit("/zh/").doc.cssselect(".util .opt a") for key in one.attrib}


@pytest.mark.parametrize(
    ("role", "path", "status", "start"),
    [
        ("treasurer", "/office/imports", 403, "/office/"),
        ("treasurer", "/office/batches/999", 404, "/office/"),
        ("officer", "/office/nowhere", 404, "/office/"),
        ("organizer", "/expo/nope/", 404, "/expo/"),
    ],
)
def test_what_goes_wrong_in_her_room_is_told_in_its_frame_with_a_way_back(
    person, sign_in, client, role, path, status, start
):
    person(role=role, lang="en", name="Mei")
    sign_in()
    page = client.get(path)
    assert page.status_code == status
    assert f'<a href="{start}">Back to the start</a>' in page.text
    assert "All pieces" not in page.text


def test_a_stranger_to_the_room_sees_the_shops_page(person, sign_in, client):
    person(role="organizer", lang="en", name="Mei")
    sign_in()
    page = client.get("/office/")
    assert page.status_code == 403
    assert "All pieces" in page.text
