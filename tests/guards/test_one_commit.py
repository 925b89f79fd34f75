"""Only the door commits: a service that did so by itself would leave half of its caller's work behind (house.md 3)."""

import ast

from tests.guards.reading import dotted, modules, told

DOOR = {"shop.db"}
OWN_STORE = {"shop.payments.sandbox.store"}
"""The sandbox stands in for Stripe and keeps its own file, apart from the shop's database."""


def _calls(names: set[str], but: set[str]) -> list[str]:
    return [
        f"{module.at(node)}: {dotted(node.func)}()"
        for module in modules()
        if module.name not in but
        for node in module.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def test_commit_stands_only_in_the_door():
    found = _calls({"commit", "rollback", "begin"}, DOOR | OWN_STORE | {"shop.schema"})
    assert not found, told(found)


def _opens_another(node: ast.AST) -> bool:
    """Whether a call makes an engine or a session of its own; one on a connection that is open already does not."""
    if not isinstance(node, ast.Call):
        return False
    name = dotted(node.func).split(".")[-1]
    on_connection = len(node.args) == 1 and dotted(node.args[0]) == "connection"
    return name in {"sessionmaker", "create_engine", "make_engine"} or (name == "Session" and not on_connection)


def test_sessions_are_made_only_by_the_door():
    found = [
        module.at(node)
        for module in modules()
        if module.name not in DOOR | {"shop.serve"}
        for node in module.nodes
        if _opens_another(node)
    ]
    assert not found, told(found)
