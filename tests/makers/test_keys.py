"""Her PIN and her card."""

import threading

import pytest
from sqlalchemy import select

from shop.coop.models import Change
from shop.coop.queries import changes_about
from shop.db import reading, writing
from shop.errors import NotFound
from shop.ids import digest
from shop.makers import pins
from shop.makers.errors import BadPin, NoPin, OfficersOnly, PinLocked, WrongPin
from shop.makers.models import Maker
from shop.makers.queries import maker_by_card
from shop.makers.services import (
    leave,
    new_card,
    set_pin,
    take_card_back,
)
from tests.factories.coop import make_coop
from tests.factories.makers import make_maker
from tests.factories.places import make_village
from tests.people import FEN, MEI, TAO

HASHED = pins.hashed("4271")


@pytest.fixture
def village(engine):
    with writing() as session:
        make_coop(session)
        return make_village(session).id


@pytest.fixture
def lan(village):
    with writing() as session:
        return make_maker(session, village).id


def maker_row(maker_id):
    with reading() as session:
        return session.get_one(Maker, maker_id)


def history(maker_id):
    with reading() as session:
        return [line.kind for line in changes_about(session, about=f"maker:{maker_id}")]


def count(model=Maker):
    with reading() as session:
        return len(session.scalars(select(model)).all())


# PIN


def give_pin(maker_id, pin="4271", by=FEN):
    hashed = pins.hashed(pin)
    with writing() as session:
        set_pin(session, maker_id=maker_id, pin_hash=hashed, by=by)


def state(maker_id):
    with reading() as session:
        return pins.pin_state(session, maker_id=maker_id)


@pytest.mark.parametrize(
    "pin", ["", "123", "1234567", "12a4", "1111", "1234", "98765", "012345", "４３２１", "٤٢٧١", "-427", "4.27"]
)
def test_a_pin_is_four_to_six_digits_and_not_the_first_to_be_tried(pin):
    with pytest.raises(BadPin):
        pins.hashed(pin)


def test_her_pin_opens_and_tries_start_anew(lan):
    assert state(lan) == "none"
    with pytest.raises(NoPin):
        pins.check_pin(maker_id=lan, pin="4271")
    give_pin(lan)
    for wrong in ("4272", "427", "x" * 10_000, "\ud800", ""):
        with pytest.raises(WrongPin):
            pins.check_pin(maker_id=lan, pin=wrong)
        pins.check_pin(maker_id=lan, pin="４２７１ ")
    assert state(lan) == "set"


def test_three_wrong_tries_lock_it_until_an_officer_sets_a_new_one(lan):
    give_pin(lan)
    lefts = []
    for _ in range(2):
        with pytest.raises(WrongPin) as refused:
            pins.check_pin(maker_id=lan, pin="0000")
        lefts.append(refused.value.data["left"])
    assert lefts == [2, 1]
    for pin in ("0000", "4271", "4271"):
        with pytest.raises(PinLocked):
            pins.check_pin(maker_id=lan, pin=pin)
    assert state(lan) == "locked"
    give_pin(lan, "8254")
    pins.check_pin(maker_id=lan, pin="8254")
    with pytest.raises(WrongPin):
        pins.check_pin(maker_id=lan, pin="4271")


def test_twenty_tries_at_once_are_three(lan):
    give_pin(lan)
    outcomes = []

    def guess(number):
        try:
            pins.check_pin(maker_id=lan, pin=f"90{number:02d}")
        except (WrongPin, PinLocked) as refused:
            outcomes.append(type(refused))

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(WrongPin) <= 2
    assert len(outcomes) == 20
    assert state(lan) == "locked"
    with pytest.raises(PinLocked):
        pins.check_pin(maker_id=lan, pin="4271")


def test_a_try_is_counted_even_where_the_page_fails(lan):
    give_pin(lan)
    with writing(), pytest.raises(RuntimeError, match="rolled back"):
        pins.check_pin(maker_id=lan, pin="4271")
    with pytest.raises(WrongPin):
        pins.check_pin(maker_id=lan, pin="0000")
    assert maker_row(lan).pin_tries == 1


@pytest.mark.parametrize("by", [MEI, TAO])
def test_only_a_coop_officer_sets_pin_and_card(lan, by):
    for act in (
        lambda session: set_pin(session, maker_id=lan, pin_hash=HASHED, by=by),
        lambda session: new_card(session, maker_id=lan, by=by),
        lambda session: take_card_back(session, maker_id=lan, by=by),
    ):
        with pytest.raises(OfficersOnly), writing() as session:
            act(session)
    assert maker_row(lan).pin_hash is None
    assert maker_row(lan).card_digest is None
    assert history(lan) == ["registered"]


def test_the_pin_is_written_nowhere(lan):
    give_pin(lan)
    assert "4271" not in str(maker_row(lan).pin_hash)
    with reading() as session:
        assert all("4271" not in str(change.facts) for change in session.scalars(select(Change)))
    with pytest.raises(NotFound), writing() as session:
        set_pin(session, maker_id=999, pin_hash=HASHED, by=FEN)
    with pytest.raises(NotFound):
        pins.check_pin(maker_id=999, pin="4271")


# Card


def test_a_card_opens_her_page_until_a_new_one_is_made(lan, village):
    with writing() as session:
        other = make_maker(session, village).id
        token = new_card(session, maker_id=lan, by=FEN)
        others = new_card(session, maker_id=other, by=FEN)
    assert len(token) >= 27
    assert maker_row(lan).card_digest == digest(token)
    with reading() as session:
        assert maker_by_card(session, token=token).id == lan
        assert maker_by_card(session, token=others).id == other
        assert maker_by_card(session, token="") is None
        assert maker_by_card(session, token=maker_row_digest(session, lan)) is None
    with writing() as session:
        fresh = new_card(session, maker_id=lan, by=FEN)
        leave(session, maker_id=lan, by=FEN)
    with reading() as session:
        assert maker_by_card(session, token=token) is None
        assert maker_by_card(session, token=fresh).id == lan
    with writing() as session:
        take_card_back(session, maker_id=lan, by=FEN)
    with reading() as session:
        assert maker_by_card(session, token=fresh) is None


def maker_row_digest(session, maker_id):
    return session.scalar(select(Maker.card_digest).where(Maker.id == maker_id))
