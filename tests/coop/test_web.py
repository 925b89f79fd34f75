"""The co-op on every page."""

from shop.coop.facts import forget_facts
from shop.coop.services import edit_coop
from shop.db import writing
from tests.factories.coop import make_coop
from tests.people import ADA


def test_a_page_names_the_coop_without_a_statement_once_it_is_known(app, visit):
    with writing() as session:
        make_coop(session)
    first, second = visit("/sign-in?lang=en"), visit("/sign-in?lang=vi")
    assert first.one("title").endswith("Skilful Hands")
    assert second.one("title").endswith("Hợp tác xã Khéo Tay")
    assert len([one for one in first.statements if "FROM coop" in one]) == 1
    assert not [one for one in second.statements if "FROM coop" in one]


def test_a_new_name_stands_on_the_next_page(app, visit):
    with writing() as session:
        make_coop(session)
    visit("/sign-in?lang=en")
    with writing() as session:
        edit_coop(session, version=1, by=ADA, name={"en": "Clever Hands"})
    assert visit("/sign-in?lang=en").one("title").endswith("Clever Hands")


def test_a_shop_without_a_coop_has_a_name_all_the_same(app, visit):
    assert visit("/sign-in?lang=en").one("title").endswith("Qiaoshou")


def test_being_alive_asks_the_database_once_in_half_a_minute_at_most(client, statement_count):
    assert client.get("/healthz").status_code == 200
    statement_count.clear()
    assert client.get("/healthz").status_code == 200
    assert list(statement_count) == []


def test_a_letter_written_by_the_worker_names_the_coop(app):
    with writing() as session:
        make_coop(session)
    forget_facts()
    with app.app_context():
        assert app.jinja_env.from_string("{{ coop.name|tri_text }}").render() == "Skilful Hands"
