"""What the office's forms do, what they refuse with what was typed kept, and that a stranger's post changes nothing."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy import select, text

from shop import clock
from shop.brokers.models import Broker, Mandate
from shop.coop.models import Change, Coop, CoopPage, HourlyMinimum
from shop.crafts.models import Craft
from shop.db import reading, writing
from shop.ids import digest
from shop.makers import pins
from shop.makers.models import Consent, Maker, Skill
from shop.media.models import Picture
from shop.outbox.models import OutboxRow
from shop.people.models import User
from shop.places.models import Place
from shop.workshops.models import Workshop, WorkshopMaker
from tests.office.test_pages import MAY, ROLES

TODAY = clock.today().isoformat()
TABLES = [
    "maker",
    "consent",
    "skill",
    "mandate",
    "broker",
    "workshop",
    "workshop_maker",
    "coop",
    "coop_page",
    "hourly_minimum",
    "craft",
    "place",
    "change",
    "picture",
    "outbox",
    "ticket",
]


def everything():
    """Every row of what these pages can change."""
    with reading() as session:
        rows = {
            table: sorted(str(row) for row in session.execute(text(f'SELECT * FROM "{table}"'))) for table in TABLES
        }
        rows["user"] = sorted(str(row) for row in session.execute(text('SELECT id, role, is_active FROM "user"')))
    return rows


def all_of(model):
    with reading() as session:
        return session.scalars(select(model).order_by(model.id)).all()


def row(model, key):
    with reading() as session:
        return session.get_one(model, key)


def drawn(size=(900, 700), kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size, "maroon").save(out, kind)
    out.seek(0)
    return out


POSTS = {
    "/office/makers/new": (
        "officer",
        {"name-en": "New", "birth_year": 1980, "village_id": "{village}", "mark": "fish", "hours_a_week": 20}
        | {"lang": "zh", "phone_kind": "none"},
    ),
    "/office/makers/{lan}/edit": (
        "officer",
        {"name-en": "X", "birth_year": 1980, "village_id": "{village}", "mark": "fish", "hours_a_week": 20}
        | {"lang": "zh", "phone_kind": "none", "version": "1"},
    ),
    "/office/makers/{lan}/skills": ("officer", {"craft-{craft}": "3"}),
    "/office/makers/{lan}/consent": ("officer", {"item": "name", "answer": "no", "how": "call", "on": TODAY}),
    "/office/makers/{lan}/mandate": ("officer", {"broker_id": "{hoa}", "evidence": "paper", "starts_on": TODAY}),
    "/office/makers/{lan}/mandate/end": ("officer", {}),
    "/office/makers/{lan}/pin": ("officer", {"pin": "8352", "again": "8352"}),
    "/office/makers/{lan}/card": ("officer", {}),
    "/office/makers/{lan}/card/end": ("officer", {}),
    "/office/makers/{lan}/leave": ("officer", {"on": TODAY}),
    "/office/makers/{lan}/come-back": ("officer", {}),
    "/office/brokers/new": ("admin", {"name-en": "New", "tier": "1", "village_id": "{village}"}),
    "/office/brokers/{mei}/edit": ("admin", {"name-en": "X", "tier": "1", "village_id": "{village}", "version": "1"}),
    "/office/brokers/{mei}/user": ("admin", {"user_id": ""}),
    "/office/brokers/{hoa}/rest": ("admin", {}),
    "/office/brokers/{hoa}/work": ("admin", {}),
    "/office/workshops/new": (
        "admin",
        {"name-en": "New", "craft_id": "{craft}", "village_id": "{village}", "broker_id": "{mei}"},
    ),
    "/office/workshops/{workshop}/edit": (
        "admin",
        {"name-en": "X", "craft_id": "{craft}", "village_id": "{village}", "broker_id": "{mei}", "version": "1"},
    ),
    "/office/workshops/{workshop}/makers": ("admin", {"makers": "{lan}"}),
    "/office/workshops/{workshop}/close": ("admin", {}),
    "/office/workshops/{workshop}/open": ("admin", {}),
    "/office/users/new": ("admin", {"email": "x@example.org", "name": "X", "role": "admin", "lang": "en"}),
    "/office/users/1": ("admin", {"role": "admin"}),
    "/office/users/1/deactivate": ("admin", {}),
    "/office/users/1/reactivate": ("admin", {}),
    "/office/users/1/invite": ("admin", {}),
    "/office/shop": ("admin", {"name-en": "X", "version": "1", "hold_days": 1, "return_days": 1, "working_age": 20}),
    "/office/shop/minimum": ("admin", {"amount": "30.00", "valid_from": TODAY, "said": "3000"}),
    "/office/shop/pages/terms": ("admin", {"en": "# X"}),
    "/office/crafts/new": ("admin", {"name-en": "Beads", "sort": "1"}),
    "/office/crafts/{craft}": ("admin", {"name-en": "X", "sort": "1"}),
    "/office/places/new": ("admin", {"kind": "county", "name-en": "X"}),
    "/office/places/{village}": ("admin", {"kind": "village", "name-en": "X"}),
}


def filled(world, fields):
    known = vars(world)
    return {name.format(**known): str(value).format(**known) for name, value in fields.items()}


@pytest.mark.parametrize("role", ROLES)
def test_a_post_of_whom_it_does_not_concern_changes_nothing(world, browser, role):
    browser("admin")
    client = browser(role)
    before = everything()
    for path, (who, fields) in POSTS.items():
        if role not in MAY[who]:
            response = client.send(path.format(**vars(world)), **filled(world, fields))
            assert response.status_code == 403, (path, role)
    assert everything() == before


def test_nobody_posts_without_signing_in_nor_without_a_token(world, client, browser):
    before_anyone = everything()
    for path, (_who, fields) in POSTS.items():
        assert client.send(path.format(**vars(world)), **filled(world, fields)).status_code in {303, 401}, path
    assert everything() == before_anyone
    admin = browser("admin")
    before = everything()
    for path, (_who, fields) in POSTS.items():
        assert admin.post(path.format(**vars(world)), data=filled(world, fields)).status_code == 400, path
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert admin.post(path.format(**vars(world)), data=fields, headers=foreign).status_code == 400, path
    assert everything() == before


# Makers


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
        ({"village_id": "999"}, "Not a valid choice."),
        ({"village_id": "1.5"}, "Invalid Choice: could not coerce."),
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
    assert sentence in again.one(".summary ul")
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


def test_a_form_ignores_fields_that_are_none_of_its_business(world, browser):
    sent = filled(world, POSTS["/office/makers/{lan}/edit"][1])
    more = {"left_on": "2020-01-01", "pin_hash": "x", "card_digest": "x", "number": "X", "face_id": "1", "id": "9"}
    assert browser("officer").send(f"/office/makers/{world.lan}/edit", **sent, **more).status_code == 303
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
    page = visit(f"/office/makers/{world.lan}", client=browser("officer"))
    card = page.submit(f'form[action$="/makers/{world.lan}/card"]')
    assert card.status == 200
    assert "no-store" in card.response.headers["Cache-Control"]
    address = next(word for word in card.text.split() if "/m/" in word)
    token = address.rsplit("/", 1)[1]
    assert row(Maker, world.lan).card_digest == digest(token)
    assert token not in visit(f"/office/makers/{world.lan}", client=browser("officer")).source
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
    assert "/media/" in visit(f"/office/makers/{world.lan}", client=client).source


# Brokers and workshops


def test_a_broker_is_entered_linked_and_may_rest(world, browser, visit):
    admin = browser("admin")
    with writing() as session:
        user = User(email="mei@example.org", name="Mei", role="broker", created_at=clock.now())
        session.add(user)
    made = visit("/office/brokers/new", client=admin).submit(
        "main form", **{"name-zh": "石静", "name-en": "Shi Jing", "tier": "2", "parent_id": str(world.mei)}
    )
    assert made.h1 == "Shi Jing"
    broker = all_of(Broker)[-1]
    assert (broker.tier, broker.parent_id) == (2, world.mei)
    visit(f"/office/brokers/{broker.id}/user", client=admin).submit("main form", user_id=str(user.id))
    assert row(Broker, broker.id).user_id == user.id
    taken = visit(f"/office/brokers/{world.hoa}/user", client=admin).submit("main form", user_id=str(user.id))
    assert taken.status == 409
    assert "has this name or number already" in taken.text
    resting = visit(f"/office/brokers/{broker.id}", client=admin).submit(f'form[action$="/{broker.id}/rest"]')
    assert "rests" in resting.text
    assert not row(Broker, broker.id).is_active
    needed = admin.send(f"/office/brokers/{world.mei}/rest")
    assert needed.status_code == 409
    assert "An open workshop still has her" in needed.get_data(as_text=True)
    assert row(Broker, world.mei).is_active


def test_the_hotline_is_refused_as_a_brokers_number(world, browser, visit):
    page = visit(f"/office/brokers/{world.mei}/edit", client=browser("admin"))
    refused = page.submit("main form", phone="400 820 0000")
    assert refused.status == 422
    assert "That is the hotline's number." in refused.text
    assert row(Broker, world.mei).phone is None


def test_a_workshop_is_entered_staffed_closed_and_opened(world, browser, visit):
    admin = browser("admin")
    made = visit("/office/workshops/new", client=admin).submit(
        "main form", **{"name-zh": "结艺坊", "name-en": "Knot Workshop", "story-zh": "从前靠河吃饭。"}
    )
    assert made.h1 == "Knot Workshop"
    workshop = all_of(Workshop)[-1]
    assert (workshop.slug, workshop.story) == ("knot-workshop", {"zh": "从前靠河吃饭。"})
    staff = visit(f"/office/workshops/{workshop.id}/makers", client=admin)
    staff.submit("main form", makers=str(world.lan))
    assert [each.maker_id for each in all_of(WorkshopMaker)] == [world.lan]
    wrong = staff.submit("main form", makers=str(world.other))
    assert wrong.status == 422
    assert [each.maker_id for each in all_of(WorkshopMaker)] == [world.lan]
    closed = visit(f"/office/workshops/{workshop.id}", client=admin).submit(f'form[action$="/{workshop.id}/close"]')
    assert not row(Workshop, workshop.id).is_open
    closed.submit(f'form[action$="/{workshop.id}/open"]')
    assert row(Workshop, workshop.id).is_open
    page = visit(f"/office/workshops/{workshop.id}/picture", client=admin)
    assert admin.post(page.path, data={**page.form(), "picture": (drawn(kind="JPEG"), "a.jpg")}).status_code == 303
    assert row(Workshop, workshop.id).picture_id is not None


# Users


def test_somebody_is_invited_changed_and_let_in_no_more(world, browser, visit):
    admin = browser("admin")
    visit("/office/users/new", client=admin).submit(
        "main form", email="Tao@Example.org", name="Tao", role="treasurer", lang="zh"
    )
    user = all_of(User)[-1]
    assert (user.email, user.role) == ("tao@example.org", "treasurer")
    assert len(all_of(OutboxRow)) == 1
    again = visit("/office/users/new", client=admin).submit("main form", email="admin.en@", name="X", role="officer")
    assert again.status == 422
    visit(f"/office/users/{user.id}", client=admin).submit(f'form[action="/office/users/{user.id}"]', role="officer")
    assert row(User, user.id).role == "officer"
    visit(f"/office/users/{user.id}", client=admin).submit(f'form[action$="/{user.id}/invite"]')
    shown = visit(f"/office/users/{user.id}", client=admin)
    shown.submit(f'form[action$="/{user.id}/deactivate"]')
    assert not row(User, user.id).is_active
    kinds = [each.kind for each in all_of(Change) if each.about == f"user:{user.id}"]
    assert kinds == ["invited", "role", "invited", "deactivated"]


def test_the_last_administrator_stays(world, browser, visit):
    admin = browser("admin")
    before = everything()
    page = visit("/office/users/1", client=admin)
    refused = page.submit('form[action="/office/users/1"]', role="buyer")
    assert refused.status == 409
    assert "One administrator must stay" in refused.text
    assert admin.send("/office/users/1/deactivate").status_code == 409
    assert everything() == before


def test_who_is_let_in_no_more_is_out_at_once(world, browser):
    admin, officer = browser("admin"), browser("officer")
    assert officer.get("/office/makers").status_code == 200
    admin.send("/office/users/2/deactivate")
    assert officer.get("/office/makers").status_code == 303


# The co-op


def test_the_coop_says_its_name_and_every_page_follows(world, browser, visit):
    admin = browser("admin")
    page = visit("/office/shop", client=admin)
    done = page.submit(
        'main form[action="/office/shop"]', **{"name-en": "Clever Hands", "hotline": "400-111-1111", "hold_days": "5"}
    )
    assert done.status == 200
    assert "Clever Hands" in done.one("title")
    assert (row(Coop, 1).hotline, row(Coop, 1).hold_days) == ("400-111-1111", 5)
    late = page.submit('main form[action="/office/shop"]', hotline="1")
    assert late.status == 409
    assert row(Coop, 1).hotline == "400-111-1111"
    assert "Last change: Admin" in done.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"working_age": "15"}, "The law says at least 16 years"),
        ({"hold_days": "61"}, "From 0 to 60 days."),
        ({"return_days": "-1"}, "From 0 to 365 days."),
        ({"hold_days": "1.5"}, "Not a valid integer value."),
        ({"payout_weekday": "9"}, "Not a valid choice."),
        ({"name-zh": "", "name-vi": "", "name-en": ""}, "Something is missing or wrong"),
    ],
)
def test_what_the_coop_may_not_decide_is_said(world, browser, visit, fields, sentence):
    page = visit("/office/shop", client=browser("admin"))
    refused = page.submit('main form[action="/office/shop"]', registration="91-TEST", **fields)
    assert refused.status == 422
    assert sentence in refused.text
    assert refused.form('main form[action="/office/shop"]')["registration"] == "91-TEST"
    assert row(Coop, 1).version == 1


def test_a_sum_is_shown_back_in_words_before_it_is_saved(world, browser, visit):
    page = visit("/office/shop/minimum", client=browser("admin"))
    said = page.submit("main form", amount="25.50", valid_from="2026-07-01")
    assert "¥25.50" in said.text
    assert "twenty-five yuan" in said.text
    assert all_of(HourlyMinimum) == []
    other = said.submit("main form", amount="255.0")
    assert all_of(HourlyMinimum) == []
    assert "two hundred fifty-five" in other.text
    said.submit("main form")
    assert [(each.minor, each.valid_from) for each in all_of(HourlyMinimum)] == [(2550, date(2026, 7, 1))]
    for wrong in ("380.000", "-5", "abc", "0", "1e3", "٣"):
        refused = page.submit("main form", amount=wrong)
        assert refused.status == 422, wrong
    assert len(all_of(HourlyMinimum)) == 1


def test_a_page_is_written_in_three_languages(world, browser, visit):
    admin = browser("admin")
    page = visit("/office/shop/pages/terms", client=admin)
    wrong = page.submit("main form", zh="# 条款\n\n{hotlien}", en="# Terms\n\nCall {hotline}.")
    assert wrong.status == 422
    assert "Nothing stands for {hotlien}" in wrong.text
    assert wrong.form()["en"].startswith("# Terms")
    assert all_of(CoopPage) == []
    page.submit("main form", zh="# 条款\n\n打{hotline}。", en="# Terms\n\nCall {hotline}.")
    assert sorted(each.lang for each in all_of(CoopPage)) == ["en", "zh"]
    visit("/office/shop/pages/terms", client=admin).submit("main form", en="# Terms of sale\n\nNew.")
    bodies = {each.lang: each.body for each in all_of(CoopPage)}
    assert bodies == {"zh": "# 条款\n\n打{hotline}。\n", "en": "# Terms of sale\n\nNew.\n"}
    assert [each.kind for each in all_of(Change) if each.about == "page:terms"] == ["page"] * 3


def test_a_logo_is_shown_where_the_coop_is_named(world, browser, visit):
    admin = browser("admin")
    page = visit("/office/shop/logo", client=admin)
    assert admin.post(page.path, data={**page.form(), "picture": (drawn((600, 600)), "logo.png")}).status_code == 303
    shown = visit("/office/shop", client=admin)
    key = all_of(Picture)[0].key
    assert f"/media/{key}-320.webp" in shown.source
    assert shown.doc.cssselect(f'.brand img[src="/media/{key}-320.webp"]')


def test_a_shop_without_a_coop_lets_the_administrator_found_it(app, browser, visit):
    admin = browser("admin")
    page = visit("/office/shop", client=admin)
    assert page.h1 == "Found the co-operative"
    assert browser("officer").get("/office/shop", follow_redirects=True).status_code == 403
    refused = page.submit("main form", country="CN")
    assert refused.status == 422
    done = page.submit("main form", country="VN", **{"name-vi": "Hợp tác xã Khéo Tay"})
    assert done.h1 == "Shop settings"
    assert (row(Coop, 1).country, row(Coop, 1).working_age, row(Coop, 1).currency) == ("VN", 15, "CNY")


# Crafts and places


def test_crafts_and_places_are_entered_and_changed(world, browser, visit):
    admin = browser("admin")
    visit("/office/crafts/new", client=admin).submit(
        "main form",
        **{"name-en": "Seed stitch", "parent_id": str(world.craft), "synonyms": "打籽绣\r\n\r\nthêu hạt", "sort": "3"},
    )
    craft = all_of(Craft)[-1]
    assert (craft.slug, craft.parent_id, craft.synonyms) == ("seed-stitch", world.craft, ["打籽绣", "thêu hạt"])
    visit(f"/office/crafts/{craft.id}", client=admin).submit("main form", **{"name-vi": "Thêu hạt"})
    assert row(Craft, craft.id).name == {"en": "Seed stitch", "vi": "Thêu hạt"}
    deeper = visit(f"/office/crafts/{world.craft}", client=admin).submit("main form", parent_id=str(world.craft))
    assert deeper.status == 422
    visit("/office/places/new", client=admin).submit(
        "main form", kind="county", **{"name-en": "Far County", "short_name-en": "Far"}
    )
    place = all_of(Place)[-1]
    assert (place.kind, place.slug, place.short_name) == ("county", "far-county", {"en": "Far"})
    homeless = visit("/office/places/new", client=admin).submit("main form", kind="village", **{"name-en": "Lost"})
    assert homeless.status == 422
    visit(f"/office/places/{world.village}", client=admin).submit("main form", craft_id=str(world.craft))
    assert row(Place, world.village).craft_id == world.craft
    kinds = [(each.about, each.kind) for each in all_of(Change)][-4:]
    assert kinds == [
        (f"craft:{craft.id}", "created"),
        (f"craft:{craft.id}", "edited"),
        (f"place:{place.id}", "created"),
        (f"place:{world.village}", "edited"),
    ]


def test_history_says_who_did_what_for_whom(world, browser, visit):
    browser("officer").send(f"/office/makers/{world.lan}/consent", item="story", answer="yes", how="voice", on=TODAY)
    page = visit("/office/history", client=browser("treasurer"))
    first = page.all("tbody tr")[0]
    assert "said yes: Story · Said in a recording" in first
    assert "Officer" in first
    assert f"for Maker {world.lan}" in first
