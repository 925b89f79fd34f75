"""The women who make the pieces, and what each agreed to show."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id, Texts, Tri, Utc, one_of

CONSENT_ITEMS = ("name", "pen_name", "village", "face", "voice", "story", "pay_per_piece", "piece_count", "own_line")
"""What she is asked, one by one; `own_line` is her own line in the open accounts, with her sum of a pay day."""


class Maker(Base):
    """A person, not an account: no phone, e-mail or reading needed. `mark` and `number` are how lists name her."""

    __tablename__ = "maker"
    __table_args__ = (
        CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_sane"),
        CheckConstraint("hours_a_week BETWEEN 0 AND 48", name="hours_legal"),
    )
    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Texts] = mapped_column(Tri)
    pen_name: Mapped[Texts | None] = mapped_column(Tri)
    mark: Mapped[str] = mapped_column(String(30))
    birth_year: Mapped[int]
    village_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    hours_a_week: Mapped[int] = mapped_column(default=20)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    lang: Mapped[str] = mapped_column(one_of("lang", "zh", "vi", "en"), default="zh")
    story: Mapped[Texts | None] = mapped_column(Tri)
    face_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    phone_kind: Mapped[str] = mapped_column(one_of("phone_kind", "none", "own_phone", "shared_phone"), default="none")
    phone_verified_at: Mapped[datetime | None] = mapped_column(Utc)
    card_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    pin_tries: Mapped[int] = mapped_column(default=0)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Skill(Base):
    """What she can make, and how well (1 learning … 5 master)."""

    __tablename__ = "skill"
    __table_args__ = (
        UniqueConstraint("maker_id", "craft_id"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level_known"),
    )
    id: Mapped[Id]
    maker_id: Mapped[int] = mapped_column(ForeignKey("maker.id"))
    craft_id: Mapped[int] = mapped_column(ForeignKey("craft.id"), index=True)
    level: Mapped[int]


class Consent(Base):
    """Her dated answer to one item, yes or no; a later answer is a new row, a withdrawal is dated on the old one."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("withdrawn_on IS NULL OR given", name="only_a_yes_is_withdrawn"),
        Index(
            "uq_consent_live", "maker_id", "item", unique=True, sqlite_where=text("live"), postgresql_where=text("live")
        ),
    )
    id: Mapped[Id]
    maker_id: Mapped[int] = mapped_column(ForeignKey("maker.id"), index=True)
    item: Mapped[str] = mapped_column(one_of("item", *CONSENT_ITEMS))
    given: Mapped[bool]
    answered_on: Mapped[date]
    how: Mapped[str] = mapped_column(String(30))
    withdrawn_on: Mapped[date | None]
    live: Mapped[bool] = mapped_column(default=True)
    recorded_by: Mapped[str] = mapped_column(String(80))
