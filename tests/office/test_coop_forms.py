"""Users, the co-op itself, crafts, places and the history."""

from datetime import date

import pytest

from shop.coop.models import Change, Coop, CoopPage, HourlyMinimum
from shop.crafts.models import Craft
from shop.media.models import Picture
from shop.outbox.models import OutboxRow
from shop.people.models import User
from shop.places.models import Place
from tests.office.rows import TODAY, all_of, drawn, everything, row

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
        ({"payout_weekday": "9"}, "Please choose one of those listed."),
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
    assert "for herself" in first
