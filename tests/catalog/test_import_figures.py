"""Lists of pieces: figures and texts read strictly, and files refused as a whole."""

import pytest

from shop.catalog.importing.reading import read
from shop.catalog.importing.rows import FileRefused
from shop.money import Money
from tests.catalog.test_import_reading import FILES, OURS, SHOPIFY, faults, of_rows, only, piece, refused

# Figures


@pytest.mark.parametrize(
    ("written", "minor"),
    [("380", 38000), ("380.5", 38050), ("３８０．００", 38000), ("¥1,260.00", 126000), ("380元", 38000), ("", None)],
)
def test_clear_prices_are_read(written: str, minor: int | None) -> None:
    price = only(of_rows(OURS, piece(价格=written))).price
    assert price == (None if minor is None else Money(minor, "CNY"))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("abc", "money_malformed"),
        ("-5", "money_negative"),
        ("-0", "money_negative"),
        ("1e3", "money_malformed"),
        ("NaN", "money_malformed"),
        ("∞", "money_malformed"),
        ("٣", "money_malformed"),
        ("380.000", "money_ambiguous"),
        ("380,00", "money_bad_groups"),
        ("1.234,56", "money_malformed"),
        ("0", "money_zero"),
        ("0.00", "money_zero"),
        ("1.005", "money_ambiguous"),
        ("1.2345", "money_too_many_decimals"),
        ("99999999999999999999", "money_too_large"),
        ("20000000000", "money_too_large"),
        ("$50", "other_currency"),
        ("50 USD", "other_currency"),
        ("=1+1", "money_malformed"),
    ],
)
def test_unclear_and_wrong_prices_are_refused_at_their_place(written: str, code: str) -> None:
    file = of_rows(OURS, piece(), piece(品名="结", 价格=written))
    (fault,) = file.faults
    assert (fault.row, fault.column, fault.letter, fault.value) == (3, "价格", "C", written)
    assert fault.code == code
    assert len(file.products) == 1


def test_an_unclear_price_is_asked_back_in_both_readings() -> None:
    (fault,) = of_rows(OURS, piece(价格="380.000")).faults
    assert fault.other == "380.00, 380000.00"


def test_dots_group_where_the_currency_has_no_decimals() -> None:
    assert only(of_rows(OURS, piece(价格="380.000"), currency="VND")).price == Money(380000, "VND")


@pytest.mark.parametrize(("written", "count"), [("3", 3), ("１２", 12), ("12件", 12), ("3.0", 3), ("0", 0), ("", None)])
def test_whole_quantities_are_read(written: str, count: int | None) -> None:
    assert only(of_rows(OURS, piece(数量=written))).quantity == count


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-1", "quantity_negative"),
        ("−1", "quantity_negative"),
        ("1.5", "quantity_broken"),
        ("1,5", "quantity_broken"),
        ("1.000", "quantity_broken"),
        (str(2**63), "quantity_too_large"),
        ("9" * 90, "quantity_bad"),
        ("100001", "quantity_too_large"),
        ("many", "quantity_bad"),
        ("1e3", "quantity_bad"),
        ("٣", "quantity_bad"),
    ],
)
def test_other_quantities_are_refused_at_their_place(written: str, code: str) -> None:
    (fault,) = of_rows(OURS, piece(数量=written)).faults
    assert (fault.row, fault.column, fault.code) == (2, "数量", code)


def test_a_weight_that_is_none_is_refused() -> None:
    assert faults(of_rows(["品名", "价格", "重量"], ["荷花", "1", "heavy"])) == [(2, "重量", "weight_bad")]


# Texts


def test_over_long_texts_are_refused_with_the_limit() -> None:
    (fault,) = of_rows(OURS, piece(品名="荷" * 201)).faults
    assert (fault.column, fault.code, fault.other) == ("品名", "too_long", "200")
    assert len(fault.value) <= 60


def test_a_text_of_nothing_but_tags_is_refused_at_once() -> None:
    head = ["Handle", "Title", "Body (HTML)", "Variant Price"]
    file = of_rows(head, *([f"a{number}", "A", "<div>" * 6_000, "1"] for number in range(20)))
    assert {fault.code for fault in file.faults} == {"too_long"}


@pytest.mark.parametrize("character", ["\x7f", "\uffff"])
def test_characters_no_text_can_hold_are_refused(character: str) -> None:
    file = of_rows(["品名", "价格", "货号"], ["荷花", "1", f"A{character}B"])
    assert faults(file) == [(2, "货号", "bad_character")]
    assert character not in file.faults[0].value


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b"])
def test_a_file_with_control_characters_is_refused_whole(character: str) -> None:
    with pytest.raises(FileRefused):
        of_rows(["品名", "价格"], ["荷花", "1"], [f"结{character}", "2"])


