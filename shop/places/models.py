"""Where people live and work."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id, Texts, Tri, one_of


class Place(Base):
    """A county, one of its towns, or a village; a village may have a speciality craft."""

    __tablename__ = "place"
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(one_of("kind", "county", "town", "village"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    name: Mapped[Texts] = mapped_column(Tri)
    short_name: Mapped[Texts] = mapped_column(Tri)
    craft_id: Mapped[int | None] = mapped_column(ForeignKey("craft.id"), index=True)
    speciality: Mapped[Texts | None] = mapped_column(Tri)
