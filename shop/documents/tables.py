"""Placeholder of the lead so that the app starts; whoever writes the tables module replaces this file whole."""

from shop.errors import ShopError


class BadFile(ShopError):
    status = 422
    code = "bad_file"


def read_rows(data, filename, limits=None):  # noqa
    raise BadFile()
