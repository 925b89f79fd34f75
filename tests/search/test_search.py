"""The index on both engines: what should be found is found, what is gone is gone, and no question breaks it."""

import time
import unicodedata
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import select, text

from shop import schema
from shop.crafts.services import create_craft
from shop.db import reading, reading_core, writing
from shop.search import cli, queries, services
from shop.search.models import SearchEntry
from shop.words import index_words

PIECES = {
    1: ["双面绣团扇", "Quạt thêu hai mặt", "Double-sided embroidered fan", "女红，Nguyễn Thị Lan"],
    2: ["大红中国结挂饰", "Nút thắt treo tường", "Red hanging knot"],
    3: ["纸灯笼", "Đèn lồng giấy", "Paper lantern"],
    4: ["扎染围巾", "Khăn nhuộm chàm", "Tie-dye scarf, maker's own cloth"],
    5: ["景泰蓝盘", "Đĩa pháp lam", "Cloisonné plate QS-0381-07"],
}


@pytest.fixture
def index(engine):
    with writing() as session:
        for ref, texts in PIECES.items():
            services.remember(session, kind="product", ref=ref, words=index_words(texts))
        services.remember(session, kind="maker", ref=1, words=index_words(["刺绣 embroidery knots đèn"]))
    return engine


def found(typed, **more):
    with reading() as session:
        question = queries.question_of(session, typed)
        return queries.found(session, kind="product", question=question, **more)


@pytest.mark.parametrize(
    ("typed", "refs"),
    [
        ("刺绣", {1}),
        ("双面", {1}),
        ("绣", {1}),
        ("theu", {1}),
        ("thêu", {1}),
        (unicodedata.normalize("NFD", "thêu hai mặt"), {1}),
        ("den", {3}),
        ("đèn", {3}),
        (unicodedata.normalize("NFD", "Đèn lồng"), {3}),
        ("knots", {2}),
        ("中国", {2}),
        ("Nguyen", {1}),
        ("lant", {3}),
        ("0381", {5}),
        ("cloisonne", {5}),
        ("珐琅", {5}),
        ("red knot", {2}),
        ("red lantern", set()),
        ("ＲＥＤ", {2}),
    ],
)
def test_three_languages_find_the_same_on_both_engines(index, typed, refs):
    assert set(found(typed)) == refs
    assert set(found(typed, ranked=False)) == refs


def test_another_kind_is_not_found(index):
    with reading() as session:
        question = queries.question_of(session, "刺绣")
        assert queries.found(session, kind="maker", question=question) == [1]
        assert queries.found(session, kind="workshop", question=question) == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "%",
        "_",
        "\\",
        "'",
        '"',
        "' OR 1=1 --",
        '" OR "',
        "*",
        "a* NEAR(",
        ":*",
        "!",
        "&|",
        "\x00",
        "\ud800",
        "…",
        "words:",
    ],
)
def test_no_question_is_a_syntax_error(index, typed):
    assert set(found(typed)) <= set(PIECES)


@pytest.mark.parametrize(
    "typed",
    ["a" * 10_000, "双" * 10_000, "tie dye " * 2_000, "%_\\" * 3_000, "(a+)+$" * 2_000],
    ids=lambda typed: typed[:6],
)
def test_a_huge_question_is_answered_within_a_second(index, typed):
    found("warm")
    started = time.perf_counter()
    found(typed)
    assert time.perf_counter() - started < 1


def test_what_is_remembered_again_is_found_by_the_new_words_only(index):
    with writing() as session:
        services.remember(session, kind="product", ref=3, words=index_words(["Gourd"]))
    assert found("lantern") == []
    assert found("gourd") == [3]


def test_what_is_forgotten_is_not_found_and_may_be_forgotten_twice(index):
    for _ in range(2):
        with writing() as session:
            services.forget(session, kind="product", ref=2)
    assert found("knot") == []
    with reading() as session:
        left = session.execute(select(SearchEntry.kind, SearchEntry.ref).order_by(SearchEntry.id)).all()
    assert [tuple(row) for row in left] == [
        ("product", 1),
        ("product", 3),
        ("product", 4),
        ("product", 5),
        ("maker", 1),
    ]


def test_the_index_follows_its_transaction(index):
    with suppress(RuntimeError), writing() as session:
        services.remember(session, kind="product", ref=9, words="paper")
        raise RuntimeError
    assert found("paper") == [3]


