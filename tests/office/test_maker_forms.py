"""Makers: what the forms do, and what they refuse with what was typed kept."""

import io
from datetime import timedelta

import pytest

from shop import clock
from shop.brokers.models import Mandate
from shop.ids import digest
from shop.makers import pins
from shop.makers.models import Consent, Maker, Skill
from shop.media.models import Picture
from tests.office.rows import all_of, drawn, everything, row


def test_an_officer_registers_a_maker(world, browser, visit):
    page = visit("/office/makers/new", client=browser("officer"))
    done = page.submit(
        "main form",
        **{"name-zh": "陈玉凤", "name-en": "Chen Yufeng", "birth_year": "1975", "phone_kind": "own_phone"},
        phone="138 0000 0000",
    )
    assert done.h1 == "Chen Yufeng"
    maker = all_of(Maker)[-1]
    assert (maker.name, maker.birth_year, maker.phone) == (
        {"zh": "陈玉凤", "en": "Chen Yufeng"},
        1975,
        "+8613800000000",
    )
    assert "Nguyen" in visit("/office/makers?q=nguyễn", client=browser("officer")).text
    assert "Chen Yufeng" not in visit("/office/makers?q=nguyễn", client=browser("officer")).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"birth_year": str(clock.today().year - 15)}, "She must be over 16"),
        ({"birth_year": "nineteen"}, "Not a valid integer value."),
        ({"birth_year": str(2**63)}, "Please give a year, such as 1980."),
        ({"birth_year": ""}, "Please fill this in."),
        ({"name-zh": "", "name-en": "", "name-vi": ""}, "Something is missing or wrong"),
        ({"village_id": "999"}, "Please choose one of those listed."),
        ({"village_id": "1.5"}, "Please choose one of those listed."),
        ({"mark": "dragon"}, "Not a valid choice."),
        ({"hours_a_week": "49"}, "From 0 to 48 hours."),
        ({"phone": "12", "phone_kind": "own_phone"}, "That is not a telephone number."),
        ({"phone": "13800000000"}, "Something is missing or wrong"),
        ({"name-en": "a" * 201}, "This is too long."),
        ({"name-en": "a\x00b"}, "There is a character in it that cannot be kept."),
        ({"story-en": "a\x07b"}, "There is a character in it that cannot be kept."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world, browser, visit, fields, sentence):
    before = len(all_of(Maker))
    page = visit("/office/makers/new", client=browser("officer"))
    typed = {"name-vi": "Trần Thị Mai", "birth_year": "1975", **fields}
    again = page.submit("main form", **typed)
    assert again.status == 422
    assert again.one("title").startswith("Error: ")
    assert sentence.lower() in again.one(".summary ul").lower()
    if fields.get("name-vi") != "":
        assert again.form()["name-vi"] == "Trần Thị Mai"
    assert len(all_of(Maker)) == before


def test_a_maker_is_edited_and_a_save_over_somebody_elses_is_refused(world, browser, visit):
    path = f"/office/makers/{world.lan}/edit"
    first, second = visit(path, client=browser("officer")), visit(path, client=browser("admin"))
    assert first.submit("main form", hours_a_week="31").status == 200
    late = second.submit("main form", hours_a_week="12")
    assert late.status == 409
    assert "Somebody else saved this in the meantime" in late.text
    assert late.form()["hours_a_week"] == "12"
    assert row(Maker, world.lan).hours_a_week == 31
    assert row(Maker, world.lan).pen_name is None


def test_a_form_ignores_fields_that_are_none_of_its_business(world, browser, visit):
    sent = visit(f"/office/makers/{world.lan}/edit", client=browser("officer")).form()
    more = {"left_on": "2020-01-01", "pin_hash": "x", "card_digest": "x", "number": "X", "face_id": "1", "id": "9"}
    assert browser("officer").send(f"/office/makers/{world.lan}/edit", **{**sent, **more}).status_code == 303
    maker = row(Maker, world.lan)
    assert (maker.left_on, maker.pin_hash, maker.card_digest, maker.number) == (None, None, None, "QS-M-0201")


def test_her_answers_are_written_down_and_act_at_once(world, browser, visit):
    page = visit(f"/office/makers/{world.lan}/consent?item=name", client=browser("officer"))
    assert page.form()["item"] == "name"
    done = page.submit("main form", answer="no", how="call")
    assert "took back" not in done.text
    rows = [each for each in all_of(Consent) if each.item == "name"]
    assert [(each.given, each.live, each.withdrawn_on) for each in rows] == [
        (True, False, clock.today()),
        (False, True, None),
    ]
    again = visit(f"/office/makers/{world.lan}/consent", client=browser("officer"))
    early = again.submit("main form", answer="yes", on=(clock.today() - timedelta(days=9)).isoformat())
    assert early.status == 422
    assert "She has answered this later" in early.text
    none = visit(f"/office/makers/{world.lan}/consent", client=browser("officer")).submit("main form")
    assert none.status == 422
    assert "Please fill this in." in none.text


