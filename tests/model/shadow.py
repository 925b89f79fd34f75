"""The shop once more, as plain dicts: what the books, the shelf and every state should be. It knows no table of ours."""

from tests.model.shadow_pay import PayDays, Row

PRICE = {"lotus": 38000, "knot": 6800, "plate": 34200}
PARTS = {
    "lotus": {"maker": 23600, "materials": 5200, "broker": 3040, "coop": 3800, "costs": 2360},
    "knot": {"maker": 4100, "materials": 900, "broker": 544, "coop": 680, "costs": 576},
    "plate": {"maker": 21300, "materials": 6000, "broker": 2736, "coop": 3420, "costs": 744},
}
WORKSHOP = {"lotus": 1, "knot": 1, "plate": 2}
"""Each workshop has one broker, of the same number."""
MADE = {"lotus", "knot"}
MAKERS = {"lotus": (1,), "knot": (2, 3, 4)}


class Shadow(PayDays):
    """What should be, after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf: dict[str, int] = dict.fromkeys(PRICE, 0)
        self.held: dict[str, int] = dict.fromkeys(PRICE, 0)
        self.orders: dict[int, Row] = {}
        self.lines: dict[int, Row] = {}
        self.sellers: dict[int, Row] = {}
        self.checkouts: dict[int, Row] = {}
        self.refunds: dict[int, Row] = {}
        self.slips: dict[int, Row] = {}

    # orders

    def free(self, slug: str) -> int:
        """How many can be bought from the shelf."""
        return self.shelf[slug] - self.held[slug]

    def cut(self, wants: dict[str, int]) -> dict[tuple[str, str], int]:
        """(product, shelf or made) → pieces: what lies on the shelf goes first."""
        cut: dict[tuple[str, str], int] = {}
        for slug, count in wants.items():
            shelf = min(count, self.free(slug))
            cut |= {(slug, source): n for source, n in (("shelf", shelf), ("made", count - shelf)) if n}
        return cut

    def place(self, order_id: int, lines: list[Row], sellers: list[Row]) -> None:
        """Pieces from the shelf are held."""
        total = sum(PRICE[line["slug"]] * line["quantity"] for line in lines) + sum(each["post"] for each in sellers)
        self.orders[order_id] = {"state": "placed", "total": total, "was_paid": False, "line_ids": []}
        for seller in sellers:
            self.sellers[seller["id"]] = {**seller, "order": order_id, "state": "placed", "released": False}
        for line in lines:
            parts = PARTS[line["slug"]].values()
            self.lines[line["id"]] = {
                **line,
                "order": order_id,
                "gone": False,
                "left": line["quantity"],
                "to_make": line["quantity"],
                "linked": line["quantity"] if line["source"] == "shelf" else 0,
                "cancelled": 0,
                "paid": [minor * line["quantity"] for minor in parts],
            }
            self.orders[order_id]["line_ids"].append(line["id"])
        self._hold(order_id, 1)

    def _hold(self, order_id: int, sign: int) -> None:
        for line in self.lines_of(order_id):
            if line["source"] == "shelf":
                self.held[line["slug"]] += sign * line["quantity"]

    def lines_of(self, order_id: int) -> list[Row]:
        """An order's lines."""
        return [self.lines[line_id] for line_id in self.orders[order_id]["line_ids"]]

    def expire(self, order_id: int) -> None:
        """Nobody paid: what it held is free."""
        self.orders[order_id]["state"] = "cancelled"
        self._hold(order_id, -1)
        for seller in self.sellers_of(order_id):
            seller["state"] = "cancelled"

    def sellers_of(self, order_id: int) -> list[Row]:
        """An order's parcels."""
        return [seller for seller in self.sellers.values() if seller["order"] == order_id]

    def paid(self, checkout_id: int, amount: int, fee: int) -> str:
        """A payment came in: what becomes of it, in a word."""
        checkout = self.checkouts[checkout_id]
        if checkout["paid"] is not None:
            return "already paid"
        checkout["paid"], checkout["live"] = amount, False
        order_id = checkout["order"]
        order = self.orders[order_id]
        self.move("psp:stripe", f"buyer:{order_id}:credit", amount)
        self.move("coop:costs", "psp:stripe", fee)
        if order["was_paid"]:
            return self._give_back(checkout_id, amount, "double_payment")
        if amount < order["total"]:
            return "short"
        if order["state"] != "placed" and not self._can_be_had(order_id):
            self._give_back(checkout_id, amount, "late_payment")
            order["state"] = "refunded"
            self._give_back_short(order_id, checkout_id)
            return "late_payment"
        if order["state"] != "placed":
            self._hold(order_id, 1)
        self._take(order_id)
        order["settled_by"] = checkout_id
        if amount > order["total"]:
            self._give_back(checkout_id, amount - order["total"], "over_payment")
        self._give_back_short(order_id, checkout_id)
        return "paid"

    def _can_be_had(self, order_id: int) -> bool:
        shelf = [line for line in self.lines_of(order_id) if line["source"] == "shelf"]
        return all(self.free(line["slug"]) >= line["quantity"] for line in shelf)

    def _give_back(self, checkout_id: int, amount: int, reason: str) -> str:
        self.checkouts[checkout_id]["given"] = True
        self.decide(self.checkouts[checkout_id]["order"], amount, checkout_id)
        return reason

    def _give_back_short(self, order_id: int, but: int) -> None:
        for number, checkout in sorted(self.checkouts.items()):
            if checkout["order"] == order_id and number != but and checkout["paid"] and not checkout["given"]:
                self._give_back(number, checkout["paid"], "over_payment")

    def decide(self, order_id: int, amount: int, checkout_id: int) -> None:
        """Money shall go back; the real rows get their ids in turn, and so do these."""
        self.refunds[len(self.refunds) + 1] = {
            "order": order_id,
            "checkout": checkout_id,
            "amount": amount,
            "state": "decided" if amount else "sent",
            "by_bank": False,
        }

    def _take(self, order_id: int) -> None:
        self.orders[order_id] |= {"state": "paid", "was_paid": True}
        self._hold(order_id, -1)
        for line in self.lines_of(order_id):
            if line["source"] == "shelf":
                self.shelf[line["slug"]] -= line["quantity"]
            for account, minor in self.parts_of(line):
                self.move(f"buyer:{order_id}:credit", account, minor)
        for seller in self.sellers_of(order_id):
            self.move(f"buyer:{order_id}:credit", f"broker:{seller['workshop']}:held", seller["post"])
            seller["state"] = "to_assign"
            self._stand(seller)

    def parts_of(self, line: Row) -> list[tuple[str, int]]:
        """Where each share of a line waits."""
        house, parts, count = WORKSHOP[line["slug"]], PARTS[line["slug"]], line["quantity"]
        shelf = line["source"] == "shelf"
        where = {
            "maker": f"stock:{house}:pieces" if shelf else f"work:L{line['id']}:open",
            "materials": f"stock:{house}:pieces" if shelf else f"materials:L{line['id']}:held",
            "broker": f"broker:{house}:held",
            "coop": f"coop:{house}:commission:held",
            "costs": "coop:costs",
        }
        return [(where[kind], minor * count) for kind, minor in parts.items()]

    def _stand(self, seller: Row) -> None:
        """to_assign, making or ready: never ahead of the slips."""
        if seller["state"] not in {"to_assign", "making", "ready"}:
            return
        made = [line for line in self.parcel(seller) if line["source"] == "made"]
        wanted = sum(line["left"] for line in made)
        if sum(line["linked"] for line in made) == wanted:
            seller["state"] = "ready"
        else:
            agreed = sum(min(self.said_yes(line), line["left"]) for line in made)
            seller["state"] = "making" if agreed == wanted else "to_assign"

    def said_yes(self, line: Row) -> int:
        """Pieces that makers have or had in hand."""
        slips = [slip for slip in self.slips_of(line["id"]) if slip["state"] in {"agreed", "done"}]
        return sum(slip["quantity"] - slip["rejected"] for slip in slips)

    def parcel(self, seller: Row) -> list[Row]:
        """Lines that are still of this parcel."""
        return [
            line
            for line in self.lines_of(seller["order"])
            if WORKSHOP[line["slug"]] == seller["workshop"] and not line["gone"]
        ]

    def seller_of(self, line: Row) -> Row:
        """The parcel a line is of."""
        return next(each for each in self.sellers_of(line["order"]) if each["workshop"] == WORKSHOP[line["slug"]])

    # work

    def slips_of(self, line_id: int) -> list[Row]:
        """A line's slips."""
        return [slip for slip in self.slips.values() if slip["line"] == line_id]

    def unassigned(self, line: Row) -> int:
        """Pieces of a line to be made that no maker has."""
        live = [slip for slip in self.slips_of(line["id"]) if slip["state"] in {"asked", "agreed", "done"}]
        return int(line["to_make"] - sum(slip["quantity"] - slip["rejected"] for slip in live))

    def ask(self, slip_id: int, line_id: int, maker: int, quantity: int) -> None:
        """She is asked; nothing is booked."""
        self.slips[slip_id] = {
            "line": line_id,
            "maker": maker,
            "quantity": quantity,
            "state": "asked",
            "accepted": 0,
            "rejected": 0,
        }

    def _pay(self, slip: Row, pieces: int) -> int:
        return int(PARTS[self.lines[slip["line"]]["slug"]]["maker"] * pieces)

    def answer(self, slip: Row, *, yes: bool) -> None:
        """Her yes makes it hers to earn."""
        slip["state"] = "agreed" if yes else "refused"
        if yes:
            self.move(f"work:L{slip['line']}:open", f"maker:{slip['maker']}:held", self._pay(slip, slip["quantity"]))
        self._stand(self.seller_of(self.lines[slip["line"]]))

    def take_back(self, slip: Row) -> None:
        """Pieces not judged yet are open again; what she delivered stays hers."""
        judged = slip["accepted"] + slip["rejected"]
        if slip["state"] == "agreed":
            back = self._pay(slip, slip["quantity"] - judged)
            self.move(f"maker:{slip['maker']}:held", f"work:L{slip['line']}:open", back)
        slip["state"] = "done" if judged else "taken_back"
        slip["quantity"] = judged or slip["quantity"]
        self._stand(self.seller_of(self.lines[slip["line"]]))

    def receive(self, slip: Row, accepted: int, rejected: int) -> None:
        """Accepted: her pay is hers at once. Rejected: that pay is open again."""
        line, maker = self.lines[slip["line"]], slip["maker"]
        slip["accepted"] += accepted
        slip["rejected"] += rejected
        if slip["accepted"] + slip["rejected"] == slip["quantity"]:
            slip["state"] = "done"
        self.move(f"maker:{maker}:held", f"maker:{maker}:available", self._pay(slip, accepted))
        self.move(f"maker:{maker}:held", f"work:L{line['id']}:open", self._pay(slip, rejected))
        used = PARTS[line["slug"]]["materials"] * accepted
        self.move(f"materials:L{line['id']}:held", "expense:materials", used)
        self.earn(f"maker:{maker}", self._pay(slip, accepted))
        hers = max(0, min(accepted, line["left"] - line["linked"]))
        line["linked"] += hers
        over = accepted - hers
        self.shelf[line["slug"]] += over
        cost = (PARTS[line["slug"]]["maker"] + PARTS[line["slug"]]["materials"]) * over
        self.move(f"stock:{WORKSHOP[line['slug']]}:pieces", "expense:returns", cost)
        self._stand(self.seller_of(line))

    def make_for_shelf(self, slug: str, maker: int, count: int) -> None:
        """Pieces for the shelf: the co-op owes her at once."""
        parts = PARTS[slug]
        self.shelf[slug] += count
        self.move(f"stock:{WORKSHOP[slug]}:pieces", f"maker:{maker}:available", parts["maker"] * count)
        self.move(f"stock:{WORKSHOP[slug]}:pieces", "expense:materials", parts["materials"] * count)
        self.earn(f"maker:{maker}", parts["maker"] * count)

    # parcels

    def deliver(self, seller: Row) -> None:
        """Delivered."""
        seller["state"] = "delivered"
        self.release(seller)

    def release(self, seller: Row) -> None:
        """Broker's and co-op's shares are theirs, also of what was lost; what was cancelled is nobody's."""
        if seller["released"]:
            return
        seller["released"] = True
        house = seller["workshop"]
        lines = [line for line in self.lines_of(seller["order"]) if WORKSHOP[line["slug"]] == house]
        broker = seller["post"] + sum(PARTS[line["slug"]]["broker"] * self._kept(line) for line in lines)
        coop = sum(PARTS[line["slug"]]["coop"] * self._kept(line) for line in lines)
        self.move(f"broker:{house}:held", f"broker:{house}:available", broker)
        self.move(f"coop:{house}:commission:held", "income:commission", coop)
        self.earn(f"broker:{house}", broker)

    @staticmethod
    def _kept(line: Row) -> int:
        return int(line["quantity"] - line["cancelled"])
