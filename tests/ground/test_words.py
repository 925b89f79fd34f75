import re
import sqlite3
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.words import (
    LONGEST_TOKEN,
    MOST_ALTERNATIVES,
    MOST_GROUPS,
    MOST_TOKENS,
    SYNONYMS,
    WORDS,
    Phrase,
    Query,
    Synonyms,
    fold,
    fts5,
    index_words,
    nearest,
    query,
    stem,
    tokens,
    tsquery,
)

PIECES = {
    "fan": ["双面绣团扇", "Quạt thêu hai mặt", "Double-sided embroidered fan", "女红，Nguyễn Thị Lan"],
    "knot": ["大红中国结挂饰", "Nút thắt treo tường", "Red hanging knot"],
    "lamp": ["纸灯笼", "Đèn lồng giấy", "Paper lantern"],
    "scarf": ["扎染围巾", "Khăn nhuộm chàm", "Tie-dye scarf, maker's own cloth"],
    "plate": ["景泰蓝盘", "Đĩa pháp lam", "Cloisonné plate QS-0381-07"],
}


@contextmanager
def table(texts):
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE indexed USING fts5 (words, tokenize = 'unicode61 remove_diacritics 0')")
        db.executemany("INSERT INTO indexed (rowid, words) VALUES (?, ?)", enumerate(map(index_words, texts)))
        yield db


def found_in(db, question):
    rows = db.execute("SELECT rowid FROM indexed WHERE indexed MATCH ? ORDER BY rowid", (fts5(question),))
    return [row for (row,) in rows]


@pytest.fixture(scope="module")
def pieces():
    with table(PIECES.values()) as db:
        yield db


def names(pieces, text, synonyms=SYNONYMS):
    return {list(PIECES)[row] for row in found_in(pieces, query(text, synonyms))}


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đèn lồng", "den long"),
        ("Nguyễn", "nguyen"),
        ("ỄỘẪƯƠđĐ", "eoauodd"),
        ("ＡＢＣ１２３", "abc123"),
        ("Cloisonné", "cloisonne"),
        ("Straße Łódź Ærø", "strasse lodz aero"),
        ("stit\u00adch\u200bing", "stitching"),
        ("双面绣", "双面绣"),
        ("が", "が"),
        ("한국", "한국"),
        ("", ""),
    ],
)
def test_texts_are_compared_folded(text, folded):
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(st.text(max_size=80))
@settings(max_examples=400)
def test_folding_twice_changes_nothing_and_forms_do_not_matter(text):
    assert tokens(fold(text)) == tokens(text)
    assert tokens(unicodedata.normalize("NFD", text)) == tokens(unicodedata.normalize("NFC", text)) == tokens(text)


def test_cjk_characters_stand_alone_and_latin_words_stay_whole():
    assert tokens("双面绣 QS-0381，Thêu tay: maker's") == ["双", "面", "绣", "qs", "0381", "theu", "tay", "maker"]


def test_only_letters_figures_and_cjk_become_tokens():
    assert tokens("a%b_c\\d\"e'f*g(h) ٣ ∞ я ñ") == [*"abcdefgh", "n"]


# The index


def test_the_index_keeps_the_order_and_adds_stems_at_the_end():
    kept = index_words(["绣品 knots", "", "Knot, embroidery"]).split(" ")
    assert [token for token in kept if token != "\uf900"] == ["绣", "品", "knots", "knot", "embroidery", "embroideri"]
    assert index_words([]) == index_words(["%", "…"]) == ""
    assert index_words("knot") == index_words(["knot"]) == "knot"


def test_the_index_of_one_thing_is_bounded():
    assert index_words(["绣" * 50_000, "later"]).count(" ") == MOST_TOKENS - 1
    assert index_words(["a" * 5_000]) == "a" * LONGEST_TOKEN
    with table([["a" * 5_000]]) as db:
        assert found_in(db, query("a" * 100)) == [0]


def test_no_phrase_reaches_from_one_text_into_the_next():
    with table([["成双", "面料"]]) as db:
        assert found_in(db, query("双面")) == []
        assert found_in(db, query("成双 面料")) == [0]


# Questions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("双面", {"fan"}),
        ("双面绣", {"fan"}),
        ("绣", {"fan"}),
        ("刺绣", {"fan"}),
        ("embroidery", {"fan"}),
        ("embroidered", {"fan"}),
        ("embroid", {"fan"}),
        ("theu", {"fan"}),
        ("thêu hai mặt", {"fan"}),
        ("双面刺绣扇子", {"fan"}),
        ("Nguyen", {"fan"}),
        ("NGUYỄN THỊ", {"fan"}),
        ("den", {"lamp"}),
        ("đèn", {"lamp"}),
        ("den lo", {"lamp"}),
        ("灯笼", {"lamp"}),
        ("lanterns", {"lamp"}),
        ("knots", {"knot"}),
        ("knot", {"knot"}),
        ("中国结", {"knot"}),
        ("nut", {"knot"}),
        ("a knot for the wall", set()),
        ("the knot", {"knot"}),
        ("tie dye", {"scarf"}),
        ("TIE-DYE", {"scarf"}),
        ("shibori", {"scarf"}),
        ("makers", {"scarf"}),
        ("enamel", {"plate"}),
        ("掐丝珐琅", {"plate"}),
        ("phap lam", {"plate"}),
        ("cloisonne", {"plate"}),
        ("qs-0381", {"plate"}),
        ("038", {"plate"}),
        ("面双", set()),
        ("red lantern", set()),
    ],
)
def test_a_question_in_any_of_three_languages_finds_the_piece(pieces, text, expected):
    assert names(pieces, text) == expected
    assert names(pieces, unicodedata.normalize("NFD", text)) == expected
    assert names(pieces, text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})) == expected


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row[0])
def test_every_synonym_finds_every_other(row):
    with table([[word] for word in row]) as db:
        for word in row:
            assert found_in(db, query(word)) == list(range(len(row))), word


