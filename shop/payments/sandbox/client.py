"""The SDK's way into the sandbox of the same process: Stripe's own client, no socket."""

from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn
from urllib.parse import urlsplit

from requests.structures import CaseInsensitiveDict
from stripe import APIConnectionError, HTTPClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from shop.payments.sandbox.api import LOST


class SandboxClient(HTTPClient):
    """Calls the sandbox's WSGI app. ``base_url`` is the address the app believes to be served under."""

    name: ClassVar[str] = "sandbox"

    def __init__(self, app: Any, base_url: str) -> None:
        super().__init__()
        self._app = app
        self._base_url = base_url

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """The sandbox's answer. Raises APIConnectionError where a fault loses it, as a time-out would."""
        parts = urlsplit(url.removeprefix(self._base_url))
        builder = EnvironBuilder(
            method=method.upper(),
            path=parts.path,
            base_url=self._base_url,
            query_string=parts.query,
            headers=list((headers or {}).items()),
            data=post_data,
        )
        try:
            environ = builder.get_environ()
        finally:
            builder.close()
        chunks, status, answer_headers = run_wsgi_app(self._app, environ, buffered=True)
        answer = CaseInsensitiveDict(answer_headers.items())
        if LOST in answer:
            # the SDK leaves this constructor without types
            raise APIConnectionError("The sandbox lost its answer, as asked.", should_retry=True)  # type: ignore[no-untyped-call]
        return b"".join(chunks).decode(), int(status.split(" ", 1)[0]), answer

    def request_stream(self, *_: Any, **__: Any) -> NoReturn:
        """Nothing we use streams."""
        raise NotImplementedError("the sandbox answers no streams")

    def close(self) -> None:
        """Nothing is held open between calls."""
