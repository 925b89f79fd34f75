import time
from datetime import date

import pytest
from lxml import html
from sqlalchemy import select

from shop import db
from shop.coop import facts as facts_module
from shop.coop.errors import BadPhone, HotlineIsABrokers, NoCoop, TooFewYears, UnknownPlaceholder
from shop.coop.facts import CoopFacts, coop_facts, known_facts
from shop.coop.models import Change, Coop
from shop.coop.pages import SLUGS, rendered
from shop.coop.phones import canonical, same
from shop.coop.queries import (
    changes_about,
    hourly_minimum,
    hourly_minimums,
    open_task_counts,
    open_tasks,
    page,
    page_bodies,
    pages_there,
)
from shop.coop.services import (
    close_task,
    create_coop,
    edit_coop,
    open_task,
    record,
    set_hourly_minimum,
    set_page,
    the_coop,
)
from shop.db import reading, writing
from shop.errors import BadInput, Conflict, NotFound, Outdated
from shop.money import Money
from tests.factories.coop import make_coop
from tests.people import ADA, FEN, MEI


def history(about="coop:1"):
    with reading() as session:
        return [(line.kind, line.actor, line.facts) for line in changes_about(session, about=about)]


def test_there_is_one_coop_and_it_is_founded_once(engine):
    with reading() as session, pytest.raises(NoCoop):
        the_coop(session)
    with writing() as session:
        make_coop(session)
    with pytest.raises(Conflict), writing() as session:
        make_coop(session)
    with reading() as session:
        assert the_coop(session).name["en"] == "Skilful Hands"
    assert history() == [("founded", "user:5", {"currency": "CNY", "country": "CN"})]


def test_a_save_over_somebody_elses_is_refused(engine):
    with writing() as session:
        make_coop(session)
    with writing() as session:
        edit_coop(session, version=1, by=ADA, hotline="400-111-1111")
    with pytest.raises(Outdated), writing() as session:
        edit_coop(session, version=1, by=FEN, hotline="400-222-2222")
    with reading() as session:
        assert (the_coop(session).hotline, the_coop(session).version) == ("400-111-1111", 2)
    assert history()[0] == ("edited", "user:5", {"fields": ["hotline"]})
    assert len(history()) == 2


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"currency": "VND"}, BadInput),
        ({"id": 2}, BadInput),
        ({"name": {}}, BadInput),
        ({"hold_days": -1}, BadInput),
        ({"hold_days": 61}, BadInput),
        ({"return_days": 366}, BadInput),
        ({"payout_weekday": 7}, BadInput),
        ({"working_age": 31}, BadInput),
        ({"working_age": 15}, TooFewYears),
    ],
)
def test_what_the_coop_may_not_decide_is_refused(engine, fields, refusal):
    with writing() as session:
        make_coop(session)
    with pytest.raises(refusal), writing() as session:
        edit_coop(session, version=1, by=ADA, **fields)
    with reading() as session:
        assert the_coop(session).version == 1


def test_vietnams_working_age_may_be_fifteen_and_be_raised(engine):
    with writing() as session:
        make_coop(session, country="VN", currency="VND")
    with writing() as session:
        assert the_coop(session).working_age == 15
        edit_coop(session, version=1, by=ADA, working_age=18)
        with pytest.raises(TooFewYears):
            edit_coop(session, version=2, by=ADA, working_age=14)


def test_the_hotline_is_never_a_brokers_number(engine, monkeypatch):
    monkeypatch.setattr("shop.coop.services._elses", [lambda _session, number: number.endswith("99")])
    with writing() as session:
        make_coop(session)
    with pytest.raises(HotlineIsABrokers), writing() as session:
        edit_coop(session, version=1, by=ADA, hotline="13800000099")
    with reading() as session:
        assert the_coop(session).hotline == "400-820-0000"


def test_pages_know_the_coop_without_a_statement(engine, statement_count):
    with writing() as session:
        make_coop(session, claim={"en": "By hand"})
    with reading() as session:
        statement_count.clear()
        for _ in range(5):
            assert coop_facts(session).claim == {"en": "By hand"}
        assert len(statement_count) == 1
    assert known_facts().founded


def test_before_a_coop_is_founded_there_are_defaults(engine):
    assert known_facts() == CoopFacts()
    with reading() as session:
        assert not coop_facts(session).founded
        assert coop_facts(session).name["en"] == "Qiaoshou"


