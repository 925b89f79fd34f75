"""Brokers coordinate makers; a maker's mandate says whether and for what a broker acts for her.

A mandate is dated, has scopes (list, accept work, collect money) and evidence, and is taken back when the maker likes:
giving another broker one ends the one before, without that broker's consent. At most one is in force per maker. A broker
who signs in is a user of role broker linked here; while she works with the co-op her id stands on the actor.
"""

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session


def _facts(session: Session, user_id: int) -> dict[str, Any]:
    from shop.brokers.queries import broker_of_user  # noqa: PLC0415  the models of a ready app

    return {"broker_id": broker_of_user(session, user_id=user_id)}


def init_app(_app: Flask) -> None:
    from shop.brokers import checks, sentences, services  # noqa: PLC0415  they need the models of a ready app
    from shop.coop.services import never_the_hotline  # noqa: PLC0415
    from shop.makers.services import not_her_own, on_leaving  # noqa: PLC0415
    from shop.people.person import actor_facts  # noqa: PLC0415

    checks.init_checks()
    sentences.init_app()
    never_the_hotline(services.is_a_brokers)
    not_her_own(services.is_a_brokers)
    on_leaving(services.end_with_leaving)
    actor_facts(_facts, roles={"broker"})
