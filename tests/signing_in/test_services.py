"""People, devices and links, without a page."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop import clock
from shop.actor import COMMAND, Actor
from shop.db import again, reading, writing
from shop.errors import NotFound
from shop.outbox.models import OutboxRow
from shop.people import queries, services
from shop.people.errors import DeadLink, EmailTaken, LastAdmin, NotAllowed, WrongSignIn
from shop.people.models import Ticket, User
from tests.signing_in.conftest import PASSWORD, kept, user_row

ADMIN = Actor("user:0", "admin", "Ada")
BROKER = Actor("user:9", "broker", "Mei")


def do(service, **how):
    with writing() as session:
        return service(session, **how)


def count(model) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def token_owed(kind: str) -> str:
    with reading() as session:
        rows = session.scalars(
            select(OutboxRow.payload).where(OutboxRow.key.like(f"mail:people.{kind}:%")).order_by(OutboxRow.id.desc())
        )
        return rows.first()["facts"]["token"]


def signed_in(token: str) -> bool:
    with reading() as session:
        return queries.seat(session, token=token) is not None


@pytest.mark.parametrize("typed", ["MEI@demo.example", "ｍei@demo.example", " mei@DEMO.example"])
def test_one_mailbox_is_one_person_however_it_is_spelled(person, typed):
    person()
    with pytest.raises(EmailTaken):
        person(typed)
    assert count(User) == 1


def test_two_who_take_the_same_address_at_once_are_one_person(engine):
    results = []

    def make():
        try:
            results.append(again(lambda: do(services.create_user, email="mei@demo.example", name="Mei", role="broker")))
        except EmailTaken:
            results.append(None)

    crowd = [threading.Thread(target=make) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(30)
    assert count(User) == 1
    assert len(results) == 4
    assert sum(found is not None for found in results) == 1


def test_signing_in_takes_address_and_password_together(person):
    user_id = person()
    token = do(services.sign_in, email="Mei@demo.example", password=PASSWORD, device="")
    with reading() as session:
        assert queries.seat(session, token=token).user_id == user_id
    for email, password in (
        ("mei@demo.example", "another password"),
        ("lan@demo.example", PASSWORD),
        ("mei", PASSWORD),
        ("meı@demo.example", PASSWORD),
    ):
        with pytest.raises(WrongSignIn):
            do(services.sign_in, email=email, password=password, device="")


def test_somebody_invited_or_removed_cannot_sign_in(person):
    do(services.invite, email="lan@demo.example", name="Lan", role="broker", by=ADMIN)
    user_id = person()
    do(services.deactivate, user_id=user_id, by=ADMIN)
    for email in ("lan@demo.example", "mei@demo.example"):
        with pytest.raises(WrongSignIn):
            do(services.sign_in, email=email, password=PASSWORD, device="")


def test_removal_ends_devices_and_links_at_once_and_return_revives_none(person):
    user_id = person()
    token = do(services.sign_in, email="mei@demo.example", password=PASSWORD, device="")
    do(services.ask_reset, email="mei@demo.example")
    link = token_owed("reset")
    do(services.deactivate, user_id=user_id, by=ADMIN)
    assert not signed_in(token)
    do(services.reactivate, user_id=user_id, by=ADMIN)
    assert not signed_in(token)
    with pytest.raises(DeadLink):
        do(services.redeem, token=link, purpose="reset", password_hash=kept("another password"))


def test_a_new_role_is_the_role_at_once(person):
    person("ada@demo.example", role="admin")
    user_id = person()
    token = do(services.sign_in, email="mei@demo.example", password=PASSWORD, device="")
    assert do(services.change_role, user_id=user_id, role="organizer", by=ADMIN) == "broker"
    with reading() as session:
        assert queries.seat(session, token=token).role == "organizer"


@pytest.mark.parametrize("act", ["change_role", "deactivate", "reactivate", "invite"])
def test_only_an_admin_decides_who_may_come_in(person, act):
    user_id = person()
    how = {
        "change_role": {"user_id": user_id, "role": "admin"},
        "invite": {"email": "eve@demo.example", "name": "Eve", "role": "admin"},
    }.get(act, {"user_id": user_id})
    with pytest.raises(NotAllowed):
        do(getattr(services, act), by=BROKER, **how)
    assert user_row(user_id).role == "broker"
    assert user_row(user_id).is_active
    assert count(User) == 1


def test_one_admin_stays(person):
    first = person("ada@demo.example", role="admin")
    second = person("bo@demo.example", role="admin")
    do(services.deactivate, user_id=second, by=ADMIN)
    for act, how in ((services.deactivate, {}), (services.change_role, {"role": "broker"})):
        with pytest.raises(LastAdmin):
            do(act, user_id=first, by=ADMIN, **how)
    assert user_row(first).is_active
    assert user_row(first).role == "admin"


def test_two_admins_who_remove_each_other_at_once_leave_one(person):
    ids = [person("ada@demo.example", role="admin"), person("bo@demo.example", role="admin")]
    gate, refused = threading.Barrier(2), []

    def remove(user_id):
        gate.wait(10)
        try:
            again(lambda: do(services.deactivate, user_id=user_id, by=ADMIN))
        except LastAdmin:
            refused.append(user_id)

    crowd = [threading.Thread(target=remove, args=(user_id,)) for user_id in ids]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(30)
    assert len(refused) == 1
    assert sum(user_row(user_id).is_active for user_id in ids) == 1


def test_an_invitation_sets_a_password_once_and_a_second_one_ends_the_first(engine):
    first = do(services.invite, email="lan@demo.example", name="Lan", role="broker", by=ADMIN)
    second = do(services.invite, email="LAN@demo.example", name="Lan Anh", role="organizer", by=ADMIN)
    assert first.user_id == second.user_id
    assert second.token == token_owed("invite")
    with pytest.raises(DeadLink):
        do(services.redeem, token=first.token, purpose="invite", password_hash=kept())
    with pytest.raises(DeadLink):
        do(services.redeem, token=second.token, purpose="reset", password_hash=kept())
    assert do(services.redeem, token=second.token, purpose="invite", password_hash=kept()) == second.user_id
    with pytest.raises(DeadLink):
        do(services.redeem, token=second.token, purpose="invite", password_hash=kept("another password"))
    do(services.sign_in, email="lan@demo.example", password=PASSWORD, device="")
    with pytest.raises(EmailTaken):
        do(services.invite, email="lan@demo.example", name="Lan", role="broker", by=ADMIN)


def test_a_link_used_by_two_at_once_works_for_one(engine):
    link = do(services.invite, email="lan@demo.example", name="Lan", role="broker", by=COMMAND).token
    hashes = [kept(), kept("another password")]
    ends = []

    def use(password_hash):
        try:
            ends.append(do(services.redeem, token=link, purpose="invite", password_hash=password_hash))
        except DeadLink:
            ends.append(None)

    crowd = [threading.Thread(target=use, args=(one,)) for one in hashes]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(30)
    assert ends.count(None) == 1
    assert len(ends) == 2


def test_a_reset_link_expires_and_dies_on_a_new_request_and_on_a_password_change(person, at):
    user_id = person()
    at("2026-11-20 09:00")
    do(services.ask_reset, email="mei@demo.example")
    first = token_owed("reset")
    do(services.ask_reset, email="mei@demo.example")
    second = token_owed("reset")
    with pytest.raises(DeadLink):
        do(services.redeem, token=first, purpose="reset", password_hash=kept())
    at("2026-11-20 11:00:01")
    with pytest.raises(DeadLink):
        do(services.redeem, token=second, purpose="reset", password_hash=kept())
    do(services.ask_reset, email="mei@demo.example")
    third = token_owed("reset")
    do(services.set_password, user_id=user_id, password_hash=kept("another password"))
    with pytest.raises(DeadLink):
        do(services.redeem, token=third, purpose="reset", password_hash=kept())
    assert user_row(user_id).password_hash == kept("another password")


def test_what_has_expired_is_not_revived_by_a_clock_set_back(person, at):
    person()
    at("2026-11-20 09:00")
    token = do(services.sign_in, email="mei@demo.example", password=PASSWORD, device="")
    do(services.ask_reset, email="mei@demo.example")
    link = token_owed("reset")
    at("2026-12-21 09:00")
    assert do(services.end_expired) == 1
    at("2026-11-20 09:30")
    assert not signed_in(token)
    with pytest.raises(DeadLink):
        do(services.redeem, token=link, purpose="reset", password_hash=kept())


def test_asking_for_a_link_says_and_does_nothing_for_an_address_nobody_has(person):
    person()
    for email in ("nobody@demo.example", "no address", "", "meı@demo.example"):
        do(services.ask_reset, email=email)
    assert count(Ticket) == 0
    assert count(OutboxRow) == 0


def test_the_letter_goes_to_the_kept_address_never_to_the_typed_one(person):
    person("mei@demo.example")
    do(services.ask_reset, email="ＭＥＩ@demo.example")
    with reading() as session:
        assert session.scalar(select(OutboxRow.payload))["to"] == "mei@demo.example"


def test_no_table_holds_a_secret_that_opens_a_door(person):
    person()
    token = do(services.sign_in, email="mei@demo.example", password=PASSWORD, device="")
    do(services.ask_reset, email="mei@demo.example")
    link = token_owed("reset")
    with reading() as session:
        stored = str(session.execute(select(Ticket.token_digest)).all())
        stored += str(session.execute(select(services.UserSession.token_digest)).all())
    assert token not in stored
    assert link not in stored


def test_a_new_password_ends_every_device_but_the_one_it_was_set_on(person):
    user_id = person()
    tokens = [do(services.sign_in, email="mei@demo.example", password=PASSWORD, device="") for _ in range(3)]
    with reading() as session:
        keep = queries.seat(session, token=tokens[1]).session_id
    do(services.set_password, user_id=user_id, password_hash=kept("another password"), keep_session_id=keep)
    assert [signed_in(token) for token in tokens] == [False, True, False]


def test_a_sign_in_under_way_while_the_password_changes_lets_nobody_in_with_the_old_one(person):
    user_id = person()
    with reading() as session:
        known = services.credentials(session, email="mei@demo.example")
    do(services.set_password, user_id=user_id, password_hash=kept("another password"))
    with pytest.raises(WrongSignIn):
        do(services.open_session, user_id=user_id, device="", password_hash=known.password_hash)


def test_a_device_is_ended_by_its_owner_only(person):
    mei, lan = person(), person("lan@demo.example")
    token = do(services.sign_in, email="mei@demo.example", password=PASSWORD, device="Chrome · Android")
    with reading() as session:
        (found,) = queries.devices(session, user_id=mei)
    with pytest.raises(NotFound):
        do(services.end_session, user_id=lan, session_id=found.id)
    assert signed_in(token)
    do(services.end_session, user_id=mei, session_id=found.id)
    assert not signed_in(token)
    with pytest.raises(NotFound):
        do(services.end_session, user_id=mei, session_id=found.id)


def test_a_seat_lasts_thirty_days(person, at):
    person()
    start = at("2026-11-01 09:00")
    token = do(services.sign_in, email="mei@demo.example", password=PASSWORD, device="")
    clock.stand_at(start + timedelta(days=29, hours=23))
    assert signed_in(token)
    clock.stand_at(start + timedelta(days=30))
    assert not signed_in(token)


def test_the_list_of_people_comes_in_pages_and_finds_words_as_they_are(person):
    for n in range(7):
        person(f"p{n}@demo.example", name=f"100%_{n}", role="broker" if n % 2 else "organizer")
    person("mei@demo.example", name="Mei 梅")
    with reading() as session:
        first = queries.users(session, limit=5)
        second = queries.users(session, limit=5, before=first[-1].id)
        assert len(first) == 5
        assert len(second) == 3
        assert not {line.id for line in first} & {line.id for line in second}
        assert [line.email for line in queries.users(session, words="梅")] == ["mei@demo.example"]
        assert len(queries.users(session, words="100%_")) == 7
        assert queries.users(session, words="100x") == []
        assert len(queries.users(session, role="organizer")) == 4
        assert len(queries.users(session, limit=10**9)) == 8
        assert not first[0].invited
