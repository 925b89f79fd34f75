"""Services, models and queries can be called from view, worker, command line and test alike (house.md 1)."""

from tests.guards.floors import GROUND, WITHOUT_FLASK
from tests.guards.reading import imports, modules, told

WEB = ("flask", "flask_babel", "flask_login", "flask_wtf", "flask_limiter", "werkzeug", "wtforms", "jinja2")


def test_what_works_without_a_request_imports_nothing_of_the_web():
    found = [
        f"{module.at(node)} imports {imported}"
        for module in modules()
        if module.kind in WITHOUT_FLASK or (not module.room and module.name.removeprefix("shop.") in GROUND)
        for node, imported in imports(module)
        if imported.split(".")[0] in WEB or imported.startswith("shop.web")
    ]
    assert not found, told(found)