def test_an_apostrophe_that_keeps_a_text_from_being_a_formula_is_no_part_of_it() -> None:
    file = of_rows(OURS, piece(品名="'=荷花", 货号="'0071"), piece(品名="结", 价格="'-5"))
    assert file.products[0].title == {"zh": "=荷花"}
    assert file.products[0].variants[0].sku == "0071"
    assert faults(file) == [(3, "价格", "money_negative")]


def test_marks_that_turn_text_around_are_taken_out() -> None:
    assert of_rows(OURS, piece(品名="荷\u202e花\u200b")).products[0].title == {"zh": "荷花"}


def test_formulas_stay_text() -> None:
    assert of_rows(OURS, piece(品名="=HYPERLINK(1)")).products[0].title == {"en": "=HYPERLINK(1)"}


def test_a_missing_title_is_refused() -> None:
    assert faults(of_rows(OURS, piece(), piece(品名=" "))) == [(3, "品名", "missing_title")]


# The file as a whole


def test_files_that_are_no_list_are_refused_whole() -> None:
    assert refused() == "empty_file"
    assert refused(["", ""], ["", ""]) == "empty_file"
    assert refused(OURS) == "only_heading"
    assert refused(["foo", "bar"], ["1", "2"]) == "unknown_headings"
    assert refused(["品名", "数量"], ["荷花", "2"]) == "missing_column"
    assert refused(["价格", "数量"], ["1", "2"]) == "missing_column"
    assert refused(["品名", "价格", "价 格"], ["荷花", "1", "2"]) == "duplicate_column"
    assert refused([*SHOPIFY, "Variant price"], ["a", "A", "", "", "", "", "1", "2"]) == "duplicate_column"
    assert refused(["品名", "价格（美元）"], ["荷花", "1"]) == "other_currency"
    assert refused(["ID", "Type", "SKU", "Name", "Tax status", "Regular price"], ["1"] * 6) == "woocommerce"


def test_a_missing_column_is_named_with_the_words_that_are_understood() -> None:
    with pytest.raises(FileRefused) as raised:
        of_rows(["品名", "价各"], ["荷花", "1"])
    (fault,) = raised.value.faults
    assert (fault.row, fault.column) == (1, "price")
    assert fault.other == "价格, giá, price"
    assert fault.value == "品名, 价各"


def test_two_extra_columns_of_one_name_do_no_harm() -> None:
    file = of_rows(["品名", "价格", "备注", "备注", ""], ["荷花", "1", "a", "", "x"])
    assert only(file).price == Money(100, "CNY")
    assert file.ignored == ("备注", "E")


def test_a_short_row_is_refused_since_it_lost_a_comma_or_the_file_its_end() -> None:
    file = of_rows(OURS, piece(), ["结", "", "38"])
    assert faults(file) == [(3, "", "short_row")]
    assert file.faults[0].other == "3, 7"


def test_a_row_that_is_too_long_is_refused_and_empty_cells_behind_are_not() -> None:
    file = of_rows(OURS, [*piece(), "", ""], [*piece(品名="结"), "", "8"])
    assert faults(file) == [(3, "", "long_row")]


def test_half_a_file_cut_inside_quotation_marks_is_refused_whole() -> None:
    data = (FILES / "shopify.csv").read_bytes()
    with pytest.raises(FileRefused):
        read(data[: data.index(b"<li>40")], "half.csv", currency="CNY")


def test_half_a_file_cut_inside_a_row_names_the_row() -> None:
    data = (FILES / "shopify.csv").read_bytes()
    file = read(data[: data.index(b"LC-40-B")], "half.csv", currency="CNY")
    assert (3, "", "short_row") in faults(file)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04rest"]
)
def test_a_file_of_another_kind_is_refused_whole(data: bytes) -> None:
    with pytest.raises(FileRefused):
        read(data, "list.xlsx", currency="CNY")


def test_each_row_of_a_file_is_in_a_product_or_named() -> None:
    file = of_rows(OURS, piece(), piece(品名="结", 价格="x"), piece(品名="合计"), piece(品名="扇", 尺寸="1"), ["短"])
    named = {fault.row for fault in file.faults} | {note.row for note in file.skipped}
    taken = {row for product in file.products for variant in product.variants for row in variant.rows}
    assert named | taken == {2, 3, 4, 5, 6}
    assert file.row_count == 5


def test_the_kind_can_be_told() -> None:
    data = b"Handle,Title,Price\na,A,1\n"
    assert read(data, "x.csv", currency="CNY").format == "qiaoshou"
    assert read(data, "x.csv", currency="CNY", kind="shopify").format == "shopify"
