"""Reading an address in which anything may stand; splits, drawings."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from shop.home.kept import Kept
from shop.home.queries.market import _counted
from shop.home.scale import HEIGHT, WIDTH, scale_of
from shop.home.split import BLUR, public_split
from shop.home.wishes import Cursor, bands_of, clean, cursor_of, wish_of

KNOWN = {"crafts": {"knots": 1}, "workshops": {"w": 2}, "villages": {"v": 3}}
KINDS = ("maker", "materials", "broker", "workshop", "coop", "costs", "outlet", "tax")


@given(st.text(max_size=200))
def test_no_text_is_a_cursor_but_ours(text):
    found = cursor_of(text)
    assert found is None or found.text() == text.rstrip("=")


@given(
    st.builds(
        Cursor,
        st.sampled_from(["new", "low", "high", "best"]),
        st.sampled_from(["before", "after"]),
        st.integers(0, 10**15),
        st.integers(0, 10**15),
    )
)
def test_a_cursor_comes_back_as_it_went(cursor):
    assert cursor_of(cursor.text()) == cursor


@given(st.lists(st.tuples(st.sampled_from(["q", "sort", "when", "price", "craft", "named", "at", "page"]), st.text())))
def test_any_query_is_a_wish_whose_own_address_means_the_same(pairs):
    wish = wish_of(MultiDict(pairs), **KNOWN, currency="CNY")
    from urllib.parse import parse_qsl

    again = wish_of(MultiDict(parse_qsl(wish.query().lstrip("?"))), **KNOWN, currency="CNY")
    assert again == wish


@given(st.text())
def test_a_question_is_one_bounded_line(text):
    found = clean(text)
    assert len(found) <= 200
    assert found == clean(found)
    assert all(sign.isprintable() for sign in found)


def test_price_bands_leave_no_gap():
    for currency in ("CNY", "VND", "USD", "JPY"):
        bands = bands_of(currency)
        assert bands[0].low == 0
        assert all(low.high == high.low for low, high in pairwise(bands))


def test_nothing_on_the_shelf_counts_nothing():
    counted = _counted([], wish_of(MultiDict(), **KNOWN, currency="CNY"), currency="CNY", more=False)
    assert counted.total == 0


parts = st.lists(
    st.tuples(st.sampled_from(KINDS), st.just(""), st.integers(0, 10**9)),
    min_size=1,
    max_size=8,
    unique_by=lambda p: p[0],
)


@given(parts)
def test_a_shown_split_sums_to_the_price_whatever_is_merged(split):
    for public in (True, False):
        assert sum(part.minor for part in public_split(split, hers_public=public)) == sum(
            minor for _, _, minor in split
        )


@given(parts)
def test_a_pay_that_is_not_public_never_stands_alone(split):
    hers = sum(minor for kind, _, minor in split if kind == "maker")
    price = sum(minor for _, _, minor in split)
    shown = public_split(split, hers_public=False)
    if not hers:
        return
    together = next(part for part in shown if "maker" in part.kinds)
    others = sum(minor for kind, _, minor in split if kind in together.kinds and kind != "maker")
    assert together.kinds != ("maker",) or price == hers
    assert others * BLUR >= price or len(shown) == 1
    assert together.colour != "her" or price == hers


def test_with_her_consent_every_part_stands_by_itself():
    split = [("maker", "", 236), ("materials", "", 52), ("broker", "broker:1", 30), ("broker", "broker:2", 10)]
    assert [part.minor for part in public_split(split, hers_public=True)] == [236, 52, 30, 10]


@given(
    st.one_of(
        st.fixed_dictionaries({"shape": st.just("round"), "diameter": st.floats(0.5, 400)}),
        st.fixed_dictionaries(
            {"shape": st.just("box"), "width": st.integers(1, 400), "height": st.integers(1, 400)},
            optional={"depth": st.integers(1, 400)},
        ),
    )
)
def test_a_drawing_stays_within_its_frame(size):
    drawing = scale_of(size)
    assert drawing is not None
    assert drawing.x >= 0
    assert drawing.y >= 0
    assert drawing.x + drawing.width <= WIDTH
    assert drawing.y + drawing.height <= HEIGHT
    assert drawing.beside_x + (11 if drawing.beside == "hand" else 40) * drawing.factor <= WIDTH
    assert drawing.beside_y >= 0


def test_a_vase_stands_and_a_size_that_says_nothing_is_not_drawn():
    assert scale_of({"shape": "box", "width": 8, "height": 8, "depth": 18}).height > 60
    for size in ({}, {"shape": "round"}, {"width": 3}, {"width": "3", "height": 2}, {"width": -1, "height": 2}):
        assert scale_of(size) is None


def test_what_was_used_last_is_kept_and_the_rest_goes():
    kept = Kept(2)
    for key in "abcde":
        kept.put(key, key)
        assert kept.get("a") == "a"
    assert kept.get("b") is None
    assert len(kept.young) + len(kept.old) <= 4
    kept.forget()
    assert kept.get("a") is None
