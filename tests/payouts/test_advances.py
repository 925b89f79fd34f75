"""Pay before the work: at most half a slip, her own word, given by a second person, back piece by piece, never twice."""

import pytest
from sqlalchemy import select

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Mandate
from shop.coop.models import Task
from shop.db import reading, writing
from shop.errors import BadInput, NotYours
from shop.ledger.models import Posting
from shop.payouts import services as payouts
from shop.payouts.errors import NotCovered, NotHerself, NotYourPart, SamePerson, TooMuchAhead, WrongState
from shop.payouts.models import Advance, Deduction, Payout, PayoutItem
from shop.payouts.queries import statement
from shop.payouts.queries.advances import advances
from shop.payouts.services.deducting import list_uncovered
from shop.work.services import take_back
from tests.factories.orders import agreed, paid, received, work_of
from tests.factories.ways import paid_by
from tests.payouts.steps import approved, draft, kept, tasks
from tests.people import ADA, FEN, HOA, LAN, MEI, TAO

PIECE = 23_600
SLIP = 4 * PIECE
HALF = SLIP // 2
CALLED = "Fen rang her on 138: yes"


@pytest.fixture
def slip(shop) -> int:
    """Lan has said yes to four lotus pieces at 236.00."""
    group_id = paid({shop.variants["lotus"]: 4})
    with reading() as session:
        (order,) = work_of(session, group_id)
    (assignment,) = agreed(order.id, {1: 4})
    paid_by("maker:1", "bank_file", holder="Lan", account_no="622200001111")
    return assignment


def ask(slip: int, minor: int = HALF, by: Actor = MEI) -> int:
    with writing() as session:
        return payouts.ask_advance(session, assignment_id=slip, amount_minor=minor, by=by).id


def do(verb, advance_id: int, by: Actor, **more) -> Advance:
    with writing() as session:
        return verb(session, advance_id=advance_id, by=by, **more)


def given(slip: int, minor: int = HALF) -> int:
    """Asked for by Mei, agreed by Lan's card, given by Ada."""
    advance_id = ask(slip, minor)
    do(payouts.agree_advance, advance_id, LAN)
    do(payouts.give_advance, advance_id, ADA)
    return advance_id


def line(advance_id: int):
    with reading() as session:
        (found,) = advances(session, advance_id=advance_id)
        return found


def pay_day(**how) -> Payout:
    """Everything that waits is drafted and approved; Lan's payout."""
    (payout,) = [row for row in approved(draft()[0]) if row.payee == "maker:1"]
    if how.get("paid"):
        with writing() as session:
            payouts.mark_sent(session, payout_ids=[payout.id], by=TAO)
        with writing() as session:
            payouts.bank_paid(session, payout_id=payout.id, by=TAO)
    return payout


def kept_back(payout: Payout) -> list[int]:
    with reading() as session:
        rows = select(Deduction.amount_minor).where(Deduction.payout_id == payout.id, Deduction.live)
        return list(session.scalars(rows))


def test_an_advance_goes_out_with_her_pay_and_comes_back_piece_by_piece(slip):
    advance_id = given(slip, 10_001)
    assert (kept("maker:1:advance"), kept("maker:1:available")) == (10_001, 10_001)
    first = pay_day(paid=True)
    assert (first.amount_minor, kept_back(first), kept("bank:main")) == (10_001, [], 1_000_000 - 10_001)
    received(slip, 1)
    assert line(advance_id).due_minor == 2_500
    second = pay_day(paid=True)
    assert (second.amount_minor, kept_back(second)) == (PIECE - 2_500, [2_500])
    assert kept("maker:1:advance") == 7_501
    received(slip, 3)
    third = pay_day()
    assert (third.amount_minor, kept_back(third)) == (3 * PIECE - 7_501, [7_501])
    assert (kept("maker:1:advance"), line(advance_id).advance.state) == (0, "settled")
    assert 10_001 + second.amount_minor + third.amount_minor == SLIP
    with reading() as session:
        today = clock.today()
        books = statement(session, payee="maker:1", since=today, until=today, currency="CNY")
        assert (books.gross.minor, books.total.minor) == (SLIP + 10_001, SLIP)
        assert [(each.title, each.pieces, each.amount.minor) for each in books.lines][1:] == [
            (books.lines[1].title, 1, PIECE),
            (books.lines[1].title, 3, 3 * PIECE),
        ]
        assert books.lines[0].title["en"].startswith("Advance: ")
        assert [each.amount.minor for each in books.kept] == [10_001]


