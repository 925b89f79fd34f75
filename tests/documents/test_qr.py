"""QR codes, compared module by module with what segno says they are."""

import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
import segno
from PIL import Image

from shop.documents.qr import QUIET_ZONE, QrTooLong, qr_png, qr_svg

URL = "https://shop.example/m/9f2c7b1d4e8a6053b7c1d2e3f4a5b6c7"


def modules(text: str) -> list[list[bool]]:
    return [[bool(module) for module in row] for row in segno.make(text, error="m", micro=False).matrix]


def test_the_png_shows_the_code_with_its_quiet_zone():
    with Image.open(BytesIO(qr_png(URL, module_px=3))) as image:
        found = image.convert("L")
        side = found.width // 3
        seen = [[found.getpixel((x * 3 + 1, y * 3 + 1)) < 128 for x in range(side)] for y in range(side)]
    code = modules(URL)
    assert side == len(code) + 2 * QUIET_ZONE
    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in seen[QUIET_ZONE:-QUIET_ZONE]]
    assert inner == code
    assert not any(map(any, seen[:QUIET_ZONE]))


def test_the_svg_draws_the_same_modules():
    root = ET.fromstring(qr_svg(URL, module_px=1, border=0))
    path = next(node.get("d") for node in root.iter() if node.get("stroke"))
    code = modules(URL)
    drawn = [[False] * len(code) for _ in code]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            for step in range(int(values[0])):
                drawn[int(y)][int(x) + step] = True
            x += values[0]
    assert drawn == code


def test_the_svg_needs_no_inline_style_and_says_its_size_and_name():
    drawn = qr_svg(URL, module_px=4, title="QS-0381 <贸易页>")
    root = ET.fromstring(drawn)
    assert "style" not in drawn
    assert int(root.get("width")) == 4 * (len(modules(URL)) + 2 * QUIET_ZONE)
    assert next(node.text for node in root.iter() if node.tag.endswith("title")) == "QS-0381 <贸易页>"


def test_chinese_and_vietnamese_texts_fit():
    assert qr_svg("荷塘双面绣 Đầm sen", module_px=1).startswith("<svg")


def test_too_much_text_is_refused():
    with pytest.raises(QrTooLong) as refused:
        qr_png("x" * 3000, module_px=1)
    assert refused.value.data == {"length": 3000}
