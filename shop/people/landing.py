"""Where somebody's work is, by her role."""

_LANDING = {
    "broker": "/desk/",
    "organizer": "/expo/",
    "treasurer": "/office/",
    "officer": "/office/",
    "admin": "/office/",
}


def landing(role: str, lang: str) -> str:
    """The page somebody of this role begins on; buyers on the shop's front page in their language."""
    return _LANDING.get(role, f"/{lang}/")
