"""Signs that only one of the two databases would keep never reach a view that reads what was typed by itself."""

from io import BytesIO

import pytest
from werkzeug.test import EnvironBuilder

from shop.web.bodies import ShopRequest, keepable

NASTY = "a\x00b\x0b\x1f\x7fc\n\td ễ 绣"
KEPT = "abc\n\td ễ 绣"


def request(**kind) -> ShopRequest:
    return ShopRequest(
        EnvironBuilder(
            method="POST",
            query_string={"q": "x\x00y"},
            data={"note": [NASTY, "\x00"], "count": "1\x002", "nothing": "\x00"},
            **kind,
        ).get_environ()
    )


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_view_reads_by_itself_has_no_sign_that_cannot_be_kept(content_type):
    form = request(content_type=content_type).form
    assert (form["note"], form.get("note"), form.get("nothing"), form.get("other")) == (KEPT, KEPT, "", None)
    assert form.get("count", type=int) == 12
    assert form.to_dict() == dict(form.items()) == {"note": KEPT, "count": "12", "nothing": ""}
    assert list(form.values()) == [KEPT, "12", ""]
    assert list(form.items(multi=True))[:2] == [("note", KEPT), ("note", "")]


def test_an_address_is_read_the_same_way():
    assert request().args.get("q") == "xy"


def test_a_form_class_still_sees_what_was_sent_and_can_refuse_it():
    assert request().form.getlist("note") == [NASTY, "\x00"]


@pytest.mark.parametrize(
    ("text", "fine"), [("", True), ("绣\n", True), ("\x00", False), ("\ud800", False), ("\x85", True)]
)
def test_what_can_be_kept(text, fine):
    assert keepable(text) is fine


@pytest.mark.parametrize(("path", "length", "rest"), [("/en/nothing", 40, 0), ("/en/nothing", 70_000, 70_000)])
def test_a_short_body_that_no_page_wanted_is_read_so_that_the_connection_lives(client, path, length, rest):
    sent = BytesIO(b"a" * length)
    answer = client.post(path, input_stream=sent, content_length=length, content_type="text/plain")
    assert answer.status_code == 404
    assert len(sent.read()) == rest
