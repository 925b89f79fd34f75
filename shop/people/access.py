"""Who may do what in this room: everybody her own things, nobody another's."""

from flask_login import current_user

from shop.people.models import ROLES
from shop.people.person import Person
from shop.web.access import public, rule

__all__ = ["me", "my_device", "public"]


@rule(*ROLES)
def me() -> Person:
    """Whoever is signed in."""
    person = current_user._get_current_object()  # noqa: SLF001  Flask-Login's documented way behind its proxy
    assert isinstance(person, Person)
    return person


@rule(*ROLES, own="device")
def my_device() -> Person:
    """Whoever is signed in; the service looks for the device among hers alone."""
    return me()
