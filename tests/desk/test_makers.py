"""Her makers and their statements: what stands there is what was posted, in three languages, on one A4 page."""

import io

import pytest
from pypdf import PdfReader

from shop import clock
from shop.actor import COMMAND
from shop.brokers.models import Broker
from shop.brokers.services import end_mandate
from shop.db import writing
from shop.documents.labels import label
from shop.ledger.chart import account
from shop.ledger.services import Draft, Earned, Move, post
from shop.makers.index import index_maker
from shop.makers.models import Maker
from shop.payouts import services as payouts
from shop.payouts.models import Payout
from shop.payouts.services import confirm
from shop.payouts.sheet import check_url, span_of
from shop.work import services as work
from tests.desk.conftest import kept
from tests.factories.brokers import let_act
from tests.factories.orders import agreed, received
from tests.factories.ways import paid_by
from tests.people import FEN, MEI, TAO

LANGS = ("zh", "vi", "en")


def test_the_list_names_marks_numbers_and_time(mei, visit, slip, speaks):
    for lang in LANGS:
        speaks(MEI, lang)
        page = visit("/desk/makers", client=mei, lang=lang, ceiling=9)
        assert "QS-M-0002" in page.text
        assert len(page.doc.cssselect("ul.rows > li")) == 4  # not Zhao, who is Hoa's
    speaks(MEI, "en")
    found = visit("/desk/makers?show=free", client=mei, lang="en")
    assert "Li" in found.text


def test_search_finds_hers_alone(mei, visit, shop):
    with writing() as session:
        for number in range(1, 6):
            index_maker(session, maker_id=number)
    assert "QS-M-0001" in visit("/desk/makers?q=lan", client=mei, lang="zh").text
    assert "QS-M-0005" not in visit("/desk/makers?q=zhao", client=mei, lang="zh").text
    assert mei.get("/desk/makers?after=99999999999999999999&show=what").status_code == 200


def test_her_page_shows_owed_sent_and_confirmed(mei, visit, sent, speaks):
    payout_id = sent()
    group_page = visit("/desk/makers/1", client=mei, lang="zh")
    assert "¥236.00" in group_page.text
    assert "已发出，没点头" in group_page.text
    with writing() as session:
        confirm(session, payout_id=payout_id, strength="self", route="coop_call", by=FEN)
    for lang in LANGS:
        speaks(MEI, lang)
        visit("/desk/makers/1", client=mei, lang=lang, ceiling=12)


@pytest.mark.parametrize("lang", LANGS)
def test_the_statement_says_what_was_posted_in_figures_and_words(mei, visit, sent, lang):
    sent()
    page = visit(f"/desk/makers/1/statement?lang={lang}", client=mei, lang=lang, ceiling=14)
    words = {
        "zh": "人民币贰佰叁拾陆元整",
        "vi": "Hai trăm ba mươi sáu nhân dân tệ",
        "en": "two hundred thirty-six yuan",
    }
    assert words[lang] in page.text
    assert "236,00" in page.text if lang == "vi" else "¥236.00" in page.text
    assert kept("maker:1:in_transit") == 23600
    assert "400-000-0000" in page.text


@pytest.mark.parametrize("lang", LANGS)
def test_page_and_paper_use_the_same_words(mei, visit, sent, lang):
    sent()
    page = visit(f"/desk/makers/1/statement?lang={lang}", client=mei, lang=lang, ceiling=14)
    paper = PdfReader(io.BytesIO(mei.get(f"/desk/makers/1/statement.pdf?lang={lang}").data))
    printed = "".join("".join(part.extract_text() for part in paper.pages).split())
    for key in ("you_get", "work_accepted", "slip", "accepted", "sent_to", "state_sent", "sign_maker", "sign_coop"):
        word = label(key, lang)
        assert word in page.source, key
        assert "".join(word.split()) in printed, key


def test_it_shows_what_the_buyer_paid_beside_her_pay(mei, visit, sent):
    sent()
    page = visit("/desk/makers/1/statement?lang=en", client=mei, lang="en")
    assert "The price of 1 piece made to order: ¥380.00" in page.text
    assert [cell.text_content() for cell in page.doc.cssselect(".parts .k-her dd")] == ["¥236.00"]


def test_the_hotline_is_the_co_ops_and_the_brokers_number_stands_nowhere(mei, visit, sent):
    with writing() as session:
        session.get_one(Broker, 1).phone = "13911112222"
    sent()
    page = visit("/desk/makers/1/statement?lang=zh", client=mei, lang="zh")
    assert "13911112222" not in page.source
    assert "400-000-0000" in page.one(".hotline")


def test_paid_is_said_only_once_she_confirmed(mei, visit, sent):
    payout_id = sent()
    assert "付清" not in visit("/desk/makers/1/statement?lang=zh", client=mei, lang="zh").text
    with writing() as session:
        confirm(session, payout_id=payout_id, strength="witnessed", route="pin", by=MEI)
    assert "付清" not in visit("/desk/makers/1/statement?lang=zh", client=mei, lang="zh").text
    with writing() as session:
        confirm(session, payout_id=payout_id, strength="self", route="coop_call", by=FEN)
    assert "付清" in visit("/desk/makers/1/statement?lang=zh", client=mei, lang="zh").text


