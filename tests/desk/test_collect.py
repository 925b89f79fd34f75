"""Collecting: what is counted must agree, the pay is seen before it is saved, and a form is saved once."""

import pytest

from shop.catalog.models import Piece
from shop.db import reading, writing
from shop.work.models import WorkAssignment, WorkReceipt
from shop.work.services import Share, assign
from tests.desk.conftest import count, kept
from tests.factories.orders import agreed
from tests.people import MEI


def receipts() -> list[WorkReceipt]:
    with reading() as session:
        return session.query(WorkReceipt).order_by(WorkReceipt.id).all()


@pytest.fixture
def counting(mei, visit, slip):
    """The page on which Li's six knots are counted."""
    return visit(f"/desk/slips/{slip}/collect", client=mei, lang="zh")


def test_accepted_starts_at_what_is_expected(counting):
    fields = counting.form()
    assert (fields["counted"], fields["ok"], fields["fix"], fields["no"]) == ("6", "6", "", "")
    assert "发出6，点到6，对上了" in counting.text


def test_the_pay_is_shown_in_figures_and_words_before_anything_is_saved(counting):
    shown = counting.submit(button="看她得多少")
    assert shown.status == 200
    assert "¥246.00" in shown.text
    assert "人民币贰佰肆拾陆元整" in shown.text
    assert not receipts()
    assert kept("maker:2:available") == 0


def test_what_was_shown_is_what_is_posted(counting):
    saved = counting.submit(button="看她得多少").submit(button="存下，就是她的了")
    assert saved.status == 200
    assert saved.path.startswith("/desk/receipts/")
    assert "¥246.00" in saved.text
    assert kept("maker:2:available") == 24600
    with reading() as session:
        numbers = [piece.number for piece in session.query(Piece).order_by(Piece.id)]
    assert len(numbers) == 6
    assert all(number in saved.text for number in numbers)


def test_a_replayed_save_makes_no_second_receipt(counting):
    shown = counting.submit(button="看她得多少")
    first, *others = [shown.post(button="存下，就是她的了") for _click in range(3)]
    assert {answer.status_code for answer in (first, *others)} == {303}
    assert {answer.headers["Location"] for answer in others} == {first.headers["Location"]}
    assert len(receipts()) == 1
    assert kept("maker:2:available") == 24600


def test_a_count_typed_anew_after_going_back_is_not_taken_for_the_saved_one(counting):
    shown = counting.submit(button="看她得多少", ok="1", counted="1")
    shown.submit(button="存下，就是她的了")
    again = shown.submit(button="存下，就是她的了", ok="2", counted="2")
    assert again.status == 409
    assert "这张收活单已经存过了：合格1件" in again.text
    assert again.form()["ok"] == "2"
    again.submit(button="看她得多少").submit(button="存下，就是她的了")
    assert [row.accepted for row in receipts()] == [1, 2]


def test_some_are_mended_and_some_rejected_with_reasons(counting):
    shown = counting.submit(
        button="看她得多少", ok="3", fix="2", no="1", mend_reasons=["stitch", "colour"], reasons=["stain"]
    )
    assert "¥123.00" in shown.text
    assert "改好2件，再给¥82.00" in shown.text
    saved = shown.submit(button="存下，就是她的了")
    for page in (shown, saved):
        assert "要改：针脚和颜色" in page.text
        assert "不收：弄脏" in page.text
    (row,) = receipts()
    assert (row.counted, row.accepted, row.mend, row.rejected, sorted(row.reasons)) == (
        6,
        3,
        2,
        1,
        ["mend:colour", "mend:stitch", "stain"],
    )
    assert kept("maker:2:available") == 12300


def test_mended_pieces_come_in_again_later(mei, visit, counting, slip):
    counting.submit(button="看她得多少", ok="4", fix="2", mend_reasons=["stitch"]).submit(button="存下，就是她的了")
    later = visit(f"/desk/slips/{slip}/collect", client=mei, lang="zh")
    assert later.form()["ok"] == "2"
    assert "以前收过的" in later.text
    later.submit(button="看她得多少").submit(button="存下，就是她的了")
    assert kept("maker:2:available") == 24600
    done = visit(f"/desk/slips/{slip}/collect", client=mei, lang="zh")
    assert "都收齐了" in done.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ok": "5"}, "点到6，判了5"),  # one of six was not judged
        ({"counted": "7", "ok": "7"}, "她手里6"),  # more than went out
        ({"counted": "0", "ok": "0"}, "点到0"),
        ({"ok": "-1"}, "件数要填整数"),
        ({"ok": "1.5"}, "件数要填整数"),
        ({"ok": str(2**63)}, "件数要填整数"),
        ({"ok": "5", "no": "1"}, "请选为什么不收"),
    ],
)
def test_what_does_not_agree_is_told_and_kept(counting, typed, said):
    after = counting.submit(button="看她得多少", **typed)
    assert after.status == 422
    assert said in after.text
    for name, text in typed.items():
        assert after.form()[name] == ("" if (name, text) == ("no", "0") else text)
    assert not receipts()
    assert kept("maker:2:available") == 0