def test_a_cooperative_brings_synonyms_of_its_own(pieces):
    assert names(pieces, "挂件") == set()
    assert names(pieces, "挂件", Synonyms([*WORDS, ("挂件", "Treo tường", "wall hanging")])) == {"knot"}
    assert names(pieces, "wall hangings", Synonyms([("挂饰", "wall hanging")])) == {"knot"}
    assert names(pieces, "knots", Synonyms([])) == {"knot"}


def test_only_the_last_latin_word_may_go_on(pieces):
    assert names(pieces, "lanter pap") == set()
    assert names(pieces, "paper lanter") == {"lamp"}
    assert names(pieces, "lanter 纸") == {"lamp"}
    assert not any(phrase.prefix for phrase in query("p").groups[0])


letters = st.text("双面绣团扇结灯笼中国", min_size=1, max_size=12)


@given(st.lists(letters, min_size=1, max_size=5), letters)
@settings(max_examples=300)
def test_chinese_words_find_every_text_they_stand_in(texts, word):
    truth = [place for place, text in enumerate(texts) if word in text]
    with table([[text] for text in texts]) as db:
        assert found_in(db, query(word, Synonyms([]))) == truth
        assert set(truth) <= set(found_in(db, query(word)))


# Whatever is typed

nasty = st.text("\"'*()^:-+%_\\&|!<>~{}[]\x00\ud800 abANDORNOTEAR双面đ̣٣", max_size=60)


@pytest.fixture(scope="module")
def engine_of_nothing():
    with table([["anything"]]) as db:
        yield db


@given(text=st.text(max_size=250) | nasty)
@settings(max_examples=600)
def test_no_question_is_a_syntax_error(engine_of_nothing, text):
    question = query(text)
    found_in(engine_of_nothing, question)
    phrase = (
        r"(?:'[0-9a-z]+'(?::\*)?|'[^\x00-\x7f]'|\((?:'(?:[0-9a-z]+|[^\x00-\x7f])' <-> )+'(?:[0-9a-z]+|[^\x00-\x7f])'\))"
    )
    group = rf"\({phrase}(?: \| {phrase})*\)"
    assert re.fullmatch(rf"(?:{group}(?: & {group})*)?", tsquery(question))
    assert len(question.groups) <= MOST_GROUPS
    assert all(0 < len(found) <= MOST_ALTERNATIVES for found in question.groups)


@pytest.mark.parametrize("text", ["", " ", "%", "_", "\\", "%_\\", '"', "'", "*", "٣", "\x00", "\ud800", "…"])
def test_a_question_without_words_finds_nothing(pieces, text):
    question = query(text)
    assert not question
    assert question == Query()
    assert found_in(pieces, question) == []
    assert tsquery(question) == ""


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "%_\\" * 3_334,
        "双" * 10_000,
        "a " * 5_000,
        "(a+)+$" * 2_000,
        "tie dye " * 1_000,
        "\u0301" * 10_000,
        " ".join(f"word{number}" for number in range(2_000)),
    ],
    ids=lambda text: repr(text[:9]),
)
def test_a_huge_question_costs_no_more_than_a_short_one(pieces, text):
    started = time.perf_counter()
    for _ in range(20):
        found_in(pieces, query(text))
    assert (time.perf_counter() - started) / 20 < 0.02


def test_a_question_is_a_value():
    assert query("red knots") == query("RED  knots")
    assert hash(query("red knots")) == hash(query("RED  knots"))
    assert query("red red").groups == ((Phrase(("red",), prefix=True),),)


def test_questions_of_many_threads_do_not_mix():
    words = ["embroidery", "lanterns", "weaving", "stitches", "beautiful", "polishing"] * 200
    stem.cache_clear()
    expected = {"embroideri", "lantern", "weav", "stitch", "beauti", "polish"}
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(stem.__wrapped__, words)) == expected


# What was probably meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("embroidry", "Embroidery"),
        ("lantren", "lantern"),
        ("đèn lông", None),
        ("den lomg", "đèn lồng"),
        ("cloissone", "cloisonné"),
        ("lantern", None),
        ("xyzzy", None),
        ("", None),
        ("a" * 10_000, None),
    ],
)
def test_a_misspelt_word_is_taken_for_the_nearest_known_one(word, meant):
    assert nearest(word, ["Embroidery", "lantern", "đèn lồng", "cloisonné", "fan"]) == meant


def test_a_vast_vocabulary_is_not_read_to_its_end():
    read = 0

    def vocabulary():
        nonlocal read
        for number in range(10**6):
            read += 1
            yield f"w{number:06d}"

    assert nearest("abcdefg", vocabulary()) is None
    assert read == 5_000
