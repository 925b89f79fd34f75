"""Lines of an order, and the frozen share of each price."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.catalog.models.prices import PART_KINDS
from shop.db import Base, Currency, Id, Minor, Texts, Tri, one_of


class OrderLine(Base):
    """So many of a variant from one source: taken from the shelf, or made for this order.

    `undone` of its pieces were cancelled, came back or were lost; `cancelled` when all were. `unmade` of them nobody
    ever began.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("seller_order_id", "variant_id", "source"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount_minor = unit_minor * quantity", name="amount_is_unit_times_quantity"),
        CheckConstraint("undone >= 0 AND undone <= quantity", name="undone_within_quantity"),
        CheckConstraint("unmade >= 0 AND unmade <= undone", name="unmade_within_undone"),
    )
    id: Mapped[Id]
    seller_order_id: Mapped[int] = mapped_column(ForeignKey("seller_order.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    title: Mapped[Texts] = mapped_column(Tri)
    size_label: Mapped[Texts] = mapped_column(Tri, default=dict)
    sku: Mapped[str] = mapped_column(String(80), default="")
    source: Mapped[str] = mapped_column(one_of("source", "shelf", "made"))
    quantity: Mapped[int]
    unit_minor: Mapped[Minor]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    work_order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"), unique=True)
    cancelled: Mapped[bool] = mapped_column(default=False)
    undone: Mapped[int] = mapped_column(default=0, server_default="0")
    unmade: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def left(self) -> int:
        """Pieces that are still the buyer's, or are to be."""
        return self.quantity - self.undone


class SplitPart(Base):
    """A share of a line's price, frozen at checkout; ledger, statement, refund and report read this row (product.md 1).

    `paid_minor` came from the buyer, `given_minor` from the co-op's voucher; its owner gets both. `waived_minor` is what
    a workshop's own voucher leaves out of its part: nobody gets it. `refunded_minor` has been undone of the paid part.
    A seller order's shipping is a part with `kind` shipping and no line.
    """

    __tablename__ = "split_part"
    __table_args__ = (
        CheckConstraint("paid_minor >= 0 AND given_minor >= 0", name="sums_not_negative"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= paid_minor", name="refunded_within_paid"),
        CheckConstraint("waived_minor = 0 OR (waived_minor > 0 AND kind = 'workshop')", name="waived_by_workshop"),
    )
    id: Mapped[Id]
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    seller_order_id: Mapped[int] = mapped_column(ForeignKey("seller_order.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(one_of("kind", *PART_KINDS, "shipping"))
    payee: Mapped[str] = mapped_column(String(60), default="")
    paid_minor: Mapped[Minor]
    given_minor: Mapped[Minor] = mapped_column(default=0)
    waived_minor: Mapped[Minor] = mapped_column(default=0, server_default="0")
    refunded_minor: Mapped[Minor] = mapped_column(default=0)
    released: Mapped[bool] = mapped_column(default=False)
    currency: Mapped[Currency]


class LinePiece(Base):
    """Which numbered pieces a line took. A piece is sold once."""

    __tablename__ = "line_piece"
    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
