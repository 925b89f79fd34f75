"""What one request may bring: photos as phones make them, little else, and no sign that cannot be kept."""

from collections.abc import Iterator

from flask import Flask, Request, Response, request
from werkzeug.datastructures import ImmutableMultiDict

SHORT_REST = 64 * 1024
"""A body of which an answer that does not need it waits for the end."""

LARGEST_FORM = 24 * 1024 * 1024
"""A form with photos. Its files go to disk as they come, its other fields have a limit of their own."""


def keepable(text: str) -> bool:
    """Whether both databases keep every sign of `text` alike: no NUL, control character or lone surrogate."""
    return text.isprintable() or not any(map(_odd, text))


def _odd(sign: str) -> bool:
    number = ord(sign)
    return (number < 32 and sign not in "\n\r\t") or number == 127 or 0xD800 <= number <= 0xDFFF


class Typed(ImmutableMultiDict[str, str]):
    """What was typed. Read value by value, it comes without the signs that cannot be kept.

    A form class reads `getlist`, as it was sent, and refuses them with a sentence at the field.
    """

    def __getitem__(self, key: str) -> str:
        return _kept(super().__getitem__(key))

    def items(self, multi: bool = False) -> Iterator[tuple[str, str]]:  # type: ignore[override]  # noqa: FBT001, FBT002
        """As werkzeug's; `to_dict` reads it."""
        return ((key, _kept(value)) for key, value in super().items(multi))

    def values(self) -> Iterator[str]:  # type: ignore[override]
        """As werkzeug's."""
        return map(_kept, super().values())


def _kept(value: str) -> str:
    # werkzeug keeps a form's files in the same class, and they are no text
    return value if not isinstance(value, str) or keepable(value) else "".join(sign for sign in value if not _odd(sign))


class ShopRequest(Request):
    """A request whose limit depends on what it carries: only a form with files may be as large as photos are."""

    parameter_storage_class = Typed

    @property
    def max_content_length(self) -> int | None:
        """In bytes; werkzeug answers 413 beyond it, before the body is read."""
        return LARGEST_FORM if self.mimetype == "multipart/form-data" else super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value


def _read_out(answer: Response) -> Response:
    """Read what was sent and not looked at, where it is short.

    The server closes a connection with an unread body and does not say so: the next request on it would be lost.
    """
    length = request.content_length or 0
    if 0 < length <= SHORT_REST:
        request.environ["wsgi.input"].read(length)
    return answer


def init_app(app: Flask) -> None:
    app.request_class = ShopRequest
    app.after_request(_read_out)
