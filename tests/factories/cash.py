"""Cash that stands in a broker's hands without a pay day behind it."""

from shop.actor import COMMAND
from shop.db import writing
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post


def in_hand(broker_id: int, minor: int, *, key: str = "left-over") -> None:
    """The co-op's cash that she still holds from before."""
    move = Move(account("broker:float", broker_id), account("bank", "main"), minor)
    with writing() as session:
        post(
            session,
            [Draft(f"float:{broker_id}:{key}", "float_out", "CNY", [move], source=f"broker:{broker_id}")],
            by=COMMAND,
        )
