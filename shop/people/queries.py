"""Lists of people and of devices, and who a browser's secret belongs to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from shop import clock
from shop.ids import digest
from shop.people.models import Ticket, User, UserSession
from shop.people.services import Purpose

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody signed in on one device."""

    session_id: int
    user_id: int
    name: str
    role: str
    lang: str
    email: str


@dataclass(frozen=True, slots=True)
class Device:
    """Where somebody is signed in."""

    id: int
    device: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserLine:
    """A line of the office's list. `last_at` is her last sign-in."""

    id: int
    email: str
    name: str
    role: str
    lang: str
    is_active: bool
    invited: bool
    last_at: datetime | None


_SEAT = (
    select(
        UserSession.id.label("session_id"),
        User.id.label("user_id"),
        User.name,
        User.role,
        User.lang,
        User.email,
    )
    .join(User, User.id == UserSession.user_id)
    .where(
        UserSession.token_digest == bindparam("token_digest"),
        UserSession.ended_at.is_(None),
        UserSession.expires_at > bindparam("now"),
        User.is_active,
    )
)


def seat(session: Session, *, token: str) -> Seat | None:
    """Who keeps this secret, if her device is still signed in: one statement on a unique index."""
    row = session.execute(_SEAT, {"token_digest": digest(token), "now": clock.now()}).first()
    return Seat(*row) if row else None


def devices(session: Session, *, user_id: int) -> list[Device]:
    """Where she is signed in now, newest first; at most a hundred."""
    rows = session.execute(
        select(UserSession.id, UserSession.device, UserSession.created_at)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > clock.now(),
        )
        .order_by(UserSession.id.desc())
        .limit(LARGEST_PAGE)
    )
    return [Device(*row) for row in rows]


def ticket_holder(session: Session, *, token: str, purpose: Purpose) -> User | None:
    """Whom a link by mail was sent to, while it works."""
    return session.scalars(
        select(User)
        .join(Ticket, Ticket.user_id == User.id)
        .where(
            Ticket.token_digest == digest(token),
            Ticket.purpose == purpose,
            Ticket.used_at.is_(None),
            Ticket.expires_at > clock.now(),
            User.is_active,
        )
    ).one_or_none()


def users(
    session: Session, *, words: str = "", role: str = "", before: int | None = None, limit: int = 50
) -> list[UserLine]:
    """A page of people, newest first; `before` is the last id of the page before. `words` is looked for in name, address."""
    last = select(func.max(UserSession.created_at)).where(UserSession.user_id == User.id).scalar_subquery()
    page = (
        select(
            User.id,
            User.email,
            User.name,
            User.role,
            User.lang,
            User.is_active,
            User.password_hash.is_(None),
            last,
        )
        .order_by(User.id.desc())
        .limit(max(1, min(limit, LARGEST_PAGE)))
    )
    if before is not None:
        page = page.where(User.id < before)
    if role:
        page = page.where(User.role == role)
    if words.strip():
        wanted = words.strip().lower()[:100]
        page = page.where(
            or_(
                func.lower(User.email).contains(wanted, autoescape=True),
                func.lower(User.name).contains(wanted, autoescape=True),
            )
        )
    return [UserLine(*row) for row in session.execute(page)]


def user_of(session: Session, *, user_id: int) -> User | None:
    """One person, or None."""
    return session.get(User, user_id)
