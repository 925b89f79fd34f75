"""Who may sign in, with which role, and on which devices she is signed in now."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id, Utc, one_of

ROLES = ("buyer", "broker", "organizer", "treasurer", "officer", "admin")


class User(Base):
    """Somebody with a password. A maker is none: she needs no account. `email` is kept in its canonical form."""

    __tablename__ = "user"
    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(one_of("role", *ROLES))
    lang: Mapped[str] = mapped_column(one_of("lang", "zh", "vi", "en"), default="zh")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Utc)


class UserSession(Base):
    """One device signed in. Ended by sign-out, password change or removal, at once and for good."""

    __tablename__ = "user_session"
    id: Mapped[Id]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class Ticket(Base):
    """A link by mail that works once: an invitation or a new password. A new one ends those before."""

    __tablename__ = "ticket"
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[str] = mapped_column(one_of("purpose", "invite", "reset"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)
