"""Every route of the desk: who may, who may not, and that nothing changed for who may not, on both engines."""

from collections.abc import Iterator

import pytest
from flask import Flask

from shop.people.limits import limiter
from tests.factories.world import make_world
from tests.people import ANNA, FEN, HOA, MEI, OTTO, TAO
from tests.support.kept import fingerprint


@pytest.fixture
def world(app):
    yield make_world()
    limiter.reset()


def routes(app: Flask, room: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(endpoint, method, names of its variables)"""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{room}."):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule.endpoint, method, tuple(sorted(rule.arguments))


def address(app: Flask, endpoint: str, names: tuple[str, ...], values: dict[str, object]) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(endpoint, {name: values[name] for name in names})


def call(browser, method: str, path: str) -> int:
    return (browser.send(path) if method == "POST" else browser.get(path)).status_code


def test_what_is_another_brokers_is_not_found_and_stays_as_it_is(app, signed_in, world):
    mei = signed_in(MEI)
    before = fingerprint()
    seen = 0
    for endpoint, method, names in routes(app, "desk"):
        if not names:
            continue
        seen += 1
        path = address(app, endpoint, names, world.foreign)
        assert call(mei, method, path) == 404, f"{method} {path}"
        for name in names:
            path = address(app, endpoint, names, world.foreign | {name: 2**63})
            # a number that no database counts to matches no address at all
            assert call(mei, method, path) in {404, 405}, f"{method} {path}"
    assert seen >= 25
    assert fingerprint() == before


def test_what_is_hers_opens(app, signed_in, world):
    mei = signed_in(MEI)
    for endpoint, method, names in routes(app, "desk"):
        # no statements of a group have been asked for
        if method == "GET" and endpoint != "desk.group_paper":
            path = address(app, endpoint, names, world.mine)
            assert call(mei, method, path) == 200, path


def test_nobody_else_passes_and_nothing_changes(app, client, signed_in, world):
    others = [signed_in(who) for who in (ANNA, OTTO, TAO, FEN)]
    before = fingerprint()
    for endpoint, method, names in routes(app, "desk"):
        path = address(app, endpoint, names, world.mine)
        assert call(client, method, path) == 303, f"{method} {path}"
        for browser in others:
            assert call(browser, method, path) == 403, f"{method} {path}"
    assert fingerprint() == before


def test_a_card_that_is_not_hers_opens_nothing_and_changes_nothing(app, client, signed_in, world):
    before = fingerprint()
    for browser in (client, signed_in(HOA)):
        for endpoint, method, names in routes(app, "card"):
            path = address(app, endpoint, names, world.foreign | {"ref": "not-ours"})
            assert call(browser, method, path) == 404, f"{method} {path}"
    assert fingerprint() == before


def test_mass_assignment_is_ignored(mei_world):
    browser, world = mei_world
    before = fingerprint()
    for fields in ({"broker_id": "2", "state": "paid"}, {"approved": "1", "balance": "1"}):
        browser.send(f"/desk/pieces/{world.mine['product_id']}", **fields)
        browser.send(f"/desk/slips/{world.mine['assignment_id']}/collect", **fields)
    assert fingerprint() == before


@pytest.fixture
def mei_world(world, signed_in):
    return signed_in(MEI), world
