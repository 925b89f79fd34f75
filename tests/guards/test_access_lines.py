"""Every view decides in its first line who may pass (house.md 4)."""

import ast
import inspect

import pytest

from tests.guards.reading import dotted, functions, modules, told

ROUTES = {"route", "get", "post", "put", "patch", "delete"}
FLASK_OWN = {"static"}


def _is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in ROUTES
        for one in function.decorator_list
    )


def _first_line(function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1:
        body = body[1:]
    return body[0]


def _decides(line: ast.stmt) -> bool:
    value = getattr(line, "value", None)
    if not isinstance(line, ast.Expr | ast.Assign | ast.AnnAssign) or not isinstance(value, ast.Call):
        return False
    before = dotted(value.func).split(".")[:-1]
    return any(part == "access" or part.endswith("_access") for part in before)


def _served_apart(module_name: str) -> bool:
    # the sandbox is another's server: it knows keys, not people
    return module_name.startswith("shop.payments.sandbox")


def test_every_view_begins_with_its_access_rule():
    found = [
        f"{module.at(function)} {function.name}: the first line is not access.…()"
        for module in modules()
        if not _served_apart(module.name)
        for function in functions(module)
        if _is_view(function) and not _decides(_first_line(function))
    ]
    assert not found, told(found)


on_one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@on_one_engine
def test_every_route_leads_to_such_a_view(app):
    seen = {
        (str(module.path), function.name)
        for module in modules()
        for function in functions(module)
        if _is_view(function) and _decides(_first_line(function))
    }
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in FLASK_OWN:
            continue
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        if (inspect.getsourcefile(view), view.__name__) not in seen:
            found.append(f"{rule.rule} → {rule.endpoint}")
    assert not found, told(found)


@on_one_engine
def test_access_rules_are_declared_in_access_files(app):
    from shop.web.access import RULES

    assert RULES, "no rule is registered"
    for name, rule in RULES.items():
        assert name.split(".")[-2] == "access", f"{name} is declared outside an access.py"
        assert rule.name == name
