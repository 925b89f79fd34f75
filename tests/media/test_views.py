"""Pictures on the web: public, unchanging, and nothing else from that folder."""

import io

import pytest
from PIL import Image

from shop.media.pipeline import reencode
from shop.media.srcset import picture_src, srcset
from shop.media.storage import store
from shop.web.errors import SENTENCES
from shop.web.i18n import words


@pytest.fixture
def key(app):
    folder = app.config["SETTINGS"].media_path
    return store(folder, reencode(Image.new("RGB", (900, 600), (200, 30, 30))), durable=False)


def test_a_size_is_sent_as_webp_and_may_be_kept_for_a_year(client, key):
    answer = client.get(picture_src(key, 480))
    assert answer.status_code == 200
    assert answer.mimetype == "image/webp"
    assert Image.open(io.BytesIO(answer.data)).size == (480, 320)
    caching = answer.cache_control
    assert (caching.public, caching.immutable, caching.max_age) == (True, True, 31536000)
    assert not caching.no_store
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_has_it_already_is_not_sent_it_again(client, key):
    etag = client.get(picture_src(key, 480)).headers["ETag"]
    again = client.get(picture_src(key, 480), headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(picture_src(key, 320)).headers["ETag"] != etag


def test_every_address_in_a_srcset_answers(client, key):
    for part in srcset(key, 900).split(", "):
        address, width = part.split()
        assert f"{Image.open(io.BytesIO(client.get(address).data)).width}w" == width


def test_a_size_larger_than_the_picture_is_its_largest(client, key):
    answer = client.get(picture_src(key, 1200))
    assert Image.open(io.BytesIO(answer.data)).width == 800


@pytest.mark.parametrize(
    "path",
    [
        "/media/{other}-480.webp",
        "/media/{key}-481.webp",
        "/media/{key}-0.webp",
        "/media/{key}--480.webp",
        "/media/{key}-99999999999999999999.webp",
        "/media/{key}-480.jpg",
        "/media/{key}",
        "/media/{key}/master.jpg",
        "/media/{two}/{four}/{key}/master.jpg",
        "/media/..%2f..%2fshop.sqlite3-320.webp",
        "/media/../../etc/passwd",
        "/media/%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00%00-320.webp",
        "/media/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd%2f%2f-320.webp",
        "/media/",
    ],
)
def test_anything_else_under_media_is_not_found(client, key, path):
    answer = client.get(path.format(key=key, other="f" * 32, two=key[:2], four=key[2:4]))
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert b"root:" not in answer.data


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_every_refusal_of_a_picture_has_its_sentence_in_three_languages(app, lang):
    facts = {"kind": "GIF", "limit": 50_000_000, "bytes": 9}
    codes = [code for code in SENTENCES if code.startswith("picture_")] + ["no_room"]
    assert len(codes) == 9
    with app.test_request_context("/en/"):
        for code in codes:
            english = SENTENCES[code](facts)
            assert english.endswith(".")
    from flask import g
    from flask_babel import refresh

    with app.test_request_context(f"/{lang}/"):
        g.lang = lang
        refresh()
        for code in codes:
            said = SENTENCES[code](facts)
            assert "⟦" not in said
            assert said
    assert words(lang).gettext("Moving pictures cannot be shown. Please choose a still one.")
