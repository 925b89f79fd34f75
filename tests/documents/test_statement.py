"""A maker's statement on paper, read back with pypdf."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from shop.documents.statement import (
    BadStatement,
    StatementLine,
    StatementPart,
    StatementProof,
    StatementSum,
    statement_pdf,
)
from shop.money import Money, in_words
from tests.documents.samples import statement, yuan


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf), strict=True)


def words(reader: PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def everything(lines: int):
    long = "电话里点过头，还剩一百元，下次再扣；总社会抽人打电话再问一遍，还没问到您。"
    return statement(
        lines,
        sent_to=["信用社卡，尾号 4417", "现金 ¥300.00，丁秀梅送"],
        proofs=[
            StatementProof(strength="self", amount=yuan("500.00"), text=long),
            StatementProof(strength="witnessed", amount=yuan("300.00"), text=long),
        ],
        parts=[
            StatementPart(kind=kind, amount=yuan(amount))
            for kind, amount in (("maker", "1517"), ("materials", "353"), ("broker", "203.20"), ("costs", "212.80"))
        ],
        figures=[("今年到现在", "¥13,840.00"), ("合格", "352 件"), ("还欠", "¥0.00"), ("下次", "11月27日")],
        hotline_hours="周一到周六 8:00–18:00",
    )


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_ten_lines_with_everything_fit_one_a4_page(lang):
    reader = read(statement_pdf(everything(10), lang))
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def test_more_lines_take_a_second_page_that_names_the_statement():
    reader = read(statement_pdf(everything(40), "zh"))
    assert len(reader.pages) == 2
    assert all("GZ-2026-11-0147" in page.extract_text() for page in reader.pages)
    assert "2/2" in "".join(reader.pages[1].extract_text().split())
    assert all("工钱" in page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_the_amount_stands_in_figures_and_in_words(lang):
    data = statement(2)
    text = words(read(statement_pdf(data, lang)))
    assert "".join(in_words(data.total, lang).split()) in text
    assert {"zh": "¥1,316.00", "vi": "1.316,00¥", "en": "¥1,316.00"}[lang] in text


def test_the_hotline_stands_large_with_the_word_that_it_is_not_the_brokers():
    assert "800-0000" in words(read(statement_pdf(statement(1), "zh")))
    assert "这个号码不是女经纪人的" in words(read(statement_pdf(statement(1), "zh")))


def test_sent_and_confirmed_are_told_apart():
    text = words(read(statement_pdf(statement(4), "zh")))
    assert all(state in text for state in ("已发出", "已确认", "经见证", "可以发了"))
    lines = [replace(line, state="sent") for line in statement(2).lines]
    assert "确认" not in words(read(statement_pdf(statement(2, lines=lines), "zh")))


def test_a_deduction_says_that_she_agreed_and_stands_with_a_minus():
    text = words(read(statement_pdf(statement(1), "zh")))
    assert "还预支（电话里点过头）" in text
    assert "−¥200.00" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"total": yuan("1316.01")},
        {"deductions": ()},
        {"additions": [StatementSum(what="x", amount=yuan("39.99"))]},
    ],
)
def test_a_statement_that_does_not_add_up_is_never_printed(changes):
    with pytest.raises(BadStatement) as refused:
        statement_pdf(statement(2, **changes), "zh")
    assert refused.value.data["difference"] != 0


def test_two_currencies_are_never_added():
    foreign = StatementProof(strength="self", amount=Money(5, "VND"))
    with pytest.raises(BadStatement) as refused:
        statement_pdf(statement(1, proofs=[foreign]), "zh")
    assert refused.value.data == {"currencies": ["CNY", "VND"]}


def test_dong_have_no_decimals():
    dong = StatementLine(
        on=statement(1).lines[0].on, what="Khăn", pieces=3, rate=Money(560000, "VND"), amount=Money(1680000, "VND")
    )
    data = statement(0, lines=[dong], additions=(), deductions=(), total=Money(1680000, "VND"))
    text = words(read(statement_pdf(data, "vi")))
    assert "1.680.000₫" in text
    assert "Mộttriệusáutrămtámmươinghìnđồng" in text


def test_the_same_statement_gives_the_same_bytes_and_is_tagged_for_screen_readers():
    assert statement_pdf(statement(3), "vi") == statement_pdf(statement(3), "vi")
    reader = read(statement_pdf(statement(3), "vi"))
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.root_object["/Lang"] == "vi"
    assert reader.metadata.title == "Bảng kê tiền công GZ-2026-11-0147"


def test_her_mark_is_drawn_and_without_one_a_seal_of_her_name():
    mark = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
    with_mark = words(read(statement_pdf(statement(1, mark=mark), "zh")))
    assert words(read(statement_pdf(statement(1), "zh"))).count("高") == with_mark.count("高") + 1


def test_markup_in_a_name_is_printed_and_never_run():
    text = words(read(statement_pdf(statement(1, maker_name='#panic("x") *b* $', broker_name="@x <y>"), "zh")))
    assert '#panic("x")*b*$' in text
    assert "@x<y>" in text


def test_the_qr_code_is_at_least_24_mm_wide():
    from shop.documents.press import _TEMPLATES

    template = (_TEMPLATES / "statement.typ").read_text()
    width = template.split('image("code-" + str(i) + ".svg", width: ')[1].split("mm")[0]
    assert float(width) >= 24


def test_a_sum_without_a_rate_a_piece_leaves_both_cells_empty_and_counts_in_the_total():
    days = StatementLine(on=statement(1).lines[0].on, what="两天教课", pieces=0, rate=None, amount=yuan("300.00"))
    data = statement(0, lines=[days], additions=(), deductions=(), total=yuan("300.00"))
    text = words(read(statement_pdf(data, "zh")))
    assert "两天教课¥300.00" in text
