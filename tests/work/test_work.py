"""Work: proposals, a yes or no, counting, and pay at acceptance."""

import threading

import pytest
from sqlalchemy import func, select

from shop import clock
from shop.catalog.models import Piece, Product
from shop.db import again, reading, writing
from shop.errors import BadInput, NotYours
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.makers.models import Maker
from shop.work import services as work
from shop.work.errors import Answered, CountedBefore, CountsDisagree, NotAgreed, NotHerWork, TooMany, TooYoung
from shop.work.models import WorkAssignment, WorkReceipt
from shop.work.queries import proposal, unassigned
from shop.work.services import Counts, Share
from tests.factories.orders import agreed, on_shelf, paid, received, work_of
from tests.people import HOA, MEI


def kept(name: str) -> int:
    with reading() as session:
        return balance(session, named(name), "CNY")


@pytest.fixture
def knots(shop):
    """Twelve knots to make, at 41.00 a piece."""
    group_id = paid({shop.variants["knot"]: 12})
    with reading() as session:
        return work_of(session, group_id)[0]


def asked(order, shares: dict[int, int], by=MEI) -> list[int]:
    with writing() as session:
        made = work.assign(session, work_order_id=order.id, shares=[Share(m, q) for m, q in shares.items()], by=by)
        return [each.id for each in made]


def answer(assignment_id: int, *, yes: bool, how: str = "call", by=MEI):
    with writing() as session:
        return work.answer(session, assignment_id=assignment_id, yes=yes, how=how, by=by)


def state(assignment_id: int) -> WorkAssignment:
    with reading() as session:
        return session.get_one(WorkAssignment, assignment_id)


def test_a_proposal_gives_out_every_piece_and_names_who_can_make_it(knots):
    with reading() as session:
        proposed = proposal(session, work_order=knots)
    assert sum(each.quantity for each in proposed) == 12
    assert {each.maker_id for each in proposed} == {2, 3, 4}


def test_who_waited_longest_comes_first_in_the_next_proposal(knots):
    agreed(knots.id, {2: 1})
    with reading() as session:
        proposed = proposal(session, work_order=knots)
    assert proposed[-1].maker_id == 2
    assert sum(each.quantity for each in proposed) == 11


def test_a_no_costs_her_nothing_in_later_proposals(knots, shop):
    (assignment_id,) = asked(knots, {2: 4})
    answer(assignment_id, yes=False)
    with reading() as session:
        assert unassigned(session, work_order=knots) == 12
        assert 2 not in {each.maker_id for each in proposal(session, work_order=knots)}
    other = paid({shop.variants["knot"]: 3})
    with reading() as session:
        assert proposal(session, work_order=work_of(session, other)[0])[0].maker_id == 2


def test_more_pieces_than_are_to_be_made_cannot_be_assigned(knots):
    with pytest.raises(TooMany) as refused:
        asked(knots, {2: 7, 3: 6})
    assert refused.value.data == {"asked": 13, "left": 12}


@pytest.mark.parametrize("maker_id", [1, 5, 999])
def test_work_goes_only_to_makers_who_can_make_it_and_have_a_mandate(knots, maker_id):
    with pytest.raises(NotHerWork):
        asked(knots, {maker_id: 1})


def test_nobody_below_working_age_gets_work(knots):
    with writing() as session:
        session.get_one(Maker, 2).birth_year = 2012
    with pytest.raises(TooYoung):
        asked(knots, {2: 1})
    with writing() as session:
        session.get_one(Maker, 2).birth_year = 1980  # so that the audit after the test finds nobody too young


def test_another_broker_neither_assigns_nor_answers(knots):
    with pytest.raises(NotYours):
        asked(knots, {2: 1}, by=HOA)
    (assignment_id,) = asked(knots, {2: 1})
    with pytest.raises(NotYours):
        answer(assignment_id, yes=True, by=HOA)
    assert state(assignment_id).state == "asked"
    assert kept("maker:2:held") == 0


