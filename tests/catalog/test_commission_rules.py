"""Commission rules only propose how a new price is shared; her pay and sold lines never feel them (money.md 1)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from shop.brokers.models import Broker
from shop.catalog import services as catalog
from shop.catalog.errors import UnbalancedSplit
from shop.catalog.models import CommissionRule
from shop.catalog.queries import live_splits
from shop.catalog.services.proposing import amount_of
from shop.crafts.models import Craft
from shop.db import reading, writing
from shop.errors import BadInput
from shop.people.errors import NotAllowed
from tests.factories.catalog import make_shop
from tests.people import ADA, FEN, TAO

LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def shop(engine):
    with writing() as session:
        return make_shop(session)


def rule(part: str, *, valid_from: date = LONG_AGO, by=ADA, **facts) -> int:
    with writing() as session:
        return catalog.set_rule(session, part=part, valid_from=valid_from, by=by, **facts).id


def proposed(price: int = 38_000, *, workshop: int = 1, craft: int | None = None) -> dict[str, int]:
    """Part, with the payee's number where it is a broker → minor units."""
    with reading() as session:
        parts = catalog.propose_parts(
            session, workshop_id=workshop, price_minor=price, pay_minor=23_600, materials_minor=5_200, craft_id=craft
        )
    assert sum(part.amount_minor for part in parts) == price
    return {part.kind + part.payee.removeprefix("broker"): part.amount_minor for part in parts}


def test_without_rules_the_rest_is_shared_by_weight(shop):
    assert proposed() == {"maker": 23_600, "materials": 5_200, "broker:1": 3_067, "coop": 3_833, "costs": 2_300}


def test_a_rule_gives_its_share_of_the_price_and_the_others_share_the_rest(shop):
    rule("broker", basis_points=800)
    assert proposed() == {"maker": 23_600, "materials": 5_200, "broker:1": 3_040, "coop": 3_850, "costs": 2_310}


def test_what_no_rule_claims_stays_with_the_co_op(shop):
    for part, facts in (
        ("broker", {"basis_points": 800}),
        ("coop", {"basis_points": 1_000}),
        ("costs", {"sum_minor": 300}),
    ):
        rule(part, **facts)
    assert proposed() == {"maker": 23_600, "materials": 5_200, "broker:1": 3_040, "coop": 5_860, "costs": 300}


def test_the_narrowest_rule_counts_and_of_equals_the_newest(shop):
    rule("broker", basis_points=500)
    rule("broker", basis_points=600, tier=1)
    rule("broker", basis_points=700, craft_id=1)
    assert proposed(craft=2)["broker:1"] == 2_280
    assert proposed(craft=1)["broker:1"] == 2_660
    rule("broker", basis_points=900, workshop_id=1, valid_from=date(2021, 1, 1))
    rule("broker", basis_points=800, workshop_id=1)
    assert proposed(craft=1)["broker:1"] == 3_420
    assert proposed(price=38_000, workshop=2)["broker:2"] == 2_280


def test_a_technique_has_its_crafts_rule_until_it_has_its_own(shop):
    with writing() as session:
        session.add(Craft(id=9, slug="long-short", parent_id=1, name={"en": "Long and short"}, synonyms=[]))
    rule("broker", basis_points=700, craft_id=1)
    assert proposed(craft=9)["broker:1"] == 2_660
    rule("broker", basis_points=600, craft_id=9)
    assert (proposed(craft=9)["broker:1"], proposed(craft=1)["broker:1"]) == (2_280, 2_660)


def test_a_rule_counts_from_its_first_day_to_its_last(shop, at):
    number = rule("broker", basis_points=800, valid_from=date(2026, 12, 1))
    at("2026-11-30 09:00")
    assert proposed()["broker:1"] == 3_067
    at("2026-12-01 09:00")
    assert proposed()["broker:1"] == 3_040
    with writing() as session:
        catalog.end_rule(session, rule_id=number, on=date(2026, 12, 5), by=ADA)
    at("2026-12-05 09:00")
    assert proposed()["broker:1"] == 3_040
    at("2026-12-06 09:00")
    assert proposed()["broker:1"] == 3_067


def test_floor_and_cap_hold(shop):
    rule("broker", basis_points=800, floor_minor=500, cap_minor=2_000)
    assert proposed()["broker:1"] == 2_000
    rule("coop", basis_points=10, floor_minor=500)
    assert proposed()["coop"] == 500


