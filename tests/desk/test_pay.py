"""Pay through the broker: acknowledged at most, three tries of a PIN, and never called paid before she says so."""

import io
from contextlib import contextmanager

import pytest
from PIL import Image

from shop.db import reading, writing
from shop.desk.errors import NotSent
from shop.desk.services import witness
from shop.desk.views import pay as view
from shop.makers.models import Maker
from shop.media.models import Picture
from shop.payouts.models import Confirmation, Payout
from tests.desk.conftest import count, kept, state_of
from tests.people import MEI


def photo(size: tuple[int, int] = (900, 700)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (180, 60, 50)).save(out, "JPEG")
    return out.getvalue()


def sign(browser, payout_id: int, data: bytes | None = None, name: str = "sign.jpg"):
    return browser.post(
        f"/desk/pay/{payout_id}/signature",
        data={"csrf_token": browser.token(), "photo": (io.BytesIO(photo() if data is None else data), name)},
        content_type="multipart/form-data",
    )


def test_the_page_shows_cash_held_to_hand_over_and_what_comes_back(mei, visit, sent):
    payout_id = sent()
    page = visit("/desk/pay", client=mei, lang="zh")
    assert page.one(".big") == "¥500.00"
    assert "¥236.00" in page.text
    assert "¥264.00" in page.text
    assert f"/desk/pay/{payout_id}" in page.hrefs()


def test_her_pin_on_the_brokers_phone_only_acknowledges(mei, visit, sent, pin):
    payout_id = sent()
    page = visit(f"/desk/pay/{payout_id}", client=mei, lang="zh")
    assert "人民币贰佰叁拾陆元整" in page.text
    after = page.submit(f'form[action="/desk/pay/{payout_id}/pin"]', pin=pin)
    assert state_of(payout_id) == "acknowledged"
    assert kept("broker:1:float") == 50_000 - 23_600
    assert "经女经纪人见证" in after.text
    assert "本人点头" not in after.text
    with reading() as session:
        (word,) = session.query(Confirmation).all()
    assert (word.strength, word.route, word.by) == ("witnessed", "pin", "user:1")


def test_three_wrong_tries_lock_it_and_change_nothing(mei, visit, sent, pin):
    payout_id = sent()
    said = []
    for _try in range(4):
        answer = mei.send(f"/desk/pay/{payout_id}/pin", pin="9182")
        assert answer.status_code == 422
        said.append(answer.text)
    assert "还能试2次" in said[0] or "2" in said[0]
    assert mei.send(f"/desk/pay/{payout_id}/pin", pin=pin).status_code == 422
    assert state_of(payout_id) == "sent"
    assert count(Confirmation) == 0
    assert kept("broker:1:float") == 50_000
    assert "已锁住" in visit(f"/desk/pay/{payout_id}", client=mei, lang="zh").text


def test_a_photo_of_her_signature_acknowledges_too(mei, sent):
    payout_id = sent()
    assert sign(mei, payout_id).status_code == 303
    assert state_of(payout_id) == "acknowledged"
    with reading() as session:
        (word,) = session.query(Confirmation).all()
    assert word.route == "signature"
    assert word.picture_id is not None
    assert sign(mei, payout_id).status_code == 303
    assert count(Confirmation) == 1


@pytest.mark.parametrize(("data", "name"), [(b"", ""), (b"", "empty.jpg"), (b"not a picture", "x.jpg")])
def test_what_is_no_picture_is_told_and_changes_nothing(mei, sent, data, name):
    payout_id = sent()
    before = count(Picture)
    answer = sign(mei, payout_id, data, name)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert state_of(payout_id) == "sent"
    assert count(Picture) == before


def test_a_broker_cannot_pay_out_more_than_she_holds(mei, sent, pin):
    payout_id = sent(pieces=3)  # 708.00, while her float holds 500.00
    answer = mei.send(f"/desk/pay/{payout_id}/pin", pin=pin)
    assert answer.status_code == 422
    assert "还差¥208.00" in answer.text
    assert state_of(payout_id) == "sent"
    assert kept("broker:1:float") == 50_000


def test_nothing_is_called_paid_before_she_confirmed(mei, visit, sent, speaks):
    payout_id = sent(rail="bank_file")
    speaks(MEI, "en")
    for path in ("/desk/pay", f"/desk/pay/{payout_id}", "/desk/makers/1", "/desk/makers/1/statement?lang=en", "/desk/"):
        said = visit(path, client=mei, lang="en").text.lower()
        assert "paid" not in said.replace("what buyers paid", "").replace("is paid by", ""), path


def test_what_she_says_did_not_come_is_not_witnessed_meanwhile(mei, visit, sent, pin, card, client):
    payout_id = sent()
    assert client.post(f"{card}/missing/{payout_id}").status_code == 303
    answer = mei.send(f"/desk/pay/{payout_id}/pin", pin=pin)
    assert answer.status_code == 422
    assert "现在只听她本人的" in answer.text
    assert sign(mei, payout_id).status_code == 422
    assert state_of(payout_id) == "sent"
    page = visit(f"/desk/pay/{payout_id}", client=mei, lang="zh")
    assert "她说没收到" in page.text
    assert not page.doc.cssselect("input[name=pin]")


def test_without_a_pin_only_the_signature_is_offered(mei, visit, sent):
    payout_id = sent()
    page = visit(f"/desk/pay/{payout_id}", client=mei, lang="zh")
    assert not page.doc.cssselect("input[name=pin]")
    assert page.doc.cssselect("input[name=photo]")
    assert mei.send(f"/desk/pay/{payout_id}/pin", pin="1357").status_code == 422
    assert state_of(payout_id) == "sent"


def test_another_broker_finds_nothing_and_changes_nothing(hoa, sent, pin):
    payout_id = sent()
    assert hoa.get(f"/desk/pay/{payout_id}").status_code == 404
    assert hoa.send(f"/desk/pay/{payout_id}/pin", pin=pin).status_code == 404
    assert sign(hoa, payout_id).status_code == 404
    assert state_of(payout_id) == "sent"
    with reading() as session:
        assert session.get_one(Maker, 1).pin_tries == 0


def test_pages_of_pay_speak_her_language(mei, visit, sent, pin, speaks):
    payout_id = sent()
    for lang in ("zh", "vi", "en"):
        speaks(MEI, lang)
        visit("/desk/pay", client=mei, lang=lang)
        visit(f"/desk/pay/{payout_id}", client=mei, lang=lang)
        visit("/desk/account", client=mei, lang=lang)
        visit("/desk/account/statement", client=mei, lang=lang)
    with writing() as session:
        assert session.get_one(Maker, 1).pin_tries == 0


def test_a_payout_sent_while_the_page_is_read_still_asks_for_her_pin(mei, sent, pin, monkeypatch):
    payout_id = sent()
    with writing() as session:
        session.get_one(Payout, payout_id).state = "approved"

    @contextmanager
    def reads_just_before(*args, **kwargs):
        with reading(*args, **kwargs) as session:
            yield session
        with writing() as session:
            session.get_one(Payout, payout_id).state = "sent"

    monkeypatch.setattr(view, "reading", reads_just_before)
    assert mei.send(f"/desk/pay/{payout_id}/pin", pin="").status_code == 422
    assert (state_of(payout_id), count(Confirmation)) == ("sent", 0)


def test_a_pin_nobody_asked_for_witnesses_nothing(shop, sent):
    payout_id = sent()
    with pytest.raises(NotSent), writing() as session:
        witness(session, payout_id=payout_id, route="pin", by=MEI)
    assert (state_of(payout_id), kept("broker:1:float")) == ("sent", 50_000)
