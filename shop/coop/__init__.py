"""The one co-op of this installation: what it decides for itself, its pages, what waits for its people, its history.

Name, hotline, days and ages are changed on /office/shop only, and every change says who made it. Templates read the
global `coop`, which costs no statement. The pages are Markdown with the co-op's facts filled in. A `Task` is something
a person must look at; a `Change` says who changed what, on whose behalf, of all that keeps no history of its own.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.coop import sentences, web  # noqa: PLC0415  services and worker read this room without Flask

    web.init_app(app)
    sentences.init_app()
