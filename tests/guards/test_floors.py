"""Imports go downstairs only (house.md 3)."""

import ast

from config import ROOT
from shop import ROOMS
from tests.guards.floors import BANNED_NAMES, FLOORS, FRAME, GROUND, INSIDE, KINDS, NO_MODELS, ONLY_OWN, floor_of
from tests.guards.reading import Module, imports, modules, told


def _goal(imported: str) -> tuple[str, str] | None:
    """(room or module of shop/, kind of file) that an import leads to; None outside the shop."""
    parts = imported.split(".")
    if parts[0] != "shop":
        return None
    kind = next((part for part in parts[2:3] if part in KINDS), "")
    return (parts[1] if len(parts) > 1 else ""), kind


def _is_room(name: str) -> bool:
    return (ROOT / "shop" / name / "__init__.py").exists()


def _refusals(module: Module) -> list[str]:
    found = []
    for node, imported in imports(module):
        goal = _goal(imported)
        if goal is None:
            continue
        name, kind = goal
        why = _refusal(module, name, kind)
        if why:
            found.append(f"{module.at(node)} imports {imported}: {why}")
    return list(dict.fromkeys(found))


def _refusal(module: Module, name: str, kind: str) -> str:
    own = module.room or module.name.removeprefix("shop.")
    if own in GROUND:
        return "" if name in GROUND else "the ground knows nothing above it"
    if not _is_room(name):
        return (
            "" if name in GROUND or _may_know_the_frame(module, name) else "a room does not know what holds the rooms"
        )
    if name != own and floor_of(name) >= floor_of(own):
        return "it lies on the same floor or higher"
    if name not in {own, "web"} and kind in ONLY_OWN:
        return f"no other room needs a room's {kind}"
    return f"{module.kind} do not import {kind}" if kind in INSIDE.get(module.kind, set()) else ""


def _may_know_the_frame(module: Module, name: str) -> bool:
    # a command is where a program begins: it may look whether the database is at the schema
    return name in FRAME and (module.room == "demo" or (name == "schema" and module.kind == "cli"))


def test_imports_go_downstairs_only():
    found = [
        one
        for module in modules()
        if module.room or module.name.removeprefix("shop.") in GROUND
        for one in _refusals(module)
    ]
    assert not found, told(found)


def test_every_room_stands_on_one_floor_and_is_started_in_that_order():
    all_rooms = [room for floor in FLOORS for room in floor]
    assert len(all_rooms) == len(set(all_rooms))
    there = {path.parent.name for path in (ROOT / "shop").glob("*/__init__.py")}
    assert there <= set(all_rooms), told(sorted(there - set(all_rooms)))
    heights = [floor_of(room) for room in ROOMS]
    assert heights == sorted(heights)


def test_no_file_lies_in_the_shop_beside_the_ground_the_frame_and_the_rooms():
    loose = {module.name.removeprefix("shop").removeprefix(".") for module in modules() if not module.room}
    assert loose <= GROUND | FRAME, told(sorted(loose - GROUND - FRAME))


def test_rooms_on_top_own_no_table():
    found = [str(module.path) for module in modules() if module.kind == "models" and module.room in NO_MODELS]
    assert not found, told(found)


def test_no_file_is_named_for_nothing_in_particular():
    found = [m.name for m in modules() if any(word in BANNED_NAMES for word in m.path.stem.lower().split("_"))]
    assert not found, told(found)


def test_no_module_takes_the_name_of_what_its_package_holds():
    """Importing `shop.people.again` would put the module where the package keeps a function of that name."""
    found = []
    for module in modules("shop"):
        if module.path.name != "__init__.py":
            continue
        folder = module.path.parent
        inside = {path.stem for path in folder.glob("*.py")} | {
            path.parent.name for path in folder.glob("*/__init__.py")
        }
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.module != module.name:
                held = {each.asname or each.name for each in node.names} & inside
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                held = {node.name} & inside
            else:
                continue
            found += [f"{module.name}: {name}" for name in held]
    assert not found, told(found)
