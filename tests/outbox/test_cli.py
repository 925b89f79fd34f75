"""`flask clock` and `flask worker`, as typed."""

from datetime import timedelta

import pytest

from shop import clock
from shop.outbox.models import OutboxRow
from tests.outbox.conftest import row_of

PRODUCTION = {
    "app_env": "production",
    "secret_key": "p" * 40,
    "base_url": "https://shop.example",
    "stripe_secret_key": "sk_test_x",
    "stripe_webhook_secret": "whsec_x",
}


def run(app, *words):
    return app.test_cli_runner().invoke(args=list(words))


def test_the_clock_moves_on_adds_up_and_comes_back(app):
    before = clock.now()
    assert run(app, "clock", "+8d").exit_code == 0
    result = run(app, "clock", "+3h")
    assert result.exit_code == 0
    assert "8 days, 3:00:00 ahead" in result.output
    assert clock.now() - before >= timedelta(days=8, hours=3)
    assert "8 days, 3:00:00 ahead" in run(app, "clock").output
    assert run(app, "clock", "reset").exit_code == 0
    assert clock.shift() == timedelta(0)


@pytest.mark.parametrize("step", ["8d", "-8d", "+8", "+d", "+8w", "+99999d", "tomorrow", "+1.5d", "+８d "])
def test_a_step_that_is_none_is_refused_and_moves_nothing(app, step):
    result = run(app, "clock", step)
    assert result.exit_code == 1
    assert "forward only" in result.output
    assert clock.shift() == timedelta(0)


def test_the_clock_does_not_move_in_production(another_app):
    app = another_app(**PRODUCTION)
    for step in ("+8d", "reset"):
        result = run(app, "clock", step)
        assert result.exit_code == 1
        assert "development only" in result.output
    assert clock.shift() == timedelta(0)


def test_a_reset_brings_what_was_owed_in_lost_days_with_it(app, owed):
    run(app, "clock", "+8d")
    owed("a")
    run(app, "clock", "reset")
    assert row_of("a").due_at <= clock.now() + timedelta(seconds=5)


def test_a_jump_makes_due_what_is_due_by_then(app, owed, handler):
    from shop.outbox.worker import run_due

    ran = []
    handler("test.kind", lambda job: ran.append(job.key))
    owed("friday", due_at=clock.now() + timedelta(days=7))
    assert run_due() == 0
    run(app, "clock", "+8d")
    assert run_due() == 1
    assert ran == ["friday"]


def test_the_worker_refuses_a_database_without_its_tables(app, tmp_path):
    from tests.support import apps

    bare = apps.another_app(tmp_path / "bare", database_url=f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    result = run(bare, "worker")
    assert result.exit_code == 1
    assert "flask db upgrade" in result.output
    assert OutboxRow.__tablename__ not in result.output
