"""Only shop/ledger writes the books; everybody else asks it to post."""

import ast
import re

from tests.guards.reading import Module, dotted, imports, modules, told

BOOKS = {"Account", "Posting", "Transfer", "Earning"}
TABLES = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(account|posting|transfer|earning)\b", re.IGNORECASE)


def _names(module: Module) -> set[str]:
    """What the books' classes are called in this file."""
    direct = {one.rsplit(".", 1)[1] for _node, one in imports(module) if one.startswith("shop.ledger.models.")}
    return direct & BOOKS


def _writes(module: Module) -> list[str]:
    books = _names(module)
    found = []
    for node in module.nodes:
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            last = name.split(".")[-1]
            if last in BOOKS and (last in books or "ledger" in name):
                found.append(f"{module.at(node)} makes a {last}")
            given = {dotted(one).split(".")[-1] for one in node.args}
            if last in {"insert", "update", "delete"} and given & books:
                found.append(f"{module.at(node)}: {last}({', '.join(sorted(given & books))})")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TABLES.search(node.value):
            found.append(f"{module.at(node)} writes the books in SQL")
    return found


def test_only_the_ledger_writes_accounts_postings_transfers_and_earnings():
    found = [one for module in modules() if module.room != "ledger" for one in _writes(module)]
    assert not found, told(found)
