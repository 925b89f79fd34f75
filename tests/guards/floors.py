"""The one list of floors (house.md 3), from the ground up. Where the domain wants another order, change this list."""

FLOORS: tuple[tuple[str, ...], ...] = (
    ("web",),
    ("outbox",),
    ("crafts", "media", "documents"),
    ("people", "places", "coop", "ledger", "search"),
    ("makers",),
    ("brokers",),
    ("workshops",),
    ("catalog",),
    ("cart", "payments", "work"),
    ("orders",),
    ("payouts",),
    ("expo",),
    ("home", "desk", "office", "api", "demo"),
)

GROUND = {"db", "money", "clock", "errors", "ids", "words", "actor"}
"""Free to all, and knowing nothing above them."""

FRAME = {"", "commands", "models", "schema", "serve"}
"""`shop/__init__.py` and its like hold the rooms together and may know all of them."""

NO_MODELS = {"web", "home", "desk", "office", "api", "demo", "documents"}
"""Rooms that own no table."""

TEMPLATES = {"payments": {"payments", "sandbox"}}
"""Rooms whose template folders do not bear just the room's own name."""

INSIDE: dict[str, set[str]] = {
    "models": {"views", "forms", "access", "cli", "jobs", "services", "queries", "sentences"},
    "queries": {"views", "forms", "access", "cli", "jobs", "sentences"},
    "services": {"views", "forms", "access", "cli", "jobs", "sentences"},
    "access": {"views", "forms", "cli", "jobs"},
    "forms": {"views", "access", "cli", "jobs", "services"},
    "jobs": {"views", "forms", "access", "cli"},
    "cli": {"views", "forms", "access"},
    "views": {"cli"},
}
"""Kind of file → kinds of file, of its own room or another, that it does not import."""

KINDS = set(INSIDE) | {"sentences"}

ONLY_OWN = {"views", "forms", "cli"}
"""Kinds of file that no other room imports."""

WITHOUT_FLASK = {"models", "services", "queries"}
BANNED_NAMES = ("util", "utils", "helper", "helpers", "common", "misc", "manager", "base")


def floor_of(room: str) -> int:
    """How high a room lies; KeyError for a room that no floor names."""
    for height, rooms in enumerate(FLOORS):
        if room in rooms:
            return height
    raise KeyError(f"shop/{room} stands on no floor of tests/guards/floors.py")
