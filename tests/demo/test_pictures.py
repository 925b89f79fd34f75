"""The demo's pictures: every product has its own, made from a handful of masters."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

import shop.demo
from shop.actor import COMMAND
from shop.db import reading, writing
from shop.demo.art import cord
from shop.demo.art.__main__ import MASTERS
from shop.demo.pictures import LOOKS, VARIANT_POSITIONS, picture_for, pictures_of, shoot
from shop.media.queries import known_keys
from shop.media.services import add_kept
from shop.media.storage import path_of

HERE = Path(shop.demo.__path__[0])
PRODUCTS = json.loads((HERE / "data" / "products.json").read_text("utf-8"))
COMMITTED = sorted((HERE / "pictures").iterdir())


def test_the_masters_are_few_and_light_and_each_has_its_script():
    assert {path.stem for path in COMMITTED} == set(MASTERS)
    assert {path.suffix for path in COMMITTED} == {".webp"}
    assert len(COMMITTED) <= 24
    assert sum(path.stat().st_size for path in COMMITTED) <= 3_000_000


def test_a_master_drawn_again_is_the_one_committed():
    drawn = cord.tassels()
    with Image.open(HERE / "pictures" / "tassels.webp") as committed:
        assert committed.size == drawn.size
        apart = ImageChops.difference(committed.getchannel("A"), drawn.getchannel("A"))
    assert ImageStat.Stat(apart).mean[0] < 2


def test_every_product_has_its_look_and_every_look_its_product():
    assert sorted(LOOKS) == sorted(product["slug"] for product in PRODUCTS)


def test_every_product_has_two_or_three_square_pictures_and_no_two_covers_look_alike():
    thumbs = {}
    for slug in LOOKS:
        images = pictures_of(slug)
        assert 2 <= len(images) <= 3
        assert {(image.mode, image.size) for image in images} == {("RGB", (800, 800))}
        thumbs[slug] = images[0].resize((24, 24))
        for first, second in combinations(images, 2):
            assert ImageStat.Stat(ImageChops.difference(first, second)).mean != [0, 0, 0]
    alike = [
        (one, other)
        for one, other in combinations(thumbs, 2)
        if max(ImageStat.Stat(ImageChops.difference(thumbs[one], thumbs[other])).mean) < 3
    ]
    assert not alike


def test_a_variant_in_another_colour_has_a_picture_of_its_own():
    skus = {variant["sku"]: product for product in PRODUCTS for variant in product["variants"]}
    recoloured = {
        variant["sku"]
        for product in PRODUCTS
        for variant in product["variants"][1:]
        if variant["colour"] != product["variants"][0]["colour"]
    }
    assert set(VARIANT_POSITIONS) == recoloured
    for sku, position in VARIANT_POSITIONS.items():
        assert 0 < position < len(pictures_of(skus[sku]["slug"]))


def test_the_same_picture_comes_out_every_time():
    assert picture_for("tea-caddy", 1) == picture_for("tea-caddy", 1)
    with pytest.raises(KeyError):
        pictures_of("no-such-product")


def test_the_shots_are_stored_and_take_their_rows(engine, tmp_path):
    kept = shoot(tmp_path, ["fan-tassel", "cloverleaf-key-ring"])
    assert {slug: len(shots) for slug, shots in kept.items()} == {"fan-tassel": 2, "cloverleaf-key-ring": 3}
    with writing() as session:
        for shots in kept.values():
            for shot in shots:
                add_kept(session, kept=shot, by=COMMAND)
    with reading() as session:
        keys = known_keys(session)
    assert len(keys) == 5
    for key in keys:
        assert all(path_of(tmp_path, key, width).exists() for width in (320, 480, 800))
