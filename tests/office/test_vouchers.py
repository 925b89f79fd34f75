"""Vouchers in the office: shown in words before they are saved, made and ended by an officer, read by all staff."""

import pytest
from sqlalchemy import select

from shop.cart.models import Voucher
from shop.coop.models import Change
from shop.db import reading, writing
from shop.office.queries import vouchers as read
from shop.orders import services as orders
from shop.orders.models import Refund
from tests.factories import catalog
from tests.factories.orders import lines, pay, place, voucher
from tests.people import ADA, EVERYONE, FEN, TAO

NEW, FORM = "/office/vouchers/new", "main form"
SOME = {
    "code": "lotus-20",
    "kind": "coop",
    "workshop_id": "",
    "percent": "",
    "amount": "20",
    "valid_from": "1 Nov 2026",
}


@pytest.fixture
def shop(app):
    with writing() as session:
        return catalog.make_shop(session)


def vouchers() -> list[Voucher]:
    with reading() as session:
        return list(session.scalars(select(Voucher).order_by(Voucher.id)))


def test_a_voucher_is_said_in_words_before_it_is_saved(shop, as_, visit):
    page = visit(NEW, client=as_(FEN))
    limits = {"limit_all": "50", "limit_each": "1", "minimum": "100", "valid_until": "31 Dec 2099"}
    shown = page.submit(FORM, **SOME | limits)
    words = (
        "LOTUS-20 · ¥20.00 off · from ¥100.00 of pieces on · All pieces · The co-op: its gift ·"
        " from 1 Nov 2026 to 31 Dec 2099 · at most 50 orders · 1 order a buyer"
    )
    assert words in shown.text
    assert vouchers() == []
    saved = shown.submit(FORM)
    assert "LOTUS-20" in saved.text
    (made,) = vouchers()
    assert (made.code, made.amount_minor, made.percent, made.minimum_minor) == ("LOTUS-20", 2000, None, 10000)
    assert (made.limit_all, made.limit_each, made.with_post, made.made_by) == (50, 1, False, FEN.key)
    with reading() as session:
        assert session.scalars(select(Change.kind).where(Change.about == "voucher:1")).all() == ["voucher"]
    history = visit("/office/history", client=as_(ADA)).text
    assert "Voucher LOTUS-20" in history
    assert "voucher made" in history


def test_changing_it_after_looking_shows_it_once_more(shop, as_, visit):
    shown = visit(NEW, client=as_(FEN)).submit(FORM, **SOME)
    again = shown.submit(FORM, amount="200")
    assert "¥200.00 off" in again.text
    assert vouchers() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "ab"}, "3 to 30 letters"),
        ({"code": "LO_TUS"}, "3 to 30 letters"),
        ({"code": "---"}, "3 to 30 letters"),
        ({"percent": "10"}, "Give either a share or a sum."),
        ({"amount": ""}, "Give either a share or a sum."),
        ({"amount": "", "percent": "101"}, "whole number from 1 to 100"),
        ({"amount": "", "percent": "1.5"}, "whole number from 1 to 100"),
        ({"amount": "", "percent": "0"}, "whole number from 1 to 100"),
        ({"amount": "-3"}, "An amount cannot be below zero."),
        ({"amount": "0.00"}, "It must be more than nothing."),
        ({"amount": "99999999999"}, "too large"),
        ({"kind": "workshop"}, "Please say which workshop bears it."),
        ({"workshop_id": "1", "with_post": "y"}, "for all pieces can give the post"),
        ({"valid_until": "1 Oct 2026"}, "over before it begins"),
        ({"valid_until": "yesterday"}, "Give a day like"),
        ({"limit_all": "0"}, "whole number from 1 to 1,000,000"),
        ({"limit_each": "x"}, "whole number from 1 to 1,000,000"),
        ({"amount": str(2**63)}, "too large"),
    ],
)
def test_bad_input_is_told_and_everything_typed_is_kept(shop, as_, visit, typed, said):
    page = visit(NEW, client=as_(FEN)).submit(FORM, status=422, **SOME | typed)
    assert said in page.one(".field.bad .err, .check .err, .bad .err")
    for name, value in (SOME | typed).items():
        if name in {"code", "amount", "percent", "limit_all"}:
            assert page.form(FORM)[name] == value
    assert vouchers() == []


def test_a_code_that_is_taken_is_told_at_its_field(shop, as_, visit):
    with writing() as session:
        voucher(session, percent=5)
    page = visit(NEW, client=as_(FEN)).submit(FORM, status=422, **SOME)
    assert page.one(".field.bad .err") == "Another one has this name or number already."
    shown = page.submit(FORM, code="lotus-21")
    with writing() as session:
        voucher(session, "LOTUS-21", percent=5)
    assert "Another one has this name or number already." in shown.submit(FORM, status=422).text


