"""Makers, workshops, piece records, the co-op's own pages."""

from datetime import UTC, date, datetime

import pytest

from shop import clock
from shop.coop.models import CoopPage
from shop.db import writing
from shop.home.queries.payday import PaidGroup, merged
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch
from shop.work.models import WorkReceipt
from tests.factories.cash import in_hand
from tests.factories.orders import agreed, paid, received, work_of
from tests.home.conftest import LANGS
from tests.people import ADA, FEN, HOA, TAO


@pytest.mark.parametrize("lang", LANGS)
def test_people_and_pieces_speak_three_languages(shop, visit, lang):
    for path in ("makers", "makers/maker-0005", "workshops", "workshops/workshop-1", "p/QS-0300-01"):
        assert visit(f"/{lang}/{path}").status == 200


def test_makers_are_listed_with_their_village_and_what_is_in_the_shop(shop, visit):
    page = visit("/en/makers")
    assert "Zhao Lotus Village · 1 in the shop" in " | ".join(page.all(".people li"))
    assert "/en/makers/maker-0005" in page.hrefs()


def test_her_page_shows_her_pieces_with_what_she_gets(shop, visit):
    page = visit("/en/makers/maker-0001")
    assert page.all(".card h3") == ["Lotus pond"]
    assert "¥236.00 to her" in page.text
    assert "Workshop 1" in page.text
    assert "Embroidery" in page.one(".panel .facts")


def test_a_workshop_tells_who_works_there_and_counts_the_rest(shop, visit, withdraw):
    withdraw(2, "name")
    page = visit("/en/workshops/workshop-1")
    assert "3 of 4 makers are shown by name or pen-name." in page.text
    assert "Li" not in page.all(".people b")
    assert set(page.all(".card h3")) == {"Lotus pond", "Pan chang knot"}


def test_a_workshop_that_rests_is_not_listed_and_says_so_on_its_page(shop, visit):
    from shop.workshops.services import close_workshop

    with writing() as session:
        close_workshop(session, workshop_id=2, by=ADA)
    assert "Workshop 2" not in visit("/en/workshops").text
    assert "The workshop rests" in visit("/en/workshops/workshop-2").text


def test_a_piece_s_number_opens_its_record(shop, visit):
    page = visit("/en/p/qs-0300-01")
    assert page.h1 == "QS-0300-01"
    assert "Her pay for this piece ¥213.00" in page.text
    assert "On the shelf" in page.all(".badge")
    assert "Paid" not in page.text
    assert "/en/makers/maker-0005" in page.hrefs()


def _paid_out(how, route, by):
    with writing() as session:
        payouts.set_method(session, payee="maker:5", rail="cash", by=ADA)
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=date(2026, 11, 27), currency="CNY", by=TAO)
    with writing() as session:
        payouts.approve(session, batch_id=batch.id, by=FEN)
    in_hand(2, 100_000)
    with writing() as session:
        payouts.mark_sent(session, payout_ids=[1], by=TAO)
    if how:
        with writing() as session:
            payouts.confirm(session, payout_id=1, strength=how, route=route, by=by, evidence="heard")


@pytest.mark.parametrize(
    ("how", "route", "by", "said"),
    [("", "", None, False), ("witnessed", "signature", HOA, False), ("self", "coop_call", FEN, True)],
)
def test_paid_is_said_only_once_she_has_said_so_herself(shop, visit, how, route, by, said):
    for path in ("p/QS-0300-01", "products/plate"):
        visit(f"/en/{path}")
    _paid_out(how, route, by)
    for path in ("p/QS-0300-01", "products/plate"):
        assert ("Paid, and confirmed by her" in visit(f"/en/{path}").text) is said, path


def test_a_piece_made_for_an_order_has_a_record_without_its_buyer(shop, visit):
    from shop.db import reading

    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        order = work_of(session, group_id)[0]
    (slip,) = agreed(order.id, {1: 1})
    received(slip, 1)
    page = visit("/en/p/QS-0100-01")
    assert "Made by Lan" in page.text
    assert "Sold" in page.all(".badge")
    assert "Anna" not in page.source
    assert "Leeds" not in page.source


def test_no_such_number_and_no_such_maker(shop, client):
    for path in ("p/QS-9999-01", "makers/maker-9999", "workshops/none", "crafts/none", "products/none", "pages/none"):
        assert client.get(f"/en/{path}").status_code == 404


