"""What people send is checked and drawn anew; nothing of the file itself is kept."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from shop.media.pipeline import MAX_BYTES, BadPicture, check_and_reencode, widths_for

GPS_OF_HOME = "Lat 30.123 Lon 103.456"


def photo(width=900, height=600):
    """Something a codec has to work on, its left half red so that turning shows."""
    image = Image.effect_noise((width, height), 60).convert("RGB")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height), fill=(200, 30, 30))
    return image


def sent(image, form="JPEG", **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def with_gps(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Phone of Lan"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 7.0, 22.8), 3: "E", 4: (103.0, 27.0, 21.6)})
    return exif


def code_of(data):
    with pytest.raises(BadPicture) as refused:
        check_and_reencode(data)
    assert refused.value.code == f"picture_{refused.value.why}"
    return refused.value.why


def png_claiming(width, height):
    """A hundred bytes that say they are a picture of any size."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_out_as_a_full_size_master_and_smaller_webps(form):
    checked = check_and_reencode(sent(photo(1300, 900), form))
    assert (checked.width, checked.height) == (1300, 900)
    assert Image.open(io.BytesIO(checked.master)).size == (1300, 900)
    shapes = {width: Image.open(io.BytesIO(data)) for width, data in checked.sizes.items()}
    assert {width: image.size for width, image in shapes.items()} == {
        1200: (1200, 831), 800: (800, 554), 480: (480, 332), 320: (320, 222),
    }  # fmt: skip
    assert {image.format for image in shapes.values()} == {"WEBP"}


def test_nothing_is_enlarged():
    assert set(check_and_reencode(sent(photo(500, 400))).sizes) == {320, 480}
    tiny = check_and_reencode(sent(photo(40, 30)))
    assert Image.open(io.BytesIO(tiny.sizes[320])).size == (40, 30)
    assert widths_for(1200) == (320, 480, 800, 1200)


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_place_and_phone_are_gone_from_every_size(form):
    extra = {}
    if form == "PNG":
        extra["pnginfo"] = PngInfo()
        extra["pnginfo"].add_text("Comment", GPS_OF_HOME)
    if form == "JPEG":
        extra["comment"] = GPS_OF_HOME.encode()
    data = sent(photo(), form, exif=with_gps(), **extra)
    assert b"Phone of Lan" in data
    checked = check_and_reencode(data)
    for ours in (checked.master, *checked.sizes.values()):
        image = Image.open(io.BytesIO(ours))
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "Comment"} & set(image.info)
        assert b"Phone of Lan" not in ours
        assert GPS_OF_HOME.encode() not in ours


