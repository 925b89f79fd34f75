"""What is public of a maker is what she agreed to, from the moment she says so until the moment she takes it back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shop import clock
from shop.coop.queries import changes_about
from shop.db import DBAPIError, reading, writing
from shop.errors import BadInput, NotFound
from shop.makers.errors import NotAsked, OlderAnswer
from shop.makers.models import CONSENT_ITEMS, Consent
from shop.makers.public import named_makers, public_maker_by_slug, public_makers
from shop.makers.queries import answers_of
from shop.makers.services import answer_consent, edit_maker, leave, on_public_change, withdraw_consent
from shop.makers.services import consents as consents_module
from tests.factories.coop import make_coop
from tests.factories.makers import make_maker
from tests.factories.places import make_village
from tests.people import FEN, MEI

STORY = {"zh": "家门口是荷塘。", "en": "A pond at my door."}
PEN = {"zh": "荷影", "en": "Lotus Shadow"}


@pytest.fixture
def lan(engine):
    with writing() as session:
        make_coop(session)
        village = make_village(session)
        return make_maker(session, village.id, story=STORY, pen_name=PEN).id


def public(maker_id):
    with reading() as session:
        return public_makers(session, [maker_id])[maker_id]


def answer(maker_id, item, *, given=True, on=None, how="signed", by=FEN):
    with writing() as session:
        answer_consent(session, maker_id=maker_id, item=item, given=given, how=how, on=on, by=by)


def withdraw(maker_id, item, *, on=None, by=FEN):
    with writing() as session:
        withdraw_consent(session, maker_id=maker_id, item=item, how="call", on=on, by=by)


def test_nothing_is_public_before_she_says_so(lan):
    maker = public(lan)
    assert (maker.named, maker.slug, maker.village_id, maker.story, maker.face_id) == (None,) * 5
    assert not maker.shows_pay
    assert not maker.shows_count
    assert maker.consents == frozenset()
    with reading() as session:
        assert public_maker_by_slug(session, "maker-0201") is None
        assert named_makers(session) == []


@pytest.mark.parametrize("item", CONSENT_ITEMS)
def test_each_item_shows_itself_and_nothing_else(lan, item):
    answer(lan, item)
    maker = public(lan)
    shown = {
        "name": maker.name is not None,
        "pen_name": maker.pen_name is not None,
        "village": maker.village_id is not None,
        "face": "face" in maker.consents,
        "voice": "voice" in maker.consents,
        "story": maker.story is not None,
        "pay_per_piece": maker.shows_pay,
        "piece_count": maker.shows_count,
        "own_line": "own_line" in maker.consents,
    }
    assert [name for name, visible in shown.items() if visible] == [item]
    assert (maker.slug is not None) == (item in {"name", "pen_name"})


def test_a_pen_name_hides_the_name(lan):
    answer(lan, "name")
    answer(lan, "pen_name")
    maker = public(lan)
    assert (maker.name, maker.pen_name, maker.named) == (None, PEN, PEN)
    with reading() as session:
        assert public_maker_by_slug(session, "maker-0201") == maker
        assert named_makers(session) == [maker]


@pytest.mark.parametrize("take_back", [withdraw, lambda maker_id, item: answer(maker_id, item, given=False)])
def test_taking_back_acts_at_once(lan, take_back):
    answer(lan, "name")
    assert public(lan).name is not None
    take_back(lan, "name")
    assert public(lan).name is None
    with reading() as session:
        assert public_maker_by_slug(session, "maker-0201") is None
        rows = session.scalars(select(Consent).where(Consent.item == "name").order_by(Consent.id)).all()
    assert rows[0].withdrawn_on == clock.today()
    assert not rows[0].live


def test_a_no_may_become_a_yes_and_each_answer_stays_on_record(lan):
    answer(lan, "name", given=False, on=date(2026, 1, 1))
    answer(lan, "name", given=True, on=date(2026, 2, 1))
    withdraw(lan, "name", on=date(2026, 3, 1))
    answer(lan, "name", given=True, on=date(2026, 4, 1), how="voice")
    with reading() as session:
        rows = session.scalars(select(Consent).order_by(Consent.id)).all()
        told = [(row.given, row.answered_on, row.withdrawn_on, row.live) for row in rows]
        lines = changes_about(session, about=f"maker:{lan}")
    assert told == [
        (False, date(2026, 1, 1), None, False),
        (True, date(2026, 2, 1), date(2026, 3, 1), False),
        (True, date(2026, 4, 1), None, True),
    ]
    assert [line.kind for line in lines[:4]] == ["consent", "withdrawn", "consent", "no_consent"]
    assert lines[0].facts == {"item": "name", "how": "voice"}
    assert (lines[0].actor, lines[0].on_behalf_of) == ("user:4", f"maker:{lan}")


def test_the_same_answer_again_changes_nothing(lan):
    for _ in range(3):
        answer(lan, "name", on=date(2026, 1, 1))
    with reading() as session:
        assert len(session.scalars(select(Consent)).all()) == 1


def test_an_older_paper_does_not_bring_back_what_she_took_back(lan):
    answer(lan, "name", on=date(2026, 1, 1))
    withdraw(lan, "name", on=date(2026, 3, 1))
    with pytest.raises(OlderAnswer) as refused:
        answer(lan, "name", on=date(2026, 2, 1))
    assert refused.value.data["latest"] == date(2026, 3, 1)
    answer(lan, "name", given=False, on=date(2026, 5, 1))
    with pytest.raises(OlderAnswer):
        answer(lan, "name", on=date(2026, 4, 1))
    assert public(lan).name is None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"item": "phone"}, BadInput),
        ({"item": "name", "how": "guessed"}, BadInput),
        ({"item": "name", "on": clock.today() + timedelta(days=1)}, BadInput),
    ],
)
def test_what_is_no_answer_is_refused(lan, fields, refusal):
    with pytest.raises(refusal):
        answer(lan, **fields)
    with pytest.raises(refusal), writing() as session:
        withdraw_consent(session, maker_id=lan, by=FEN, **{"how": "call", **fields})
    with reading() as session:
        assert session.scalars(select(Consent)).all() == []


def test_only_a_yes_can_be_taken_back(lan):
    with pytest.raises(NotAsked):
        withdraw(lan, "name")
    answer(lan, "name", given=False)
    with pytest.raises(NotAsked):
        withdraw(lan, "name")
    with pytest.raises(NotFound):
        answer(999, "name")


def test_only_one_answer_is_in_force(lan):
    answer(lan, "name")
    with pytest.raises(DBAPIError), writing() as session:
        session.add(
            Consent(
                maker_id=lan, item="name", given=False, answered_on=date(2026, 1, 1), how="signed", recorded_by="user:4"
            )
        )


def test_where_each_item_stands_is_her_last_word(lan):
    answer(lan, "name", on=date(2026, 1, 1))
    answer(lan, "village", given=False, on=date(2026, 1, 1))
    answer(lan, "story", on=date(2026, 1, 1), how="voice")
    withdraw(lan, "story", on=date(2026, 2, 1))
    with reading() as session:
        answers = {each.item: each for each in answers_of(session, maker_id=lan)}
    assert list(answers) == list(CONSENT_ITEMS)
    assert (answers["name"].given, answers["name"].on) == (True, date(2026, 1, 1))
    assert (answers["village"].given, answers["village"].withdrawn) == (False, False)
    assert (answers["story"].given, answers["story"].withdrawn, answers["story"].on) == (False, True, date(2026, 2, 1))
    assert answers["face"].given is None


def test_rooms_above_hear_of_it_in_the_same_transaction(lan, monkeypatch):
    heard = []
    monkeypatch.setattr(consents_module, "_heard", [])

    @on_public_change
    def hear(session, maker_id):
        heard.append(public_makers(session, [maker_id])[maker_id].consents)

    answer(lan, "name")
    withdraw(lan, "name")
    with writing() as session:
        edit_maker(session, maker_id=lan, version=1, by=FEN, story={"en": "New"})
    assert heard == [frozenset({"name"}), frozenset(), frozenset()]


def test_many_are_looked_up_in_one_statement(lan, statement_count):
    with writing() as session:
        village = make_village(session, "other")
        ids = [make_maker(session, village.id, agrees_to=("name", "village")).id for _ in range(12)]
    with reading() as session:
        statement_count.clear()
        found = public_makers(session, [*ids, lan, 999])
        assert len(statement_count) == 1
        assert public_makers(session, []) == {}
    assert set(found) == {*ids, lan}
    assert all(found[each].named for each in ids)


def test_named_makers_come_in_pages_without_those_who_left(lan):
    with writing() as session:
        village = make_village(session, "other")
        ids = [make_maker(session, village.id, agrees_to=("name",)).id for _ in range(5)]
        leave(session, maker_id=ids[1], by=FEN)
    with reading() as session:
        first = named_makers(session, limit=2)
        second = named_makers(session, after=first[-1].id, limit=2)
    assert [maker.id for maker in first + second] == [ids[0], ids[2], ids[3], ids[4]]


def test_a_broker_may_write_down_an_answer_and_it_says_so(lan):
    answer(lan, "name", by=MEI)
    with reading() as session:
        assert session.scalars(select(Consent)).one().recorded_by == "user:1"
