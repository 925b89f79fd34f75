"""What a password must be, and that every way to type it opens the same door."""

import time

import pytest

from shop.people.errors import BadPassword
from shop.people.passwords import LONGEST, fits, hashed, outdated


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short 123", "short"),
        ("        a b        ", "short"),
        ("绣花绣花绣", "short"),
        ("x" * 1025, "long"),
        ("ab" * 1_000_000, "long"),
        ("lotus\x00lantern", "sign"),
        ("lotus lantern \ud800", "sign"),
        ("aaaaaaaaaaaa", "plain"),
        ("Mei@Demo.Example", "plain"),
    ],
)
def test_a_password_that_cannot_be_taken_is_refused_with_its_reason(password, why):
    began = time.perf_counter()
    with pytest.raises(BadPassword) as refused:
        hashed(password, email="mei@demo.example")
    assert refused.value.data == {"why": why}
    assert time.perf_counter() - began < 0.2, "nothing is hashed before it is bounded"


@pytest.mark.parametrize(
    "password", ["绣花针线篮子水缸布鞋", "lotus 🪷🪷🪷 lantern", "x" * 80 + "abc", "yz" * (LONGEST // 4) + "abcd"]
)
def test_long_passwords_and_all_scripts_are_taken_whole(password):
    kept = hashed(password)
    assert fits(kept, password)
    assert not fits(kept, password[:-1]), "no byte is cut off, not at 72 either"


def test_composed_and_decomposed_letters_are_the_same_password():
    kept = hashed("thêu hoa sen đỏ")
    assert fits(kept, "the\u0302u hoa sen đo\u0309")
    assert fits(kept, "  thêu hoa sen đỏ\n")
    assert not fits(kept, "theu hoa sen do")


@pytest.mark.parametrize("password", ["", "-", "x" * 2_000_000, "lotus\x00lantern river", "\ud800" * 12])
def test_what_no_password_can_be_fits_nothing_and_breaks_nothing(password):
    assert not fits(hashed("lotus lantern river"), password)
    assert not fits(None, password)
    assert not fits("no hash", password)


def test_an_unknown_address_takes_as_long_as_a_wrong_password():
    kept = hashed("lotus lantern river")
    fits(None, "warm up the dummy")

    def spent(known):
        began = time.process_time()
        for _ in range(5):
            assert not fits(known, "another password")
        return time.process_time() - began

    assert 0.5 < spent(None) / spent(kept) < 2


def test_a_hash_of_other_sizes_is_outdated():
    from argon2 import PasswordHasher

    assert outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("lotus lantern river"))
    assert not outdated(hashed("lotus lantern river"))
