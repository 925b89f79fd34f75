"""A small co-op, made through its services, and people who are signed in."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from shop.actor import Actor
from shop.db import writing
from shop.people.models import User
from shop.people.services import create_user, open_session
from tests.factories.brokers import let_act, make_broker
from tests.factories.coop import make_coop
from tests.factories.crafts import make_craft
from tests.factories.makers import make_maker
from tests.factories.places import make_village
from tests.factories.workshops import make_workshop
from tests.support.apps import SITE, Client
from tests.support.signing import sign_in


@dataclass
class World:
    """Ids of what there is."""

    village: int
    craft: int
    mei: int
    hoa: int
    lan: int
    other: int
    workshop: int


@pytest.fixture
def world(app) -> World:
    """The co-op, a village, embroidery, brokers Mei and Hoa, makers Lan (Mei's) and another, the Lotus Workshop."""
    with writing() as session:
        make_coop(session)
        village, craft = make_village(session).id, make_craft(session).id
        mei = make_broker(session, village).id
        hoa = make_broker(session, village, name="Hoa").id
        lan = make_maker(session, village, agrees_to=("name", "village")).id
        other = make_maker(session, village, name={"zh": "沈荷芝", "vi": "Thẩm Hà Chi", "en": "Shen Hezhi"}).id
        let_act(session, maker_id=lan, broker_id=mei)
        workshop = make_workshop(session, craft_id=craft, village_id=village, broker_id=mei).id
        return World(village, craft, mei, hoa, lan, other, workshop)


@pytest.fixture
def browser(app) -> Callable[..., Client]:
    """A browser signed in: `browser("officer")`; in another language: `browser("admin", lang="zh")`."""
    made: dict[tuple[str, str], Client] = {}

    def go(role: str, lang: str = "en") -> Client:
        if (role, lang) not in made:
            with writing() as session:
                user = create_user(session, email=f"{role}.{lang}@example.org", name=role.title(), role=role, lang=lang)
                token = open_session(session, user_id=user, device="test")
            client = app.test_client()
            with client.session_transaction(base_url=SITE) as kept:
                kept["_user_id"] = token
                kept["_fresh"] = True
            made[role, lang] = client
        return made[role, lang]

    return go


@pytest.fixture
def as_(app) -> Callable[..., Client]:
    """A browser of one of the factories' cast: `as_(FEN)`, in English unless told otherwise."""

    def go(who: Actor, lang: str = "en") -> Client:
        with writing() as session:
            session.get_one(User, who.user_id).lang = lang
        client = app.test_client()
        sign_in(client, who)
        return client

    return go