def test_at_most_half_of_a_slip_and_only_of_what_it_can_still_bring(slip):
    with pytest.raises(TooMuchAhead) as refused:
        ask(slip, HALF + 1)
    assert refused.value.data["most_minor"] == HALF
    for minor in (0, -5):
        with pytest.raises(BadInput):
            ask(slip, minor)
    given(slip, HALF - 100)
    with pytest.raises(TooMuchAhead):
        ask(slip, 101)
    second = ask(slip, 100)
    do(payouts.agree_advance, second, LAN)
    received(slip, 4)
    with pytest.raises(TooMuchAhead):
        do(payouts.give_advance, second, ADA)
    assert kept("maker:1:advance") == HALF - 100


def test_nobody_but_her_and_a_second_person_makes_it_hers(slip):
    for who in (HOA, TAO, LAN):
        with pytest.raises((NotYours, NotYourPart)):
            ask(slip, by=who)
    advance_id = ask(slip)
    for who in (MEI, TAO, Actor("maker:2", "maker")):
        with pytest.raises((NotHerself, NotYours)):
            do(payouts.agree_advance, advance_id, who)
    with pytest.raises(WrongState):
        do(payouts.give_advance, advance_id, ADA)
    with pytest.raises(BadInput):
        do(payouts.agree_advance, advance_id, FEN)
    do(payouts.agree_advance, advance_id, FEN, evidence=CALLED)
    with pytest.raises(SamePerson):
        do(payouts.give_advance, advance_id, FEN)
    for who in (MEI, TAO):
        with pytest.raises(NotYourPart):
            do(payouts.give_advance, advance_id, who)
    assert (kept("maker:1:advance"), tasks()) == (0, ["advance_agreed"])
    for _time in range(2):
        do(payouts.give_advance, advance_id, ADA)
    assert (kept("maker:1:advance"), tasks()) == (HALF, [])
    with pytest.raises(WrongState):
        do(payouts.refuse_advance, advance_id, LAN)


def test_her_no_ends_it_and_makes_room_again(slip):
    advance_id = ask(slip)
    do(payouts.refuse_advance, advance_id, LAN)
    with pytest.raises(WrongState):
        do(payouts.agree_advance, advance_id, LAN)
    assert tasks() == []
    assert ask(slip) != advance_id


