import pytest

from shop.crafts.queries import craft_by_slug, craft_tree, craft_words
from shop.crafts.services import create_craft, edit_craft, edition
from shop.db import reading, writing
from shop.errors import BadInput, NotFound, Taken
from tests.factories.crafts import make_craft


def test_the_tree_has_crafts_with_their_techniques_in_order(engine):
    with writing() as session:
        embroidery = make_craft(session)
        make_craft(session, "knots")
        make_craft(session, "seed-stitch", parent_id=embroidery.id)
        create_craft(session, name={"en": "Cross stitch"}, parent_id=embroidery.id, sort=0)
    with reading() as session:
        tree = craft_tree(session)
        found = craft_by_slug(session, "embroidery")
        assert craft_by_slug(session, "nothing") is None
    assert [node.slug for node in tree] == ["embroidery", "knots"]
    assert [node.slug for node in tree[0].techniques] == ["cross-stitch", "seed-stitch"]
    assert found == tree[0]


def test_the_tree_takes_one_statement(engine, statement_count):
    with writing() as session:
        for number in range(20):
            make_craft(session, f"craft-{number}")
    with reading() as session:
        statement_count.clear()
        assert len(craft_tree(session)) == 20
        assert len(statement_count) == 1


def test_a_technique_has_no_techniques_of_its_own(engine):
    with writing() as session:
        craft = make_craft(session)
        technique = make_craft(session, "seed-stitch", parent_id=craft.id)
        other = make_craft(session, "knots")
    for refused in (
        lambda session: make_craft(session, "deeper", parent_id=technique.id),
        lambda session: make_craft(session, "orphan", parent_id=999),
        lambda session: _edit(session, craft.id, parent_id=other.id),
        lambda session: _edit(session, other.id, parent_id=other.id),
        lambda session: _edit(session, other.id, name={}),
    ):
        with pytest.raises(BadInput), writing() as session:
            refused(session)
    with pytest.raises(NotFound), writing() as session:
        _edit(session, 999)
    with reading() as session:
        assert [node.slug for node in craft_tree(session)] == ["embroidery", "knots"]


def _edit(session, craft_id, **fields):
    facts = {"name": {"en": "New"}, "about": {}, "synonyms": [], "sort": 1, "parent_id": None, **fields}
    return edit_craft(session, craft_id=craft_id, **facts)


def test_a_slug_belongs_to_one_craft_and_stays(engine):
    with writing() as session:
        craft = make_craft(session)
    with pytest.raises(Taken), writing() as session:
        make_craft(session)
    with writing() as session:
        _edit(session, craft.id, name={"en": "Needlework"}, synonyms=[" thêu tay ", "", "thêu tay"])
    with reading() as session:
        found = craft_by_slug(session, "embroidery")
    assert found.name == {"en": "Needlework"}
    assert found.synonyms == ("thêu tay",)


def test_each_change_is_noticed_by_what_is_derived_from_crafts(engine):
    before = edition()
    with writing() as session:
        craft = make_craft(session)
    then = edition()
    with writing() as session:
        _edit(session, craft.id)
    assert before < then < edition()
    with reading() as session:
        assert craft_words(session) == [["New"]]
