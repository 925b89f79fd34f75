"""Files of both kinds, read into values: what they say, and what is wrong with them."""

import csv
import io

import pytest

from config import ROOT
from shop.catalog.importing.reading import read
from shop.catalog.importing.rows import FileRefused, ImportedVariant, ImportFile
from shop.money import Money

FILES = ROOT / "tests" / "data" / "import"
OURS = ["品名", "货号", "价格", "工钱", "手艺人", "尺寸", "数量"]
SHOPIFY = ["Handle", "Title", "Body (HTML)", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Price"]


def of_file(name: str, currency: str = "CNY") -> ImportFile:
    return read((FILES / name).read_bytes(), name, currency=currency)


def of_rows(*rows: list[str], currency: str = "CNY") -> ImportFile:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return read(text.getvalue().encode(), "list.csv", currency=currency)


def refused(*rows: list[str], currency: str = "CNY") -> str:
    with pytest.raises(FileRefused) as raised:
        of_rows(*rows, currency=currency)
    return raised.value.faults[0].code


def only(file: ImportFile) -> ImportedVariant:
    assert not file.faults
    (product,) = file.products
    (variant,) = product.variants
    return variant


def piece(**cells: str) -> list[str]:
    usual = {"品名": "荷花", "货号": "", "价格": "380", "工钱": "", "手艺人": "", "尺寸": "", "数量": ""}
    return list({**usual, **cells}.values())


def faults(file: ImportFile) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in file.faults]


# Shopify


def test_a_shopify_export_gives_products_variants_and_pictures() -> None:
    file = of_file("shopify.csv")
    assert file.format == "shopify"
    assert file.lang == "en"
    assert not file.faults
    cushion, charm, scarf = file.products
    assert [variant.sku for variant in cushion.variants] == ["LC-40-R", "LC-40-B"]
    assert cushion.variants[0].options == (("Size", "40 cm"), ("Color", "Red"), ("Back", "Linen"))
    assert (cushion.variants[1].size_label, cushion.variants[1].colour) == ("40 cm / Linen", "Blue")
    assert cushion.variants[0].price == Money(38000, "CNY")
    assert [variant.quantity for variant in cushion.variants] == [3, 0]
    assert cushion.variants[1].weight_g == 420
    assert cushion.rows == (2, 3, 4)
    assert cushion.picture_rows == (4,)
    assert [row for row, _ in cushion.pictures] == [2, 3, 4]
    assert cushion.tags == ("silk", "lotus", "Silk cushion")
    assert charm.variants[0].options == ()
    assert charm.variants[0].weight_g is None
    assert scarf.variants[1].quantity is None


def test_html_bodies_become_plain_paragraphs_without_scripts() -> None:
    cushion, charm, _ = of_file("shopify.csv").products
    assert cushion.description["en"] == (
        "A cushion with a lotus in silk & cotton.\n\n40 × 40 cm\nCover can be taken off"
    )
    assert charm.description["en"] == 'A charm, said to bring luck.\nTwo lines, 12" long'


def test_a_missing_price_is_none_and_no_fault() -> None:
    assert of_file("shopify.csv").products[1].variants[0].price is None


def test_the_renamed_headings_of_shopify_are_read_too() -> None:
    file = of_file("shopify-renamed.csv", "VND")
    (sachet,) = file.products
    assert file.format == "shopify"
    assert sachet.title == {"vi": "Túi thơm ngải cứu"}
    assert [variant.sku for variant in sachet.variants] == ["0071", "0072"]
    assert [variant.price for variant in sachet.variants] == [Money(85000, "VND"), Money(120000, "VND")]


def test_rows_of_a_handle_may_stand_apart() -> None:
    rows = [
        ["a", "A", "", "Size", "S", "", "10"],
        ["b", "B", "", "Title", "Default Title", "", "20"],
        ["A", "", "", "", "M", "", "11"],
    ]
    file = of_rows(SHOPIFY, *rows)
    assert [product.rows for product in file.products] == [(2, 4), (3,)]
    assert [variant.key for variant in file.products[0].variants] == ["h:a|s", "h:a|m"]


def test_two_titles_under_one_handle_refuse_the_product_and_name_the_row() -> None:
    file = of_rows(SHOPIFY, ["a", "A", "", "", "S", "", "10"], ["a", "Other", "", "", "M", "", "10"])
    assert faults(file) == [(2, "", "product_refused"), (3, "Title", "conflicting_title")]
    assert file.products == ()


def test_one_title_in_two_spellings_is_one_title() -> None:
    assert of_rows(SHOPIFY, ["a", "A  b", "", "", "S", "", "10"], ["a", "a B", "", "", "M", "", "10"]).faults == ()


def test_a_variant_twice_under_one_handle_is_refused_with_the_first_row() -> None:
    file = of_rows(SHOPIFY, ["a", "A", "", "Size", "S", "", "1"], ["a", "", "", "", "s ", "", "2"])
    (fault,) = file.faults
    assert (fault.row, fault.code, fault.other) == (3, "duplicate_variant", "2")
    assert len(file.products[0].variants) == 1


def test_a_sku_under_two_products_is_refused_with_the_first_row() -> None:
    rows = [["a", "A", "", "", "", "X1", "1"], ["b", "B", "", "", "", "ｘ1", "2"]]
    (fault,) = of_rows(SHOPIFY, *rows).faults
    assert (fault.row, fault.column, fault.code, fault.other) == (3, "Variant SKU", "duplicate_sku", "2")


def test_a_row_with_nothing_but_a_handle_is_listed_as_skipped() -> None:
    file = of_rows(SHOPIFY, ["a", "A", "", "", "S", "", "1"], ["a", "", "", "", "", "", ""])
    assert [(note.row, note.code) for note in file.skipped] == [(3, "nothing_in_row")]


