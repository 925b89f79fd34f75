"""QR codes: SVG without inline style, PNG, error correction M."""

from io import BytesIO

import segno

from shop.errors import BadInput

QUIET_ZONE = 4
"""Light modules around the code, as ISO/IEC 18004 asks."""


class QrTooLong(BadInput):
    """More text than a QR code holds."""

    code = "qr_too_long"


def _made(text: str) -> segno.QRCode:
    try:
        return segno.make(text, error="m", micro=False)
    except segno.DataOverflowError:
        raise QrTooLong(length=len(text)) from None


def qr_svg(text: str, *, module_px: int, border: int = QUIET_ZONE, title: str = "") -> str:
    """An ``<svg>`` element, dark on white in both themes, ``module_px`` a module; ``title`` is read by screen readers.

    Raises QrTooLong.
    """
    drawn = _made(text).svg_inline(
        scale=module_px,
        border=border,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        title=title or None,
    )
    return str(drawn)


def qr_png(text: str, *, module_px: int, border: int = QUIET_ZONE) -> bytes:
    """The same as PNG, black and white. Raises QrTooLong."""
    out = BytesIO()
    _made(text).save(out, kind="png", scale=module_px, border=border)
    return out.getvalue()
