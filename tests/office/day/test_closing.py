"""Closing a month from the office: the treasurer sees what stands open, an officer closes, nobody opens it again."""

from datetime import date

from sqlalchemy import text, update

from shop.db import reading, writing
from shop.ledger.closing import closed_months
from shop.people.models import User
from tests.factories.orders import paid
from tests.factories.world import make_world
from tests.people import FEN, TAO

FILES = ("csv", "xlsx", "beancount")


def speak(lang: str) -> None:
    with writing() as session:
        session.execute(update(User).values(lang=lang))


def test_an_officer_closes_what_the_treasurer_sees_and_its_files_stay_as_they_are(at, app, signed_in, visit):
    at("2026-11-27 03:00")
    chain = make_world()
    at("2026-12-02 03:00")
    treasurer, officer = signed_in(TAO), signed_in(FEN)
    speak("en")
    page = visit("/office/accounts/close", client=treasurer)
    assert "Nov 2026" in page.text
    assert "An officer closes it" in page.text
    assert not page.doc.cssselect("main form")
    assert page.all("section[aria-labelledby=open] tbody tr") == ["Cash payouts without her own word 2 ¥875.00"]
    assert treasurer.send("/office/accounts/close").status_code == 403

    page = visit("/office/accounts/journal", client=officer)
    assert "/office/accounts/close" in page.hrefs("main a")
    before = {kind: officer.get(f"/office/accounts/journal/2026-11.{kind}").get_data() for kind in FILES}
    page = visit("/office/accounts/close", client=officer)
    assert page.submit("main form").status == 422  # nobody closes by a slip of the hand
    stale = visit("/office/accounts/close", client=officer)
    assert "Nov 2026 is closed" in page.submit("main form", sure="y").text
    assert "Nov 2026 is closed" in stale.submit("main form", sure="y").text  # the second click is told the same
    with reading() as session:
        assert list(closed_months(session)) == [date(2026, 11, 1)]

    at("2026-12-03 03:00")
    paid({chain.mine["variant_id"]: 1})
    assert {kind: officer.get(f"/office/accounts/journal/2026-11.{kind}").get_data() for kind in FILES} == before
    page = visit("/office/accounts/close", client=officer)
    assert "not over before 1 Jan 2027" in page.text
    assert page.all("table tbody tr")[-1].startswith("Nov 2026 ")
    assert "books closed" in visit("/office/accounts/journal", client=officer).text
    for lang in ("zh", "vi"):
        speak(lang)
        visit("/office/accounts/close", client=officer, lang=lang)


def test_books_that_do_not_agree_are_not_closed(at, app, signed_in, visit, engine):
    at("2026-11-27 03:00")
    make_world()
    at("2026-12-02 03:00")
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET balance_minor = balance_minor + 1 WHERE kind = 'maker:available'"))
    officer = signed_in(FEN)
    page = visit("/office/accounts/close", client=officer).submit("main form", sure="y")
    assert page.status == 409
    assert "ledger.balance" in page.text
    with reading() as session:
        assert not closed_months(session)