@pytest.mark.parametrize(
    ("orientation", "red_at"),
    [(1, "left"), (2, "right"), (3, "right"), (4, "left"), (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
)
def test_a_picture_stands_as_the_camera_was_held(orientation, red_at):
    checked = check_and_reencode(sent(photo(), exif=with_gps(orientation)))
    image = Image.open(io.BytesIO(checked.master))
    width, height = image.size
    assert (width > height) == (red_at in ("left", "right"))
    spots = {
        "left": (width // 8, height // 2), "right": (width * 7 // 8, height // 2),
        "top": (width // 2, height // 8), "bottom": (width // 2, height * 7 // 8),
    }  # fmt: skip
    red, green, _ = image.getpixel(spots[red_at])
    assert red - green > 120


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow says so, to nobody in particular
def test_broken_exif_costs_the_turn_and_not_the_picture():
    data = sent(photo(), exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xee" * 40)
    assert check_and_reencode(data).width == 900


def test_wide_colours_are_brought_to_srgb_before_their_profile_is_dropped():
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for tag, other in ((b"rXYZ", b"rXYX"), (b"bXYZ", b"rXYZ"), (b"rXYX", b"bXYZ")):
        at = swapped.index(tag)
        swapped[at : at + 4] = other
    plain = Image.new("RGB", (400, 400), (220, 40, 30))
    red, _, blue = Image.open(io.BytesIO(check_and_reencode(sent(plain, icc_profile=bytes(swapped))).master)).getpixel(
        (200, 200)
    )
    assert blue > 180 > red
    rubbish = check_and_reencode(sent(plain, icc_profile=b"no profile at all" * 9))
    assert Image.open(io.BytesIO(rubbish.master)).getpixel((200, 200))[0] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_comes_out_with_its_light_parts_light(mode):
    image = Image.new("L", (400, 400), 230)
    image = Image.new("I;16", (400, 400), 230 * 256) if mode == "I;16" else image.convert(mode)
    value = Image.open(io.BytesIO(check_and_reencode(sent(image, "PNG")).master)).convert("L").getpixel((200, 200))
    assert value > 220


def test_transparent_parts_become_white():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 199, 399), fill=(10, 20, 200, 255))
    out = Image.open(io.BytesIO(check_and_reencode(sent(image, "PNG")).master))
    assert out.getpixel((300, 200)) == (255, 255, 255)
    assert out.getpixel((100, 200))[2] > 180


def test_print_colours_in_cmyk_are_read():
    data = sent(Image.new("CMYK", (400, 400), (0, 0, 0, 10)))
    assert min(Image.open(io.BytesIO(check_and_reencode(data).master)).getpixel((9, 9))) > 220


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (7_500, 7_500), (12_001, 10), (10, 12_001)])
def test_a_bomb_is_refused_by_its_header(width, height):
    assert code_of(png_claiming(width, height)) == "too_many_pixels"


def test_a_text_bomb_inside_a_png_is_refused():
    info = PngInfo()
    info.add_text("Comment", "a" * 30_000_000, zip=True)
    data = sent(photo(), "PNG", pnginfo=info)
    assert len(data) < MAX_BYTES
    assert code_of(data) == "truncated"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_half_a_file_is_refused_as_such(form, share):
    data = sent(photo(), form)
    assert code_of(data[: int(len(data) * share)]) == "truncated"


def test_moving_pictures_are_refused():
    frames = [photo(300, 300), Image.new("RGB", (300, 300), "white")]
    for form in ("WEBP", "PNG"):
        assert code_of(sent(frames[0], form, save_all=True, append_images=frames[1:])) == "animated"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"just words", "not_a_picture"),
        (b"\0" * 4096, "not_a_picture"),
        (b"<html><img src=x onerror=alert(1)></html>", "not_a_picture"),
        (
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "unsupported",
        ),
        (sent(Image.new("RGB", (40, 40)), "GIF"), "unsupported"),
        (sent(Image.new("RGB", (40, 40)), "TIFF"), "unsupported"),
        (sent(Image.new("RGB", (40, 40)), "BMP"), "unsupported"),
        (b"%PDF-1.7\n", "unsupported"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp42", "unsupported"),
        (b"\xff\xd8\xff" + b"\0" * (MAX_BYTES + 1), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_photo_is_refused_with_its_reason(data, code):
    assert code_of(data) == code


def test_a_file_too_large_answers_413_and_the_rest_422():
    with pytest.raises(BadPicture) as large:
        check_and_reencode(b"x" * (MAX_BYTES + 1))
    assert large.value.status == 413
    assert large.value.data == {"bytes": MAX_BYTES + 1, "limit": MAX_BYTES}
    with pytest.raises(BadPicture) as words:
        check_and_reencode(b"words")
    assert words.value.status == 422


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04evil.zip", b"<?php system($_GET[0]); ?>"])
def test_a_polyglot_loses_its_second_half(tail):
    data = sent(photo(), comment=tail) + tail
    checked = check_and_reencode(data)
    assert all(tail not in ours for ours in (checked.master, *checked.sizes.values()))


def test_damaged_files_are_refused_and_never_crash():
    rnd = random.Random(11)
    whole = [sent(photo(200, 150), form) for form in ("JPEG", "PNG", "WEBP")]
    outcomes = set()
    for round_ in range(240):
        data = bytearray(whole[round_ % 3])
        for _ in range(rnd.choice((1, 4, 40))):
            data[rnd.randrange(len(data))] = rnd.randrange(256)
        try:
            outcomes.add(check_and_reencode(bytes(data)).width > 0)
        except BadPicture as refused:
            outcomes.add(refused.why)
    assert True in outcomes
    assert "truncated" in outcomes


def test_the_same_picture_twice_gives_the_same_bytes():
    data = sent(photo())
    assert check_and_reencode(data) == check_and_reencode(data)
