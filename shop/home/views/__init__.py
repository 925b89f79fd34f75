"""The pages, a file for each kind of thing that is looked at."""

from shop.home.views import accounts, pages, people, product, records, shelf

__all__ = ["accounts", "pages", "people", "product", "records", "shelf"]
