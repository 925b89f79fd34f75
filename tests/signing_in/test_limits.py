"""Guessing is slowed, nobody is locked out."""

import pytest

from shop.people.models import Ticket
from tests.signing_in.conftest import PASSWORD, user_row


def guess(client, email="mei@demo.example", password="guess 1234567", ip="203.0.113.1", **how):
    return client.post(
        "/sign-in",
        data={"csrf_token": client.token(), "email": email, "password": password},
        environ_base={"REMOTE_ADDR": ip},
        **how,
    )


def test_guesses_at_one_account_from_everywhere_are_slowed(person, device):
    person()
    codes = [guess(device(), ip=f"203.0.113.{n}").status_code for n in range(8)]
    assert codes == [422] * 5 + [429] * 3


@pytest.mark.parametrize("email", ["MEI@demo.example", " mei@demo.example", "ｍei@demo.example"])
def test_another_spelling_is_the_same_account(person, device, email):
    person()
    for n in range(5):
        guess(device(), ip=f"203.0.113.{n}")
    assert guess(device(), email=email, ip="198.51.100.1").status_code == 429


def test_guesses_over_many_accounts_from_one_network_are_slowed(person, device):
    codes = [guess(device(), email=f"p{n}@demo.example").status_code for n in range(33)]
    assert codes == [422] * 30 + [429] * 3
    assert guess(device(), email="other@demo.example", ip="198.51.100.1").status_code == 422


def test_one_customers_ipv6_addresses_are_one_network(person, device):
    for n in range(30):
        guess(device(), email=f"p{n}@demo.example", ip=f"2001:db8:1:1::{n:x}")
    assert guess(device(), email="x@demo.example", ip="2001:db8:1:1:ffff::1").status_code == 429
    assert guess(device(), email="x@demo.example", ip="2001:db8:1:2::1").status_code == 422


def test_the_owner_gets_in_on_her_own_device_while_others_guess(person, device):
    person()
    hers = device()
    assert guess(hers, password=PASSWORD, ip="192.0.2.7").status_code == 303
    hers.send("/sign-out")
    for n in range(40):
        guess(device(), ip=f"203.0.113.{n}")
    assert guess(device(), password=PASSWORD, ip="198.51.100.9").status_code == 429
    assert guess(hers, password=PASSWORD, ip="192.0.2.7").status_code == 303


def test_a_known_device_lets_nobody_in_and_its_guesses_are_slowed_too(person, device):
    person()
    hers = device()
    guess(hers, password=PASSWORD, ip="192.0.2.7")
    hers.send("/sign-out")
    codes = [guess(hers, ip="192.0.2.7").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    cookie = hers.get_cookie("known_device", domain="127.0.0.1", path="/sign-in")
    forged = device()
    forged.set_cookie("known_device", cookie.value[:-2] + "xx", domain="127.0.0.1", path="/sign-in")
    assert guess(forged, ip="198.51.100.3").status_code == 422


def test_an_office_may_sign_in_from_one_address(person, device):
    person()
    codes = {guess(device(), password=PASSWORD).status_code for _ in range(35)}
    assert codes == {303}


def test_the_answer_says_when_to_come_back_and_the_token_is_not_asked_first(person, device):
    person()
    for n in range(5):
        guess(device(), ip=f"203.0.113.{n}")
    client = device()
    answer = client.post("/sign-in", data={"email": "mei@demo.example", "password": "x"})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "Too many tries" in answer.get_data(as_text=True)


def test_letters_asked_for_are_limited_per_address_and_per_network(person, device, engine):
    from sqlalchemy import func, select

    from shop.db import reading

    person()
    codes = [
        device()
        .post("/password", data={"email": "mei@demo.example"}, environ_base={"REMOTE_ADDR": f"203.0.113.{n}"})
        .status_code
        for n in range(7)
    ]
    assert codes == [400] * 5 + [429] * 2, "counted before the token is looked at"
    codes = [device().send("/password", email=f"p{n}@demo.example").status_code for n in range(22)]
    assert codes == [303] * 20 + [429] * 2
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_guesses_at_the_present_password_are_slowed(person, sign_in, client):
    user_id = person()
    sign_in()
    before = user_row(user_id).password_hash
    wrong = {"old_password": "guess 123456", "password": "hand made lanterns", "password_again": "hand made lanterns"}
    codes = [client.send("/me/password", **wrong).status_code for _ in range(7)]
    assert codes == [422] * 5 + [429] * 2
    assert user_row(user_id).password_hash == before


def test_with_redis_away_guessing_is_slowed_in_memory(another_app, person):
    from shop.people.limits import limiter
    from tests.support import apps

    person()
    app = another_app(redis_url="redis://127.0.0.1:9/0")
    try:
        client = app.test_client()
        assert isinstance(client, apps.Client)
        codes = [guess(client).status_code for _ in range(7)]
        assert codes == [422] * 5 + [429] * 2
    finally:
        another_app()
        limiter._storage_dead = False
