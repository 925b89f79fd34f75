"""No page of the desk weighs more than 30 kB on the way to a phone, pictures left out, and none names a font."""

import gzip

import pytest

from shop.actor import COMMAND
from shop.catalog import services as catalog
from shop.db import writing
from tests.desk.conftest import CARD
from tests.guards.test_weight import SETS, packed

CEILING = 30_000
PATHS = (
    "/desk/",
    "/desk/work",
    "/desk/slips",
    "/desk/orders",
    "/desk/pay",
    "/desk/makers",
    "/desk/makers/1",
    "/desk/makers/1/statement?lang=zh",
    "/desk/pieces",
    "/desk/pieces/new",
    "/desk/pieces/1",
    "/desk/account",
    f"/m/{CARD}",
)


def heavy(source: str) -> int:
    """Bytes of a page with everything it names, as they travel."""
    kind = "print" if "css/print.css" in source else "desk"
    fixed = [name for name in SETS[kind][0] if name in source or name.startswith(("img/", "css/desk"))]
    fixed += [name for name in ("img/icons.svg", "img/marks.svg") if kind == "print"]
    return len(gzip.compress(source.encode(), compresslevel=6)) + sum(packed(name) for name in set(fixed))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_page_is_light_and_names_no_font(shop, mei, sent, card, slip):
    sent()
    with writing() as session:
        for number in range(25):
            catalog.create_product(
                session,
                workshop_id=1,
                name={"zh": f"长长的名字第{number}样", "en": f"A piece {number}"},
                by=COMMAND,
                craft_id=1,
            )
    for path in (*PATHS, f"/desk/slips/{slip}/collect", f"/desk/slips/{slip}"):
        answer = mei.get(path)
        assert answer.status_code == 200, path
        assert "fonts.css" not in answer.text, path
        assert ".woff" not in answer.text, path
        weight = heavy(answer.text)
        assert weight <= CEILING, f"{path}: {weight}"