def test_how_she_was_told_is_recorded_with_her_yes(knots):
    (assignment_id,) = asked(knots, {2: 4})
    answer(assignment_id, yes=True, how="visit")
    found = state(assignment_id)
    assert (found.state, found.told_how, found.answered_by) == ("agreed", "visit", "user:1")
    assert found.answered_at is not None
    assert kept("maker:2:held") == 16400


def test_the_same_answer_again_changes_nothing_and_another_is_refused(knots):
    (assignment_id,) = asked(knots, {2: 4})
    answer(assignment_id, yes=True)
    answer(assignment_id, yes=True)
    with pytest.raises(Answered):
        answer(assignment_id, yes=False)
    assert kept("maker:2:held") == 16400


def test_no_work_is_taken_in_from_somebody_who_has_not_said_yes(knots):
    (assignment_id,) = asked(knots, {2: 4})
    with pytest.raises(NotAgreed):
        received(assignment_id, 4)
    assert kept("maker:2:available") == 0


def test_a_replayed_upload_makes_no_second_receipt(knots):
    (assignment_id,) = agreed(knots.id, {2: 4})
    ids = {received(assignment_id, 3, mend=1, key="phone-7:41") for _ in range(3)}
    assert len(ids) == 1
    assert kept("maker:2:available") == 12300


def test_the_same_key_with_other_numbers_is_refused_and_pays_nothing(knots):
    (assignment_id,) = agreed(knots.id, {2: 4})
    received(assignment_id, 1, key="phone-7:41")
    with pytest.raises(CountedBefore):
        received(assignment_id, 2, key="phone-7:41")
    assert kept("maker:2:available") == 4100