@pytest.fixture
def pages(shop):
    """Returns in three languages, the imprint in Chinese only."""
    with writing() as session:
        for slug, lang, body in (
            ("returns", "en", "# Delivery and returns\n\nWithin {return_days} days, says {coop_name}."),
            ("returns", "zh", "# 送货与退换\n\n{return_days}天内。"),
            ("returns", "vi", "# Giao hàng và đổi trả\n\nTrong {return_days} ngày."),
            ("imprint", "zh", "# 经营者信息\n\n某县"),
        ):
            session.add(CoopPage(slug=slug, lang=lang, body=body, updated_at=clock.now()))
    return shop


def test_the_co_ops_pages_are_read_in_their_language_or_the_one_there_is(pages, visit):
    assert visit("/en/pages/returns").text.count("Within 30 days, says Skilful Hands.") == 1
    assert visit("/vi/pages/returns").h1 == "Giao hàng và đổi trả"
    page = visit("/vi/pages/imprint")
    assert page.doc.cssselect("article")[0].get("lang") == "zh-Hans"
    assert visit("/zh/pages/imprint").doc.cssselect("article")[0].get("lang") is None


def test_small_groups_are_merged_until_nobody_can_be_told_apart():
    def group(name, makers, sent=100):
        return PaidGroup(({"en": name},), makers, makers, sent, sent)

    def shape(groups):
        return [(len(one.names), one.makers) for one in merged(groups)]

    assert shape([group("a", 12), group("b", 7), group("c", 5)]) == [(1, 12), (1, 7), (1, 5)]
    assert shape([group("a", 12), group("b", 7), group("c", 4)]) == [(1, 12), (2, 11)]
    assert shape([group("a", 12), group("b", 3), group("c", 2)]) == [(1, 12), (2, 5)]
    assert shape([group("a", 12), group("b", 4)]) == [(2, 16)]
    assert shape([group("a", 2), group("b", 2)]) == []
    assert shape([group("a", 4)]) == []
    assert shape([]) == []
    assert [one.sent_minor for one in merged([group("a", 5, 10), group("b", 6, 20)])] == [20, 10]


def _payday(rows):
    """A pay day of (maker, state, amount) written down as the last one."""
    with writing() as session:
        batch = PayoutBatch(
            number=1,
            pay_on=date(2026, 11, 20),
            state="approved",
            currency="CNY",
            drafted_by="user:3",
            drafted_at=clock.now(),
            approved_by="user:4",
            approved_at=clock.now(),
        )
        session.add(batch)
        session.flush()
        for maker, state, amount in rows:
            session.add(
                Payout(
                    batch_id=batch.id,
                    payee=f"maker:{maker}",
                    reference=f"P{maker}",
                    rail="cash",
                    amount_minor=amount,
                    currency="CNY",
                    state=state,
                    sent_at=datetime(2026, 11, 20, tzinfo=UTC),
                )
            )


def test_the_front_shows_the_last_pay_day_by_groups_of_five_and_more(shop, visit):
    _payday([(number, "confirmed", 10_000 * number) for number in range(1, 6)])
    page = visit("/en/")
    assert page.all(".band tbody tr") == ["2 workshops together 5 ¥1,500.00 ¥1,500.00"]
    assert "5 makers have confirmed their pay of 20 Nov 2026" in page.text
    assert "¥1,500.00 has been confirmed by the makers themselves." in page.text


def test_what_few_have_confirmed_is_counted_and_not_summed(shop, visit):
    _payday([(number, "confirmed" if number < 5 else "sent", 10_000 * number) for number in range(1, 6)])
    page = visit("/en/")
    assert page.all(".band tbody tr") == ["2 workshops together 5 ¥1,500.00 4 of 5 makers"]
    assert "1,000.00" not in page.one(".band")
    assert page.one(".band h2") == "4 makers have confirmed their pay of 20 Nov 2026"
    assert "It was sent to 5 makers." in page.text


@pytest.mark.parametrize(("lang", "sent"), [("en", "Pay was sent to 5 makers"), ("zh", "发出5位"), ("vi", "đã gửi")])
def test_pay_that_nobody_has_confirmed_is_called_sent_and_never_paid(shop, visit, lang, sent):
    _payday([(number, "acknowledged" if number < 3 else "sent", 10_000) for number in range(1, 6)])
    page = visit(f"/{lang}/", lang=lang)
    assert sent in page.one(".band h2")
    assert "confirmed their pay" not in page.text
    if lang == "en":
        assert "None of them has said yet that it arrived." in page.text


def test_a_pay_day_of_four_is_not_shown(shop, visit):
    _payday([(number, "confirmed", 10_000) for number in range(1, 5)])
    assert not visit("/en/").doc.cssselect(".band")
    with writing() as session:
        assert session.query(WorkReceipt).count() == 1
