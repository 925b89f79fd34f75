"""The shop's source, read once a process, as the guards look at it."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config import ROOT
from tests.guards.floors import KINDS


@dataclass(frozen=True)
class Module:
    """One Python file. `room` is "" for those that lie in shop/ itself; `kind` its place in the room, or ""."""

    path: Path
    name: str
    room: str
    kind: str
    nodes: tuple[ast.AST, ...]

    def at(self, node: ast.AST) -> str:
        """Where a node stands, to click on."""
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


@cache
def modules(folder: str = "shop") -> tuple[Module, ...]:
    """Every Python file of a folder."""
    return tuple(_read(path) for path in sorted((ROOT / folder).rglob("*.py")))


def _read(path: Path) -> Module:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    room = parts[1] if len(parts) > 1 and (path.parent != ROOT / "shop") else ""
    kind = parts[2] if room and len(parts) > 2 and parts[2] in KINDS else ""
    return Module(path, ".".join(parts), room, kind, tuple(ast.walk(ast.parse(path.read_text()))))


def imports(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Every module that a file imports, wherever in it; `from a import b` gives a.b as well, b may be a module."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            head = _absolute(module, node)
            for alias in node.names:
                yield node, f"{head}.{alias.name}"


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    if module.path.name != "__init__.py":
        parts.pop()
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, *([node.module] if node.module else [])])


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute, "" of anything else; a call in between counts as its function."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else node.attr
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return ""


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the project as git knows them, new ones included, ignored ones left out."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(ROOT / name for name in said.split("\0") if name and (ROOT / name).is_file())


def told(faults: list[str]) -> str:
    """All faults, one a line, for an assertion."""
    return f"{len(faults)}:\n  " + "\n  ".join(faults)
