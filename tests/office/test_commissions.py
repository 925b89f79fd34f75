"""Commission rules in the office: shown as an example before they are saved, read by staff, set by the administrator."""

import pytest
from sqlalchemy import select

from shop.catalog.models import CommissionRule
from shop.db import reading, writing
from tests.factories import catalog
from tests.people import ADA, EVERYONE

NEW, FORM = "/office/commissions/new", "main form"


@pytest.fixture
def shop(app) -> None:
    with writing() as session:
        catalog.make_shop(session)


def rules() -> list[CommissionRule]:
    with reading() as session:
        return list(session.scalars(select(CommissionRule).order_by(CommissionRule.id)))


def test_what_a_rule_comes_to_is_shown_before_it_is_saved(shop, as_, visit):
    page = visit(NEW, client=as_(ADA))
    shown = page.submit(FORM, part="broker", scope="tier:1", percent="8.5", cap="20")
    assert "Of a price of ¥342.00, ¥20.00." in shown.text
    assert rules() == []
    saved = shown.submit(FORM)
    assert "Brokers of tier 1" in saved.text
    assert "8.5 % · at most ¥20.00" in saved.text
    (rule,) = rules()
    assert (rule.part, rule.tier, rule.basis_points, rule.cap_minor, rule.sum_minor) == ("broker", 1, 850, 2_000, None)


def test_changing_the_rule_after_looking_shows_it_once_more(shop, as_, visit):
    shown = visit(NEW, client=as_(ADA)).submit(FORM, part="coop", scope="coop", percent="10")
    again = shown.submit(FORM, percent="50")
    assert "Of a price of ¥342.00, ¥171.00." in again.text
    assert rules() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"percent": "101"}, "Please give a share from 0 to 100"),
        ({"percent": "-1"}, "Please give a share from 0 to 100"),
        ({"percent": "1e1"}, "Please give a share from 0 to 100"),
        ({"percent": ""}, "Give either a share or a sum."),
        ({"percent": "8", "amount": "3"}, "Give either a share or a sum."),
        ({"part": "guide", "percent": "", "amount": "3"}, "The guide's part is a share"),
        ({"percent": "", "amount": "-3"}, "amount"),
        ({"percent": "8", "floor": "9", "cap": "8"}, ""),
        ({"percent": "8", "scope": "craft_id:999"}, ""),
        ({"percent": "", "amount": str(2**63)}, ""),
    ],
)
def test_bad_input_is_told_and_everything_typed_is_kept(shop, as_, visit, typed, said):
    fields = {"part": "coop", "scope": "coop"} | typed
    shown = visit(NEW, client=as_(ADA)).submit(FORM, **fields)
    if shown.status == 200:
        shown = shown.submit(FORM)
    assert shown.status == 422
    assert said in shown.text
    assert {name: shown.form(FORM)[name] for name in typed if name != "scope"} == {
        name: value for name, value in typed.items() if name != "scope"
    }
    assert rules() == []


@pytest.mark.parametrize(
    ("lang", "one", "either"),
    [
        ("en", "(one of the two)", "(optional)"),
        ("zh", "（二选一）", "（选填）"),
        ("vi", "(một trong hai)", "(không bắt buộc)"),
    ],
)
def test_of_percent_and_sum_the_form_says_that_one_is_needed(shop, as_, visit, lang, one, either):
    page = visit(NEW, client=as_(ADA, lang), lang=lang)
    labels = {name: page.one(f"label[for={name}]") for name in ("percent", "amount", "floor", "cap")}
    assert [one in labels[name] for name in labels] == [True, True, False, False]
    assert [either in labels[name] for name in labels] == [False, False, True, True]


def test_a_rule_is_ended_by_one_button_and_says_so(shop, as_, visit):
    admin = as_(ADA)
    visit(NEW, client=admin).submit(FORM, part="coop", scope="coop", percent="10").submit(FORM)
    ended = visit("/office/commissions", client=admin).submit('form[action$="/end"]')
    assert "until " in ended.text
    assert rules()[0].ends_on is not None
    assert admin.send("/office/commissions/999/end").status_code == 404


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
@pytest.mark.parametrize("who", ["treasurer", "officer"])
def test_others_at_the_co_op_read_them_and_find_no_button(shop, as_, visit, who, lang):
    page = visit("/office/commissions", client=as_(EVERYONE[who], lang), lang=lang)
    assert not page.doc.cssselect("main form")
    assert NEW not in page.source
