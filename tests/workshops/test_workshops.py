"""Workshops: who works there, whether they sell, and that their broker is there for their orders."""

import pytest

from shop.brokers.errors import StillNeeded
from shop.brokers.services import before_resting, set_active
from shop.coop.queries import changes_about
from shop.db import reading, writing
from shop.errors import BadInput, NotFound, Outdated, Taken
from shop.ledger.audit import audit
from shop.makers.services import leave
from shop.workshops import checks, services
from shop.workshops.errors import NoBroker, NotAMaker
from shop.workshops.queries import (
    makers_of_workshop,
    open_workshops,
    workshop_by_slug,
    workshop_line,
    workshops,
)
from shop.workshops.services import close_workshop, edit_workshop, open_workshop, set_workshop_makers
from tests.factories.brokers import make_broker
from tests.factories.coop import make_coop
from tests.factories.crafts import make_craft
from tests.factories.makers import make_maker
from tests.factories.places import make_village
from tests.factories.workshops import make_workshop
from tests.people import ADA, FEN


@pytest.fixture
def world(engine):
    with writing() as session:
        make_coop(session)
        village, craft = make_village(session).id, make_craft(session).id
        mei = make_broker(session, village).id
        makers = [make_maker(session, village).id for _ in range(3)]
        lotus = make_workshop(session, craft_id=craft, village_id=village, broker_id=mei).id
        return {"village": village, "craft": craft, "mei": mei, "makers": makers, "lotus": lotus}


def staff(world, maker_ids):
    with writing() as session:
        set_workshop_makers(session, workshop_id=world["lotus"], maker_ids=maker_ids, by=ADA)


def test_a_workshop_has_an_address_and_the_makers_who_work_there(world):
    staff(world, world["makers"])
    with reading() as session:
        line = workshop_by_slug(session, "lotus-workshop")
        assert workshop_by_slug(session, "nothing") is None
        assert workshop_line(session, world["lotus"]) == line
    assert (line.makers, line.is_open, line.broker_id) == (3, True, world["mei"])


def test_makers_come_and_go_and_history_says_who(world):
    first, second, third = world["makers"]
    staff(world, [first, second])
    staff(world, [second, second, third])
    staff(world, [third, second])
    with reading() as session:
        assert makers_of_workshop(session, world["lotus"]) == [second, third]
        lines = changes_about(session, about=f"workshop:{world['lotus']}")
    assert [line.facts for line in lines[:2]] == [
        {"come": [third], "gone": [first]},
        {"come": [first, second], "gone": []},
    ]
    assert len(lines) == 3


def test_somebody_unknown_or_gone_cannot_work_there(world):
    staff(world, world["makers"][:1])
    with writing() as session:
        leave(session, maker_id=world["makers"][2], by=FEN)
    for wrong in (999, world["makers"][2]):
        with pytest.raises(NotAMaker):
            staff(world, [world["makers"][1], wrong])
    with reading() as session:
        assert makers_of_workshop(session, world["lotus"]) == world["makers"][:1]


def test_who_left_the_coop_is_not_counted(world):
    staff(world, world["makers"])
    with writing() as session:
        leave(session, maker_id=world["makers"][0], by=FEN)
    with reading() as session:
        assert workshop_line(session, world["lotus"]).makers == 2
        assert len(makers_of_workshop(session, world["lotus"], with_left=True)) == 3


def test_a_closed_workshop_keeps_its_page_and_leaves_the_list(world):
    for _ in range(2):
        with writing() as session:
            close_workshop(session, workshop_id=world["lotus"], by=ADA)
    with reading() as session:
        assert open_workshops(session) == []
        assert not workshop_by_slug(session, "lotus-workshop").is_open
        assert [line.id for line in workshops(session)] == [world["lotus"]]
        assert workshops(session, broker_id=999) == []
    with writing() as session:
        open_workshop(session, workshop_id=world["lotus"], by=ADA)
    with reading() as session:
        assert [line.id for line in open_workshops(session)] == [world["lotus"]]
        kinds = [line.kind for line in changes_about(session, about=f"workshop:{world['lotus']}")]
    assert kinds == ["opened", "closed", "created"]


def test_a_broker_cannot_rest_while_an_open_workshop_needs_her(world, monkeypatch):
    monkeypatch.setattr("shop.brokers.services._resting", [])
    before_resting(services.broker_needed)
    with pytest.raises(StillNeeded), writing() as session:
        set_active(session, broker_id=world["mei"], active=False, by=ADA)
    with writing() as session:
        close_workshop(session, workshop_id=world["lotus"], by=ADA)
        set_active(session, broker_id=world["mei"], active=False, by=ADA)
    with pytest.raises(NoBroker), writing() as session:
        open_workshop(session, workshop_id=world["lotus"], by=ADA)
    with reading() as session:
        assert open_workshops(session) == []


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": {}}, BadInput),
        ({"craft_id": 999}, BadInput),
        ({"village_id": 999}, BadInput),
        ({"broker_id": 999}, NoBroker),
        ({"is_open": False}, BadInput),
        ({"slug": "other"}, BadInput),
    ],
)
def test_an_edit_that_cannot_be_is_refused(world, fields, refusal):
    with pytest.raises(refusal), writing() as session:
        edit_workshop(session, workshop_id=world["lotus"], version=1, by=ADA, **fields)
    with reading() as session:
        assert workshop_line(session, world["lotus"]).version == 1


def test_a_save_over_somebody_elses_is_refused(world):
    with writing() as session:
        edit_workshop(session, workshop_id=world["lotus"], version=1, by=ADA, story={"en": "Once"})
    with pytest.raises(Outdated), writing() as session:
        edit_workshop(session, workshop_id=world["lotus"], version=1, by=ADA, story={"en": "Twice"})
    with pytest.raises(NotFound), writing() as session:
        edit_workshop(session, workshop_id=999, version=1, by=ADA)
    with reading() as session:
        assert workshop_line(session, world["lotus"]).story == {"en": "Once"}


def test_a_slug_belongs_to_one_workshop(world):
    with pytest.raises(Taken), writing() as session:
        make_workshop(session, craft_id=world["craft"], village_id=world["village"], broker_id=world["mei"])


def test_audit_finds_an_open_workshop_whose_broker_rests(world, monkeypatch):
    monkeypatch.setattr("shop.brokers.services._resting", [])
    with writing() as session:
        set_active(session, broker_id=world["mei"], active=False, by=ADA)
    checks.init_checks()
    with reading() as session:
        found = {breach.check: breach.ids for breach in audit(session) if breach.check.startswith("workshops.")}
    assert found == {"workshops.open_without_broker": [world["lotus"]]}
