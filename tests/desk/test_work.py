"""Assigning, and each maker's own yes or no."""

import pytest

from shop.db import reading, writing
from shop.makers.models import Maker
from shop.work.models import WorkAssignment
from shop.work.services import Share, assign
from tests.desk.conftest import count, kept
from tests.people import MEI


def rows() -> list[WorkAssignment]:
    with reading() as session:
        return session.query(WorkAssignment).order_by(WorkAssignment.id).all()


@pytest.fixture
def asked(knots) -> list[int]:
    """Li is asked for five, Sun for four."""
    with writing() as session:
        made = assign(session, work_order_id=knots.id, shares=[Share(2, 5), Share(3, 4)], by=MEI)
        return [each.id for each in made]


def test_the_page_shows_rate_hour_minimum_time_and_the_proposal(mei, visit, knots):
    page = visit(f"/desk/work/{knots.id}", client=mei, lang="zh")
    assert "¥41.00" in page.text
    assert "¥27.33" in page.text  # 41.00 for 90 minutes
    assert "¥25.00" in page.text
    numbers = [int(value or 0) for name, value in page.form("main form").items() if name.startswith("q")]
    assert sum(numbers) == 12
    assert "12 / 12件" in page.text


def test_her_own_numbers_are_asked_for_in_the_order_shown(mei, visit, knots):
    page = visit(f"/desk/work/{knots.id}", client=mei, lang="zh")
    after = page.submit("main form", button="照这样问她们", q2="7", q3="5", q4="")
    assert after.status == 200
    assert [(row.maker_id, row.quantity, row.pay_minor) for row in rows()] == [(2, 7, 28700), (3, 5, 20500)]
    assert "问了12件" in after.text


def test_a_stepper_works_without_script_and_saves_nothing(mei, visit, knots):
    page = visit(f"/desk/work/{knots.id}", client=mei, lang="zh")
    before = int(page.form("main form")["q2"])
    after = page.submit("main form", button="q2")
    assert int(after.form("main form")["q2"]) == before - 1
    assert "还有1件以后再派" in after.text
    assert not rows()


@pytest.mark.parametrize("typed", ["-1", "1.5", str(2**63), "x", "9999999"])
def test_what_is_no_number_of_pieces_is_told_and_kept(mei, visit, knots, typed):
    page = visit(f"/desk/work/{knots.id}", client=mei, lang="zh")
    after = page.submit("main form", button="照这样问她们", q2=typed)
    assert after.status == 422
    assert "件数要填整数" in after.text
    assert after.form("main form")["q2"] == typed
    assert after.doc.findtext(".//title").startswith("错误")
    assert not rows()


def test_more_than_there_are_is_refused_with_both_numbers(mei, visit, knots):
    after = visit(f"/desk/work/{knots.id}", client=mei, lang="zh").submit("main form", q2="12", q3="1", q4="")
    assert after.status == 422
    assert "派13件多了：只剩12件要派" in after.text
    assert not rows()


def test_nobody_without_a_mandate_or_below_age_gets_work(mei, knots):
    answer = mei.send(f"/desk/work/{knots.id}/assign", q5="3")
    assert answer.status_code == 422
    assert "她没有委托您" in answer.text
    with writing() as session:
        session.get_one(Maker, 2).birth_year = 2012
    assert mei.send(f"/desk/work/{knots.id}/assign", q2="3").status_code == 422
    assert not rows()
    with writing() as session:
        session.get_one(Maker, 2).birth_year = 1980


def test_her_yes_is_recorded_with_how_she_was_told(mei, visit, knots, asked):
    page = visit(f"/desk/work/{knots.id}", client=mei, lang="zh")
    after = page.submit(f'form[action="/desk/slips/{asked[0]}/answer"]', button="yes", how="call")
    row = rows()[0]
    assert (row.state, row.told_how, row.answered_by) == ("agreed", "call", "user:1")
    assert kept("maker:2:held") == 20500
    assert "记下了" in after.text


def test_her_no_costs_her_nothing_and_the_pieces_are_open_again(mei, visit, knots, asked):
    page = visit(f"/desk/work/{knots.id}", client=mei, lang="zh")
    after = page.submit(f'form[action="/desk/slips/{asked[0]}/answer"]', button="no", how="sms")
    assert rows()[0].state == "refused"
    assert kept("maker:2:held") == 0
    assert "不接没关系" in after.text


def test_an_answer_without_how_she_was_told_is_refused(mei, asked):
    for fields in (
        {"answer": "yes"},
        {"answer": "yes", "how": "pigeon"},
        {"how": "call"},
        {"answer": "yes", "how": "self"},
    ):
        assert mei.send(f"/desk/slips/{asked[0]}/answer", **fields).status_code == 422
    assert rows()[0].state == "asked"


def test_the_other_answer_later_changes_nothing(mei, visit, knots, asked):
    mei.send(f"/desk/slips/{asked[0]}/answer", answer="yes", how="visit")
    again = mei.send(f"/desk/slips/{asked[0]}/answer", answer="no", how="visit")
    assert again.status_code == 303
    assert rows()[0].state == "agreed"
    assert "已经记过了" in visit(f"/desk/work/{knots.id}", client=mei, lang="zh").text


def test_all_said_yes_at_the_visit_in_one_tap(mei, visit, knots, asked):
    page = visit(f"/desk/work/{knots.id}", client=mei, lang="zh")
    page.submit(f'form[action="/desk/work/{knots.id}/answers"]')
    assert {(row.state, row.told_how) for row in rows()} == {("agreed", "visit")}
    assert kept("maker:2:held") + kept("maker:3:held") == 9 * 4100


def test_pieces_are_taken_back_and_given_to_somebody_else(mei, visit, knots, slip):
    page = visit(f"/desk/work/{knots.id}", client=mei, lang="zh")
    page.submit(f'form[action="/desk/slips/{slip}/take-back"]', reason="她家里有事")
    assert (rows()[0].state, rows()[0].reason) == ("taken_back", "她家里有事")
    assert kept("maker:2:held") == 0
    again = mei.send(f"/desk/slips/{slip}/take-back")
    assert again.status_code == 303
    assert count(WorkAssignment) == 1


def test_the_slip_speaks_the_makers_language_and_says_sums_in_words(mei, visit, slip):
    page = visit(f"/desk/slips/{slip}", client=mei, lang="zh")
    assert "人民币贰佰肆拾陆元整" in page.text
    assert "人民币肆拾壹元整" in page.text
    assert "400-000-0000" in page.text
    with writing() as session:
        session.get_one(Maker, 2).lang = "vi"
    page = visit(f"/desk/slips/{slip}", client=mei, lang="vi")
    assert "Hai trăm bốn mươi sáu nhân dân tệ" in page.text
    page = visit(f"/desk/slips/{slip}?lang=en", client=mei, lang="en")
    assert "two hundred forty-six yuan" in page.text
    assert page.doc.cssselect("[data-say]")


def test_work_and_slips_have_lists_of_their_own(mei, visit, knots, asked, speaks):
    for lang in ("zh", "vi", "en"):
        speaks(MEI, lang)
        visit("/desk/work", client=mei, lang=lang, ceiling=9)
        visit("/desk/slips", client=mei, lang=lang, ceiling=9)
        visit(f"/desk/work/{knots.id}", client=mei, lang=lang)


def test_a_reason_with_signs_that_no_database_keeps_is_written_without_them(mei, asked):
    said = mei.send(f"/desk/slips/{asked[0]}/take-back", reason="ill\x00 \x0btoday\x7f")
    assert said.status_code == 303
    assert rows()[0].reason == "ill today"
