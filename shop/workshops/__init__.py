"""Workshops: each sells its part of an order through the co-op, and its broker gets the work.

A workshop has a village, a speciality craft, a story and hours in three languages, and the makers who work with it.
While it is closed nothing of it is sold, and what was paid is finished. Its broker cannot rest while it is open.
"""

from flask import Flask


def init_app(_app: Flask) -> None:
    from shop.brokers.services import before_resting  # noqa: PLC0415  they need the models of a ready app
    from shop.workshops import checks, sentences, services  # noqa: PLC0415

    checks.init_checks()
    sentences.init_app()
    before_resting(services.broker_needed)
