"""The press: one typst template, one set of data, the same bytes each time.

Data reach the template as a JSON file and are only ever shown, so that markup in a text stays text. A compilation sees a
folder of its own with template, data and pictures, and no font of the machine.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

# One thread: on two cores no slower, a tenth less memory, and the other core stays with those who shop.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

_KEPT_FOR = 10
_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "typst"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_HERE / "fonts", pylopdf_fonts_zh_cn.sans_path().parent],
    )


def forget() -> None:
    """Let typst drop what it laid out: it keeps everything for ten compilations."""
    for _ in range(_KEPT_FOR + 1):
        typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True, format="pdf")


def pressed(template: str, data: object, files: Mapping[str, bytes], *, tagged: bool) -> bytes:
    """The PDF of ``typst/<template>.typ`` with ``data``; ``files`` lie beside it under their names.

    ``tagged``: with the structure that screen readers need. Raises typst.TypstError where a file cannot be shown.
    """
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        room = Path(folder)
        for part in _TEMPLATES.iterdir():
            (room / part.name).write_bytes(part.read_bytes())
        (room / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        del data  # a long book's texts need not be in memory twice
        for name, content in files.items():
            (room / name).write_bytes(content)
        pdf = typst.compile(
            room / f"{template}.typ",
            root=room,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_tags=tagged,
        )
    assert isinstance(pdf, bytes)
    return pdf
