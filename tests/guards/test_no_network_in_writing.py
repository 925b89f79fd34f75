"""No network call inside `writing()`: everybody else would wait for a server on the other side of the world."""

import ast

from tests.guards.reading import Module, dotted, imports, modules, told

OUTSIDE = {
    "gateway",
    "requests",
    "urlopen",
    "urllib3",
    "httpx",
    "smtplib",
    "SMTP",
    "SMTP_SSL",
    "socket",
    "HTTPConnection",
}
OUTSIDE_MODULES = ("shop.payments.gateway", "requests", "urllib.request", "smtplib", "http.client", "socket", "stripe")


def _outside_names(module: Module) -> set[str]:
    """Names of this file that lead outside, besides the telling ones. Types and errors of the gateway are harmless."""
    found = set(OUTSIDE)
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module in OUTSIDE_MODULES:
            found |= {alias.asname or alias.name for alias in node.names if alias.name[:1].islower()}
    return found


def _opens_writing(node: ast.With) -> bool:
    return any(
        isinstance(item.context_expr, ast.Call) and dotted(item.context_expr.func) in {"writing", "db.writing"}
        for item in node.items
    )


def _calls(module: Module) -> list[str]:
    outside = _outside_names(module)
    return [
        f"{module.at(call)}: {dotted(call.func)}() inside writing()"
        for node in module.nodes
        if isinstance(node, ast.With) and _opens_writing(node)
        for statement in node.body
        for call in ast.walk(statement)
        if isinstance(call, ast.Call) and set(dotted(call.func).split(".")) & outside
    ]


def test_no_call_leads_outside_from_inside_writing():
    found = [one for module in modules() for one in _calls(module)]
    assert not found, told(found)


def test_services_call_nobody_outside():
    found = [
        f"{module.at(node)} imports {imported}"
        for module in modules()
        if module.kind in {"models", "services", "queries"}
        for node, imported in imports(module)
        if imported.startswith(OUTSIDE_MODULES)
    ]
    assert not found, told(found)
