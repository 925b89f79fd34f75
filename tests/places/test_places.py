import pytest

from shop.db import reading, writing
from shop.errors import BadInput, Taken
from shop.places.queries import places, places_by_id, villages
from shop.places.services import create_place, edit_place
from tests.factories.crafts import make_craft
from tests.factories.places import make_village


def test_a_village_names_its_town_and_county_in_one_statement(engine, statement_count):
    with writing() as session:
        village = make_village(session)
    with reading() as session:
        statement_count.clear()
        found = villages(session)
        assert len(statement_count) == 1
        assert places_by_id(session, [village.id]) == {village.id: found[0]}
        assert places_by_id(session, []) == {}
        everything = places(session)
    assert [line.slug for line in found] == ["lotus"]
    assert found[0].town["en"] == "Brocade Town"
    assert found[0].county["en"] == "Cloud County"
    assert [line.kind for line in everything] == ["county", "town", "village"]
    assert everything[1].county["en"] == "Cloud County"
    assert everything[1].town is None
    assert everything[0].county is None


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "city"},
        {"kind": "county", "parent": "county"},
        {"kind": "town"},
        {"kind": "town", "parent": "village"},
        {"kind": "village"},
        {"kind": "village", "parent": "village"},
        {"kind": "village", "parent": "town", "name": {}},
        {"kind": "village", "parent": "town", "craft_id": 99},
        {"kind": "village", "parent": "town", "name": {"zh": "村"}},
    ],
)
def test_a_place_that_cannot_stand_there_is_refused(engine, fields):
    with writing() as session:
        make_village(session)
        known = {line.kind: line.id for line in places(session)}
    facts = {"name": {"en": "New"}, **fields}
    facts["parent_id"] = known.get(facts.pop("parent", ""))
    with pytest.raises(BadInput), writing() as session:
        create_place(session, **facts)
    with reading() as session:
        assert len(places(session)) == 3


def test_a_slug_belongs_to_one_place(engine):
    with writing() as session:
        village = make_village(session)
    with pytest.raises(Taken), writing() as session:
        create_place(session, kind="village", slug="lotus", name={"en": "Other"}, parent_id=village.parent_id)


def test_a_village_may_have_a_speciality(engine):
    with writing() as session:
        village = make_village(session)
        craft = make_craft(session)
        edit_place(
            session,
            place_id=village.id,
            name={"en": "Lotus"},
            short_name={},
            parent_id=village.parent_id,
            craft_id=craft.id,
            speciality={"en": "Lotus in silk"},
        )
    with reading() as session:
        line = places_by_id(session, [village.id])[village.id]
    assert (line.craft_id, line.speciality, line.short_name) == (craft.id, {"en": "Lotus in silk"}, {"en": "Lotus"})
