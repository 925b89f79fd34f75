"""As much of Redis as the worker's bell needs, so that the tests can stop, empty and restart it anywhere.

Checked against Redis 7.0: the same test passes with either.
"""

import socketserver
import threading
import time
from collections import Counter, defaultdict
from typing import Any


class FakeRedis:
    """Lists in memory behind a socket. `url` stays the same over stop and start."""

    def __init__(self) -> None:
        self.lists: dict[str, list[bytes]] = defaultdict(list)
        self.asked: Counter[str] = Counter()
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """What REDIS_URL is set to."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Listen, empty."""
        self.lists.clear()
        self._talks: list[_Talk] = []
        self._server = _Server(("127.0.0.1", self.port), _Talk)
        self._server.fake = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Go away as a killed process does, lists and all."""
        self._server.shutdown()
        self._server.server_close()
        for talk in self._talks:
            talk.cut()

    def lose_everything(self) -> None:
        """FLUSHALL."""
        self.lists.clear()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    fake: FakeRedis


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.server.fake._talks.append(self)
        try:
            while words := self._read():
                self.wfile.write(self._answer(words))
        except (OSError, ValueError):
            return

    def cut(self) -> None:
        """Close the connection under the client."""
        try:
            self.connection.shutdown(2)
        except OSError:
            return

    def _read(self) -> list[bytes]:
        head = self.rfile.readline()
        if not head:
            return []
        words = []
        for _ in range(int(head[1:])):
            size = int(self.rfile.readline()[1:])
            words.append(self.rfile.read(size + 2)[:-2])
        return words

    def _answer(self, words: list[bytes]) -> bytes:
        fake, verb = self.server.fake, words[0].decode().upper()
        fake.asked[verb] += 1
        if verb in {"RPUSH", "LPUSH"}:
            found = fake.lists[words[1].decode()]
            found.insert(0 if verb == "LPUSH" else len(found), words[2])
            return b":%d\r\n" % len(found)
        if verb == "LLEN":
            return b":%d\r\n" % len(fake.lists[words[1].decode()])
        if verb in {"BRPOP", "BLPOP"}:
            return self._pop(words[1].decode(), time.monotonic() + float(words[-1]), last=verb == "BRPOP")
        return {
            "EVALSHA": b"*0\r\n",  # Huey's schedule, which the shop does not use
            "HMGET": b"*%d\r\n" % len(words[2:]) + b"_\r\n" * len(words[2:]),
            "SCRIPT": _bulk(b"0" * 40),
            "HELLO": b"%2\r\n" + _bulk(b"version") + _bulk(b"7.0.15") + _bulk(b"proto") + b":3\r\n",
            "PING": b"+PONG\r\n",
        }.get(verb, b"+OK\r\n")

    def _pop(self, name: str, until: float, *, last: bool) -> bytes:
        while time.monotonic() < until:
            found: list[Any] = self.server.fake.lists[name]
            if found:
                taken = found.pop(-1 if last else 0)
                return b"*2\r\n" + _bulk(name.encode()) + _bulk(taken)
            time.sleep(0.02)
        return b"_\r\n"


def _bulk(value: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(value), value)
