"""Events: what happened, with the object as it stood then, queued for the shop's webhook."""

from shop.payments.sandbox import faults, shapes
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.store import Json, Thing, Unit

_DELAY_SECONDS = 3600


def record(unit: Unit, call: Call, kind: str, thing: Json) -> None:
    """Keep an event with the object as it stands now, and queue it for delivery."""
    told = shapes.event(kind, thing, created=call.second, request_id=call.request_id, key=call.key)
    unit.add(Thing("event", told))
    if faults.is_on(unit, "lost"):
        return
    due = call.second + _DELAY_SECONDS if faults.is_on(unit, "delayed") else 0
    for _ in range(2 if faults.is_on(unit, "duplicate") else 1):
        unit.execute("INSERT INTO delivery (event, due) VALUES (?, ?)", (told["id"], due))
