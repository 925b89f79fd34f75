"""What is to be found."""

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id


class SearchEntry(Base):
    """One thing in the index. Its words stand in the column `words` on PostgreSQL, in `search_words` on SQLite."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "ref"),)
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(24))
    ref: Mapped[int] = mapped_column(BigInteger)
