"""The maker's own page: her card is the right, and her word is hers alone."""

import pytest

from shop import clock
from shop.coop.models import Task
from shop.coop.services import close_task
from shop.db import reading, writing
from shop.ids import digest
from shop.makers.models import Maker
from shop.makers.services import leave, new_card, take_card_back
from shop.payouts import services as payouts
from shop.payouts.models import Confirmation, Payout
from shop.people.limits import limiter
from tests.desk.conftest import CARD, count, kept, state_of
from tests.factories.cash import in_hand
from tests.factories.orders import agreed, on_shelf, paid, work_of
from tests.people import ADA, FEN, HOA, TAO


def tasks(kind: str = "not_received") -> list[Task]:
    with reading() as session:
        return session.query(Task).filter(Task.kind == kind).all()


def test_her_page_shows_work_owed_sent_and_the_hotline(client, visit, card, sent, shop):
    sent()
    group_id = paid({shop.variants["lotus"]: 2})
    with reading() as session:
        order = work_of(session, group_id)[0]
    agreed(order.id, {1: 2})
    for lang in ("zh", "vi", "en"):
        page = visit(f"{card}?lang={lang}", lang=lang, ceiling=14)
        assert "400-000-0000" in page.text
        words = {
            "zh": "人民币肆佰柒拾贰元整",
            "vi": "Bốn trăm bảy mươi hai nhân dân tệ",
            "en": "four hundred seventy-two yuan",
        }
        assert words[lang] in page.text  # the slip in hand
        assert "QS-0100-01" in page.text  # the piece that was accepted
    assert visit(card, lang="zh").h1 == "兰"


def test_nobody_else_stands_on_it(visit, card, sent):
    sent()
    page = visit(f"{card}?lang=en", lang="en")
    for name in ("Mei", "Li", "Sun", "Anna", "13800000001", "622200001111"):
        assert name not in page.text


def test_her_word_confirms_it_and_cash_leaves_the_float(visit, card, sent):
    payout_id = sent()
    page = visit(card, lang="zh")
    assert "发给您的，收到了吗" in page.text
    after = page.submit(f'form[action^="{card}/received/{payout_id}"]')
    assert state_of(payout_id) == "confirmed"
    assert kept("broker:1:float") == 50_000 - 23_600
    assert "您自己点的头" in after.text
    assert "¥236.00" in after.one(".note.good")
    assert "人民币贰佰叁拾陆元整" in after.one(".note.good")
    with reading() as session:
        (word,) = session.query(Confirmation).all()
    assert (word.strength, word.route, word.by) == ("self", "card", "maker:1")
    page.post(f'form[action^="{card}/received/{payout_id}"]')
    assert count(Confirmation) == 1


def test_after_a_witness_her_own_word_still_counts_and_posts_nothing_more(client, mei, card, sent, pin):
    payout_id = sent()
    mei.send(f"/desk/pay/{payout_id}/pin", pin=pin)
    assert client.post(f"{card}/received/{payout_id}").status_code == 303
    assert state_of(payout_id) == "confirmed"
    assert kept("broker:1:float") == 50_000 - 23_600


def test_on_a_device_with_a_broker_signed_in_it_shows_and_refuses(mei, hoa, visit, card, sent):
    payout_id = sent()
    for phone in (mei, hoa):
        page = visit(card, client=phone, lang="zh", ceiling=14)
        assert "这部手机上登录着女经纪人" in page.text
        assert not page.doc.cssselect("main form")
        answer = phone.post(f"{card}/received/{payout_id}")
        assert answer.status_code == 403
        assert "这部手机上登录着女经纪人" in answer.text
    assert state_of(payout_id) == "sent"
    assert count(Confirmation) == 0
    assert kept("broker:1:float") == 50_000


def test_a_phone_that_was_a_brokers_lately_is_told_to_the_co_op(mei, card, sent):
    payout_id = sent()
    mei.get("/desk/")
    mei.send("/sign-out")
    assert mei.post(f"{card}/received/{payout_id}").status_code == 303
    assert state_of(payout_id) == "confirmed"
    assert len(tasks("card_on_brokers_phone")) == 1


def test_it_did_not_come_opens_a_task_that_no_broker_can_close(client, mei, visit, card, sent):
    payout_id = sent()
    page = visit(card, lang="zh")
    after = page.submit(f'form[action^="{card}/missing/{payout_id}"]')
    page.post(f'form[action^="{card}/missing/{payout_id}"]')
    (task,) = tasks()
    assert task.facts["payout_id"] == payout_id
    assert task.done_at is None
    assert "您说没收到" in after.text
    assert state_of(payout_id) == "sent"
    assert "她说没收到" in visit("/desk/", client=mei, lang="zh").text
    with mei.application.test_request_context():
        closing = [
            rule.rule
            for rule in mei.application.url_map.iter_rules()
            if "task" in rule.rule and rule.rule.startswith("/desk")
        ]
    assert not closing
    with writing() as session:
        close_task(session, key=task.key, by=TAO)
    assert "她说没收到" not in visit("/desk/", client=mei, lang="zh").text


