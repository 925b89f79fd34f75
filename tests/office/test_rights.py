"""A post of somebody whom it does not concern changes nothing."""

import pytest

from tests.office.rows import TODAY, everything
from tests.office.test_pages import MAY, ROLES

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
