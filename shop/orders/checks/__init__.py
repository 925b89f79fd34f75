"""What `flask audit` checks of orders: sums, parts, payments, refunds, and the accounts behind them."""

from shop.orders.checks import held, refunds, stripe, sums


def init_checks() -> None:
    """Register them all."""
    for part in (sums, held, refunds, stripe):
        part.init_checks()