def test_she_may_still_say_that_it_came_after_all(client, card, sent):
    payout_id = sent()
    client.post(f"{card}/missing/{payout_id}")
    client.post(f"{card}/received/{payout_id}")
    assert state_of(payout_id) == "confirmed"
    assert client.post(f"{card}/missing/{payout_id}").status_code == 409
    assert len(tasks()) == 1


def test_a_wrong_or_revoked_card_opens_nothing(client, card, sent):
    payout_id = sent()
    with writing() as session:
        take_card_back(session, maker_id=1, by=FEN)
    for path in (card, f"{card}/statement", f"{card}/statement.pdf", "/m/wrong", "/m/" + "x" * 300):
        assert client.get(path).status_code == 404
    for what in ("received", "missing"):
        assert client.post(f"{card}/{what}/{payout_id}").status_code == 404
        assert client.post(f"/m/wrong/{what}/{payout_id}").status_code == 404
    assert state_of(payout_id) == "sent"
    assert not tasks()


def test_a_new_card_ends_the_one_before(client, card):
    with writing() as session:
        token = new_card(session, maker_id=1, by=FEN)
    assert client.get(card).status_code == 404
    assert client.get(f"/m/{token}").status_code == 200


def test_her_card_says_nothing_of_anothers_payout(client, card, sent):
    payout_id = sent()
    with writing() as session:
        token = new_card(session, maker_id=2, by=FEN)
    for what in ("received", "missing"):
        assert client.post(f"/m/{token}/{what}/{payout_id}").status_code == 404
        assert client.post(f"/m/{token}/{what}/{2**70}").status_code == 404
    assert state_of(payout_id) == "sent"
    assert not tasks()


def test_the_page_is_kept_nowhere(client, card, sent):
    payout_id = sent()
    for answer in (
        client.get(card),
        client.get(f"{card}/statement"),
        client.get("/m/wrong"),
        client.post(f"{card}/received/{payout_id}"),
    ):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert CARD not in client.get(card).headers.get("Set-Cookie", "")


def test_strange_cards_are_slowed(client, shop):
    limiter.reset()
    answers = [client.get(f"/m/guess-{number}").status_code for number in range(122)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_posts_from_other_sites_are_refused(client, card, sent):
    payout_id = sent()
    answer = client.post(f"{card}/received/{payout_id}", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert state_of(payout_id) == "sent"


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_her_statement_by_card(client, visit, card, sent, lang):
    sent()
    page = visit(f"{card}/statement?lang={lang}", lang=lang, ceiling=14)
    assert "236" in page.text
    assert client.get(f"{card}/statement.pdf?lang={lang}").mimetype == "application/pdf"


def test_who_has_left_still_sees_what_she_earned(client, card, sent):
    payout_id = sent()
    with writing() as session:
        leave(session, maker_id=1, by=FEN)
    assert client.get(card).status_code == 200
    assert client.post(f"{card}/received/{payout_id}").status_code == 303
    assert state_of(payout_id) == "confirmed"


def test_only_a_payout_of_hers_that_she_confirmed_is_acknowledged_on_top(client, visit, card, sent):
    payout_id = sent()
    for heard in (payout_id, 999, 0, -1, "9" * 30, "x"):
        assert not visit(f"{card}?heard={heard}", lang="zh", ceiling=13).doc.cssselect(".note.good")
    client.post(f"{card}/received/{payout_id}")
    assert visit(f"{card}?heard={payout_id}", lang="zh", ceiling=13).doc.cssselect(".note.good")
    assert not visit(f"{card}?heard={payout_id + 1}", lang="zh", ceiling=13).doc.cssselect(".note.good")


def test_two_makers_words_from_one_browser_within_minutes_are_looked_at(client, card, sent, shop):
    first = sent()
    on_shelf(shop.variants["plate"], 5, 1, by=HOA)
    in_hand(2, 21_300)
    with writing() as session:
        session.get_one(Maker, 5).card_digest = digest("card-of-zhao-0123456789abcde")
        payouts.set_method(session, payee="maker:5", rail="cash", by=ADA)
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=clock.today(), currency="CNY", by=TAO)
    with writing() as session:
        payouts.approve(session, batch_id=batch.id, by=FEN)
    with writing() as session:
        second = session.query(Payout).filter_by(payee="maker:5").one().id
        payouts.mark_sent(session, payout_ids=[second], by=TAO)
    assert client.post(f"{card}/received/{first}").status_code == 303
    assert tasks("burst") == []
    assert client.post(f"/m/card-of-zhao-0123456789abcde/received/{second}").status_code == 303
    (task,) = tasks("burst")
    assert task.facts == {"payout_id": second, "others": ["maker:1"]}
    assert state_of(second) == "confirmed"
