"""SMS out and in. Out: a folder of files, or a gateway's POST address. In: a folder the worker looks into.

A file of the folder has the number in its first line and the text in the rest. Whoever puts an answer into `in/` writes
it under another name first and renames it to `….txt`, so that no half file is read.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import requests
import structlog
from flask import Flask, current_app
from sqlalchemy.orm import Session

from config import Settings
from shop.db import again, holding, writing
from shop.outbox.files import file_name, put
from shop.outbox.handlers import Hopeless, handles, settles
from shop.outbox.periodic import every
from shop.outbox.services import Job, owe

KIND = "sms"
KIND_IN = "sms.in"
LONGEST_TEXT = 1000
LARGEST_FILE = 8 * 1024
FILES_A_LOOK = 200
PATIENCE_SECONDS = 5
TIMEOUT_SECONDS = (5, 15)
_NUMBER = re.compile(r"\+?[0-9]{3,15}\Z")

Gateway = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class IncomingSms:
    """What somebody wrote to us. `key` names it once and for all; `sender` is the number as the gateway gave it."""

    key: str
    sender: str
    text: str


Reader = Callable[[Session, IncomingSms], bool]
_readers: list[Reader] = []


def owe_sms(session: Session, *, key: str, to: str, text: str, due_at: datetime | None = None) -> None:
    """Owe one SMS from this commit on; the same `key` again changes nothing. Texts end at 1000 characters."""
    payload = {"to": to, "text": text[:LONGEST_TEXT]}
    owe(session, kind=KIND, key=f"sms:{key}", payload=payload, due_at=due_at)


def incoming_sms(reader: Reader) -> Reader:
    """Register who reads what comes in: called in the transaction that ticks it off, so exactly once per message.

    It gives back True when the message was meant for it; the readers registered after it are then not asked.
    """
    if reader not in _readers:
        _readers.append(reader)
    return reader


def forget_reader(reader: Reader) -> None:
    """Take a registration back; for tests."""
    _readers.remove(reader)


def gateway(app: Flask) -> Gateway:
    """How SMS leave this installation, by SMS_URL. ValueError where it makes no sense."""
    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    url = urlsplit(settings.sms_url)
    if url.scheme in {"http", "https"}:
        if not url.hostname:
            raise ValueError("SMS_URL names no host: https://user:password@gateway.example/send")
        return _by_http(settings.sms_url)
    if url.scheme not in {"", "file"} or url.netloc:
        raise ValueError("SMS_URL must be a folder, or begin with http:// or https://")
    return _into(_folder(app))


def _folder(app: Flask) -> Path:
    path = urlsplit(app.config["SETTINGS"].sms_url).path
    return Path(path) if path else Path(app.instance_path) / "sms"


def _into(folder: Path) -> Gateway:
    def hand_over(key: str, to: str, text: str) -> None:
        put(folder / file_name(key, ".txt"), f"{to}\n{text}\n".encode())

    return hand_over


def _by_http(url: str) -> Gateway:
    def hand_over(key: str, to: str, text: str) -> None:
        answer = requests.post(
            url,
            json={"id": key, "to": to, "text": text},
            headers={"Idempotency-Key": key},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        code = answer.status_code
        if 400 <= code < 500 and code not in {408, 425, 429}:
            raise Hopeless(f"the gateway refuses it: {code}")
        if not 200 <= code < 300:
            raise RuntimeError(f"the gateway answered {code}")

    return hand_over


def send(job: Job) -> None:
    """Hand one SMS to the gateway. Hopeless for what is no telephone number."""
    if holding():
        raise RuntimeError(f"no SMS is sent inside {holding()}")
    to = re.sub(r"[\s().-]", "", job.payload["to"])
    if not _NUMBER.match(to):
        raise Hopeless("the telephone number is none")
    hand_over: Gateway = current_app.extensions["sms_gateway"]
    hand_over(job.key, to, job.payload["text"])


def read_in(session: Session, job: Job) -> None:
    """Give one incoming SMS to those who read them."""
    message = IncomingSms(job.key, job.payload["from"], job.payload["text"])
    if not any(reader(session, message) for reader in _readers):
        structlog.get_logger().info("sms nobody reads", row=job.id)


def take_in(folder: Path) -> int:
    """Owe the reading of each new file in `folder`, then move it to `taken/` (or `bad/`). Gives how many were taken.

    A file's name is its key: the same name again is the same message, and changes nothing.
    """
    return sum(_take(file) for file in _new_in(folder))


def _new_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.txt") if path.is_file())[:FILES_A_LOOK] if folder.is_dir() else []


def _take(file: Path) -> bool:
    try:
        found = _read(file)
        age = time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return False  # another worker was quicker
    if found is None:
        # perhaps still being written by somebody who does not rename
        if age > PATIENCE_SECONDS:
            structlog.get_logger().warning("unreadable sms file", file=file.name[:100])
            _move(file, "bad")
        return False
    sender, text = found

    def work() -> None:
        with writing() as session:
            owe(session, kind=KIND_IN, key=f"sms-in:{file.stem}"[:160], payload={"from": sender, "text": text})

    again(work)
    _move(file, "taken")
    return True


def _read(file: Path) -> tuple[str, str] | None:
    with file.open("rb") as opened:
        raw = opened.read(LARGEST_FILE + 1)
    try:
        head, _, text = raw.decode("utf-8-sig").replace("\r\n", "\n").partition("\n")
    except UnicodeDecodeError:
        return None
    sender = re.sub(r"[\s().-]", "", head)
    text = text.replace("\x00", "").strip()
    if len(raw) > LARGEST_FILE or not _NUMBER.match(sender) or not text:
        return None
    return sender, text


def _move(file: Path, where: str) -> None:
    to = file.parent / where
    to.mkdir(exist_ok=True)
    try:
        file.replace(to / file.name)
    except FileNotFoundError:
        return  # another worker was quicker


def init_app(app: Flask) -> None:
    app.extensions["sms_gateway"] = gateway(app)
    handles(KIND, forget=("text",))(send)
    settles(KIND_IN)(read_in)
    folder = _folder(app) / "in"
    if urlsplit(app.config["SETTINGS"].sms_url).scheme not in {"http", "https"}:
        every(2, "sms-in", when=lambda: bool(_new_in(folder)))(lambda: take_in(folder))
