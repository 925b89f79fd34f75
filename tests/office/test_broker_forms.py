"""Brokers and workshops: what the forms do and refuse."""

from shop import clock
from shop.brokers.models import Broker
from shop.db import writing
from shop.people.models import User
from shop.workshops.models import Workshop, WorkshopMaker
from tests.office.rows import all_of, drawn, row


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
