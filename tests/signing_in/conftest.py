"""Who signs in in these tests."""

from collections.abc import Callable
from functools import cache

import pytest
from sqlalchemy import select

from shop.db import reading, writing
from shop.people.models import User
from shop.people.passwords import PasswordHash, hashed
from shop.people.services import create_user

PASSWORD = "lotus lantern river"


@cache
def kept(password: str = PASSWORD) -> PasswordHash:
    """A password's hash, made once a process."""
    return hashed(password)


@pytest.fixture
def person(engine) -> Callable[..., int]:
    """Create somebody who may sign in with PASSWORD: `person("mei@demo.example", role="broker")`."""

    def make(email: str = "mei@demo.example", *, role: str = "broker", lang: str = "en", name: str = "Mei") -> int:
        with writing() as session:
            return create_user(session, email=email, name=name, role=role, lang=lang, password_hash=kept())

    return make


@pytest.fixture
def sign_in(app, client):
    """Sign somebody in by the page: `sign_in("mei@demo.example")`; `client=` for another device."""

    def go(email: str = "mei@demo.example", password: str = PASSWORD, *, client=client, path="/sign-in", **fields):
        return client.send(path, email=email, password=password, **fields)

    return go


@pytest.fixture
def device(app) -> Callable[[], object]:
    """Another browser."""
    return app.test_client


def user_row(user_id: int) -> User:
    """Her row as it stands now."""
    with reading() as session:
        return session.scalars(select(User).where(User.id == user_id)).one()
