"""The pages, a file for each kind of thing that is looked at."""

from shop.home.views import shelf

__all__ = ["shelf"]