def test_a_change_is_known_at_once_here_and_within_seconds_elsewhere(engine, monkeypatch):
    with writing() as session:
        make_coop(session)
    with reading() as session:
        assert coop_facts(session).hotline == "400-820-0000"
    with writing() as session:
        edit_coop(session, version=1, by=ADA, hotline="400-111-1111")
        assert known_facts().hotline == "400-820-0000"
    with reading() as session:
        assert coop_facts(session).hotline == "400-111-1111"
    with writing() as session:
        session.get_one(Coop, 1).hotline = "400-222-2222"  # as another process would
    with reading() as session:
        assert coop_facts(session).hotline == "400-111-1111"
        later = time.monotonic() + facts_module.FRESH_SECONDS + 1
        monkeypatch.setattr(facts_module.time, "monotonic", lambda: later)
        assert coop_facts(session).hotline == "400-222-2222"


def test_what_is_kept_in_memory_is_forgotten_with_the_database(engine):
    with writing() as session:
        make_coop(session)
    with reading() as session:
        coop_facts(session)
    db.forget_kept()
    assert not known_facts().founded


def test_the_hourly_minimum_is_dated_and_can_be_put_right(engine):
    with writing() as session:
        make_coop(session)
        set_hourly_minimum(session, minor=2300, valid_from=date(2025, 1, 1), by=ADA)
        set_hourly_minimum(session, minor=2600, valid_from=date(2026, 7, 1), by=ADA)
        set_hourly_minimum(session, minor=2500, valid_from=date(2026, 7, 1), by=FEN)
        for wrong in (0, -1, 2**63):
            with pytest.raises(BadInput):
                set_hourly_minimum(session, minor=wrong, valid_from=date(2027, 1, 1), by=ADA)
    with reading() as session:
        assert hourly_minimum(session, on=date(2024, 12, 31)) is None
        assert hourly_minimum(session, on=date(2026, 6, 30)) == Money(2300, "CNY")
        assert hourly_minimum(session, on=date(2026, 7, 1)) == Money(2500, "CNY")
        assert [row.minor for row in hourly_minimums(session)] == [2500, 2300]
    assert history()[0] == ("hourly_minimum", "user:4", {"valid_from": "2026-07-01", "minor": 2500, "before": 2600})


def test_a_page_is_shown_in_the_readers_language_or_another(engine):
    with writing() as session:
        make_coop(session)
        set_page(session, slug="terms", lang="zh", body="# 买卖条款\n\n你买的是{coop_name}的东西。", by=ADA)
        set_page(session, slug="terms", lang="en", body="# Terms of {coop_name}\r\n\r\nCall {hotline}.", by=ADA)
        set_page(session, slug="terms", lang="en", body="# Terms of {coop_name}\r\n\r\nCall **{hotline}**.", by=ADA)
    with reading() as session:
        english, vietnamese = page(session, slug="terms", lang="en"), page(session, slug="terms", lang="vi")
        assert page(session, slug="privacy", lang="en") is None
        assert pages_there(session) == {("terms", "zh"), ("terms", "en")}
        assert page_bodies(session, slug="terms")["vi"] == ""
    assert english.title == "Terms of Skilful Hands"
    assert "<strong>400-820-0000</strong>" in english.html
    assert (vietnamese.lang, vietnamese.title) == ("zh", "买卖条款")
    assert "巧手合作社" in vietnamese.html
    assert [kind for kind, *_ in history("page:terms")] == ["page"] * 3


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ("no title", BadInput),
        ("#", BadInput),
        ("# \n\ntext", BadInput),
        ("", BadInput),
        ("# T\n\n{hotlien}", UnknownPlaceholder),
    ],
)
def test_a_page_that_would_not_read_well_is_refused(engine, body, refusal):
    with writing() as session:
        make_coop(session)
    with pytest.raises(refusal), writing() as session:
        set_page(session, slug="terms", lang="en", body=body, by=ADA)
    for slug, lang in (("other", "en"), ("terms", "de")):
        with pytest.raises(NotFound), writing() as session:
            set_page(session, slug=slug, lang=lang, body="# T", by=ADA)
    with reading() as session:
        assert pages_there(session) == set()


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/track.gif)",
        '<a href="https://x" onclick="alert(1)">x</a>',
        "<style>body{display:none}</style>",
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_nothing_that_acts_comes_out_of_a_page(typed):
    made = html.fragment_fromstring(rendered(f"# T\n\n{typed}\n", CoopFacts(), "en").html, create_parent="main")
    for element in made.iterdescendants():
        assert element.tag in {"p", "a"}
        assert set(element.attrib) <= {"href", "rel"}
        assert element.get("href", "https:").startswith("https:")