def test_uneven_pay_stands_in_rows_that_multiply_out(mei, visit, shop):
    with writing() as session:
        order = work.open_work(
            session,
            variant_id=shop.variants["knot"],
            workshop_id=1,
            broker_id=1,
            purpose="shelf",
            title={"en": "Knot"},
            quantity=3,
            maker_minor=8_200,
            materials_minor=0,
            currency="CNY",
            minutes_each=90,
            due_on=clock.today(),
        )
    (assignment,) = agreed(order.id, {2: 3})
    received(assignment, 3)
    page = visit("/desk/makers/2/statement?lang=en", client=mei, lang="en", ceiling=14)
    rows = [[cell.text_content().strip() for cell in row] for row in page.doc.cssselect(".work tbody tr")]
    assert [row[-3:] for row in rows] == [["1", "¥27.34", "¥27.34"], ["2", "¥27.33", "¥54.66"]]
    assert kept("maker:2:available") == 8_200


def test_a_month_may_be_chosen_and_nonsense_shows_the_usual_days(mei, visit, sent):
    sent()
    month = f"{clock.today():%Y-%m}"
    visit(f"/desk/makers/1/statement?lang=zh&month={month}", client=mei, lang="zh")
    for nonsense in ("2026-13", "x", "9999-01", "2026-1"):
        visit(f"/desk/makers/1/statement?lang=zh&month={nonsense}", client=mei, lang="zh")


def test_the_pdf_is_one_a4_page(mei, sent, tmp_path):
    sent()
    answer = mei.get("/desk/makers/1/statement.pdf?lang=vi")
    assert answer.mimetype == "application/pdf"
    file = tmp_path / "statement.pdf"
    file.write_bytes(answer.data)
    pages = PdfReader(file).pages
    assert len(pages) == 1
    assert "Hai trăm ba mươi sáu" in pages[0].extract_text().replace("\n", " ")


def test_the_code_opens_the_same_sums_without_a_name(client, mei, visit, sent):
    sent()
    with mei.application.test_request_context():
        path = "/m/check/" + check_url("maker:1", span_of("")).rpartition("/")[2]
    page = visit(path, client=client)
    assert "236" in page.text
    assert "兰" not in page.source
    assert "Lan" not in page.text
    assert client.get(path[:-3] + "xxx").status_code == 404


def test_when_her_mandate_ends_the_broker_sees_her_no_more(mei, sent):
    sent()
    assert mei.get("/desk/makers/1").status_code == 200
    with writing() as session:
        end_mandate(session, maker_id=1, by=FEN)
    for path in ("/desk/makers/1", "/desk/makers/1/statement", "/desk/makers/1/statement.pdf"):
        assert mei.get(path).status_code == 404
    with writing() as session:
        assert session.get_one(Maker, 1).left_on is None
        assert session.query(Payout).count() == 1
        let_act(session, maker_id=1, broker_id=2)
    assert mei.get("/desk/makers/1").status_code == 404


def test_another_brokers_maker_is_not_found(hoa, sent):
    sent()
    for path in ("/desk/makers/1", "/desk/makers/1/statement", "/desk/makers/1/statement.pdf"):
        assert hoa.get(path).status_code == 404


def test_her_own_book_shows_fee_and_cash(mei, visit, sent, speaks):
    sent()
    speaks(MEI, "en")
    page = visit("/desk/account", client=mei, lang="en", ceiling=12)
    assert "¥30.40" in page.text or "¥42.40" in page.text  # her part and the post, while nothing has arrived
    assert "¥500.00" in page.text


def test_a_payout_in_whole_notes_leaves_its_rest_on_the_statement(mei, visit, shop):
    moves = [Move(account("expense", "piecework"), account("maker:available", 1), 10137)]
    with writing() as session:
        earned = [Earned("maker:1", "extra:1", 10137)]
        post(session, [Draft("extra:1", "extra", "CNY", moves, source="extra:1", earned=earned)], by=COMMAND)
    paid_by("maker:1")
    with writing() as session:
        batch, _left = payouts.draft_batch(session, pay_on=clock.today(), currency="CNY", by=TAO)
    with writing() as session:
        payouts.approve(session, batch_id=batch.id, by=FEN)
    page = visit("/desk/makers/1/statement?lang=en", client=mei, ceiling=14)
    rows = [" ".join(row.text_content().split()) for row in page.doc.cssselect("table.work tbody tr")]
    assert len(rows) == 2
    assert rows[0].endswith("¥101.00")
    assert "(the rest)" in rows[1]
    assert rows[1].endswith("¥0.37")
    assert "¥101.37" in page.one(".total b")
    assert mei.get("/desk/makers/1/statement.pdf?lang=zh").data.startswith(b"%PDF")
