"""What is given back, as plain dicts: pieces of a line or a sum of it, and disputes; who bears it (money.md 2 and 6)."""

from tests.model.shadow import PARTS, WORKSHOP, Shadow
from tests.model.shadow_pay import Row

BEFORE = {"to_assign", "making", "ready"}


def largest(total: int, weights: list[int]) -> list[int]:
    """Cut by largest remainder, earlier first."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    floors = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in order[: total - sum(floors)]:
        floors[place] += 1
    return floors


class Backs(Shadow):
    """Everything that comes after the sale."""

    def is_sold(self, line: Row) -> bool:
        """Something of it is left, of an order that was paid and is not in dispute."""
        order = self.orders[line["order"]]
        return not line["gone"] and order["state"] == "paid" and order.get("dispute") != "open"

    def unbegun(self, line: Row, count: int) -> int:
        """How many of so many pieces to be made nobody has begun."""
        return int(min(count, line["to_make"] - self.said_yes(line), line["left"] - line["linked"]))

    def can_be_cancelled(self, line: Row, count: int, *, begun: bool) -> bool:
        """Before dispatch; what a maker has begun only when an officer says so."""
        if not (self.is_sold(line) and self.seller_of(line)["state"] in BEFORE and 0 < count <= line["left"]):
            return False
        return line["source"] == "shelf" or begun or self.unbegun(line, count) == count

    def can_come_back(self, line: Row, count: int) -> bool:
        """Delivered, and within the window (the machine's clock never runs out of it)."""
        return self.is_sold(line) and self.seller_of(line)["state"] == "delivered" and 0 < count <= line["left"]

    def can_be_lost(self, line: Row, count: int) -> bool:
        """It has left us."""
        state = self.seller_of(line)["state"]
        return self.is_sold(line) and state in {"dispatched", "delivered"} and 0 < count <= line["left"]

    def room(self, order: Row) -> int | None:
        """What a lost dispute leaves to be given back; None without one."""
        if order.get("dispute") != "lost":
            return None
        return max(0, self.not_given_back(order) - order["disputed"])

    def not_given_back(self, order: Row) -> int:
        """What its payment brought and no refund has taken."""
        back = sum(each["amount"] for each in self.refunds.values() if each["checkout"] == order["settled_by"])
        return max(0, self.checkouts[order["settled_by"]]["paid"] - back)

    def undo(self, line: Row, how: str, count: int) -> None:
        """Cancelled, returned or lost. What leaves the accounts meets what the buyer gets at whoever bears the rest."""
        order, seller = self.orders[line["order"]], self.seller_of(line)
        room = self.room(order)
        bearer = "expense:losses" if how == "lost" or room is not None else "expense:returns"
        last = count == line["left"] and self.parcel(seller) == [line]
        post = seller["post"] if last else 0
        back = largest(largest(sum(line["paid"]), [count, line["left"] - count])[0], line["paid"])
        if room is not None:
            *back, post_back = largest(min(room, sum(back) + post), [*line["paid"], post])
        else:
            post_back = post
        for account, minor in self._given_up(line, how, count, post):
            self.move(account, bearer, minor)
        self.move(bearer, f"buyer:{line['order']}:credit", sum(back) + post_back)
        line["paid"] = [paid - minor for paid, minor in zip(line["paid"], back, strict=True)]
        line["left"] -= count
        line["gone"] = not line["left"]
        if how == "cancelled" and last:
            seller["state"] = "cancelled"
        elif how == "cancelled":
            self._stand(seller)
        if all(each["gone"] for each in self.lines_of(line["order"])):
            order["state"] = "refunded"
        self.decide(line["order"], sum(back) + post_back, order["settled_by"])

    def _given_up(self, line: Row, how: str, count: int, post: int) -> list[tuple[str, int]]:
        house, parts = WORKSHOP[line["slug"]], PARTS[line["slug"]]
        cost, stock = parts["maker"] + parts["materials"], f"stock:{house}:pieces"
        if how == "lost":
            line["linked"] -= count
            return []
        if how == "returned":
            released = self.seller_of(line)["released"]
            commission = "income:commission" if released else f"coop:{house}:commission:held"
            self._to_shelf(line, count)
            return [(stock, cost * count), (commission, parts["coop"] * count), ("coop:costs", parts["costs"] * count)]
        unbegun = self.unbegun(line, count) if line["source"] == "made" else 0
        accepted = max(0, count - (line["left"] - line["linked"]))
        if line["source"] == "made":
            self._tell_the_asked(line, room=line["to_make"] - self.said_yes(line) - unbegun)
        line["to_make"] -= unbegun
        line["cancelled"] += count
        self._to_shelf(line, accepted)
        return [
            (f"work:L{line['id']}:open", parts["maker"] * unbegun),
            (f"materials:L{line['id']}:held", parts["materials"] * unbegun),
            (stock, cost * accepted),
            (f"broker:{house}:held", parts["broker"] * count + post),
            (f"coop:{house}:commission:held", parts["coop"] * count),
            ("coop:costs", parts["costs"] * count),
        ]

    def _to_shelf(self, line: Row, count: int) -> None:
        line["linked"] -= count
        self.shelf[line["slug"]] += count

    def _tell_the_asked(self, line: Row, *, room: int) -> None:
        """Whoever was asked last is not needed first."""
        asked = sorted((key, slip) for key, slip in self.slips.items() if slip["line"] == line["id"])
        asked = [(key, slip) for key, slip in asked if slip["state"] == "asked"]
        over = sum(slip["quantity"] for _, slip in asked) - room
        for _, slip in reversed(asked):
            if over > 0:
                slip["state"] = "taken_back"
                over -= slip["quantity"]

    def reduce(self, line: Row, amount: int) -> None:
        """The buyer keeps the pieces."""
        back = largest(amount, line["paid"])
        line["paid"] = [paid - minor for paid, minor in zip(line["paid"], back, strict=True)]
        self.move("expense:returns", f"buyer:{line['order']}:credit", amount)
        self.decide(line["order"], amount, self.orders[line["order"]]["settled_by"])

    def can_be_reduced(self, line: Row, amount: int) -> bool:
        """Never by more than is left of its price."""
        room = self.room(self.orders[line["order"]]) if self.is_sold(line) else 0
        return self.is_sold(line) and 0 < amount <= sum(line["paid"]) and (room is None or amount <= room)

    def dispute(self, order_id: int, state: str, fee: int) -> None:
        """The buyer's bank takes the whole payment; then it is won or lost."""
        order = self.orders[order_id]
        paid = self.checkouts[order["settled_by"]]["paid"]
        if order.get("dispute") is None:
            order["disputed"] = paid
            self.move("disputes:open", "psp:stripe", paid)
            self.move("expense:bank", "psp:stripe", fee)
        if order.get("dispute") in {None, "open"}:
            if state == "won":
                self.move("psp:stripe", "disputes:open", paid)
            elif state == "lost":
                self.move("expense:losses", "disputes:open", min(paid, self.not_given_back(order)))
            order["dispute"] = state