def test_what_the_coop_typed_into_its_settings_is_no_markup():
    facts = CoopFacts(hotline="**1** <b>2</b> [x](http://y) {email}", email="a_b_c@example.org")
    made = html.fragment_fromstring(rendered("# T\n\n{hotline} {email} {address}\n", facts, "en").html)
    assert made.tag == "p"
    assert len(made) == 0
    assert made.text_content() == "**1** <b>2</b> [x](http://y) {email} a_b_c@example.org —"


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_the_demos_pages_read_well(engine, slug, lang):
    from config import ROOT

    body = (ROOT / "shop/demo/data/pages" / f"{slug}.{lang}.md").read_text()
    with writing() as session:
        make_coop(session, address={"zh": "云县", "vi": "Huyện", "en": "Cloud County"})
        set_page(session, slug=slug, lang=lang, body=body, by=ADA)
    with reading() as session:
        found = page(session, slug=slug, lang=lang)
    assert found.title
    assert "{" not in found.html
    assert "**" not in found.html


def test_a_task_is_listed_once_and_stays_done(engine):
    for _ in range(2):
        with writing() as session:
            open_task(session, key="payout:7", kind="no_account", facts={"maker": 7})
    with writing() as session:
        open_task(session, key="order:1", kind="short_paid")
    with reading() as session:
        assert [line.key for line in open_tasks(session)] == ["payout:7", "order:1"]
        assert [line.key for line in open_tasks(session, kinds={"short_paid"})] == ["order:1"]
        assert [line.key for line in open_tasks(session, after=1, limit=1)] == ["order:1"]
        assert open_task_counts(session) == {"no_account": 1, "short_paid": 1}
    for _ in range(2):
        with writing() as session:
            close_task(session, key="payout:7", by=FEN)
            open_task(session, key="payout:7", kind="no_account")
    with reading() as session:
        assert [line.key for line in open_tasks(session)] == ["order:1"]


def test_history_is_never_changed(engine):
    with writing() as session:
        record(session, about="maker:7", kind="edited", by=MEI, on_behalf_of="maker:7", facts={"fields": ["name"]})
    for change in (lambda row: setattr(row, "kind", "x"), None):
        with pytest.raises(db.DBAPIError), writing() as session:
            row = session.scalars(select(Change)).one()
            session.delete(row) if change is None else change(row)
    assert history("maker:7") == [("edited", "user:1", {"fields": ["name"]})]


def test_history_is_read_in_pages(engine):
    with writing() as session:
        for number in range(5):
            record(session, about="maker:7", kind=f"kind{number}", by=MEI)
        record(session, about="maker:8", kind="other", by=MEI)
    with reading() as session:
        first = changes_about(session, about="maker:7", limit=2)
        second = changes_about(session, about="maker:7", limit=2, before=first[-1].id)
        assert len(changes_about(session)) == 6
    assert [line.kind for line in first + second] == ["kind4", "kind3", "kind2", "kind1"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000 0000", "+8613800000000"),
        ("+86 138-0000-0000", "+8613800000000"),
        ("１３８００００００００", "+8613800000000"),
        ("+84 912 345 678", "+84912345678"),
    ],
)
def test_a_telephone_number_has_one_spelling(typed, kept):
    assert canonical(typed, country="CN") == kept


@pytest.mark.parametrize("typed", ["", "abc", "12", "+", "9" * 40, "13800000000; DROP TABLE"])
def test_what_is_no_telephone_number_is_refused(typed):
    with pytest.raises(BadPhone):
        canonical(typed, country="CN")


def test_two_spellings_of_a_number_are_the_same():
    assert same("400-820-0000", "4008200000", country="CN")
    assert same("13800000000", "+86 138 0000 0000", country="CN")
    assert not same("13800000000", "13800000001", country="CN")
    assert not same("", "", country="CN")


def test_founding_asks_for_a_name(engine):
    with pytest.raises(BadInput), writing() as session:
        create_coop(session, name={}, currency="CNY", by=ADA)