def test_a_row_without_handle_is_refused() -> None:
    file = of_rows(SHOPIFY, ["a", "A", "", "", "", "", "1"], ["", "", "", "", "S", "", "2"])
    assert faults(file) == [(3, "Handle", "missing_handle")]


def test_columns_that_are_not_read_are_listed_when_they_say_something() -> None:
    ignored = of_file("shopify.csv").ignored
    assert "Vendor" in ignored
    assert "Variant Compare At Price" not in ignored


# Lists of our own


def test_a_chinese_list_in_gb18030_with_a_title_above_and_a_total_below() -> None:
    file = of_file("zh-gb18030.csv")
    assert file.format == "qiaoshou"
    assert not file.faults
    lotus, knot, fan = file.products
    first, second = lotus.variants
    assert first.price == Money(38000, "CNY")
    assert first.pay == Money(23600, "CNY")
    assert first.size_label == "24 cm"
    assert first.weight_g == 210
    assert second.makers == ("李秀英", "王桂花")
    assert knot.variants[0].quantity == 12
    assert fan.variants[0].price is None
    assert lotus.craft == "刺绣"
    assert [(note.row, note.code) for note in file.skipped] == [(8, "total_row")]
    assert file.ignored == ("备注",)


def test_a_vietnamese_list_in_decomposed_letters_reads_dots_as_groups() -> None:
    file = of_file("vi-nfd.csv", "VND")
    assert file.lang == "vi"
    assert not file.faults
    sachet, scarf = file.products
    assert sachet.title == {"vi": "Túi thơm ngải cứu"}
    assert sachet.variants[0].price == Money(85000, "VND")
    assert scarf.variants[0].price == Money(1250000, "VND")
    assert sachet.materials == {"vi": "vải lanh"}


def test_an_english_list_in_utf16_with_texts_in_three_languages() -> None:
    file = of_file("en-utf16.csv")
    (fan,) = file.products
    assert not file.faults
    assert fan.title == {"en": "Lotus fan", "zh": "荷花团扇", "vi": "Quạt hoa sen"}
    assert fan.description == {"en": "A round fan.\n\nSilk on bamboo.", "zh": "一把团扇。"}
    assert fan.variants[0].price == Money(126050, "CNY")
    assert fan.variants[0].makers == ("Li Xiuying", "Wang Guihua")
    assert fan.variants[0].picture_urls == ("fan-1.jpg", "fan-2.jpg")


def test_an_excel_list_keeps_numbers_as_numbers_and_codes_as_text() -> None:
    file = of_file("zh.xlsx")
    fish, basket = file.products
    assert not file.faults
    assert [variant.price for variant in fish.variants] == [Money(18800, "CNY"), Money(12850, "CNY")]
    assert [variant.quantity for variant in fish.variants] == [4, 6]
    assert basket.variants[0].sku == "0138"
    assert fish.handle == "SY"


@pytest.mark.parametrize(
    "heading",
    ["价格", "价　格", "售价（元）", "Price", " PRICE ", "Ｐrice (CNY)", "GIÁ", "gia", "Gia\u0301", "đơn giá"],
)
def test_price_headings_are_understood_in_any_spelling(heading: str) -> None:
    assert only(of_rows(["品名", heading], ["荷花", "380"])).price == Money(38000, "CNY")


def test_of_two_columns_for_one_thing_the_plainer_heading_is_read_and_the_other_listed() -> None:
    file = of_rows(["品名", "价格", "类别", "工艺"], ["荷花", "1", "家居", "刺绣"])
    assert file.products[0].craft == "刺绣"
    assert file.ignored == ("类别",)


def test_english_names_under_chinese_headings_are_kept_as_english() -> None:
    file = of_rows(["品名", "价格"], ["Lotus fan", "1"])
    assert file.products[0].title == {"en": "Lotus fan"}


def test_pieces_of_one_name_with_their_own_numbers_are_products_of_their_own() -> None:
    file = of_rows(OURS, piece(货号="A1"), piece(货号="A2"))
    assert [product.key for product in file.products] == ["h:荷花 a1", "h:荷花 a2"]


def test_the_same_piece_twice_without_numbers_is_refused_with_the_first_row() -> None:
    (fault,) = of_rows(OURS, piece(尺寸="24"), piece(尺寸="２４")).faults
    assert (fault.row, fault.code, fault.other) == (3, "duplicate_variant", "2")


def test_pay_above_the_price_is_refused() -> None:
    assert faults(of_rows(OURS, piece(价格="100", 工钱="100.01"))) == [(2, "工钱", "pay_over_price")]


def test_a_faulty_variant_leaves_its_sisters() -> None:
    file = of_rows(OURS, piece(尺寸="S"), piece(尺寸="M", 价格="abc"), piece(尺寸="L"))
    assert [variant.size_label for variant in file.products[0].variants] == ["S", "L"]
    assert faults(file) == [(3, "价格", "money_malformed")]


def test_a_product_whose_every_variant_is_faulty_is_left_out() -> None:
    assert of_rows(OURS, piece(价格="abc")).products == ()


@pytest.mark.shared
def test_the_real_shopify_export_is_read_without_a_fault() -> None:
    path = ROOT.parent / "shared" / "data" / "shopify" / "apparel.csv"
    file = read(path.read_bytes(), path.name, currency="CNY")
    assert file.format == "shopify"
    assert file.faults == ()
    assert (file.row_count, len(file.products)) == (22, 20)
    assert sum(len(product.variants) for product in file.products) == 22
    shirt = file.products[0]
    assert shirt.variants[0].price == Money(5000, "CNY")
    assert shirt.description["en"].startswith("Ocean blue cotton shirt")
    assert [len(product.variants) for product in file.products if product.handle == "classic-varsity-top"] == [3]
