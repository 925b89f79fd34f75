"""Brokers and mandates: who acts for whom, since when, and that it is the maker's to say."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shop import clock
from shop.brokers import checks, services
from shop.brokers.errors import BrokerRests, NoBrokersUser, NoMandate, NumberIsTheHotline
from shop.brokers.models import Broker, Mandate
from shop.brokers.queries import (
    broker_names,
    broker_of_user,
    brokers,
    brokers_of_makers,
    maker_count,
    makers_of,
    mandate_between,
    mandates_of,
    may,
    public_broker_names,
)
from shop.brokers.services import Scopes, end_mandate, link_user, set_active
from shop.coop.errors import HotlineIsABrokers
from shop.coop.queries import changes_about
from shop.coop.services import edit_coop, never_the_hotline
from shop.db import DBAPIError, reading, writing
from shop.errors import BadInput, NotFound, Outdated, Taken
from shop.ledger.audit import audit
from shop.makers.errors import HasLeft
from shop.makers.services import leave, on_leaving
from shop.people.services import create_user, deactivate
from tests.factories.brokers import let_act, make_broker
from tests.factories.coop import make_coop
from tests.factories.makers import make_maker
from tests.factories.places import make_village
from tests.people import ADA, FEN


@pytest.fixture
def people(engine):
    with writing() as session:
        make_coop(session)
        village = make_village(session).id
        mei = make_broker(session, village).id
        hoa = make_broker(session, village, name="Hoa", tier=2, parent_id=mei).id
        lan = make_maker(session, village).id
        return {"village": village, "mei": mei, "hoa": hoa, "lan": lan}


def test_a_broker_of_the_second_tier_may_have_one_of_the_first_above_her(people):
    with reading() as session:
        lines = brokers(session)
        assert broker_names(session, [people["mei"]]) == {people["mei"]: {"zh": "梅", "vi": "Mei", "en": "Mei"}}
    assert [(line.slug, line.tier, line.parent_id) for line in lines] == [
        ("mei", 1, None),
        ("hoa", 2, people["mei"]),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"tier": 3},
        {"tier": 1, "parent": "mei"},
        {"tier": 2, "parent": "hoa"},
        {"name": {}},
        {"village_id": 999},
        {"user_id": 1},
        {"is_active": False},
        {"phone": "hello"},
    ],
)
def test_a_broker_that_cannot_be_is_refused(people, fields):
    facts = {"name": {"en": "New"}, "tier": 1, "village_id": people["village"], **fields}
    if "parent" in facts:
        facts["parent_id"] = people[facts.pop("parent")]
    with pytest.raises(BadInput), writing() as session:
        services.create_broker(session, by=ADA, **facts)
    with reading() as session:
        assert len(brokers(session)) == 2


def test_a_slug_belongs_to_one_broker(people):
    with pytest.raises(Taken), writing() as session:
        make_broker(session, people["village"])


def test_a_save_over_somebody_elses_is_refused(people):
    with writing() as session:
        services.edit_broker(session, broker_id=people["mei"], version=1, by=ADA, name_in_split=True)
    with pytest.raises(Outdated), writing() as session:
        services.edit_broker(session, broker_id=people["mei"], version=1, by=ADA, name_in_split=False)
    with reading() as session:
        assert public_broker_names(session, [people["mei"], people["hoa"]]).keys() == {people["mei"]}
        assert public_broker_names(session, []) == {}
        change = changes_about(session, about=f"broker:{people['mei']}")[0]
    assert change.facts == {"fields": ["name_in_split"]}


def test_who_has_brokers_below_her_stays_of_the_first_tier(people):
    with pytest.raises(BadInput), writing() as session:
        services.edit_broker(session, broker_id=people["mei"], version=1, by=ADA, tier=2)
    with writing() as session:
        services.edit_broker(session, broker_id=people["hoa"], version=1, by=ADA, tier=1)
        assert session.get_one(Broker, people["hoa"]).parent_id is None


def test_hotline_and_brokers_number_keep_apart_from_both_sides(people, monkeypatch):
    monkeypatch.setattr("shop.coop.services._elses", [])
    never_the_hotline(services.is_a_brokers)
    with pytest.raises(NumberIsTheHotline), writing() as session:
        services.edit_broker(session, broker_id=people["mei"], version=1, by=ADA, phone="4008200000")
    with writing() as session:
        services.edit_broker(session, broker_id=people["mei"], version=1, by=ADA, phone="138 0000 0000")
    with pytest.raises(HotlineIsABrokers), writing() as session:
        edit_coop(session, version=1, by=ADA, hotline="+86 138-0000-0000")
    with reading() as session:
        assert session.get_one(Broker, people["mei"]).phone == "+8613800000000"


# Who signs in as her


def test_a_user_signs_in_as_one_broker_while_she_works(people):
    with writing() as session:
        user = create_user(session, email="mei@example.org", name="Mei", role="broker")
        buyer = create_user(session, email="anna@example.org", name="Anna", role="buyer")
        link_user(session, broker_id=people["mei"], user_id=user, by=ADA)
    for broker, other, refusal in (
        ("hoa", user, Taken),
        ("hoa", buyer, NoBrokersUser),
        ("hoa", 999, NoBrokersUser),
    ):
        with pytest.raises(refusal), writing() as session:
            link_user(session, broker_id=people[broker], user_id=other, by=ADA)
    with reading() as session:
        assert broker_of_user(session, user_id=user) == people["mei"]
        assert broker_of_user(session, user_id=buyer) is None
    with writing() as session:
        set_active(session, broker_id=people["mei"], active=False, by=ADA)
    with reading() as session:
        assert broker_of_user(session, user_id=user) is None
    with writing() as session:
        set_active(session, broker_id=people["mei"], active=True, by=ADA)
        link_user(session, broker_id=people["mei"], user_id=None, by=ADA)
    with reading() as session:
        assert broker_of_user(session, user_id=user) is None


def test_a_user_who_was_removed_is_no_broker(people):
    with writing() as session:
        create_user(session, email="ada@example.org", name="Ada", role="admin")
        user = create_user(session, email="mei@example.org", name="Mei", role="broker")
        deactivate(session, user_id=user, by=ADA)
    with pytest.raises(NoBrokersUser), writing() as session:
        link_user(session, broker_id=people["mei"], user_id=user, by=ADA)


# Mandates


def test_she_changes_broker_without_that_brokers_consent(people):
    with writing() as session:
        let_act(session, maker_id=people["lan"], broker_id=people["mei"], starts_on=date(2026, 1, 1))
    with writing() as session:
        let_act(session, maker_id=people["lan"], broker_id=people["hoa"], starts_on=date(2026, 3, 1))
    with reading() as session:
        rows = session.scalars(select(Mandate).order_by(Mandate.id)).all()
        assert [(row.broker_id, row.ends_on, row.live) for row in rows] == [
            (people["mei"], date(2026, 3, 1), False),
            (people["hoa"], None, True),
        ]
        assert makers_of(session, broker_id=people["mei"]) == []
        assert makers_of(session, broker_id=people["hoa"]) == [people["lan"]]
        assert mandate_between(session, maker_id=people["lan"], broker_id=people["mei"]) is None
        assert mandate_between(session, maker_id=people["lan"], broker_id=people["hoa"]).live
        assert brokers_of_makers(session, maker_ids=[people["lan"], 999]) == {people["lan"]: people["hoa"]}
        assert brokers_of_makers(session, maker_ids=[]) == {}
        assert [line.broker_id for line in mandates_of(session, maker_id=people["lan"])] == [
            people["hoa"],
            people["mei"],
        ]
        change = changes_about(session, about=f"maker:{people['lan']}")[0]
        assert {line.id: line.makers for line in brokers(session)} == {people["mei"]: 0, people["hoa"]: 1}
    assert change.facts["before"] == people["mei"]
    assert (change.actor, change.on_behalf_of) == ("user:4", f"maker:{people['lan']}")


def test_a_brokers_makers_come_in_pages(people):
    with writing() as session:
        ids = [people["lan"], *(make_maker(session, people["village"]).id for _ in range(4))]
        for maker_id in ids:
            let_act(session, maker_id=maker_id, broker_id=people["mei"])
        leave(session, maker_id=ids[2], by=FEN)
    with reading() as session:
        assert makers_of(session, broker_id=people["mei"], limit=2) == ids[:2]
        assert makers_of(session, broker_id=people["mei"], after=ids[1]) == ids[3:]
        assert maker_count(session, broker_id=people["mei"]) == 4
        assert maker_count(session, broker_id=people["hoa"]) == maker_count(session, broker_id=999) == 0


def test_scopes_say_what_a_broker_may(people):
    with writing() as session:
        let_act(
            session,
            maker_id=people["lan"],
            broker_id=people["mei"],
            scopes=Scopes(may_list=True, may_accept_work=False, may_collect_money=True),
        )
    with reading() as session:
        said = {
            scope: may(session, maker_id=people["lan"], broker_id=people["mei"], scope=scope)
            for scope in ("list", "accept_work", "collect_money")
        }
        assert not may(session, maker_id=people["lan"], broker_id=people["hoa"], scope="list")
        with pytest.raises(KeyError):
            may(session, maker_id=people["lan"], broker_id=people["mei"], scope="everything")
    assert said == {"list": True, "accept_work": False, "collect_money": True}


def test_a_mandate_ended_lets_nobody_act(people):
    with writing() as session:
        let_act(session, maker_id=people["lan"], broker_id=people["mei"], starts_on=date(2026, 1, 1))
    with pytest.raises(BadInput), writing() as session:
        end_mandate(session, maker_id=people["lan"], by=FEN, ends_on=date(2025, 12, 31))
    with writing() as session:
        end_mandate(session, maker_id=people["lan"], by=FEN)
    with pytest.raises(NoMandate), writing() as session:
        end_mandate(session, maker_id=people["lan"], by=FEN)
    with reading() as session:
        assert makers_of(session, broker_id=people["mei"]) == []
        assert not may(session, maker_id=people["lan"], broker_id=people["mei"], scope="list")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"evidence": "  "}, BadInput),
        ({"starts_on": clock.today() + timedelta(days=1)}, BadInput),
        ({"starts_on": date(2025, 1, 1)}, BadInput),
        ({"broker_id": 999}, NotFound),
        ({"maker_id": 999}, NotFound),
    ],
)
def test_a_mandate_nobody_gave_is_refused_and_the_one_in_force_stays(people, fields, refusal):
    with writing() as session:
        let_act(session, maker_id=people["lan"], broker_id=people["mei"], starts_on=date(2026, 1, 1))
    with pytest.raises(refusal), writing() as session:
        let_act(session, **{"maker_id": people["lan"], "broker_id": people["hoa"], **fields})
    with reading() as session:
        assert makers_of(session, broker_id=people["mei"]) == [people["lan"]]


def test_a_resting_broker_gets_no_mandate(people):
    with writing() as session:
        set_active(session, broker_id=people["hoa"], active=False, by=ADA)
    with pytest.raises(BrokerRests), writing() as session:
        let_act(session, maker_id=people["lan"], broker_id=people["hoa"])


def test_who_leaves_has_no_broker_any_more(people, monkeypatch):
    monkeypatch.setattr("shop.makers.services.register._leaving", [])
    on_leaving(services.end_with_leaving)
    with writing() as session:
        let_act(session, maker_id=people["lan"], broker_id=people["mei"])
    with writing() as session:
        leave(session, maker_id=people["lan"], by=FEN)
    with pytest.raises(HasLeft), writing() as session:
        let_act(session, maker_id=people["lan"], broker_id=people["mei"])
    with reading() as session:
        assert mandates_of(session, maker_id=people["lan"])[0].live is False


def test_only_one_mandate_is_in_force(people):
    with writing() as session:
        let_act(session, maker_id=people["lan"], broker_id=people["mei"])
    with pytest.raises(DBAPIError), writing() as session:
        session.add(
            Mandate(
                maker_id=people["lan"],
                broker_id=people["hoa"],
                evidence="x",
                starts_on=date(2026, 1, 1),
                recorded_by="x",
                recorded_at=clock.now(),
            )
        )


def test_audit_finds_a_mandate_of_somebody_who_left(people, monkeypatch):
    monkeypatch.setattr("shop.makers.services.register._leaving", [])
    with writing() as session:
        mandate = let_act(session, maker_id=people["lan"], broker_id=people["mei"]).id
        leave(session, maker_id=people["lan"], by=FEN)
    checks.init_checks()
    with reading() as session:
        found = {breach.check: breach.ids for breach in audit(session) if breach.check.startswith("brokers.")}
    assert found == {"brokers.live_mandates": [mandate]}