def test_the_best_hit_comes_first(index):
    with writing() as session:
        services.remember(
            session, kind="product", ref=8, words=index_words(["Lantern of paper, silk, bamboo and more " * 9])
        )
        services.remember(
            session,
            kind="product",
            ref=9,
            words=index_words(["A vase", "with one paper flower " + "and other things " * 30]),
        )
    assert found("paper lantern")[0] in {3, 8}
    assert found("paper")[-1] == 9
    assert found("paper", ranked=False) == [9, 8, 3]
    assert found("paper", ranked=False, limit=1, offset=1) == [8]
    assert found("paper", ranked=False, limit=24, offset=10**12) == []


def test_hits_are_counted_up_to_a_bound(index):
    with writing() as session:
        services.remember_all(session, kind="product", rows=[(100 + n, "bamboo") for n in range(50)])
    with reading_core() as connection:
        question = queries.question_of(connection, "bamboo")
        assert queries.count_upto(connection, kind="product", question=question) == 50
        assert queries.count_upto(connection, kind="product", question=question, most=20) == 20
        assert queries.count_upto(connection, kind="product", question=queries.question_of(connection, "")) == 0


def test_matches_joins_into_one_statement_of_a_hot_page(index):
    dialect = index.dialect.name
    hit = queries.matches(dialect).subquery("hit")
    statement = (
        select(SearchEntry.ref, hit.c.rank).join(hit, hit.c.ref == SearchEntry.ref).where(SearchEntry.kind == "product")
    )
    with reading_core() as connection:
        question = queries.question_of(connection, "knot")
        rows = connection.execute(statement, queries.asking(question, dialect=dialect, kind="product")).all()
    assert [row.ref for row in rows] == [2]
    assert rows[0].rank < 0
    assert queries.matches(dialect) is queries.matches(dialect)


def test_only_the_newest_of_very_many_are_joined(index):
    with writing() as session:
        services.remember_all(session, kind="product", rows=[(1000 + n, "bamboo") for n in range(200)])
    hit = queries.matches(index.dialect.name, ranked=False).subquery("hit")
    with reading_core() as connection:
        question = queries.question_of(connection, "bamboo")
        binds = queries.asking(question, dialect=index.dialect.name, kind="product", bound=10)
        refs = {row.ref for row in connection.execute(select(hit.c.ref), binds)}
    assert refs == set(range(1190, 1200))


def test_a_crafts_synonyms_are_asked_too(index):
    assert found("needlepainting") == []
    with writing() as session:
        create_craft(session, name={"en": "Embroidery", "vi": "Thêu"}, synonyms=["needlepainting", "苏绣"])
    assert found("needlepainting") == [1]
    assert found("苏绣") == [1]


def test_words_are_suggested_with_their_accents(index):
    with reading() as session:
        assert "thêu" in queries.suggestions(session, "the")
        assert "刺绣" in queries.suggestions(session, "刺")
        assert queries.suggestions(session, " ") == []
        assert len(queries.suggestions(session, "t", limit=3)) == 3


def test_a_misspelt_question_is_put_right(index):
    with reading() as session:
        assert queries.meant(session, "embroidry fan") == "embroidery fan"
        assert queries.meant(session, "lantern") is None


@pytest.fixture
def flask():
    app = Flask("test")
    cli.init_app(app)
    return lambda *args: app.test_cli_runner().invoke(args=["search", "reindex", *args])


def test_the_index_is_built_anew_in_chunks(index, flask, monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 2)
    texts = {ref: index_words(words) for ref, words in PIECES.items() if ref != 4} | {6: None, 7: "bamboo"}

    def read(_session, after, limit):
        return [(ref, words) for ref, words in sorted(texts.items()) if ref > after][:limit]

    monkeypatch.setitem(services.INDEXERS, "product", read)
    with writing() as session:
        services.remember(session, kind="product", ref=6, words="hidden")
        services.remember(session, kind="product", ref=99, words="gone")
        services.forget(session, kind="product", ref=1)
    result = flask("--kind", "product")
    assert result.exit_code == 0, result.output
    assert "product: 5 to be found" in result.output
    assert found("刺绣") == [1]
    assert found("bamboo") == [7]
    assert found("hidden") == found("gone") == found("scarf") == []
    with reading() as session:
        assert session.execute(select(SearchEntry.ref).where(SearchEntry.kind == "maker")).scalars().all() == [1]


def test_an_unknown_kind_is_refused(engine, flask):
    result = flask("--kind", "nonsense")
    assert result.exit_code == 1
    assert "nonsense" in result.output


def test_migration_and_models_agree_about_the_index(engine):
    assert [row for row in schema.differences(engine) if "search" in str(row)] == []
    with reading_core() as connection:
        assert connection.execute(text("SELECT count(*) FROM search_entry")).scalar_one() == 0
