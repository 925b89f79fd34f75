"""What can be read in one sitting: functions up to 70 lines, files up to 400."""

from config import ROOT
from tests.guards.reading import functions, modules, told

LINES_OF_A_FUNCTION = 70
LINES_OF_A_FILE = 400


def test_functions_fit_a_screen():
    found = [
        f"{module.at(function)} {function.name}: {function.end_lineno - function.lineno + 1} lines"
        for folder in ("shop", "tests")
        for module in modules(folder)
        for function in functions(module)
        if function.end_lineno and function.end_lineno - function.lineno >= LINES_OF_A_FUNCTION
    ]
    assert not found, told(found)


def test_files_are_short():
    files = [module.path for folder in ("shop", "tests") for module in modules(folder)]
    files += [ROOT / "config.py", *(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "css").glob("*.css")]
    found = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in files
        if (lines := len(path.read_text().splitlines())) > LINES_OF_A_FILE
    ]
    assert not found, told(found)
