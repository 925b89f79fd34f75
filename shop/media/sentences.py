"""Why a picture was refused, in words, with what to do about it."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES

_MEGA = 1_000_000


def register() -> None:
    """Teach the error pages this room's codes."""
    SENTENCES.update(
        {
            "picture_empty": lambda _data: _("Please choose a picture (JPG or PNG)."),
            "picture_not_a_picture": lambda _data: _("Please choose a picture (JPG or PNG)."),
            "picture_unsupported": lambda data: _(
                "This is a %(kind)s file. Please choose a picture (JPG or PNG).", kind=data["kind"]
            ),
            "picture_heic": lambda _data: _(
                "Photos in HEIC form cannot be read here. On the telephone choose “Most compatible” as the camera's "
                "format, or send the photo as JPG."
            ),
            "picture_animated": lambda _data: _("Moving pictures cannot be shown. Please choose a still one."),
            "picture_too_large": lambda data: _("The file is too large; %(n)s MB at most.", n=data["limit"] >> 20),
            "picture_too_many_pixels": lambda data: _(
                "The picture has more than %(limit)s million pixels or a side longer than 12,000. Please send a smaller "
                "one.",
                limit=data["limit"] // _MEGA,
            ),
            "picture_truncated": lambda _data: _("The picture did not reach us whole. Please send it once more."),
            "no_room": lambda _data: _("There is no room left for pictures. Nothing was saved; please tell the co-op."),
        }
    )