@pytest.mark.parametrize(
    ("typed", "said", "where"),
    [
        ({"ok": "4", "fix": "1", "no": "1", "mend_reasons": ["stitch"]}, "请选为什么不收。", "why-no"),
        ({"ok": "4", "fix": "1", "no": "1", "reasons": ["stitch"]}, "请选要改什么。", "why-fix"),
        ({"ok": "5", "fix": "1"}, "请选要改什么。", "why-fix"),
        ({"ok": "x"}, "件数要填整数", "ok"),
        ({"ok": "5"}, "点到6，判了5", "counted"),
    ],
)
def test_mending_and_rejecting_each_ask_their_own_reason_and_the_summary_leads_there(counting, typed, said, where):
    after = counting.submit(button="看她得多少", **typed)
    assert after.status == 422
    assert said in after.one(".summary")
    assert after.hrefs(".summary a") == [f"#{where}"]
    assert len(after.doc.cssselect(f"#{where}")) == 1
    for name in ("reasons", "mend_reasons"):
        assert after.form().get(name) == (typed[name][0] if name in typed else None)
    assert not receipts()


def test_a_tampered_save_is_judged_again(counting):
    shown = counting.submit(button="看她得多少")
    after = shown.submit(button="存下，就是她的了", ok="60", counted="60")
    assert after.status == 422
    assert not receipts()


def test_fewer_may_come_in_and_the_rest_stays_with_her(counting, slip):
    shown = counting.submit(button="看她得多少", counted="4", ok="4")
    assert "2件还在她那里" in shown.text
    shown.submit(button="存下，就是她的了")
    with reading() as session:
        row = session.get_one(WorkAssignment, slip)
    assert (row.accepted, row.state) == (4, "agreed")


def test_steppers_and_counting_again_keep_what_was_typed(counting):
    fewer = counting.submit(button="ok")
    assert fewer.form()["ok"] == "5"
    assert "点到6，判了5" in fewer.text
    shown = fewer.submit(button="看她得多少", counted="5")
    again = shown.submit(button="重数")
    assert (again.form()["ok"], again.form()["counted"]) == ("5", "5")
    assert again.form()["key"] == counting.form()["key"]
    assert not receipts()


def test_who_has_not_said_yes_hands_nothing_in(mei, visit, knots):
    with writing() as session:
        (row,) = assign(session, work_order_id=knots.id, shares=[Share(3, 2)], by=MEI)
        row_id = row.id
    page = visit(f"/desk/slips/{row_id}/collect", client=mei, lang="zh")
    assert "她还没答应" in page.text
    answer = mei.send(f"/desk/slips/{row_id}/collect", counted="2", ok="2", key="k", save="1")
    assert answer.status_code == 409
    assert not receipts()


def test_a_key_with_a_sign_that_one_database_would_refuse_is_kept_without_it_by_both(mei, slip):
    answer = mei.send(f"/desk/slips/{slip}/collect", counted="6", ok="6", key="phone\x00-7\x1b", save="1")
    assert answer.status_code == 303
    assert [row.key.endswith("phone-7") for row in receipts()] == [True]


def test_the_same_key_for_another_slip_is_another_receipt(mei, knots, slip):
    other = agreed(knots.id, {3: 2})[0]
    for assignment_id, pieces in ((slip, "6"), (other, "2")):
        answer = mei.send(f"/desk/slips/{assignment_id}/collect", counted=pieces, ok=pieces, key="same", save="1")
        assert answer.status_code == 303
    assert count(WorkReceipt) == 2


def test_the_pages_speak_her_language(mei, visit, slip, speaks):
    for lang in ("vi", "en"):
        speaks(MEI, lang)
        page = visit(f"/desk/slips/{slip}/collect", client=mei, lang=lang)
        words = {"vi": "Xem chị được bao nhiêu", "en": "See her pay"}
        shown = page.submit(button=words[lang])
        assert ("Hai trăm" if lang == "vi" else "two hundred forty-six") in shown.text
    speaks(MEI, "zh")
    saved = (
        visit(f"/desk/slips/{slip}/collect", client=mei).submit(button="看她得多少").submit(button="存下，就是她的了")
    )
    for lang in ("zh", "vi", "en"):
        speaks(MEI, lang)
        visit(saved.path, client=mei, lang=lang)