def test_rules_that_ask_for_too_much_give_way_in_proportion_and_never_take_from_her(shop):
    rule("broker", basis_points=6_000)
    rule("coop", basis_points=3_000)
    found = proposed()
    assert (found["maker"], found["materials"]) == (23_600, 5_200)
    assert (found["broker:1"], found["coop"], found.get("costs", 0)) == (6_133, 3_067, 0)


def test_the_guide_of_a_tier_2_broker_has_her_share_of_the_brokers_part(shop):
    with writing() as session:
        session.execute(update(Broker).where(Broker.id == 1).values(parent_id=2, tier=2))
    rule("broker", basis_points=800)
    assert (proposed()["broker:1"], proposed()["broker:2"]) == (2_280, 760)
    rule("guide", basis_points=1_000)
    assert (proposed()["broker:1"], proposed()["broker:2"]) == (2_736, 304)


def test_a_rule_in_another_currency_proposes_nothing(shop):
    number = rule("costs", sum_minor=300)
    with writing() as session:
        session.get_one(CommissionRule, number).currency = "VND"
    assert proposed()["costs"] == 2_300


def test_prices_that_stand_do_not_move(shop):
    lotus = shop.variants["lotus"]
    with reading() as session:
        before = live_splits(session, variant_ids=[lotus])[lotus]
    rule("broker", basis_points=100)
    with reading() as session:
        assert live_splits(session, variant_ids=[lotus])[lotus] == before


def test_pay_above_the_price_is_refused_with_the_difference(shop):
    with reading() as session, pytest.raises(UnbalancedSplit) as refused:
        catalog.propose_parts(session, workshop_id=1, price_minor=100, pay_minor=90, materials_minor=30)
    assert refused.value.data["difference_minor"] == -20


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("part", {"part": "maker", "basis_points": 100}),
        ("amount", {"part": "coop"}),
        ("amount", {"part": "coop", "basis_points": 100, "sum_minor": 5}),
        ("amount", {"part": "coop", "basis_points": 10_001}),
        ("amount", {"part": "coop", "basis_points": -1}),
        ("amount", {"part": "coop", "sum_minor": 2**63}),
        ("amount", {"part": "guide", "sum_minor": 100}),
        ("floor", {"part": "coop", "basis_points": 100, "floor_minor": -1}),
        ("cap", {"part": "coop", "basis_points": 100, "floor_minor": 9, "cap_minor": 8}),
        ("scope", {"part": "coop", "basis_points": 100, "tier": 1, "craft_id": 1}),
        ("scope", {"part": "coop", "basis_points": 100, "tier": 3}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(shop, field, facts):
    with pytest.raises(BadInput) as refused, writing() as session:
        catalog.set_rule(session, valid_from=LONG_AGO, by=ADA, **facts)
    assert refused.value.data["field"] == field


@pytest.mark.parametrize("by", [FEN, TAO])
def test_only_an_administrator_sets_and_ends_rules(shop, by):
    with pytest.raises(NotAllowed):
        rule("coop", basis_points=100, by=by)
    number = rule("coop", basis_points=100)
    with pytest.raises(NotAllowed), writing() as session:
        catalog.end_rule(session, rule_id=number, on=date(2026, 1, 1), by=by)


def test_the_database_itself_refuses_a_rule_of_two_kinds(shop):
    number = rule("coop", basis_points=100)
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(update(CommissionRule).where(CommissionRule.id == number).values(sum_minor=5))


@settings(max_examples=200, deadline=None)
@given(
    whole=st.integers(0, 10**12),
    points=st.integers(0, 10_000),
    floor=st.none() | st.integers(0, 10**9),
    above=st.none() | st.integers(0, 10**9),
)
def test_an_amount_lies_within_floor_and_cap_and_half_a_unit_of_the_share(whole, points, floor, above):
    cap = None if above is None else (floor or 0) + above
    found = amount_of(CommissionRule(basis_points=points, floor_minor=floor, cap_minor=cap), whole)
    assert found >= (floor or 0)
    assert cap is None or found <= cap
    if (floor or 0) < found and (cap is None or found < cap):
        assert abs(found * 10_000 - whole * points) <= 5_000
