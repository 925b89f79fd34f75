"""Asking who is signed in once more who she is, before something that a stolen device must not do.

Wrong tries are slowed like those at the sign-in, by person and by network.
"""

from shop.actor import Actor
from shop.db import reading
from shop.errors import BadInput
from shop.people import passwords
from shop.people.limits import CHECKS, wrong_passwords
from shop.people.models import User


class NotHerPassword(BadInput):
    """The password typed once more is not that of who is signed in. Data: field."""

    code = "not_her_password"


def slowed(*endpoints: str) -> None:
    """Count refused posts of these pages as tries of who is signed in."""
    for endpoint in endpoints:
        CHECKS[endpoint] = wrong_passwords


def prove_again(actor: Actor, password: str, *, field: str = "own_password") -> None:
    """Return where it is her password. Raises NotHerPassword with the field. Takes some 20 ms: outside of transactions."""
    with reading() as session:
        user = session.get(User, actor.user_id or 0)
        kept = user.password_hash if user is not None and user.is_active else None
    if not passwords.fits(kept, password):
        raise NotHerPassword(field=field)
