"""How payees are paid, as if the waiting time of a changed account were over."""

from shop.actor import Actor
from shop.db import writing
from shop.payouts import services as payouts
from shop.payouts.models import PayoutMethod
from tests.people import ADA


def paid_by(payee: str, rail: str = "cash", *, by: Actor = ADA, **facts: str) -> int:
    """She is paid this way from now on; the id of the method."""
    with writing() as session:
        method = payouts.set_method(session, payee=payee, rail=rail, by=by, **facts)
        method.good_from = method.set_at
        return method.id


def in_force(method_id: int) -> None:
    """The waiting time of this way is over."""
    with writing() as session:
        method = session.get_one(PayoutMethod, method_id)
        method.good_from = method.set_at
