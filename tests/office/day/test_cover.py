"""Cover day by day: the worker writes it down once a day, the office draws it, and what is not over stands beside it."""

from datetime import date

from sqlalchemy import update

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.chart import account
from shop.ledger.jobs import note_cover_now
from shop.ledger.queries import cover, cover_days
from shop.ledger.services import Draft, Move, post
from shop.people.models import User
from tests.factories.world import make_world
from tests.people import TAO


def book(key: str, *moves: Move) -> None:
    with writing() as session:
        post(session, [Draft(key, "open", "CNY", list(moves))], by=COMMAND)


def test_the_worker_writes_the_last_look_of_each_day_and_leaves_other_days_alone(app, at):
    at("2026-11-24 01:00")
    book("open:1", Move(account("bank", "main"), account("equity:opening"), 500_000))
    book("open:2", Move(account("fund:cash"), account("fund:capital"), 300_000))
    note_cover_now()
    book("pay:1", Move(account("psp:stripe"), account("work:open", "L1"), 40_000))
    book("pay:2", Move(account("psp:stripe"), account("buyer:credit", 2), 5_000))
    at("2026-11-24 15:00")
    note_cover_now()
    at("2026-11-24 16:30")  # the next day at the co-op
    book("float:1", Move(account("broker:float", 1), account("bank", "main"), 60_000))
    note_cover_now()
    with reading() as session:
        days = cover_days(session, "CNY")
        assert [(row.day, row.have_minor, row.owe_minor, row.spare_minor) for row in days] == [
            (date(2026, 11, 25), 545_000, 45_000, 500_000),
            (date(2026, 11, 24), 545_000, 45_000, 500_000),
        ]
        newest = days[0]
        facts = (newest.bank_minor, newest.stripe_minor, newest.float_minor, newest.makers_minor, newest.others_minor)
        assert facts == (440_000, 45_000, 60_000, 40_000, 5_000)
        assert newest.fund_minor == 300_000
        assert newest.spare_minor == cover(session, "CNY").spare_minor
        assert [row.day.day for row in cover_days(session, "CNY", before=date(2026, 11, 25))] == [24]


def test_the_front_shows_the_last_days_and_what_is_not_over(app, at, signed_in, visit):
    at("2026-11-27 03:00")
    make_world()
    note_cover_now()
    treasurer = signed_in(TAO)
    at("2026-12-02 03:00")
    note_cover_now()
    for lang in ("zh", "vi", "en"):
        with writing() as session:
            session.execute(update(User).values(lang=lang))
        page = visit("/office/", client=treasurer, lang=lang)
        assert "/office/cover" in page.hrefs("section[aria-labelledby=cover] a")
        days = visit("/office/cover", client=treasurer, lang=lang)
    assert len(days.all("svg.chart")) == 1
    assert days.all("tbody th") == ["2 Dec 2026", "27 Nov 2026"]
    assert len(visit("/office/cover?before=2026-12-02", client=treasurer).all("tbody tr")) == 1
    assert "Months that are over and not closed 1 —" in page.all("section[aria-labelledby=way] tr")
    assert "/office/accounts/close" in page.hrefs("section[aria-labelledby=way] a")
