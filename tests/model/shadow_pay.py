"""Books and pay days as plain dicts.

Balances are kept in each account's own direction, by the account's name as money.md writes it; `move(to, frm, minor)`
is money.md's arrow `to ← frm`, debit first.
"""

from collections import defaultdict
from typing import Any

Row = dict[str, Any]

RAIL = {"maker:1": "cash", "maker:2": "cash", "maker:3": "cash", "maker:4": "bank_file", "maker:5": "cash"}
"""Brokers are paid by bank."""
DEBIT = ("psp:", "bank:", "coop:costs", "expense:", "stock:", "disputes:")
OPENING = 100_000_000


def grows_by_debit(account: str) -> bool:
    """On which side an account grows."""
    return account.startswith(DEBIT) or account.endswith(":float")


class PayDays:
    """What stands on each account, what waits for a pay day, and how far each payout is."""

    def __init__(self) -> None:
        self.accounts: dict[str, int] = defaultdict(int)
        self.move("bank:main", "equity:opening", OPENING)
        self.earnings: list[Row] = []
        self.batches: dict[int, Row] = {}
        self.payouts: dict[int, Row] = {}

    def move(self, to: str, frm: str, minor: int) -> None:
        """`to ← frm`."""
        self.accounts[to] += minor if grows_by_debit(to) else -minor
        self.accounts[frm] -= minor if grows_by_debit(frm) else -minor

    def balances(self) -> dict[str, int]:
        """Accounts that are not empty."""
        return {name: minor for name, minor in self.accounts.items() if minor}

    def earn(self, owner: str, minor: int) -> None:
        """A sum that a pay day takes up once."""
        if minor:
            self.earnings.append({"owner": owner, "minor": minor, "payout": None})

    def waiting(self) -> dict[str, int]:
        """Owner → what no payout claims."""
        found: dict[str, int] = defaultdict(int)
        for earning in self.earnings:
            if earning["payout"] is None:
                found[earning["owner"]] += earning["minor"]
        return found

    def draft(self, batch_id: int, payouts: dict[int, str]) -> None:
        """Everything that waits is claimed, once."""
        waiting = self.waiting()
        self.batches[batch_id] = {"state": "drafted"}
        for payout_id, owner in payouts.items():
            self.payouts[payout_id] = {
                "batch": batch_id,
                "owner": owner,
                "amount": waiting[owner],
                "rail": RAIL.get(owner, "bank_file"),
                "state": "drafted",
                "booked": False,
            }
            for earning in self.earnings:
                if earning["owner"] == owner and earning["payout"] is None:
                    earning["payout"] = payout_id

    def payouts_of(self, batch_id: int) -> list[Row]:
        """A batch's payouts."""
        return [payout for payout in self.payouts.values() if payout["batch"] == batch_id]

    def ids_of(self, batch_id: int) -> list[int]:
        """The ids of a batch's payouts."""
        return [number for number, payout in self.payouts.items() if payout["batch"] == batch_id]

    def approve(self, batch_id: int) -> None:
        """On its way."""
        self.batches[batch_id]["state"] = "approved"
        for payout in self.payouts_of(batch_id):
            payout["state"] = "approved"
            self.move(f"{payout['owner']}:available", f"{payout['owner']}:in_transit", payout["amount"])

    def cancel(self, batch_id: int) -> None:
        """Never approved: the claims are free."""
        self.batches[batch_id]["state"] = "cancelled"
        for payout_id, payout in self.payouts.items():
            if payout["batch"] == batch_id:
                payout["state"] = "cancelled"
                self._unclaim(payout_id)

    def _unclaim(self, payout_id: int) -> None:
        for earning in self.earnings:
            if earning["payout"] == payout_id:
                earning["payout"] = None

    def broker_of(self, payout: Row) -> int:
        """Who hands it over."""
        return 2 if payout["owner"] in {"maker:5", "broker:2"} else 1

    def word(self, payout: Row, *, herself: bool) -> None:
        """She has it, by her own word or a witness's; the cash leaves the float at the first of them."""
        if payout["state"] == "sent" and payout["rail"] == "cash":
            broker = self.broker_of(payout)
            held = min(self.accounts[f"broker:{broker}:float"], payout["amount"])
            self.move(f"{payout['owner']}:in_transit", f"broker:{broker}:float", held)
            self.move(f"{payout['owner']}:in_transit", f"broker:{broker}:credit", payout["amount"] - held)
        payout["state"] = "confirmed" if herself else "acknowledged"

    def bank_paid(self, payout: Row) -> None:
        """The bank carried it out."""
        payout["state"] = "sent" if payout["state"] == "approved" else payout["state"]
        if not payout["booked"]:
            self.move(f"{payout['owner']}:in_transit", "bank:main", payout["amount"])
        payout["booked"] = True

    def bank_may_fail(self, payout: Row, *, returned: bool) -> bool:
        """Not before it was approved; after her word only what really left us and came back."""
        heard = payout["state"] in {"acknowledged", "confirmed"} and returned and payout["booked"]
        return payout["rail"] == "bank_file" and (payout["state"] in {"approved", "sent"} or heard)

    def hers_again(self, payout_id: int, word: str, source: str) -> None:
        """It never reached her: the sum waits for another pay day."""
        payout = self.payouts[payout_id]
        payout["state"] = word
        self.move(source, f"{payout['owner']}:available", payout["amount"])
        self._unclaim(payout_id)

    def to_hand_over(self, broker: int) -> int:
        """Cash payouts on their way through a broker."""
        return sum(
            payout["amount"]
            for payout in self.payouts.values()
            if payout["rail"] == "cash" and payout["state"] in {"approved", "sent"} and self.broker_of(payout) == broker
        )
