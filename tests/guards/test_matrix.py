"""Every route × every role × own and foreign: who may, who may not, and that nothing changed for who may not."""

from collections.abc import Iterator

import pytest
from flask import g, request_finished
from werkzeug.routing import Rule as Address

from shop.web.access import RULES
from tests.factories.world import make_world
from tests.people import EVERYONE
from tests.support.kept import fingerprint
from tests.support.signing import sign_in

ROLES = {
    "broker": "broker",
    "treasurer": "treasurer",
    "officer": "officer",
    "admin": "admin",
    "organizer": "organizer",
    "buyer": "buyer",
}
FLASK_OWN = {"static"}
SLUGS = {"expo": ("my-fair", "other-fair"), "home": ("no-such-page", "no-such-page"), "office": ("terms", "terms")}


def routes(app) -> Iterator[tuple[Address, str]]:
    for address in sorted(app.url_map.iter_rules(), key=lambda each: each.endpoint):
        if address.endpoint in FLASK_OWN:
            continue
        for method in sorted((address.methods or set()) & {"GET", "POST"}):
            yield address, method


def path_of(app, address: Address, values: dict[str, object], *, foreign: bool) -> str:
    room = address.endpoint.partition(".")[0]
    args = {}
    for name in address.arguments:
        if name == "slug":
            args[name] = SLUGS[room][foreign]
        elif name == "token" and room == "people":
            args[name] = "no-such-ticket-0123456789"
        else:
            args[name] = values[name]
    with app.test_request_context():
        return app.url_map.bind("localhost").build(address.endpoint, args, method=None)


def asked(client, path: str, method: str) -> tuple[int, str, str]:
    """(status, where it sends to, the rule that decided)."""
    decided: list[str] = []

    def listen(_app, response, **_more) -> None:
        decided.append(g.get("access_decided", ""))

    with request_finished.connected_to(listen, client.application):  # a sandbox that is asked meanwhile decides nothing
        answer = client.send(path) if method == "POST" else client.get(path)
    return answer.status_code, answer.headers.get("Location", ""), decided[0] if decided else ""


@pytest.fixture
def world(app):
    return make_world()


def test_every_route_lets_in_exactly_the_roles_its_rule_names(app, client, world):
    wrong: list[str] = []
    for address, method in routes(app):
        path = path_of(app, address, world.mine, foreign=False)
        sign_in(client, None)
        status, to, name = asked(client, path, method)
        rule = RULES.get(name)
        if rule is None:
            wrong.append(f"{method} {path}: no rule decided ({status})")
            continue
        if not rule.roles:
            if status == 403 or "/sign-in" in to:
                wrong.append(f"{method} {path}: public by its rule, answered {status} {to}")
            continue
        if status != 303 or "/sign-in" not in to:
            wrong.append(f"{method} {path}: a stranger got {status} {to}")
        before = fingerprint()
        for who, role in ROLES.items():
            if role in rule.roles:
                continue
            sign_in(client, EVERYONE[who] if who else None)
            status, to, _ = asked(client, path, method)
            if status != 403:
                wrong.append(f"{method} {path}: {who} got {status} {to}")
        if fingerprint() != before:
            wrong.append(f"{method} {path}: something changed for somebody who may not")
    assert not wrong, "\n".join(wrong)


def test_what_belongs_to_another_is_not_found_and_stays_as_it_is(app, client, world):
    wrong: list[str] = []
    owned = 0
    for address, method in routes(app):
        sign_in(client, None)
        _, _, name = asked(client, path_of(app, address, world.mine, foreign=False), method)
        rule = RULES.get(name)
        if rule is None or not rule.own:
            continue
        owned += 1
        path = path_of(app, address, world.foreign, foreign=True)
        before = fingerprint()
        for who in (who for who, role in ROLES.items() if role in rule.roles or not rule.roles):
            sign_in(client, EVERYONE[who] if who else None)
            status, _, _ = asked(client, path, method)
            # a rate limit refuses as well, and says as little
            if status not in {404, 429}:
                wrong.append(f"{method} {path}: {who} got {status}")
        if fingerprint() != before:
            wrong.append(f"{method} {path}: something changed that is another's")
    assert owned
    assert not wrong, "\n".join(wrong)


def test_a_get_never_writes(app, client, world):
    wrong: list[str] = []
    for address, method in routes(app):
        if method != "GET":
            continue
        path = path_of(app, address, world.mine, foreign=False)
        before = fingerprint()
        for who in (None, *ROLES):
            sign_in(client, EVERYONE[who] if who else None)
            status, _, _ = asked(client, path, "GET")
            if status >= 500:
                wrong.append(f"GET {path}: {who} got {status}")
        if fingerprint() != before:
            wrong.append(f"GET {path}: wrote something")
    assert not wrong, "\n".join(wrong)
