"""A photo that is too large: told in her room and her language, with a way back."""

import pytest
from sqlalchemy import update

from shop.db import writing
from shop.people.models import User
from shop.web.bodies import LARGEST_FORM
from tests.people import MEI
from tests.support.apps import SITE
from tests.support.pages import Page
from tests.support.statements import Statements

FORM = "/desk/pieces/new"


def send(client, size: int, path: str = FORM):
    head = (
        b'--cut\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return client.post(
        path,
        data=head + b"x" * size + b"\r\n--cut--\r\n",
        content_type="multipart/form-data; boundary=cut",
        headers={"Referer": SITE + path},
    )


@pytest.mark.parametrize(("lang", "words"), [("zh", "超过24 MB"), ("vi", "lớn hơn 24 MB"), ("en", "larger than 24 MB")])
def test_a_photo_over_the_limit_is_told_in_her_room_and_language_with_a_way_back(mei, visit, lang, words):
    with writing() as session:
        session.execute(update(User).where(User.id == MEI.user_id).values(lang=lang))
    visit(FORM, client=mei, lang=lang)
    said = send(mei, LARGEST_FORM)
    page = Page(mei, FORM, said, Statements())
    assert said.status_code == 413
    assert words in page.text
    assert "/desk/" in [link.get("href") for link in page.doc.cssselect("a")]
    assert not page.doc.cssselect('a[href*="/products"]')
    assert page.doc.cssselect(f'main a[href="{FORM}"]')


def test_a_photo_as_phones_make_them_reaches_the_form(mei, visit):
    visit(FORM, client=mei)
    assert send(mei, 14_000_000).status_code != 413


def test_a_stranger_gets_the_shops_page(client):
    said = send(client, LARGEST_FORM)
    assert said.status_code == 413
    assert "/products" in said.text