def test_an_officer_ends_it_once_and_orders_stand(shop, as_, visit):
    with writing() as session:
        voucher(session, amount_minor=2000, limit_all=9)
    with writing() as session:
        placed = place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20")
    pay(placed.checkout.id)
    page = visit("/office/vouchers", client=as_(FEN))
    assert [cell for cell in ("LOTUS-20", "¥20.00 off", "at most 9 orders", "in force") if cell not in page.text] == []
    ended = page.submit("form[action$='/vouchers/1/end']")
    assert "Ended. Orders that were placed with it stand." in ended.text
    assert "End now" not in ended.text
    (found,) = vouchers()
    assert (found.ended_by, found.used) == (FEN.key, 1)
    assert as_(FEN).send("/office/vouchers/1/end").status_code == 409
    assert as_(FEN).send("/office/vouchers/99/end").status_code == 404


def test_the_treasurer_reads_and_cannot_make_or_end(shop, as_, visit):
    with writing() as session:
        voucher(session, percent=5)
    page = visit("/office/vouchers", client=as_(TAO))
    assert "End now" not in page.text
    assert "New voucher" not in page.text
    assert as_(TAO).get(NEW).status_code == 403
    assert as_(TAO).send("/office/vouchers/1/end").status_code == 403
    assert vouchers()[0].ended_at is None


@pytest.mark.parametrize(
    "who", [one for one in EVERYONE.values() if one.role not in {"officer", "admin"}], ids=lambda who: who.key
)
def test_nobody_else_makes_one_and_nothing_changes(shop, as_, who):
    answer = as_(who).send(NEW, data=SOME)
    assert answer.status_code in {303, 403, 404}
    assert vouchers() == []


def test_the_list_goes_on_from_page_to_page(shop, as_, visit):
    with writing() as session:
        for number in range(53):
            voucher(session, f"CODE-{number}", percent=5)
    first = visit("/office/vouchers", client=as_(TAO), ceiling=10)
    assert "CODE-52" in first.text
    assert "CODE-2<" not in first.text
    second = visit("/office/vouchers?before=4", client=as_(TAO), ceiling=10)
    assert "CODE-2" in second.text
    assert "CODE-3" not in second.text


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_list_and_form_speak_the_readers_language(shop, as_, visit, lang):
    with writing() as session:
        voucher(session, percent=100, with_post=True, limit_each=2)
        voucher(session, "LOTUS-W", kind="workshop", workshop_id=1, amount_minor=500, minimum_minor=1000)
    client = as_(FEN)
    client.set_cookie("lang", lang)
    assert "LOTUS-20" in visit("/office/vouchers", client=client).text
    visit(NEW, client=client)


def test_the_order_and_its_refund_say_what_the_voucher_gave(shop, as_, visit):
    with writing() as session:
        voucher(session, amount_minor=2000)
    with writing() as session:
        placed = place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20")
    pay(placed.checkout.id)
    with reading() as session:
        (line,) = lines(session, placed.group.id)
        assert read.vouchers(session)[0].given.minor == 2000
    assert "LOTUS-20 · the co-op's gift" in visit(f"/office/orders/{placed.group.id}", client=as_(TAO), ceiling=18).text
    page = visit(f"/office/orders/lines/{line.id}/cancel", client=as_(FEN), ceiling=14)
    assert "A voucher gave ¥20.00 of it" in page.text
    assert "¥372.00" in page.text
    with writing() as session:
        refund = orders.cancel_line(session, line_id=line.id, by=FEN)
    with reading() as session:
        assert read.vouchers(session)[0].given.minor == 0, "what came back was not given"
    assert "¥20.00, back to the co-op's gifts" in visit(f"/office/refunds/{refund.id}", client=as_(TAO)).text


def test_a_refund_of_nothing_says_that_there_is_nothing_to_send(shop, as_, visit):
    with writing() as session:
        voucher(session, percent=100, with_post=True)
    with writing() as session:
        placed = place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20")
    with reading() as session:
        (line,) = lines(session, placed.group.id)
    page = visit(f"/office/orders/lines/{line.id}/cancel", client=as_(FEN), ceiling=14)
    assert "Done. Nothing has to go back to the buyer." in page.submit(FORM).text
    with reading() as session:
        (refund,) = session.scalars(select(Refund)).all()
    assert "nothing to send back" in visit(f"/office/refunds/{refund.id}", client=as_(TAO)).text
    assert "nothing to send back" in visit(f"/office/orders/{placed.group.id}", client=as_(TAO), ceiling=18).text