def test_a_replayed_upload_at_the_same_moment_makes_no_second_receipt(knots):
    (assignment_id,) = agreed(knots.id, {2: 4})
    failures: list[BaseException] = []

    def run() -> None:
        try:
            again(lambda: received(assignment_id, 4, key="phone-7:42"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(6)]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert failures == []
    assert kept("maker:2:available") == 16400
    with reading() as session:
        assert session.scalar(select(func.count(WorkReceipt.id))) == 1


@pytest.mark.parametrize(
    "counts",
    [Counts(3, 1, 1, counted=4, reasons=["stitch"]), Counts(5), Counts(0), Counts(-1, 2), Counts(2, counted=3)],
)
def test_counts_that_do_not_agree_are_refused_and_nothing_is_kept(knots, counts):
    (assignment_id,) = agreed(knots.id, {2: 4})
    with pytest.raises((CountsDisagree, BadInput)), writing() as session:
        work.receive(session, assignment_id=assignment_id, counts=counts, key="k", by=MEI)
    assert kept("maker:2:available") == 0


def test_a_rejected_piece_needs_a_reason(knots):
    (assignment_id,) = agreed(knots.id, {2: 4})
    with pytest.raises(BadInput), writing() as session:
        work.receive(session, assignment_id=assignment_id, counts=Counts(3, 0, 1), key="k", by=MEI)


def test_what_is_shown_before_saving_is_what_is_paid(knots):
    (assignment_id,) = agreed(knots.id, {2: 4})
    with reading() as session:
        shown = work.preview(session, assignment_id=assignment_id, counts=Counts(3, 1))
    received(assignment_id, 3, mend=1)
    assert kept("maker:2:available") == shown == 12300


def test_a_mended_piece_comes_in_later_and_is_paid_then(knots):
    (assignment_id,) = agreed(knots.id, {2: 4})
    received(assignment_id, 3, mend=1)
    received(assignment_id, 1, key="again")
    assert kept("maker:2:available") == 16400
    assert state(assignment_id).state == "done"


def test_a_rejected_piece_is_open_again_with_its_pay(knots):
    (assignment_id,) = agreed(knots.id, {2: 4})
    received(assignment_id, 3, rejected=1)
    assert kept("maker:2:held") == 0
    with reading() as session:
        assert unassigned(session, work_order=knots) == 9
    (second,) = agreed(knots.id, {3: 9})
    assert state(second).pay_minor == 36900


def test_work_taken_back_before_acceptance_frees_its_pay_and_accepted_pieces_stay_hers(knots):
    (assignment_id,) = agreed(knots.id, {2: 6})
    received(assignment_id, 2)
    with writing() as session:
        work.take_back(session, assignment_id=assignment_id, by=MEI)
    assert (kept("maker:2:held"), kept("maker:2:available")) == (0, 8200)
    with reading() as session:
        assert unassigned(session, work_order=knots) == 10


def test_accepted_pieces_are_numbered_and_name_their_maker(knots):
    (assignment_id,) = agreed(knots.id, {2: 3})
    received(assignment_id, 3)
    with reading() as session:
        pieces = session.scalars(select(Piece).order_by(Piece.id)).all()
    assert [piece.number for piece in pieces] == ["QS-0200-01", "QS-0200-02", "QS-0200-03"]
    assert {(piece.maker_id, piece.state, piece.maker_minor) for piece in pieces} == {(2, "made", 4100)}


def test_made_in_n_days_grows_with_open_work_and_is_never_typed(shop):
    with reading() as session:
        before = session.get_one(Product, shop.products["lotus"]).lead_days
    group_id = paid({shop.variants["lotus"]: 5})
    with reading() as session:
        order = work_of(session, group_id)[0]
    agreed(order.id, {1: 5})
    with reading() as session:
        assert session.get_one(Product, shop.products["lotus"]).lead_days > before


@pytest.mark.parametrize(("pay", "pieces", "takes"), [(100, 3, [1, 1, 1]), (8200, 3, [2, 1]), (1, 1, [1])])
def test_pieces_taken_in_one_by_one_sum_to_the_agreed_pay(pay, pieces, takes):
    from shop.work.services.collecting import pay_for

    assignment = WorkAssignment(pay_minor=pay, quantity=pieces)
    before, got = 0, 0
    for taken in takes:
        got += pay_for(assignment, before, taken)
        before += taken
    assert got == pay


def test_a_proposal_shows_the_very_sums_that_end_up_on_the_slips(shop, statement_count):
    with writing() as session:
        order = work.open_work(
            session,
            variant_id=shop.variants["knot"],
            workshop_id=1,
            broker_id=1,
            purpose="shelf",
            title={"en": "Knot"},
            quantity=7,
            maker_minor=28_701,
            materials_minor=0,
            currency="CNY",
            minutes_each=90,
            due_on=clock.today(),
        )
    with reading() as session:
        statement_count.clear()
        proposed = [each for each in proposal(session, work_order=order) if each.quantity]
        assert len(statement_count) == 2
    with writing() as session:
        shares = [Share(each.maker_id, each.quantity) for each in proposed]
        made = work.assign(session, work_order_id=order.id, shares=shares, by=MEI)
        assert [each.pay_minor for each in made] == [each.pay_minor for each in proposed]
    assert sum(each.pay_minor for each in proposed) == 28_701


@pytest.mark.parametrize(
    ("changes", "error"),
    [({}, None), ({"by": MEI}, NotYours), ({"maker_id": 1}, BadInput), ({"variant": "lotus"}, BadInput)],
)
def test_a_known_key_shows_its_receipt_only_to_its_own_and_for_the_same_pieces(shop, changes, error):
    on_shelf(shop.variants["plate"], 5, 2, key="once")
    again = {"variant": "plate", "maker_id": 5, "by": HOA, **changes}
    variant_id = shop.variants[again.pop("variant")]

    def lay():
        with writing() as session:
            return work.make_for_shelf(session, variant_id=variant_id, quantity=2, how="visit", key="once", **again)

    if error is None:
        assert lay().accepted == 2
    else:
        with pytest.raises(error):
            lay()
    with reading() as session:
        assert session.scalar(select(func.count(WorkReceipt.id))) == 1
