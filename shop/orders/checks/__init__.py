"""What `flask audit` checks of orders: sums, parts, payments, refunds, vouchers, and the accounts behind them."""

from shop.orders.checks import disputes, faults, held, refunds, stripe, sums, vouchers


def init_checks() -> None:
    """Register them all."""
    for part in (sums, held, refunds, stripe, disputes, faults, vouchers):
        part.init_checks()
