"""The women who make the pieces: people, not accounts; no phone, e-mail or reading is needed.

A mark and a number name her in every list. What is public of her is what she agreed to, item by item, dated, until she
takes it back; `public.py` alone decides it. Her PIN is set before a co-op officer and has three tries; her card opens
her own page. Rooms above follow what becomes public (`on_public_change`) and her leaving (`on_leaving`).
"""

from flask import Flask


def init_app(_app: Flask) -> None:
    from shop.makers import checks, index, sentences  # noqa: PLC0415  they need the models of a ready app
    from shop.search.services import indexer  # noqa: PLC0415

    checks.init_checks()
    sentences.init_app()
    indexer(index.KIND)(index.read_makers)
