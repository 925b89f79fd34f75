"""Addresses of pictures, for templates."""

from shop.media.pipeline import WIDTHS, widths_for


def picture_src(key: str, width: int = 800) -> str:
    """Address of the size ``width`` of a picture, one of 320, 480, 800, 1200."""
    if width not in WIDTHS:
        raise ValueError(f"no such size: {width}")
    return f"/media/{key}-{width}.webp"


def srcset(key: str, width_of_master: int) -> str:
    """The ``srcset`` of a picture: each size it has, with its true width in pixels."""
    sizes = widths_for(width_of_master)
    return ", ".join(f"{picture_src(key, width)} {min(width, width_of_master)}w" for width in sizes)
