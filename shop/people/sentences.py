"""This room's refusals in words."""

from flask_babel import gettext as _

from shop.people.passwords import SHORTEST
from shop.web.errors import SENTENCES


def _bad_password(why: object) -> str:
    words = {
        "short": _("A password has at least %(count)s characters.", count=SHORTEST),
        "long": _("This password is too long."),
        "sign": _("There is a character in the password that cannot be kept."),
        "plain": _("This password is too easy to guess."),
    }
    return str(words[str(why)])


def init_app() -> None:
    SENTENCES.update(
        {
            "bad_email": lambda _data: _("Check the e-mail, for example lan@example.com."),
            "bad_password": lambda data: _bad_password(data["why"]),
            "email_taken": lambda data: _("%(email)s is in use already.", email=data["email"]),
            "wrong_sign_in": lambda _data: _("E-mail or password is wrong."),
            "not_her_password": lambda _data: _("That is not your present password."),
            "dead_link": lambda _data: _("This link was used, or it is too old."),
            "last_admin": lambda _data: _("One administrator must stay, or nobody could let anybody in again."),
            "not_allowed": lambda _data: _("This is decided by another role."),
        }
    )
