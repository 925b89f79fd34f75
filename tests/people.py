"""The cast of the tests: who acts. Ids are those that `tests.factories.catalog.make_shop` gives."""

from shop.actor import Actor

MEI = Actor("user:1", "broker", "Mei", user_id=1, broker_id=1, lang="zh")
HOA = Actor("user:2", "broker", "Hoa", user_id=2, broker_id=2, lang="vi")
TAO = Actor("user:3", "treasurer", "Tao", user_id=3, lang="zh")
FEN = Actor("user:4", "officer", "Fen", user_id=4, lang="zh")
ADA = Actor("user:5", "admin", "Ada", user_id=5, lang="en")
OTTO = Actor("user:6", "organizer", "Otto", user_id=6, lang="en")
ANNA = Actor("user:7", "buyer", "Anna", user_id=7, lang="en")
LAN = Actor("maker:1", "maker", "Lan", lang="vi")
EVERYONE = {
    "broker": MEI,
    "other broker": HOA,
    "treasurer": TAO,
    "officer": FEN,
    "admin": ADA,
    "organizer": OTTO,
    "buyer": ANNA,
}
PASSWORD = "correct-horse-battery"  # a test's
