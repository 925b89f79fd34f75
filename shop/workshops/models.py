"""Workshops: the sellers of the parts of an order."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id, Texts, Tri


class Workshop(Base):
    """Sells through the co-op; its broker gets its orders. `is_open` is whether it sells now."""

    __tablename__ = "workshop"
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Texts] = mapped_column(Tri)
    story: Mapped[Texts] = mapped_column(Tri, default=dict)
    hours: Mapped[Texts] = mapped_column(Tri, default=dict)
    craft_id: Mapped[int] = mapped_column(ForeignKey("craft.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    broker_id: Mapped[int] = mapped_column(ForeignKey("broker.id"), index=True)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    is_open: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class WorkshopMaker(Base):
    """Who works with the workshop."""

    __tablename__ = "workshop_maker"
    __table_args__ = (UniqueConstraint("workshop_id", "maker_id"),)
    id: Mapped[Id]
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("maker.id"), index=True)