def test_she_changes_broker_on_the_office_page(world, browser, visit):
    page = visit(f"/office/makers/{world.lan}/mandate", client=browser("officer"))
    refused = page.submit("main form", broker_id=str(world.hoa), evidence="")
    assert refused.status == 422
    done = page.submit(
        "main form", broker_id=str(world.hoa), evidence="recording 7", may_collect_money="y", may_list=None
    )
    assert "recording 7" in done.text
    live = [each for each in all_of(Mandate) if each.live]
    assert [(each.broker_id, each.may_list, each.may_collect_money) for each in live] == [(world.hoa, False, True)]
    ended = done.submit(f'form[action$="/makers/{world.lan}/mandate/end"]')
    assert "no broker acts for her" in ended.text
    assert not [each for each in all_of(Mandate) if each.live]


def test_she_types_her_pin_and_it_is_shown_nowhere(world, browser, visit):
    page = visit(f"/office/makers/{world.lan}/pin", client=browser("officer"))
    for fields, sentence in (
        ({"pin": "8352", "again": "8353"}, "The two are not the same."),
        ({"pin": "1234", "again": "1234"}, "Anybody would try that one first."),
        ({"pin": "83x2", "again": "83x2"}, "A PIN has four to six digits."),
        ({"pin": "", "again": ""}, "Please fill this in."),
    ):
        refused = page.submit("main form", **fields)
        assert refused.status == 422
        assert sentence in refused.text
        assert not fields["pin"] or fields["pin"] not in refused.source
    assert row(Maker, world.lan).pin_hash is None
    done = page.submit("main form", pin="8352", again="８３５２")
    assert "8352" not in done.source
    pins.check_pin(maker_id=world.lan, pin="8352")
    assert "8352" not in str(everything())


def test_a_card_is_shown_once_with_its_code(world, browser, visit, app):
    page = visit(f"/office/makers/{world.lan}", client=browser("officer"), ceiling=14)
    card = page.submit(f'form[action$="/makers/{world.lan}/card"]')
    assert card.status == 200
    assert "no-store" in card.response.headers["Cache-Control"]
    address = next(word for word in card.text.split() if "/m/" in word)
    token = address.rsplit("/", 1)[1]
    assert row(Maker, world.lan).card_digest == digest(token)
    assert token not in visit(f"/office/makers/{world.lan}", client=browser("officer"), ceiling=14).source
    assert token not in str(everything())
    assert "<svg" in card.source


def test_somebody_leaves_and_comes_back(world, browser, visit):
    done = visit(f"/office/makers/{world.lan}/leave", client=browser("officer")).submit("main form")
    assert row(Maker, world.lan).left_on == clock.today()
    assert "left on" in done.text
    assert "Nguyen" not in visit("/office/makers", client=browser("officer")).text
    assert "Nguyen" in visit("/office/makers?left=1", client=browser("officer")).text
    back = done.submit(f'form[action$="/makers/{world.lan}/come-back"]')
    assert row(Maker, world.lan).left_on is None
    assert "works with the co-operative again" in back.text


def test_skills_and_a_verified_telephone(world, browser, visit):
    page = visit(f"/office/makers/{world.lan}/skills", client=browser("officer"))
    page.submit("main form", **{f"craft-{world.craft}": "4"})
    page.submit("main form", **{f"craft-{world.craft}": "99"})
    assert all_of(Skill) == []
    page.submit("main form", **{f"craft-{world.craft}": "4"})
    assert [each.level for each in all_of(Skill)] == [4]
    visit(f"/office/makers/{world.lan}/edit", client=browser("officer")).submit(
        "main form", phone="13800000000", phone_kind="own_phone"
    )
    shown = visit(f"/office/makers/{world.lan}", client=browser("officer"))
    shown.submit(f'form[action$="/makers/{world.lan}/phone-verified"]')
    assert row(Maker, world.lan).phone_verified_at is not None


def test_a_photo_is_taken_in_checked_and_shown(world, browser, visit):
    client = browser("officer")
    page = visit(f"/office/makers/{world.lan}/face", client=client)
    send = page.form()
    wrong = client.post(page.path, data={**send, "picture": (io.BytesIO(b"GIF89a?"), "../../x.png")})
    assert wrong.status_code == 422
    assert "Please choose a picture" in wrong.get_data(as_text=True)
    none = client.post(page.path, data=send)
    assert none.status_code == 422
    assert all_of(Picture) == []
    done = client.post(page.path, data={**send, "picture": (drawn(), "face.png")})
    assert done.status_code == 303
    assert row(Maker, world.lan).face_id == all_of(Picture)[0].id
    assert "/media/" in visit(f"/office/makers/{world.lan}", client=client, ceiling=14).source
