"""One rule for addresses: spellings of one mailbox are one person, and no two mailboxes become one."""

import pytest

from shop.people.emails import canonical
from shop.people.errors import BadEmail


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mei@Demo.Example", "mei@demo.example"),
        ("  mei@demo.example ", "mei@demo.example"),
        ("ｍｅｉ＠ｄｅｍｏ．ｅｘａｍｐｌｅ", "mei@demo.example"),
        ("mei+shop@demo.example", "mei+shop@demo.example"),
        ("MEI@刺绣.CN", "mei@刺绣.cn"),
        ("mei@xn--1crs20i.cn", "mei@刺绣.cn"),
        ("Ha\u0300@demo.example", "hà@demo.example"),
        ("ﬁne@demo.example", "fine@demo.example"),
    ],
)
def test_spellings_of_one_mailbox_are_one_address(typed, kept):
    assert canonical(typed) == kept
    assert canonical(kept) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lı@demo.example", "li@demo.example"),
        ("LI\u0307@demo.example", "li@demo.example"),
        ("mei@straße.example", "mei@strasse.example"),
        ("mei@demo.example", "mei+x@demo.example"),
        ("m.ei@demo.example", "mei@demo.example"),
        ("mеi@demo.example", "mei@demo.example"),
    ],
)
def test_two_mailboxes_stay_two(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mei",
        "@demo.example",
        "mei@",
        "mei@demo",
        "me i@demo.example",
        "mei@demo.example\nBcc: eve@x.org",
        "mei\u202e@demo.example",
        "mei\x00@demo.example",
        "mei@demo.example,eve@x.org",
        "x" * 65 + "@demo.example",
        "mei@" + "x" * 250 + ".example",
        "\ud800@demo.example",
        "mei@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadEmail):
        canonical(typed)
