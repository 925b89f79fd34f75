"""Letters that were given up on: listed with their reason, sent again by one button, and once."""

import pytest

from shop.db import reading, writing
from shop.outbox.models import OutboxRow
from shop.outbox.services import done, failed, lease, owe
from tests.office.goods.rows import row, rows
from tests.people import FEN, TAO

WHY = "mail.example refused it: 550 no such box"


@pytest.fixture
def parked(goods) -> OutboxRow:
    """A letter to Anna that no try could send, and one that still waits."""
    letter = {"to": "anna@example.org", "subject": "secret-of-hers"}
    with writing() as session:
        owe(session, kind="mail", key="letter:1", payload=letter)
    with writing() as session:
        (job,) = lease(session, limit=10, kinds=["mail"])
        assert failed(session, job, WHY, hopeless=True)
        owe(session, kind="sms", key="sms:1", payload={"to": "13800000001"})
    with reading() as session:
        return session.get_one(OutboxRow, job.id)


@pytest.mark.parametrize(("lang", "kind"), [("en", "Letter"), ("zh", "信件"), ("vi", "Thư")])
def test_a_letter_given_up_on_is_listed_with_its_reason_and_without_what_it_says(parked, as_, visit, lang, kind):
    page = visit("/office/outbox", client=as_(FEN, lang), lang=lang, ceiling=8)
    (line,) = page.all("tbody tr")
    assert line.startswith(kind)
    assert WHY in line
    assert "anna@" not in page.text
    assert "secret-of-hers" not in page.text
    assert "sms:1" in visit("/office/outbox?state=waiting", client=as_(FEN, lang), lang=lang, ceiling=8).text


def test_one_button_sends_it_again_and_only_once(parked, as_, visit):
    fen = as_(FEN)
    stale = visit("/office/outbox", client=fen, ceiling=8)
    page = stale.submit(f'form[action="/office/outbox/{parked.id}/unpark"]')
    assert "It is tried again, with all its tries." in page.text
    assert "Nothing is stuck." in page.text
    again = row(OutboxRow, parked.id)
    assert (again.state, again.attempts) == ("pending", 0)
    second = stale.submit(f'form[action="/office/outbox/{parked.id}/unpark"]')
    assert (second.status, second.h1) == (200, "Letters and SMS")
    assert "It is being tried again already, or is done." in second.text
    with writing() as session:
        (job,) = lease(session, limit=10, kinds=["mail"])
        assert done(session, job)
    late = stale.submit(f'form[action="/office/outbox/{parked.id}/unpark"]')
    assert "It is being tried again already, or is done." in late.text
    assert [(each.key, each.state) for each in rows(OutboxRow, OutboxRow.kind == "mail")] == [("letter:1", "done")]


def test_the_treasurer_sees_what_is_stuck_and_sends_nothing(parked, as_, visit):
    tao = as_(TAO)
    page = visit("/office/outbox", client=tao, ceiling=8)
    assert WHY in page.text
    assert page.doc.cssselect("main form") == []
    assert tao.send(f"/office/outbox/{parked.id}/unpark").status_code == 403
    assert row(OutboxRow, parked.id).state == "parked"


def test_a_letter_that_never_was_is_not_found(parked, as_):
    assert as_(FEN).send(f"/office/outbox/{parked.id + 999}/unpark").status_code == 404
