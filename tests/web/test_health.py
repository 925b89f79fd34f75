"""What monitoring reads: alive, ready, and whether what is owed gets done."""

from datetime import timedelta

from sqlalchemy.exc import OperationalError

from shop import clock
from shop.actor import COMMAND
from shop.db import writing
from shop.ledger.chart import account
from shop.ledger.services import Draft, Earned, Move, post
from shop.outbox.periodic import mark
from shop.outbox.queries import WORKER
from shop.outbox.services import owe
from shop.web import health


def test_a_new_shop_is_ready_and_nothing_waits(client):
    said = client.get("/readyz").get_json()
    assert said == {
        "status": "ready",
        "worker_seen_at": None,
        "oldest_job_due_at": None,
        "oldest_available_earning": None,
        "pay_stalled_since": None,
    }


def test_a_stalled_sweep_shows(client, at):
    now = at("2026-11-20 09:00")
    with writing() as session:
        owe(session, kind="mail", key="one", payload={}, due_at=now - timedelta(hours=2))
        mark(session, name=WORKER)
        for number, days in ((1, 9), (2, 3)):
            move = Move(account("coop:costs"), account("maker:available", number), 500)
            earned = Earned(f"maker:{number}", f"receipt:{number}", 500)
            moment = clock.now() - timedelta(days=days)
            draft = Draft(f"r:{number}", "receipt", "CNY", [move], occurred_at=moment, earned=[earned])
            session.info.pop("posted", None)
            post(session, [draft], by=COMMAND)
    said = client.get("/readyz").get_json()
    assert said["worker_seen_at"] == "2026-11-20T09:00:00+00:00"
    assert said["oldest_job_due_at"] == "2026-11-20T07:00:00+00:00"
    assert said["oldest_available_earning"] == "2026-11-11T09:00:00+00:00"
    assert client.get("/healthz").get_json() == {"status": "ok", "pay_stalled_since": None}


def test_a_process_is_alive_while_its_database_is_not(client, monkeypatch):
    def gone(_session):
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setitem(health.ALIVE, "pay_stalled_since", gone)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()["pay_stalled_since"]) == (200, "unknown")
