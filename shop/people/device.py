"""A browser's name as its owner knows it."""

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Zalo", "Zalo"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Such as Chrome · Android; empty for a browser that says nothing we know."""
    parts = (
        next((name for sign, name in _BROWSERS if sign in user_agent), ""),
        next((name for sign, name in _SYSTEMS if sign in user_agent), ""),
    )
    return " · ".join(part for part in parts if part)
