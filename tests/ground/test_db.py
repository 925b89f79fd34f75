"""The one door to the database, on both engines (house.md 5)."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from shop import db
from shop.coop.models import Coop, Task
from shop.db import Busy, again, holding, locked, reading, reading_core, writing
from shop.errors import Conflict
from shop.people.models import User
from shop.web.second_run import twice

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def task(key: str, **changes) -> Task:
    return Task(**{"key": key, "kind": "look", "facts": {}, "created_at": NOON, **changes})


def keys() -> list[str]:
    with reading() as session:
        return sorted(session.scalars(select(Task.key)))


def test_a_unit_of_work_is_kept_when_it_ends(engine):
    with writing() as session:
        session.add(task("one"))
    assert keys() == ["one"]


def test_a_unit_of_work_leaves_nothing_when_it_raises(engine):
    def work():
        with writing() as session:
            session.add(task("one"))
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        work()
    assert keys() == []
    assert holding() == ""


def test_what_is_done_while_reading_is_not_kept(engine):
    with reading() as session:
        session.add(task("one"))
        session.flush()
    assert keys() == []


@pytest.mark.parametrize("outer", [writing, reading, reading_core])
@pytest.mark.parametrize("inner", [writing, reading, reading_core])
def test_a_thread_never_holds_two_connections(engine, outer, inner):
    with outer():
        with pytest.raises(RuntimeError, match="never holds two"), inner():
            pass
        assert holding().startswith(outer.__name__.removesuffix("_core"))
    assert holding() == ""
    with writing() as session:
        session.add(task("later"))
    assert keys() == ["later"]


def test_two_threads_may_read_at_once(engine):
    inside = threading.Barrier(2, timeout=10)

    def look():
        with reading() as session:
            session.scalar(select(Task.id))
            inside.wait()

    other = threading.Thread(target=look)
    other.start()
    look()
    other.join()
    assert not inside.broken


def test_a_naive_datetime_is_refused(engine):
    with pytest.raises(StatementError, match="naive"), writing() as session:
        session.add(task("one", created_at=datetime(2026, 11, 20, 12, 0)))
    assert keys() == []


def test_a_moment_comes_back_as_the_same_moment_in_utc(engine):
    shanghai = timezone(timedelta(hours=8))
    with writing() as session:
        session.add(task("one", created_at=datetime(2026, 11, 20, 20, 0, 0, 123456, tzinfo=shanghai)))
    with reading() as session:
        found = session.scalars(select(Task.created_at)).one()
    assert found == NOON + timedelta(microseconds=123456)
    assert found.utcoffset() == timedelta(0)


def test_a_text_has_no_other_languages_than_the_shops(engine):
    with pytest.raises(StatementError, match="languages"), writing() as session:
        session.add(Coop(id=1, name={"de": "Handwerk"}, currency="CNY"))
    with writing() as session:
        session.add(Coop(id=1, name={"zh": "巧手", "vi": "Khéo tay"}, currency="CNY"))
    with reading() as session:
        assert session.scalars(select(Coop.name)).one() == {"zh": "巧手", "vi": "Khéo tay"}


def test_a_word_out_of_the_list_is_refused_by_the_type_and_by_the_database(engine):
    with pytest.raises(StatementError, match="not among"), writing() as session:
        session.add(User(email="a@b.example", name="A", role="chief", lang="zh", created_at=NOON))
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text(
                'INSERT INTO "user" (email, name, role, lang, is_active, created_at)'
                " VALUES ('a@b.example', 'A', 'chief', 'zh', true, '2026-11-20 12:00:00')"
            )
        )


def test_a_row_that_points_nowhere_is_refused(engine):
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text("INSERT INTO hourly_minimum (valid_from, minor, currency) VALUES ('2026-01-01', 0, 'CNY')")
        )
    with pytest.raises(IntegrityError), writing() as session:
        session.add(Coop(id=1, name={"zh": "巧手"}, currency="CNY", logo_id=999))


def test_locked_rows_come_fresh_and_by_their_number(engine):
    with writing() as session:
        session.add_all([task("one"), task("two"), task("three")])
        session.flush()
        ids = {one.key: one.id for one in session.scalars(select(Task))}
        session.execute(text("UPDATE task SET kind = 'changed' WHERE key = 'two'"))
        found = locked(session, Task, {ids["two"], ids["one"], 999})
    assert list(found) == sorted([ids["one"], ids["two"]])
    assert found[ids["two"]].kind == "changed"


def test_a_lost_race_is_worth_another_run_and_a_broken_rule_is_not(engine):
    tries = []

    def work(minimum):
        tries.append(minimum)
        with writing() as session:
            session.execute(
                text("INSERT INTO hourly_minimum (valid_from, minor, currency) VALUES ('2026-01-01', :minor, 'CNY')"),
                {"minor": minimum},
            )

    work(1)
    with pytest.raises(IntegrityError):
        again(lambda: work(2))
    assert tries == [1, 2, 2, 2]
    tries.clear()
    with pytest.raises(IntegrityError):
        again(lambda: work(-1))
    assert tries == [-1]


def test_opposite_transfers_all_go_through_when_they_are_run_again(engine):
    with writing() as session:
        session.add_all([task("a", facts={"n": 0}), task("b", facts={"n": 0})])
    errors = []
    both = threading.Barrier(2, timeout=20)

    def move(first, second):
        def work():
            with writing() as session:
                for key in (first, second):
                    # one statement each and in opposite order, as nobody should: two of these may wait on each other
                    session.execute(text("UPDATE task SET kind = kind || 'x' WHERE key = :key"), {"key": key})

        both.wait()
        try:
            for _ in range(15):
                again(work, tries=8)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=move, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not errors
    with reading() as session:
        assert set(session.scalars(select(Task.kind))) == {"look" + "x" * 30}


def test_a_view_that_lost_a_race_runs_once_more(engine):
    seen = []

    def view():
        seen.append(len(seen))
        with writing() as session:
            session.add(task("one" if len(seen) == 1 else "two"))
        return "done"

    with writing() as session:
        session.add(task("one"))
    assert twice(view)() == "done"
    assert seen == [0, 1]
    assert keys() == ["one", "two"]


def test_a_view_that_loses_twice_answers_that_something_changed(engine):
    runs = []

    def view():
        runs.append(1)
        with writing() as session:
            session.add(task("one"))

    view()
    with pytest.raises(Conflict) as caught:
        twice(view)()
    assert caught.value.status == 409
    assert len(runs) == 3


def test_a_view_with_another_fault_is_not_run_again(engine):
    runs = []

    def view():
        runs.append(1)
        with writing() as session:
            session.execute(text("INSERT INTO task (key) VALUES ('half')"))

    with pytest.raises(DBAPIError):
        twice(view)()
    assert runs == [1]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_view_on_a_busy_database_answers_that_it_is_busy(engine):
    with reading() as session:
        # the pool's only connection, which `writing()` takes next
        session.execute(text("PRAGMA busy_timeout=20"))
    other = sqlite3.connect(engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def view():
        with writing() as session:
            session.add(task("one"))

    try:
        with pytest.raises(Busy) as caught:
            twice(view)()
    finally:
        other.close()
    assert caught.value.status == 503
    assert keys() == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_sqlite_is_set_up_as_the_house_says(engine):
    with reading_core() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "recursive_triggers", "journal_mode", "synchronous", "busy_timeout")
        }
    assert said == {
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
    }


def test_without_a_database_the_door_says_so(engine, monkeypatch):
    monkeypatch.setattr(db, "_state", {})
    with pytest.raises(RuntimeError, match="connect first"), writing():
        pass
    assert holding() == ""
