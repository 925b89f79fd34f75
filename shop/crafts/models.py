"""The tree of crafts."""

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id, Texts, Tri


class Craft(Base):
    """A craft or one of its techniques (a craft with a parent). `synonyms` help search in every language."""

    __tablename__ = "craft"
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("craft.id"), index=True)
    sort: Mapped[int] = mapped_column(default=0)
    name: Mapped[Texts] = mapped_column(Tri)
    about: Mapped[Texts] = mapped_column(Tri, default=dict)
    synonyms: Mapped[list[str]] = mapped_column(JSON, default=list)
