"""The pages, a file for each kind of thing that is looked at."""

from shop.home.views import pages, people, product, records, shelf

__all__ = ["pages", "people", "product", "records", "shelf"]
