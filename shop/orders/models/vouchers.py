"""Which order used which voucher."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id, Utc


class VoucherUse(Base):
    """An order's use of a voucher, by a buyer known by her e-mail. Freed when the order ends unpaid, never after it was paid."""

    __tablename__ = "voucher_use"
    __table_args__ = (Index("ix_voucher_use_voucher_buyer", "voucher_id", "buyer"),)
    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("order_group.id"), unique=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"))
    buyer: Mapped[str] = mapped_column(String(254))
    used_at: Mapped[datetime] = mapped_column(Utc)
    freed_at: Mapped[datetime | None] = mapped_column(Utc)
