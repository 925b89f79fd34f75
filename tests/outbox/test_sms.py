"""SMS out and in, by files and by a gateway."""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from shop.db import writing
from shop.outbox import sms
from shop.outbox.services import owe
from shop.outbox.worker import run_due
from tests.outbox.conftest import make_due, row_of, states


@pytest.fixture
def read():
    """Everything that a registered reader was given, and a way to register more."""
    given = []

    def reader(session, message):
        given.append(message)
        owe(session, kind="test.kind", key=f"read:{message.key}:{len(given)}", payload={})
        return True

    sms.incoming_sms(reader)
    yield given
    sms.forget_reader(reader)


@pytest.fixture
def box(app):
    folder = Path(app.instance_path) / "sms"
    (folder / "in").mkdir(parents=True, exist_ok=True)
    return folder


def send(key="payout:77:M1", to="+86 138-0013-8000", text="工钱 136.00 元已付。收到请回 1"):
    with writing() as session:
        sms.owe_sms(session, key=key, to=to, text=text)
    run_due()


def test_an_sms_goes_into_the_folder_with_number_first_and_text_after(app, box):
    send()
    send()
    (file,) = box.glob("*.txt")
    assert file.read_text() == "+8613800138000\n工钱 136.00 元已付。收到请回 1\n"
    assert row_of("sms:payout:77:M1").payload == {"to": "+86 138-0013-8000"}


@pytest.mark.parametrize("to", ["", "anna", "12", "+86138001380001380", "138;0013", "+", "１３８００"])
def test_an_sms_to_no_number_is_parked(app, box, to):
    send(to=to)
    assert list(box.glob("*.txt")) == []
    assert row_of("sms:payout:77:M1").state == "parked"


def test_a_file_put_into_the_inbox_is_read_exactly_once(app, box, read):
    (box / "in" / "0001.txt").write_text("+86 138 0013 8000\r\n1\r\n")
    assert sms.take_in(box / "in") == 1
    assert sms.take_in(box / "in") == 0
    (box / "in" / "0001.txt").write_text("+86 138 0013 8000\n1")
    sms.take_in(box / "in")
    run_due(kinds=["sms.in"])
    run_due(kinds=["sms.in"])
    assert [(m.key, m.sender, m.text) for m in read] == [("sms-in:0001", "+8613800138000", "1")]
    assert list((box / "in").glob("*.txt")) == []


def test_a_reader_that_breaks_in_the_middle_is_asked_again_and_its_first_try_leaves_no_trace(app, box):
    tries = []

    def reader(session, message):
        tries.append(message.key)
        owe(session, kind="test.kind", key=f"effect:{len(tries)}", payload={})
        if len(tries) == 1:
            raise RuntimeError("in the middle")
        return True

    sms.incoming_sms(reader)
    try:
        (box / "in" / "a.txt").write_text("13800138000\nja")
        sms.take_in(box / "in")
        run_due(kinds=["sms.in"])
        make_due("sms-in:a")
        run_due(kinds=["sms.in"])
    finally:
        sms.forget_reader(reader)
    assert states() == {"sms-in:a": "done", "effect:2": "pending"}


def test_the_first_reader_it_was_meant_for_is_the_last_one_asked(app, box, read):
    later = []

    def other(session, message):
        later.append(message)
        return True

    sms.incoming_sms(other)
    try:
        (box / "in" / "a.txt").write_text("13800138000\n1")
        sms.take_in(box / "in")
        run_due(kinds=["sms.in"])
    finally:
        sms.forget_reader(other)
    assert (len(read), later) == (1, [])


@pytest.mark.parametrize("content", [b"", b"13800138000\n", b"hello\n1", b"\xff\xfe", b"1380013\n" + b"x" * 9000])
def test_an_unreadable_file_is_put_aside_once_it_is_old_and_left_alone_while_it_is_fresh(app, box, read, content):
    file = box / "in" / "half.txt"
    file.write_bytes(content)
    assert sms.take_in(box / "in") == 0
    assert file.exists(), "somebody may still be writing it"
    os.utime(file, (time.time() - 60, time.time() - 60))
    sms.take_in(box / "in")
    assert not file.exists()
    assert (box / "in" / "bad" / "half.txt").exists()
    assert states() == {}


class _Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        taken = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append((taken, self.headers.get("Authorization"), self.headers.get("Idempotency-Key")))
        self.send_response(self.server.code)
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def far_gateway(app):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gateway)
    server.taken, server.code = [], 202
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = app.extensions["sms_gateway"]
    url = f"http://coop:key@127.0.0.1:{server.server_address[1]}/send"
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"sms_url": url})
    app.extensions["sms_gateway"] = sms.gateway(app)
    yield server
    app.extensions["sms_gateway"] = before
    server.shutdown()
    server.server_close()


def test_an_sms_is_posted_to_a_gateway_with_a_key_that_tells_replays(app, far_gateway):
    send()
    (taken, login, key) = far_gateway.taken[0]
    assert taken == {"id": "sms:payout:77:M1", "to": "+8613800138000", "text": "工钱 136.00 元已付。收到请回 1"}
    assert login.startswith("Basic ")
    assert key == "sms:payout:77:M1"


@pytest.mark.parametrize(
    ("code", "state"), [(400, "parked"), (404, "parked"), (429, "pending"), (500, "pending"), (302, "pending")]
)
def test_what_the_gateway_refuses_for_good_is_parked_and_the_rest_is_tried_again(app, far_gateway, code, state):
    far_gateway.code = code
    send()
    row = row_of("sms:payout:77:M1")
    assert row.state == state
    assert "key@" not in row.last_error


@pytest.mark.parametrize("url", ["https://", "smtp://x", "ftp://x/y"])
def test_an_sms_url_that_makes_no_sense_is_refused_at_start(another_app, url):
    with pytest.raises(ValueError, match="SMS_URL"):
        another_app(sms_url=url)
