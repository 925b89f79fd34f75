"""Finding things by words, in three languages, alike on both databases.

An entry says that `ref` of `kind` (a product's id, say) is to be found by these words; the rooms that own the things
keep theirs up to date with `remember` and `forget`, and register an `indexer` so that all of it can be built anew.
A question is made by `queries.asked` and used inside the hot pages' own statements through `queries.matches`.
Knows crafts for their synonyms, and nothing of what is found.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.search import cli  # noqa: PLC0415  it needs the models of a ready app

    cli.init_app(app)
