"""What time alone does: sessions expire, slow payments and pending refunds come to their end."""

from shop.payments.sandbox import checkout, paying, refunds
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.store import Store


def catch_up(store: Store, second: int) -> int:
    """Let all that is due by ``second`` happen, once, and give the number of things that changed."""
    with store.reading() as unit:
        if not unit.is_overdue(second):
            return 0
    changed = 0
    with store.writing() as unit:
        for thing in unit.overdue(second):
            assert thing.due is not None
            call = Call(second=thing.due)
            if thing.kind == "checkout.session":
                checkout.expire(unit, call, thing)
            elif thing.kind == "payment_intent":
                paying.settle(unit, call, thing)
            else:
                refunds.settle(unit, call, thing)
            changed += 1
    return changed
