"""Prices and how they are shared, and piece rates: what does not sum or pays her too little is never set."""

import pytest

from shop.actor import COMMAND
from shop.catalog import services as catalog
from shop.catalog.models import PieceRate, PriceSplit, Product, Variant
from shop.catalog.services import Part
from shop.coop.models import Change
from shop.db import writing
from shop.errors import BadInput
from tests.office.goods.rows import everything, form, row, rows, says, split
from tests.people import ADA, FEN

LOTUS = {"all": 38000, "maker": 23600, "materials": 5200, "broker": 3040, "coop": 3800, "costs": 2360}


@pytest.fixture
def lotus(goods):
    """Selectors of the lotus' price and rate forms, and its address."""
    product_id, variant_id = goods.products["lotus"], goods.variants["lotus"]
    return (
        form(product_id, f"/variants/{variant_id}/price"),
        form(product_id, f"/variants/{variant_id}/rate"),
        f"/office/products/{product_id}",
    )


def trade(variant_id: int, least: int, price: int, days: int | None = None) -> None:
    """A trade price as it stands in the books, from so many pieces on."""
    parts = [Part("maker", 23600), Part("coop", price - 23600)]
    with writing() as session:
        catalog.set_price(
            session,
            variant_id=variant_id,
            price_minor=price,
            parts=parts,
            by=COMMAND,
            kind="trade",
            min_quantity=least,
            lead_days=days,
        )


def test_a_price_is_changed_with_its_split_and_the_one_before_stays_in_the_books(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    page = visit(path, client=as_(FEN), ceiling=28)
    page = page.submit(prices, retail1="¥400.00", retail1_maker="256")
    assert "The price is set, from now on." in page.text
    assert split(goods.variants["lotus"]) == LOTUS | {"all": 40000, "maker": 25600}
    assert row(Variant, goods.variants["lotus"]).price_minor == 40000
    assert [each.live for each in rows(PriceSplit, PriceSplit.variant_id == goods.variants["lotus"])] == [False, True]
    assert "Nothing was changed." in page.submit(prices).text


def test_a_workshops_own_share_is_given_to_a_price_and_stands_in_the_books(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    page = visit(path, client=as_(FEN), ceiling=28).submit(prices, retail1_workshop="38", retail1_coop="")
    assert "The price is set, from now on." in page.text
    assert split(goods.variants["lotus"]) == {
        "all": 38000, "maker": 23600, "materials": 5200, "broker": 3040, "workshop": 3800, "costs": 2360,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "The parts and the price differ by ¥1.00."),
        ("zh", "差¥1.00"),
        ("vi", "1,00"),
    ],
)
def test_a_split_that_does_not_sum_is_refused_with_the_difference(goods, lotus, as_, visit, lang, said):
    prices, _rate, path = lotus
    before = everything()
    point = "," if lang == "vi" else "."
    page = visit(path, client=as_(FEN, lang), lang=lang, ceiling=28)
    again = page.submit(prices, retail1_costs=f"22{point}60")
    assert says(again, 422, said)
    assert ("1,00" if lang == "vi" else "¥1.00") in again.one("td.off[data-of=retail1]")
    assert again.form(prices)["retail1_costs"] == f"22{point}60"
    assert everything() == before


def test_her_part_never_falls_below_her_rate_nor_her_rate_below_the_minimum(goods, lotus, as_, visit):
    prices, rate, path = lotus
    before = everything()
    page = visit(path, client=as_(FEN), ceiling=28)
    low = page.submit(prices, retail1_maker="235.99", retail1_costs="23.61")
    assert says(low, 422, "Her part is ¥235.99; the agreed piece rate is ¥236.00. It may never be less.")
    slow = page.submit(rate, minutes="600")
    assert says(
        slow, 422, "That is ¥23.60 an hour; the local minimum is ¥25.00. An officer may allow it with a reason."
    )
    high = page.submit(rate, pay="236.01")
    assert "Her part is ¥236.00; the agreed piece rate is ¥236.01." in high.one(".summary ul")
    assert everything() == before
    kept = slow.submit(rate, reason="a first piece, to learn by")
    assert "below the minimum" in kept.text
    now = rows(PieceRate, PieceRate.variant_id == goods.variants["lotus"])[-1]
    assert (now.minutes, now.below_minimum_reason, now.set_by) == (600, "a first piece, to learn by", FEN.key)


SUMS = ["-1", "0", "1.505", "abc", "NaN", "1e9", str(2**63), "9" * 60, "a\x00b"]


def test_sums_that_cannot_be_meant_set_nothing_and_stay_typed(goods, lotus, as_, visit):
    prices, rate, path = lotus
    before = everything()
    page = visit(path, client=as_(FEN), ceiling=28)
    for typed in SUMS:
        for selector, name in ((prices, "retail1"), (prices, "retail1_maker"), (rate, "pay")):
            again = page.submit(selector, **{name: typed})
            assert again.status == 422, (name, typed)
            assert again.hrefs(".summary a")[0] in {f"#{name}", "#retail1"}
            assert again.form(selector)[name] == typed or "\x00" in typed
    assert everything() == before


def test_minutes_that_cannot_be_meant_set_nothing(goods, lotus, as_, visit):
    _prices, rate, path = lotus
    before = everything()
    page = visit(path, client=as_(FEN), ceiling=28)
    for minutes in ("", "0", "-5", "1.5", "soon", str(2**63)):
        again = page.submit(rate, minutes=minutes)
        assert (again.status, again.form(rate)["minutes"]) == (422, minutes)
    assert everything() == before


