"""Numbers in addresses: what no database can count is no address of ours."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, ValidationError

MOST = 2**63 - 1


class Number(IntegerConverter):
    """`<int:…>`, at most as large as both databases' integers: a larger one is not found, instead of breaking them."""

    def to_python(self, value: str) -> int:
        """The number. Raises ValidationError, which makes it a 404."""
        if len(value) > len(str(MOST)):
            raise ValidationError
        found = super().to_python(value)
        if found > MOST:
            raise ValidationError
        return int(found)


def number(name: str) -> int:
    """A number from the address's query, 0 for anything else; never larger than the databases count."""
    return min(max(request.args.get(name, 0, type=int), 0), 2**62)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Number