def test_half_of_a_payout_reaches_her_whatever_she_owes(slip, shop):
    advance_id = given(slip)
    pay_day(paid=True)
    received(slip, 1, mend=0, rejected=0)
    with writing() as session:
        row = session.get_one(Advance, advance_id)
        row.carried_at, row.carried_how, row.carried_by = row.given_at, "card", LAN.key  # as if all of it were due
    payout = pay_day()
    assert (payout.amount_minor, kept_back(payout)) == (PIECE // 2, [PIECE // 2])


def test_cash_in_whole_notes_never_keeps_back_more_than_it_pays(slip):
    paid_by("maker:1")
    given(slip, HALF)
    pay_day()
    received(slip, 1)
    payout = pay_day()
    back = sum(kept_back(payout))
    assert payout.amount_minor % 100 == 0
    assert 0 < back <= payout.amount_minor
    assert payout.amount_minor + back <= PIECE


def test_a_payout_that_comes_back_leaves_what_was_kept_and_the_next_pays_the_rest(slip):
    advance_id = given(slip)
    pay_day(paid=True)
    received(slip, 1)
    payout = pay_day(paid=True)
    with writing() as session:
        payouts.bank_failed(session, payout_id=payout.id, by=TAO, returned=True)
    assert (kept("maker:1:advance"), kept("maker:1:available")) == (HALF - PIECE // 2, PIECE // 2)
    again = pay_day()
    assert (again.amount_minor, kept_back(again), kept_back(payout)) == (PIECE // 2, [], [PIECE // 2])
    assert line(advance_id).left.minor == HALF - PIECE // 2


def test_a_cancelled_payout_undoes_what_it_kept_back(slip):
    advance_id = given(slip, HALF)
    pay_day(paid=True)
    received(slip, 4)
    payout = pay_day()
    assert (kept("maker:1:advance"), line(advance_id).advance.state) == (0, "settled")
    with writing() as session:
        payouts.end_payout(session, payout_id=payout.id, reason="another way", by=FEN)
    assert (kept("maker:1:advance"), kept("maker:1:available")) == (HALF, SLIP)
    assert (line(advance_id).advance.state, kept_back(payout)) == ("given", [])
    again = pay_day()
    assert (again.amount_minor, kept_back(again)) == (SLIP - HALF, [HALF])


def test_a_draft_that_is_given_up_keeps_nothing_back(slip):
    advance_id = given(slip, HALF)
    pay_day(paid=True)
    received(slip, 2)
    batch_id, _left = draft()
    assert line(advance_id).left.minor == HALF // 2
    with writing() as session:
        payouts.cancel_batch(session, batch_id=batch_id, by=FEN)
    assert (line(advance_id).left.minor, kept("maker:1:advance")) == (HALF, HALF)
    with reading() as session:
        items = session.scalars(select(PayoutItem).where(PayoutItem.live)).all()
        assert [item.deduction_id for item in items] == [None]
        assert session.scalar(select(Posting.id).where(Posting.key.like("payout:2:%"))) is None


def test_what_the_slip_does_not_cover_is_carried_on_only_at_her_new_word(slip, shop):
    advance_id = given(slip, HALF)
    pay_day(paid=True)
    with pytest.raises(NotCovered):
        do(payouts.carry_on, advance_id, LAN)
    received(slip, 1, rejected=3)
    assert line(advance_id).uncovered.minor == HALF - HALF // 4
    assert (list_uncovered(), list_uncovered(), tasks()) == (1, 1, ["advance_uncovered"])
    payout = pay_day(paid=True)
    assert kept_back(payout) == [HALF // 4]
    for who in (MEI, TAO, HOA):
        with pytest.raises(NotHerself):
            do(payouts.carry_on, advance_id, who)
    do(payouts.carry_on, advance_id, LAN)
    assert (line(advance_id).uncovered.minor, tasks()) == (0, [])
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        (order,) = work_of(session, group_id)
    (other,) = agreed(order.id, {1: 1})
    received(other, 1)
    later = pay_day()
    assert (later.amount_minor, kept_back(later)) == (PIECE // 2, [PIECE // 2])


def test_without_her_word_the_co_op_bears_it_by_two_persons(slip):
    advance_id = given(slip, HALF)
    pay_day(paid=True)
    with pytest.raises(NotCovered):
        do(payouts.propose_loss, advance_id, FEN, reason="she is ill")
    received(slip, 1)
    with writing() as session:
        take_back(session, assignment_id=slip, reason="she is ill", by=MEI)
    with pytest.raises(WrongState):
        do(payouts.write_off, advance_id, ADA)
    with pytest.raises(NotYourPart):
        do(payouts.propose_loss, advance_id, TAO, reason="she is ill")
    with pytest.raises(BadInput):
        do(payouts.propose_loss, advance_id, FEN, reason=" ")
    do(payouts.propose_loss, advance_id, FEN, reason="she is ill")
    with pytest.raises(SamePerson):
        do(payouts.write_off, advance_id, FEN)
    for _time in range(2):
        do(payouts.write_off, advance_id, ADA)
    covered = HALF // 4
    assert (kept("expense:losses"), kept("maker:1:advance")) == (HALF - covered, covered)
    assert (line(advance_id).advance.state, line(advance_id).uncovered.minor) == ("given", 0)
    payout = pay_day()
    assert kept_back(payout) == [covered]
    assert (kept("maker:1:advance"), line(advance_id).advance.state) == (0, "written_off")
    with reading() as session:
        assert session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all() == []


def test_a_maker_of_another_broker_is_advanced_by_nobody_elses_word(slip):
    with writing() as session:
        session.scalars(select(Mandate).where(Mandate.maker_id == 1, Mandate.live)).one().broker_id = 2
    with pytest.raises(NotYours):
        ask(slip)
