"""Many buyers at one moment, in this process's threads or in processes of their own.

`python -m tests.orders.race` is one such process: it reads a line of JSON ([database, kind, tickets]), says "ready",
waits for a line, lets all of them go at once, and says what became of them as JSON; then the next.
"""

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select, update

from config import ROOT
from shop import clock, db
from shop.cart.errors import VoucherRefused
from shop.cart.models import Voucher
from shop.catalog import services as catalog
from shop.catalog.errors import SoldOut
from shop.catalog.models import Reservation, Variant
from shop.db import reading, writing
from shop.orders import services as orders
from shop.orders.models import VoucherUse
from tests.factories.orders import BUYER, buyer
from tests.support.running import bare_environment

Ticket = Sequence[int]
Deed = Callable[[Ticket, threading.Barrier], str]


def place(ticket: Ticket, gate: threading.Barrier) -> str:
    """Order a cart: [cart, version]."""
    gate.wait()
    try:
        with writing() as session:
            placed = orders.place(
                session,
                cart_id=ticket[0],
                version=ticket[1],
                buyer=buyer(),
                currency="CNY",
                site_url="http://shop.test",
                by=BUYER,
            )
            return "placed" if placed.fresh else "known"
    except SoldOut:
        return "sold out"


def with_code(ticket: Ticket, gate: threading.Barrier) -> str:
    """Order a cart that holds a code, as buyer number so and so: [cart, version, buyer]."""
    gate.wait()
    try:
        with writing() as session:
            orders.place(
                session,
                cart_id=ticket[0],
                version=ticket[1],
                buyer=buyer(email=f"buyer{ticket[2]}@example.org"),
                currency="CNY",
                site_url="http://shop.test",
                by=BUYER,
            )
            return "placed"
    except VoucherRefused as error:
        return error.code


def unlimited(ticket: Ticket, gate: threading.Barrier) -> str:
    """Look whether a voucher may be used, then use it: [order, voucher]. Everybody has looked before anybody writes."""
    with reading() as session:
        voucher = session.get_one(Voucher, ticket[1])
        used, limit = voucher.used, voucher.limit_all
    gate.wait()
    if limit is not None and used >= limit:
        return "voucher_used_up"
    with writing() as session:
        session.add(VoucherUse(group_id=ticket[0], voucher_id=ticket[1], buyer="somebody", used_at=clock.now()))
        session.execute(update(Voucher).where(Voucher.id == ticket[1]).values(used=used + 1))
        return "placed"


def guarded(ticket: Ticket, gate: threading.Barrier) -> str:
    """Hold one piece of a variant as the shop does: [buyer, variant]."""
    gate.wait()
    try:
        with writing() as session:
            until = clock.now() + timedelta(minutes=45)
            catalog.reserve(session, ref=f"race:{ticket[0]}", wants={ticket[1]: 1}, until=until)
            return "held"
    except SoldOut:
        return "sold out"


def unguarded(ticket: Ticket, gate: threading.Barrier) -> str:
    """The same with the guard taken away: look, decide, then write what was decided."""
    with reading() as session:
        on_hand, reserved = session.execute(
            select(Variant.on_hand, Variant.reserved).where(Variant.id == ticket[1])
        ).one()
    gate.wait()
    if on_hand - reserved < 1:
        return "sold out"
    with writing() as session:
        session.execute(update(Variant).where(Variant.id == ticket[1]).values(reserved=reserved + 1))
        session.add(
            Reservation(
                ref=f"race:{ticket[0]}",
                variant_id=ticket[1],
                quantity=1,
                expires_at=clock.now() + timedelta(minutes=45),
            )
        )
        return "held"


DEEDS: dict[str, Deed] = {
    "place": place,
    "with_code": with_code,
    "unlimited": unlimited,
    "guarded": guarded,
    "unguarded": unguarded,
}


def in_threads(kind: str, tickets: Sequence[Ticket]) -> Counter[str]:
    """Everybody at once; what became of them, by word. An exception counts under its name."""
    gate = threading.Barrier(len(tickets))
    found: list[str] = []

    def go(ticket: Ticket) -> None:
        try:
            found.append(DEEDS[kind](ticket, gate))
        except Exception as error:
            found.append(f"{type(error).__name__}: {error}"[:300])

    threads = [threading.Thread(target=go, args=(ticket,)) for ticket in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(found)


class Crowd:
    """Processes that buy at once; started one time, since loading the shop takes them longer than any race."""

    def __init__(self, processes: int = 4) -> None:
        self.started = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.orders.race"],
                cwd=ROOT,
                env=bare_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                bufsize=1,
            )
            for _ in range(processes)
        ]

    def race(self, url: str, kind: str, tickets: Sequence[Ticket]) -> Counter[str]:
        """As `in_threads`, spread over the processes, which begin together."""
        for place, process in enumerate(self.started):
            self._say(process, json.dumps([url, kind, tickets[place :: len(self.started)]]))
        for process in self.started:
            assert self._hear(process) == "ready"
        for process in self.started:
            self._say(process, "go")
        found: Counter[str] = Counter()
        for process in self.started:
            found.update(json.loads(self._hear(process)))
        return found

    @staticmethod
    def _say(process: "subprocess.Popen[str]", words: str) -> None:
        assert process.stdin is not None
        process.stdin.write(words + "\n")
        process.stdin.flush()

    @staticmethod
    def _hear(process: "subprocess.Popen[str]") -> str:
        assert process.stdout is not None
        return process.stdout.readline().rstrip("\n")

    def close(self) -> None:
        """End them."""
        for process in self.started:
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            process.wait(20)


def main() -> None:
    """One of the processes: a race for each line, until there are no more."""
    import shop.models  # noqa: F401  every table, so that foreign keys find theirs

    for line in sys.stdin:
        url, kind, tickets = json.loads(line)
        db.connect(url, pool=len(tickets))
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(in_threads(kind, tickets)), flush=True)
        db.engine().dispose()


if __name__ == "__main__":
    main()
