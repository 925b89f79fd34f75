"""Registering makers, their skills, PINs and cards."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from shop import clock
from shop.coop.errors import BadPhone
from shop.coop.queries import changes_about
from shop.coop.services import edit_coop
from shop.db import DBAPIError, reading, writing
from shop.errors import BadInput, NotFound, Outdated, Taken
from shop.ledger.audit import audit
from shop.makers.errors import HasLeft, TooYoung
from shop.makers.index import KIND, read_makers
from shop.makers.marks import MARKS
from shop.makers.models import Maker, Skill
from shop.makers.queries import maker_lines, makers, skills_of
from shop.makers.services import (
    come_back,
    create_maker,
    edit_maker,
    leave,
    set_skill,
    verify_phone,
)
from shop.makers.services.register import set_skills
from shop.search import services as search
from tests.factories.coop import make_coop
from tests.factories.crafts import make_craft
from tests.factories.makers import make_maker
from tests.factories.places import make_village
from tests.people import ADA, FEN, MEI


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


# Registering


def test_she_gets_a_number_and_a_mark_and_her_address_tells_no_name(village):
    with writing() as session:
        first, second = make_maker(session, village), make_maker(session, village)
    assert [first.number, second.number] == ["QS-M-0201", "QS-M-0202"]
    assert [first.slug, second.slug] == ["maker-0201", "maker-0202"]
    assert first.mark != second.mark
    assert {first.mark, second.mark} <= set(MARKS)
    assert history(first.id) == ["registered"]


def test_a_village_runs_through_all_marks_before_it_repeats_one(village):
    with writing() as session:
        marks = [make_maker(session, village).mark for _ in range(len(MARKS) + 1)]
    assert set(marks) == set(MARKS)


@pytest.mark.parametrize(("years", "allowed"), [(17, True), (16, False), (15, False), (0, False)])
def test_nobody_who_may_be_below_working_age_is_registered(village, years, allowed):
    born = clock.today().year - years
    if allowed:
        with writing() as session:
            make_maker(session, village, birth_year=born)
    else:
        with pytest.raises(TooYoung) as refused, writing() as session:
            make_maker(session, village, birth_year=born)
        assert refused.value.data["from_year"] == born + 17
    assert count() == int(allowed)


def test_a_coop_that_raised_the_age_registers_none_below_it(village):
    with writing() as session:
        edit_coop(session, version=1, by=ADA, working_age=20)
    with pytest.raises(TooYoung), writing() as session:
        make_maker(session, village, birth_year=clock.today().year - 20)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": {}},
        {"name": {"zh": ""}},
        {"birth_year": 1899},
        {"birth_year": 2300},
        {"village_id": 999},
        {"mark": "dragon"},
        {"hours_a_week": 49},
        {"hours_a_week": -1},
        {"lang": "de"},
        {"phone": "13800000000"},
        {"phone_kind": "own_phone"},
        {"phone": "13800000000", "phone_kind": "none"},
        {"phone": "13800000000", "phone_kind": "lent"},
        {"pin_hash": "x"},
        {"left_on": None},
    ],
)
def test_what_cannot_be_meant_is_refused(village, fields):
    with pytest.raises(BadInput), writing() as session:
        create_maker(session, by=FEN, **{"name": {"en": "Lan"}, "birth_year": 1980, "village_id": village, **fields})
    assert count() == 0


def test_a_county_is_no_village(village):
    with pytest.raises(BadInput), writing() as session:
        make_maker(session, village - 1)


def test_a_number_belongs_to_one(village):
    with writing() as session:
        make_maker(session, village, number="QS-M-0300")
    with pytest.raises(Taken), writing() as session:
        make_maker(session, village, number="QS-M-0300")


def test_a_number_already_given_is_passed_over(village):
    with writing() as session:
        make_maker(session, village, number="QS-M-0202")
        assert make_maker(session, village).number == "QS-M-0203"


# Changing


def test_a_save_over_somebody_elses_is_refused_and_history_names_fields_only(lan):
    with writing() as session:
        edit_maker(session, maker_id=lan, version=1, by=FEN, hours_a_week=30, lang="vi")
    with pytest.raises(Outdated), writing() as session:
        edit_maker(session, maker_id=lan, version=1, by=ADA, hours_a_week=10)
    assert (maker_row(lan).hours_a_week, maker_row(lan).version) == (30, 2)
    with reading() as session:
        change = changes_about(session, about=f"maker:{lan}")[0]
    assert change.facts == {"fields": ["hours_a_week", "lang"]}


@pytest.mark.parametrize(
    "fields", [{"left_on": None}, {"pin_tries": 0}, {"number": "X"}, {"card_digest": "x"}, {"id": 2}]
)
def test_a_form_cannot_reach_what_is_not_its_business(lan, fields):
    with pytest.raises((BadInput, TypeError)), writing() as session:
        edit_maker(session, **{"maker_id": lan, "version": 1, "by": FEN, **fields})
    assert maker_row(lan).version == 1


def test_a_changed_telephone_is_no_longer_verified(lan):
    with writing() as session:
        edit_maker(session, maker_id=lan, version=1, by=FEN, phone="138 0000 0000", phone_kind="own_phone")
    with writing() as session:
        verify_phone(session, maker_id=lan, by=FEN)
    assert maker_row(lan).phone == "+8613800000000"
    assert maker_row(lan).phone_verified_at is not None
    with writing() as session:
        edit_maker(session, maker_id=lan, version=2, by=MEI, phone="13800000000", phone_kind="own_phone", lang="zh")
    assert maker_row(lan).phone_verified_at is not None
    with writing() as session:
        edit_maker(session, maker_id=lan, version=3, by=MEI, phone="13900000000", phone_kind="own_phone")
    assert maker_row(lan).phone_verified_at is None


def test_only_her_own_telephone_can_be_verified(lan):
    with pytest.raises(BadInput), writing() as session:
        verify_phone(session, maker_id=lan, by=FEN)
    with writing() as session:
        edit_maker(session, maker_id=lan, version=1, by=FEN, phone="13800000000", phone_kind="shared_phone")
    with pytest.raises(BadInput), writing() as session:
        verify_phone(session, maker_id=lan, by=FEN)
    with pytest.raises(BadPhone), writing() as session:
        edit_maker(session, maker_id=lan, version=2, by=FEN, phone="hello", phone_kind="own_phone")


def test_skills_are_set_changed_and_taken_away(lan):
    with writing() as session:
        crafts = [make_craft(session, slug).id for slug in ("embroidery", "knots", "beads")]
        set_skill(session, maker_id=lan, craft_id=crafts[0], level=2, by=FEN)
        set_skill(session, maker_id=lan, craft_id=crafts[0], level=2, by=FEN)
        set_skill(session, maker_id=lan, craft_id=crafts[1], level=5, by=FEN)
    with writing() as session:
        set_skills(session, maker_id=lan, levels=[(crafts[0], 3), (crafts[2], 1)], by=FEN)
    with reading() as session:
        assert skills_of(session, maker_id=lan) == {crafts[0]: 3, crafts[2]: 1}
    for level in (0, 6):
        with pytest.raises(BadInput), writing() as session:
            set_skill(session, maker_id=lan, craft_id=crafts[0], level=level, by=FEN)
    with pytest.raises(NotFound), writing() as session:
        set_skill(session, maker_id=lan, craft_id=999, level=1, by=FEN)
    assert count(Skill) == 2
    assert history(lan).count("skill") == 5


def test_who_leaves_keeps_her_row_and_may_come_back(lan):
    with writing() as session:
        leave(session, maker_id=lan, by=FEN)
    with pytest.raises(HasLeft), writing() as session:
        leave(session, maker_id=lan, by=FEN)
    with reading() as session:
        assert makers(session) == []
        assert [line.id for line in makers(session, with_left=True)] == [lan]
        assert maker_lines(session, [lan])[lan].left_on == clock.today()
    with writing() as session:
        come_back(session, maker_id=lan, by=FEN)
    assert maker_row(lan).left_on is None
    assert history(lan) == ["came_back", "left", "registered"]


@pytest.mark.parametrize("on", [clock.today() + timedelta(days=1), date(2000, 1, 1)])
def test_nobody_leaves_on_a_day_that_cannot_be(lan, on):
    with pytest.raises(BadInput), writing() as session:
        leave(session, maker_id=lan, by=FEN, on=on)
    assert maker_row(lan).left_on is None


# Finding


def test_she_is_found_by_name_number_or_village_accents_or_none(lan, village):
    with writing() as session:
        other = make_maker(session, village, name={"zh": "沈荷芝", "en": "Shen Hezhi"}).id
    with reading() as session:
        assert [line.id for line in makers(session, words="nguyen")] == [lan]
        assert [line.id for line in makers(session, words="Nguyễn Lan")] == [lan]
        assert [line.id for line in makers(session, words="荷芝")] == [other]
        assert [line.id for line in makers(session, words="0202")] == [other]
        assert [line.id for line in makers(session, words="lang sen")] == [lan, other]
        assert [line.id for line in makers(session, words="lotus", after=lan)] == [other]
        assert [line.id for line in makers(session, ids=[other])] == [other]
        assert makers(session, words="'; DROP TABLE maker") == []


def test_the_index_follows_a_new_name_and_can_be_built_anew(lan):
    with writing() as session:
        edit_maker(session, maker_id=lan, version=1, by=FEN, name={"en": "Tran Mai"})
    with reading() as session:
        assert [line.id for line in makers(session, words="mai")] == [lan]
        assert makers(session, words="nguyen") == []
        assert [ref for ref, _words in read_makers(session, 0, 10)] == [lan]
    search.indexer(KIND)(read_makers)
    assert search.reindex(KIND) == 1


# Audit


def test_audit_names_who_is_too_young_and_answers_that_contradict_themselves(lan):
    with writing() as session:
        session.execute(
            text("UPDATE maker SET birth_year = :year WHERE id = :id"), {"year": clock.today().year, "id": lan}
        )
        session.execute(
            text(
                "INSERT INTO consent (maker_id, item, given, answered_on, how, withdrawn_on, live, recorded_by)"
                " VALUES (:id, 'name', true, '2026-01-01', 'signed', '2026-02-01', true, 'x')"
            ),
            {"id": lan},
        )
    from shop.makers import checks

    checks.init_checks()
    with reading() as session:
        found = {breach.check: breach.ids for breach in audit(session) if breach.check.startswith("makers.")}
    assert found == {"makers.live_consents": [1], "makers.working_age": [lan]}


def test_the_database_has_the_last_word_on_hours_and_years(lan):
    for field, value in (("hours_a_week", 60), ("birth_year", 1800)):
        with pytest.raises(DBAPIError), writing() as session:
            setattr(session.get_one(Maker, lan), field, value)
