"""Days in text fields: typed and shown as the language writes them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from shop.web.days import BadDay, parse_day, written
from shop.web.forms import DayField, ShopForm
from shop.web.i18n import speak

DAY = date(2026, 11, 7)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "2026年11月7日"),
        ("zh", "2026/11/07"),
        ("zh", "２０２６．１１．７"),
        ("zh", "2026-11-07"),
        ("vi", "07/11/2026"),
        ("vi", "7-11-2026"),
        ("vi", "ngày 7 tháng 11 năm 2026"),
        ("vi", "2026-11-07"),
        ("en", "7 November 2026"),
        ("en", "7 Nov 2026"),
        ("en", "Nov 7, 2026"),
        ("en", "7th November 2026"),
        ("en", "2026-11-7"),
    ],
)
def test_a_day_is_understood_as_its_language_writes_it(lang, text):
    assert parse_day(text, lang) == DAY


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "07/11/2026"),
        ("zh", "11月7日"),
        ("vi", "11/27/2026"),
        ("vi", "2026/11/07"),
        ("en", "7/11/2026"),
        ("en", "31 February 2026"),
        ("en", "7 Noon 2026"),
        ("en", "tomorrow"),
        ("en", "7 November 0026"),
        ("vi", "0/11/2026"),
        ("zh", "2026-11-07T00:00"),
    ],
)
def test_what_is_no_day_or_could_be_two_is_refused(lang, text):
    with pytest.raises(BadDay):
        parse_day(text, lang)


def test_in_english_figures_count_where_they_can_be_one_day_only():
    assert parse_day("27/11/2026", "en") == parse_day("11/27/2026", "en") == date(2026, 11, 27)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["zh", "vi", "en"]))
def test_what_a_field_shows_it_understands(day, lang):
    assert parse_day(written(day, lang), lang) == day


class Form(ShopForm):
    """A form with a day."""

    on = DayField("Day")


@pytest.mark.parametrize(
    ("lang", "shown", "said"),
    [
        ("zh", "2026年11月7日", "请写日期，例如：2026年"),
        ("vi", "07/11/2026", "Xin ghi ngày, ví dụ "),
        ("en", "7 November 2026", "Give a day like "),
    ],
)
def test_the_field_is_text_and_keeps_what_was_typed(app, at, lang, shown, said):
    at("2026-11-20 09:00")
    with app.test_request_context():
        speak(lang)
        field = Form(formdata=None, data={"on": DAY}, meta={"csrf": False}).on
        assert 'type="text"' in field()
        assert f'value="{shown}"' in field()
        bad = Form(formdata=MultiDict({"on": "someday"}), meta={"csrf": False})
        assert not bad.validate()
        assert bad.on.errors[0].startswith(said)
        assert 'value="someday"' in bad.on()
        assert bad.on.data is None
        assert written(date(2026, 11, 20), lang) in bad.on.description
        empty = Form(formdata=MultiDict({"on": ""}), meta={"csrf": False})
        assert empty.validate()
        assert empty.on.data is None
