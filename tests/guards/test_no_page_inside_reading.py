"""A page is made after the database was let go: what a template asks may open it again, and the connection waits meanwhile."""

import ast

from tests.guards.reading import dotted, modules, told


def _opens_the_door(node: ast.With) -> bool:
    return any(
        isinstance(item.context_expr, ast.Call) and dotted(item.context_expr.func) in {"reading", "writing"}
        for item in node.items
    )


def test_no_page_is_rendered_while_a_connection_is_held():
    found = [
        f"{module.at(call)}: render_template() inside {dotted(node.items[0].context_expr)}()"
        for module in modules()
        for node in module.nodes
        if isinstance(node, ast.With) and _opens_the_door(node)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and dotted(call.func).split(".")[-1] == "render_template"
    ]
    assert not found, told(found)
