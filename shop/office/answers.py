"""What office pages share: running a form's service and putting its refusal where it belongs, keyset pages, choices."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from wtforms import FormField
from wtforms.fields.choices import SelectChoice

from shop.actor import Actor
from shop.db import Texts, writing
from shop.errors import ShopError
from shop.media import services as pictures
from shop.media.folder import media_folder
from shop.media.pipeline import BadPicture
from shop.money import BadMoney, Money, parse
from shop.office.forms.coop import MinimumForm
from shop.office.forms.makers import PictureForm
from shop.office.forms.pay import FloatForm
from shop.office.services.goods import TooManyPictures
from shop.web.addresses import number
from shop.web.errors import sentence
from shop.web.filters import straight, tri_text
from shop.web.forms import ShopForm
from shop.web.i18n import current_lang
from shop.words import fold

__all__ = ["media_folder", "number"]
"""Passed on to the views of this room."""

PAGE = 50
T = TypeVar("T")


def refusal(form: ShopForm, work: Callable[[Session], object]) -> int | None:
    """Run a form's work in one unit; None when it is done, else the status of the page that shows the form again.

    A refusal's sentence stands at the field it names, else above the form. What is not there stays a page of its own.
    """
    if not form.validate():
        return 422
    try:
        with writing() as session:
            work(session)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        put(form, error)
        return error.status
    return None


def picture_refusal(form: PictureForm, by: Actor, work: Callable[[Session, int], object]) -> int | None:
    """As `refusal`, for a form with a picture: `work` is given the id of the picture that was kept."""
    if not form.validate():
        return 422
    try:
        kept = pictures.keep(form.picture.data.read(), media_folder())
    except BadPicture as error:
        put(form, error, "picture")
        return error.status
    return refusal(form, lambda session: work(session, pictures.add_kept(session, kept=kept, by=by).id))


UPLOADS = 8
"""Most pictures of one form; the whole of it may have twelve megabytes."""


def sent_pictures(name: str = "pictures") -> list[FileStorage]:
    """The files of a field of this request; an empty field sends none."""
    return [each for each in request.files.getlist(name) if each.filename]


def keep_pictures(files: Sequence[FileStorage]) -> list[pictures.Kept]:
    """Pictures checked and drawn anew, in their order, before the database is asked for anything.

    Raises TooManyPictures over UPLOADS, and BadPicture, which names the `file` it is about.
    """
    if not files:
        raise BadPicture("empty")
    if len(files) > UPLOADS:
        raise TooManyPictures(most=UPLOADS, at_once=True)
    kept = []
    for each in files:
        try:
            kept.append(pictures.keep(each.read(), media_folder()))
        except BadPicture as error:
            error.data["file"] = each.filename
            raise
    return kept


def put(form: ShopForm, error: ShopError, name: str = "") -> None:
    """Write a refusal's sentence at its field; one about a file of several begins with its name."""
    name = name or str(error.data.get("field", ""))
    said = sentence(error)
    if error.data.get("file"):
        said = _("%(field)s: %(fault)s", field=straight(str(error.data["file"])), fault=said)
    field: Any = form[name] if name in form else None  # noqa: SIM401  a form is no dict
    if isinstance(field, FormField):
        field = next(iter(field.form))
    if field is None or field.type in {"HiddenField", "CSRFTokenField"}:
        form.form_errors.append(said)
    else:
        field.errors = [*field.errors, said]


def posted() -> bool:
    """Whether this request sends a form."""
    return request.method == "POST"


def words_asked() -> str:
    """What is looked for, from the address; signs that cannot be printed are no part of it."""
    return "".join(sign for sign in request.args.get("q", "")[:100] if sign.isprintable()).strip()


def cut(lines: Sequence[T]) -> tuple[Sequence[T], bool]:
    """A page of lines out of PAGE + 1, and whether there are more."""
    return lines[:PAGE], len(lines) > PAGE


def by_name(names: Mapping[int, Texts]) -> list[tuple[int, str]]:
    """(id, name in the page's language), sorted by name: so one is found in a long select by its first letters."""
    named = [(number, tri_text(name) or str(number)) for number, name in names.items()]
    return sorted(named, key=lambda pair: (fold(pair[1]), pair[0]))


def choices(pairs: Iterable[tuple[object, Texts | str]], *, none: str | None = None) -> list[SelectChoice]:
    """Choices of a select from (value, text) pairs; `none` is the text of choosing nothing."""
    made = [
        SelectChoice(str(value), text if isinstance(text, str) else tri_text(text) or str(value))
        for value, text in pairs
    ]
    return [SelectChoice("", none), *made] if none is not None else made


def amount_typed(form: FloatForm | MinimumForm, currency: str) -> tuple[int, Money | None]:
    """The sum above nothing in a form's `amount`, or 422 and None with the sentence at its field."""
    if not form.validate():
        return 422, None
    try:
        amount = parse(form.amount.data or "", currency, current_lang())
    except BadMoney as error:
        put(form, error, "amount")
        return 422, None
    if amount.minor <= 0:
        form.amount.errors = (*form.amount.errors, _("It must be more than nothing."))
        return 422, None
    return 200, amount
