"""Today: what now, on one screen."""

from flask import render_template
from flask.typing import ResponseReturnValue

from shop import clock
from shop.coop.facts import coop_facts
from shop.db import reading
from shop.desk import access
from shop.desk.answers import late_label, week_began
from shop.desk.blueprint import desk
from shop.desk.queries import parcels, purse, slips
from shop.work.queries import proposal

SHOWN = 6
"""Lines of each list; the rest stands behind its link."""


@desk.get("/")
def today() -> ResponseReturnValue:
    """To collect, to be confirmed, to assign, to send, and her own book."""
    me = access.broker()
    day = clock.today()
    with reading() as session:
        lines = slips.slips(session, broker_id=me.broker_id, today=day, limit=SHOWN)
        words = purse.payouts(session, broker_id=me.broker_id, limit=SHOWN)
        works = slips.open_work(session, broker_id=me.broker_id, limit=3)
        proposed = proposal(session, work_order=works[0].order, left=works[0].left) if works else []
        sending = parcels.parcels(session, broker_id=me.broker_id, states=("ready",), limit=SHOWN)
        mine = purse.purse(
            session, broker_id=me.broker_id, currency=coop_facts(session).currency, week_began=week_began()
        )
    agreed = [line for line in lines if line.state == "agreed"]
    asked = [line for line in lines if line.state == "asked"]
    due = agreed[0].due if agreed else 0
    things = (
        due
        + (asked[0].in_state if asked else 0)
        + (words[0].total if words else 0)
        + (works[0].total if works else 0)
        + (sending[0].total if sending else 0)
    )
    return render_template(
        "desk/today.html",
        things=things,
        day=day,
        agreed=agreed,
        due=due,
        asked=asked,
        words=words,
        works=works,
        proposed=[each for each in proposed if each.quantity],
        sending=sending,
        purse=mine,
        late=late_label,
    )
