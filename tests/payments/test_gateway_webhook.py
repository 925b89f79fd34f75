"""Webhooks: only what Stripe signed just now is read, and nothing that is sent can do more than be refused."""

import hashlib
import hmac
import json
import random
import time
from contextlib import suppress
from datetime import UTC

import pytest

from shop.payments.gateway import BadSignature, read_event
from shop.payments.webhook import MAX_BYTES

SECRET = "whsec_test"


def event(**changes):
    thing = {"id": "cs_1", "object": "checkout.session", "payment_intent": "pi_1", "client_reference_id": "QS-1"}
    body = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "created": 1790000000,
        "livemode": False,
        "data": {"object": thing},
    }
    return body | changes


def signed(payload, secret=SECRET, shift=0):
    second = int(time.time()) + shift
    mac = hmac.new(secret.encode(), f"{second}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={second},v1={mac}"


def refusal(payload, signature, secret=SECRET):
    begun = time.monotonic()
    with pytest.raises(BadSignature) as caught:
        read_event(payload, signature, secret)
    assert time.monotonic() - begun < 1
    assert caught.value.status == 400
    return caught.value.data["reason"]


def test_a_signed_event_is_read():
    payload = json.dumps(event()).encode()
    read = read_event(payload, signed(payload), SECRET)
    assert (read.id, read.type, read.object_type, read.object_id) == (
        "evt_1",
        "checkout.session.completed",
        "checkout.session",
        "cs_1",
    )
    assert (read.payment_intent, read.ref, read.charge, read.livemode) == ("pi_1", "QS-1", None, False)
    assert (read.created_at.tzinfo, read.payload) == (UTC, payload.decode())


def test_an_expanded_link_is_read_by_its_id():
    payload = json.dumps(
        event(data={"object": {"id": "re_1", "object": "refund", "payment_intent": {"id": "pi_1"}, "charge": "ch_1"}})
    ).encode()
    read = read_event(payload, signed(payload), SECRET)
    assert (read.payment_intent, read.charge) == ("pi_1", "ch_1")


GOOD = json.dumps(event()).encode()


WRONG = {
    "other secret": lambda: signed(GOOD, "whsec_other"),
    "other body": lambda: signed(GOOD + b" "),
    "other scheme": lambda: signed(GOOD).replace("v1=", "v2="),
    "cut off": lambda: signed(GOOD)[:-1],
    "upper case": lambda: signed(GOOD).upper(),
    "no signature": lambda: f"t={int(time.time())}",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_signature_is_refused(wrong):
    assert refusal(GOOD, WRONG[wrong]()) == "signature"


@pytest.mark.parametrize(
    "signature",
    [
        "", "x", "t=,v1=", "t=1,v1", "t=a,v1=b", "v1=abc", "t=1,v0=abc", "é", "t=1,v1=é", "t=é,v1=é", "t=1,v1=\udcff",
        "t=" + "9" * 1900 + ",v1=abc", "t=-1,v1=abc", "t=1e9,v1=abc", "t=１２,v1=abc", "," * 1999, "=" * 1999,
    ],
)  # fmt: skip
def test_what_is_no_signature_is_refused(signature):
    assert refusal(GOOD, signature) == "signature"


@pytest.mark.parametrize("secret", ["", " ", "é"])
def test_without_the_secret_nothing_is_believed(secret):
    assert refusal(GOOD, signed(GOOD), secret) == "signature"
    assert refusal(GOOD, signed(GOOD, ""), "") == "signature"


@pytest.mark.parametrize("shift", [-301, 302, -86400, 10 * 86400])
def test_a_signature_that_is_not_of_now_is_refused_as_a_matter_of_clocks(shift):
    assert refusal(GOOD, signed(GOOD, shift=shift)) == "clock"


@pytest.mark.parametrize("shift", [-290, 0, 290])
def test_a_signature_of_the_last_minutes_is_taken(shift):
    assert read_event(GOOD, signed(GOOD, shift=shift), SECRET).id == "evt_1"


def test_the_demos_moved_clock_does_not_matter_to_a_signature(at):
    at(days=8)
    assert read_event(GOOD, signed(GOOD), SECRET).id == "evt_1"


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"{", b"[]", b"null", b"1", b'"event"', b"\xff\xfe", b"{}", b'{"object": "event"}', b"NaN",
        b"[" * 200_000, b'{"a":' * 80_000, b'{"object": "event", "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"object": "event", "created": ' + b"9" * 5000 + b"}",
        json.dumps(event(id=None)).encode(), json.dumps(event(id="")).encode(), json.dumps(event(id="x" * 256)).encode(),
        json.dumps(event(id="a\0b")).encode(), json.dumps(event(type=7)).encode(), json.dumps(event(created=10**30)).encode(),
        json.dumps(event(created="soon")).encode(), json.dumps(event(created=None)).encode(), json.dumps(event(data=None)).encode(),
        json.dumps(event(data=[])).encode(), json.dumps(event(data={"object": []})).encode(), json.dumps(event(data={"object": {"id": 1}})).encode(),
        json.dumps(event(object="v2.core.event")).encode(),
    ],
)  # fmt: skip
def test_a_body_that_is_no_event_is_refused_even_if_signed(payload):
    assert refusal(payload, signed(payload)) in {"body", "signature"}


def test_a_megabyte_is_not_looked_at():
    payload = b"x" * 1_000_000
    assert refusal(payload, signed(payload)) == "size"
    assert refusal(GOOD, "t=1," + "v1=a," * 1000) == "size"
    large = json.dumps(event(pad="x" * (MAX_BYTES - 1000))).encode()
    assert read_event(large, signed(large), SECRET).id == "evt_1"


def test_noise_is_always_refused_and_never_an_error():
    dice = random.Random(7)
    for _ in range(3000):
        payload = bytearray(GOOD)
        for _ in range(dice.randint(1, 8)):
            payload[dice.randrange(len(payload))] = dice.randrange(256)
        noisy = bytes(payload)
        if noisy == GOOD:
            continue
        refusal(noisy, signed(GOOD))
        with suppress(BadSignature):
            read_event(noisy, signed(noisy), SECRET)
        header = list(signed(GOOD))
        header[dice.randrange(len(header))] = chr(dice.randrange(1, 0x2FFF))
        if "".join(header) != signed(GOOD):
            with suppress(BadSignature):
                read_event(GOOD, "".join(header), SECRET)