def test_a_price_without_her_part_is_refused_at_its_cell(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    page = visit(path, client=as_(FEN), ceiling=28)
    again = page.submit(prices, retail1_maker="", retail1_costs="259.60")
    assert says(again, 422, "Please fill this in.")
    assert again.hrefs(".summary a") == ["#retail1_maker"]


def test_of_two_prices_in_one_form_both_are_set_or_none(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    before = everything()
    page = visit(path, client=as_(FEN), ceiling=28)
    both = {"retail1": "390", "retail1_costs": "33.60", "new": "300", "new_kind": "trade", "new_min": "20"}
    wrong = page.submit(prices, **both, new_maker="236", new_coop="63")
    assert says(wrong, 422, "The parts and the price differ by ¥1.00.")
    assert wrong.hrefs(".summary a") == ["#new"]
    assert everything() == before
    wrong.submit(prices, new_coop="64")
    assert split(goods.variants["lotus"])["all"] == 39000
    assert split(goods.variants["lotus"], "trade", 20) == {"all": 30000, "maker": 23600, "coop": 6400}


NO_FURTHER = [
    ({"new_kind": ""}, "Please say what this price is for."),
    ({"new": ""}, "Please fill this in."),
    ({"new_min": "1.5"}, "Not a valid integer value."),
    ({"new_min": "0"}, "Number must be between 1 and 100000."),
    ({"new_min": str(2**63)}, "Number must be between 1 and 100000."),
    ({"new_kind": "gift"}, "Not a valid choice."),
    ({"new_min": "20"}, "This price stands in the table already."),
]


def test_a_further_price_says_what_it_is_for_and_takes_no_others_place(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    trade(goods.variants["lotus"], 20, 31000)
    before = everything()
    new = {"new": "300", "new_kind": "trade", "new_min": "10", "new_maker": "236", "new_coop": "64"}
    page = visit(path, client=as_(FEN), ceiling=28)
    for fields, sentence in NO_FURTHER:
        again = page.submit(prices, **new | fields)
        assert says(again, 422, sentence)
        assert again.form(prices)["new_coop"] == "64"
    assert everything() == before


def test_a_trade_price_is_ended_from_its_page_and_stays_in_the_books(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    lot = goods.variants["lotus"]
    trade(lot, 20, 31000)
    page = visit(path, client=as_(FEN), ceiling=28)
    assert "retail1_end" not in page.form(prices)
    done = page.submit(prices, trade20_end="y", trade20="", trade20_maker="")
    assert "The price has ended. It stays in the books." in done.text
    assert (split(lot, "trade", 20), split(lot)) == ({}, LOTUS)
    (kept,) = rows(PriceSplit, PriceSplit.variant_id == lot, PriceSplit.kind == "trade")
    assert (kept.price_minor, kept.live) == (31000, False)
    (line,) = rows(Change, Change.kind == "price_ended")
    assert (line.facts, line.actor) == ({"prices": [["trade", 20]]}, FEN.key)
    page.submit(prices, trade20_end="y")
    assert len(rows(Change, Change.kind == "price_ended")) == 1


def test_a_price_ends_together_with_what_else_was_typed_or_not_at_all(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    lot = goods.variants["lotus"]
    trade(lot, 20, 31000)
    before = everything()
    page = visit(path, client=as_(FEN), ceiling=28)
    wrong = page.submit(prices, trade20_end="y", retail1="381")
    assert says(wrong, 422, "The parts and the price differ by ¥1.00.")
    assert everything() == before
    assert (
        "The price is set, from now on."
        in wrong.submit(prices, retail1="380", retail1_coop="37", retail1_costs="24.6").text
    )
    assert (split(lot, "trade", 20), split(lot)["coop"]) == ({}, 3700)


def test_the_retail_price_is_not_ended_by_a_tampered_form(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    before = everything()
    page = visit(path, client=as_(FEN), ceiling=28)
    assert "Nothing was changed." in page.submit(prices, retail1_end="y").text
    assert everything() == before
    with pytest.raises(BadInput), writing() as session:
        catalog.end_price(session, variant_id=goods.variants["lotus"], kind="retail", min_quantity=1)


def test_who_saves_prices_second_is_told_and_her_sums_stay_with_their_price(goods, lotus, as_, visit):
    prices, _rate, path = lotus
    lot = goods.variants["lotus"]
    trade(lot, 20, 31000, days=12)
    first, second = visit(path, client=as_(ADA), ceiling=28), visit(path, client=as_(FEN), ceiling=28)
    first.submit(prices, new="330", new_kind="trade", new_min="10", new_maker="236", new_coop="94")
    late = second.submit(prices, trade20="320", trade20_coop="84")
    assert late.status == 409
    assert "Somebody else saved this in the meantime" in late.one(".summary")
    assert late.form(prices)["trade20"] == "320"
    assert (split(lot, "trade", 20)["all"], split(lot, "trade", 10)["all"]) == (31000, 33000)
    late.submit(prices)
    assert (split(lot, "trade", 20)["all"], split(lot, "trade", 10)["all"]) == (32000, 33000)
    (now,) = rows(PriceSplit, PriceSplit.variant_id == lot, PriceSplit.live, PriceSplit.min_quantity == 20)
    assert now.lead_days == 12
    assert row(Product, goods.products["lotus"]).version > 3
