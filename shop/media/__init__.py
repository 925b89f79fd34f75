"""Pictures: what people send is checked, drawn anew in our own sizes and kept under random names.

`pipeline` turns bytes into a picture or refuses them, `storage` keeps the files whole or not at all, `services` adds the
row. Pages show the sizes by `/media/<key>-<width>.webp`, which never change and are cached for a year; the master keeps
its full size for print and has no address. Templates call `picture_src(key, width)` and `srcset(key, picture.width)`.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.media import jobs, sentences, srcset, views  # noqa: PLC0415  services are read without Flask

    app.register_blueprint(views.bp)
    app.jinja_env.globals.update(picture_src=srcset.picture_src, srcset=srcset.srcset)
    sentences.register()
    jobs.init_app()
