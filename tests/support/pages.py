"""A fetched page: its text, its forms and links, so that a test reads like somebody using it."""

from typing import Any

from lxml import html
from werkzeug.test import TestResponse

from tests.support.apps import SITE, Client
from tests.support.linting import faults
from tests.support.statements import Statements, counted


class Page:
    """One answer of the shop."""

    def __init__(self, client: Client, path: str, response: TestResponse, statements: Statements) -> None:
        self.client = client
        self.path = path
        self.response = response
        self.status = response.status_code
        self.statements = statements
        self.source = response.get_data(as_text=True)
        self.doc: Any = html.document_fromstring(self.source) if self.source.strip() else html.Element("html")

    @property
    def text(self) -> str:
        """The words of the page's body, one space between them."""
        body = self.doc.find("body")
        return "" if body is None else " ".join(" ".join(body.itertext()).split())

    @property
    def h1(self) -> str:
        """The heading."""
        return " ".join(self.doc.findtext(".//h1", default="").split()) or self.one("h1")

    def one(self, selector: str) -> str:
        """The words of the one element that the CSS selector finds; AssertionError for none or several."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} of {selector!r} on {self.path}"
        return found[0]

    def all(self, selector: str) -> list[str]:
        """The words of every element that the CSS selector finds."""
        return [" ".join(" ".join(one.itertext()).split()) for one in self.doc.cssselect(selector)]

    def hrefs(self, selector: str = "a") -> list[str]:
        """Where the links go."""
        return [one.get("href") for one in self.doc.cssselect(selector) if one.get("href")]

    def form(self, selector: str = "main form") -> dict[str, Any]:
        """Names and values as a browser would send them, without any button's."""
        return _values(self._form(selector))

    def submit(self, selector: str = "main form", /, *, button: str | None = None, **fields: Any) -> "Page":
        """Send the form with `fields` changed, as a click on `button` (its value or words) would, and follow redirects."""
        response, path, statements = self._send(selector, button, fields, follow=True)
        return Page(self.client, path, response, statements)

    def post(self, selector: str = "main form", /, *, button: str | None = None, **fields: Any) -> TestResponse:
        """As `submit`, without following a redirect and without looking at the answer."""
        return self._send(selector, button, fields, follow=False)[0]

    def _form(self, selector: str) -> Any:
        found = self.doc.cssselect(selector)
        assert len(found) == 1, f"{len(found)} forms for {selector!r} on {self.path}: name one of {self._actions()}"
        return found[0]

    def _actions(self) -> list[str]:
        return [f'form[action="{form.get("action")}"]' for form in self.doc.findall(".//form")]

    def _send(
        self, selector: str, button: str | None, fields: dict[str, Any], *, follow: bool
    ) -> tuple[TestResponse, str, Statements]:
        form = self._form(selector)
        values = _values(form)
        if button is not None:
            values |= _button(form, button)
        values |= fields
        values = {name: value for name, value in values.items() if value is not None}
        method = form.get("method", "get").lower()
        action = form.get("action") or self.path
        with counted() as statements:
            if method == "post":
                response = self.client.post(action, data=values, follow_redirects=follow)
            else:
                response = self.client.get(action, query_string=values, follow_redirects=follow)
        return response, response.request.full_path.rstrip("?"), statements


def _values(form: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}

    def put(name: str, value: str) -> None:
        if name in values:
            values[name] = [*(values[name] if isinstance(values[name], list) else [values[name]]), value]
        else:
            values[name] = value

    for field in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name, kind = field.get("name"), field.get("type", "text")
        if field.get("disabled") is not None or kind in {"submit", "button", "image", "reset", "file"}:
            continue
        if field.tag == "textarea":
            put(name, (field.text or "").removeprefix("\n"))
        elif field.tag == "select":
            chosen = [one for one in field.iter("option") if one.get("selected") is not None]
            for one in chosen or ([] if field.get("multiple") is not None else list(field.iter("option"))[:1]):
                put(name, one.get("value", (one.text or "").strip()))
        elif kind not in {"checkbox", "radio"} or field.get("checked") is not None:
            put(name, field.get("value", "on" if kind in {"checkbox", "radio"} else ""))
    return values


def _button(form: Any, wanted: str) -> dict[str, str]:
    for one in form.xpath(".//button | .//input[@type='submit']"):
        words = " ".join((one.text_content() or one.get("value") or "").split())
        if wanted in {words, one.get("value"), one.get("name")}:
            return {one.get("name"): one.get("value") or ""} if one.get("name") else {}
    raise AssertionError(f"no button {wanted!r} in {form.get('action')}")


def fetch(client: Client, path: str, *, status: int = 200, ceiling: int = 12, lang: str | None = None) -> Page:
    """Get a page, follow redirects, and lint it. AssertionError names everything that is wrong with it at once."""
    with counted() as statements:
        response = client.get(path, follow_redirects=True)
    page = Page(client, path, response, statements)
    found = [] if response.status_code == status else [f"status {response.status_code} instead of {status}"]
    if response.mimetype == "text/html":
        found += faults(page.source, response.request.path, lang=lang)
    if statements.writes:
        found.append(f"a GET wrote: {statements.writes[0][:120]}")
    if len(statements) > ceiling:
        found.append(
            f"{len(statements)} statements, {ceiling} are allowed:\n    " + "\n    ".join(s[:160] for s in statements)
        )
    assert not found, f"{SITE}{path}:\n  " + "\n  ".join(found)
    return page
