"""A room's templates use only ui/, layouts/ and their own pieces; nothing is inline, since the CSP forbids it."""

import ast
import re

from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from config import ROOT
from tests.guards.floors import FLOORS, TEMPLATES
from tests.guards.reading import dotted, modules, told

FREE = ("ui/", "layouts/", "errors/", "base.html", "mail/base.", "mail/_")
SHARED_FOLDERS = {"ui", "layouts", "errors", "mail"}
INLINE = (
    (re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/ld\+json)", re.IGNORECASE), "a script"),
    (re.compile(r"<style\b", re.IGNORECASE), "a <style>"),
    (re.compile(r"\sstyle\s*=\s*[\"'{]", re.IGNORECASE), "style="),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE), "on…="),
    (re.compile(r"javascript:", re.IGNORECASE), "javascript:"),
)


def _templates() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT / "templates")), path.read_text())
        for path in sorted((ROOT / "templates").rglob("*.*"))
    ]


def _names(source: str) -> list[str]:
    tree = SandboxedEnvironment(extensions=["jinja2.ext.i18n"]).parse(source)
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    return [str(one.template.value) for one in tree.find_all(kinds) if isinstance(one.template, nodes.Const)]


def _own(template: str) -> str:
    """The folder whose pieces a template may use: home/ for home/index.html, mail/orders/ for mail/orders/paid.txt."""
    parts = template.split("/")
    depth = 2 if parts[0] == "mail" and len(parts) > 2 else 1
    return "/".join(parts[:depth]) + "/" if len(parts) > depth else ""


def test_templates_use_only_components_layouts_and_their_own_pieces():
    found = [
        f"templates/{name} uses {used}"
        for name, source in _templates()
        for used in _names(source)
        if not used.startswith((*FREE, *filter(None, [_own(name)])))
    ]
    assert not found, told(found)


def test_components_know_no_room():
    found = [
        f"templates/{name} uses {used}"
        for name, source in _templates()
        if name.startswith(("ui/", "layouts/"))
        for used in _names(source)
        if not used.startswith(FREE)
    ]
    assert not found, told(found)


def test_every_template_that_is_named_exists_and_is_the_rooms_own():
    there = {name for name, _ in _templates()}
    found = [
        f"templates/{name} uses {used}, which is not there"
        for name, source in _templates()
        for used in _names(source)
        if used not in there
    ]
    for module in modules():
        for node in module.nodes:
            if not (isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "render_template" and node.args):
                continue
            first = node.args[0]
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                continue
            folder = first.value.removeprefix("mail/").split("/")[0]
            if first.value not in there:
                found.append(f"{module.at(node)} renders {first.value}, which is not there")
            elif folder not in {*TEMPLATES.get(module.room, {module.room}), "errors"} and module.room != "web":
                found.append(f"{module.at(node)} renders another room's {first.value}")
    assert not found, told(found)


def test_every_template_folder_belongs_to_a_room():
    rooms = {room for floor in FLOORS for room in floor} | {one for names in TEMPLATES.values() for one in names}
    folders = {name.split("/")[0] for name, _ in _templates() if "/" in name}
    assert folders <= rooms | SHARED_FOLDERS, told(sorted(folders - rooms - SHARED_FOLDERS))


def test_nothing_is_inline():
    found = []
    for name, source in _templates():
        shown = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
        found += [
            f"templates/{name} has {what} inline"
            for pattern, what in INLINE
            if name.endswith(".html") and pattern.search(shown)
        ]
    assert not found, told(found)


def test_a_wide_table_of_the_office_folds_on_a_phone_with_the_name_of_each_column():
    """class="ledger fold", and data-l="{{ _('…') }}" at the cells: without it a phone shows the first columns only."""
    wrong = []
    for name, source in _templates():
        if name.startswith("office/"):
            for found in re.finditer(r'<table class="ledger([^"]*)">(.*?)</table>', source, re.DOTALL):
                kinds, table = found[1].split(), found[2]
                columns = len(re.findall(r'<th scope="col"[^>]*>(?!<span class="vh")', table))
                if {"wide", "widest"} & set(kinds) or (columns > 4 and "fold" not in kinds):
                    wrong.append(f"{name}: a table of {columns} columns does not fold")
                said = table.count("data-l=") + table.count("label=")
                # cells made by a loop of their own say it once
                if "fold" in kinds and ((said < columns - 1 and table.count("{% for") < 2) or not said):
                    wrong.append(f"{name}: a cell does not say its column")
    assert not wrong, "\n".join(wrong)
