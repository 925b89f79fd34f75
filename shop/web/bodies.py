"""How much one request may bring: photos as phones make them, and little else."""

from flask import Flask, Request

LARGEST_FORM = 24 * 1024 * 1024
"""A form with photos. Its files go to disk as they come, its other fields have a limit of their own."""


class ShopRequest(Request):
    """A request whose limit depends on what it carries: only a form with files may be as large as photos are."""

    @property
    def max_content_length(self) -> int | None:
        """In bytes; werkzeug answers 413 beyond it, before the body is read."""
        return LARGEST_FORM if self.mimetype == "multipart/form-data" else super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value


def init_app(app: Flask) -> None:
    app.request_class = ShopRequest
