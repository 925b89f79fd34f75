"""Statements of all makers and brokers: the same page and paper that desk and card show."""

from flask import url_for
from flask.typing import ResponseReturnValue

from shop.db import reading
from shop.errors import NotFound
from shop.office import access
from shop.office.blueprint import bp
from shop.payouts.pages import statement_file, statement_page
from shop.payouts.queries import payee_names
from shop.payouts.year_pages import year_file, year_page


def _known(payee: str) -> str:
    with reading() as session:
        if payee.startswith("workshop:") or payee not in payee_names(session, payees=[payee]):
            raise NotFound(what="payee")
    return payee


@bp.get("/statements/<payee>")
def statement(payee: str) -> ResponseReturnValue:
    """A maker's or broker's statement on one sheet."""
    actor = access.staff()
    kind, _colon, number = _known(payee).partition(":")
    back = (
        url_for("office.maker", maker_id=int(number))
        if kind == "maker"
        else url_for("office.broker", broker_id=int(number))
    )
    return statement_page(
        payee,
        usual=actor.lang,
        endpoint="office.statement",
        back=back,
        pdf="office.statement_paper" if kind == "maker" else "",
        year="office.year_statement" if kind == "maker" else "",
        payee=payee,
    )


@bp.get("/statements/<payee>/paper.pdf")
def statement_paper(payee: str) -> ResponseReturnValue:
    """The same as a PDF, for makers."""
    access.staff()
    if not _known(payee).startswith("maker:"):
        raise NotFound(what="payee")
    return statement_file(payee)


def _maker(payee: str) -> str:
    if not _known(payee).startswith("maker:"):
        raise NotFound(what="payee")
    return payee


@bp.get("/statements/<payee>/<int:year>")
def year_statement(payee: str, year: int) -> ResponseReturnValue:
    """A maker's income of a year, for a bank or an office."""
    actor = access.staff()
    return year_page(
        _maker(payee),
        year,
        usual=actor.lang,
        endpoint="office.year_statement",
        pdf="office.year_paper",
        back=url_for("office.statement", payee=payee),
        payee=payee,
    )


@bp.get("/statements/<payee>/<int:year>/paper.pdf")
def year_paper(payee: str, year: int) -> ResponseReturnValue:
    """The same on A4."""
    access.staff()
    return year_file(_maker(payee), year)
