"""Every office page of people and settings: who may open it, that it is whole, and in three languages."""

import pytest

READ = {
    "/office/makers": "staff",
    "/office/makers?q=nguyen&left=1": "staff",
    "/office/makers?q=nobody": "staff",
    "/office/makers?after=1": "staff",
    "/office/makers/{lan}": "staff",
    "/office/makers/{other}": "staff",
    "/office/makers/new": "officer",
    "/office/makers/{lan}/edit": "officer",
    "/office/makers/{lan}/skills": "officer",
    "/office/makers/{lan}/consent?item=face": "officer",
    "/office/makers/{lan}/mandate": "officer",
    "/office/makers/{lan}/pin": "officer",
    "/office/makers/{lan}/face": "officer",
    "/office/makers/{lan}/leave": "officer",
    "/office/brokers": "staff",
    "/office/brokers/{mei}": "staff",
    "/office/brokers/new": "admin",
    "/office/brokers/{mei}/edit": "admin",
    "/office/brokers/{mei}/user": "admin",
    "/office/workshops": "staff",
    "/office/workshops/{workshop}": "staff",
    "/office/workshops/new": "admin",
    "/office/workshops/{workshop}/edit": "admin",
    "/office/workshops/{workshop}/makers": "admin",
    "/office/workshops/{workshop}/picture": "admin",
    "/office/users": "admin",
    "/office/users?q=admin&role=admin": "admin",
    "/office/users/new": "admin",
    "/office/users/1": "admin",
    "/office/shop": "staff",
    "/office/shop/logo": "admin",
    "/office/shop/minimum": "admin",
    "/office/shop/pages/terms": "admin",
    "/office/crafts": "staff",
    "/office/crafts/new": "admin",
    "/office/crafts/{craft}": "admin",
    "/office/places": "staff",
    "/office/places/new": "admin",
    "/office/places/{village}": "admin",
    "/office/history": "staff",
}
MAY = {"staff": {"treasurer", "officer", "admin"}, "officer": {"officer", "admin"}, "admin": {"admin"}}
ROLES = ("buyer", "broker", "organizer", "treasurer", "officer", "admin")


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_every_page_is_whole_in_three_languages(world, browser, visit, lang):
    admin = browser("admin", lang)
    for path in READ:
        visit(path.format(**vars(world)), client=admin, lang=lang, ceiling=16)


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_those_whose_business_it_is(world, browser, role):
    browser("admin")
    client = browser(role)
    for path, who in READ.items():
        response = client.get(path.format(**vars(world)))
        assert response.status_code == (200 if role in MAY[who] else 403), (path, role)


def test_nobody_sees_a_page_without_signing_in(world, client):
    for path in READ:
        response = client.get(path.format(**vars(world)))
        assert response.status_code == 303, path
        assert "/sign-in" in response.headers["Location"]


@pytest.mark.parametrize(
    "path",
    [
        "/office/makers/999",
        "/office/makers/999/edit",
        "/office/makers/999/consent",
        "/office/makers/999/mandate",
        "/office/makers/999/pin",
        "/office/makers/999/skills",
        "/office/makers/999/face",
        "/office/makers/999/leave",
        "/office/brokers/999",
        "/office/brokers/999/edit",
        "/office/brokers/999/user",
        "/office/workshops/999",
        "/office/workshops/999/edit",
        "/office/workshops/999/makers",
        "/office/workshops/999/picture",
        "/office/users/999",
        "/office/shop/pages/nothing",
        "/office/crafts/999",
        "/office/places/999",
        f"/office/makers/{10**30}",
    ],
)
def test_what_is_not_there_is_not_found(world, browser, path):
    assert browser("admin").get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["after=99999999999999999999999", "after=-1", "after=x", "q=" + "a" * 10_000, "q=%00", "q=%25_%5C", "left=9"],
)
def test_nonsense_in_an_address_is_answered_with_a_page(world, browser, query):
    for page in ("makers", "brokers", "workshops", "users", "history"):
        assert browser("admin").get(f"/office/{page}?{query}&before=1e9&role=king").status_code == 200


def test_who_only_reads_finds_no_button_that_would_refuse_her(world, browser, visit):
    for role in ("treasurer", "officer"):
        client = browser(role)
        for path, who in READ.items():
            if role not in MAY[who]:
                continue
            page = visit(path.format(**vars(world)), client=client, ceiling=16)
            for href in page.hrefs("a[href^='/office']"):
                assert client.get(href).status_code < 400, (path, href)
            if role == "treasurer":
                assert page.doc.cssselect("main form[method='post'] button") == [], path
