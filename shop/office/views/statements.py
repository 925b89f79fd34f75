"""Statements of all makers and brokers: the same page and paper that desk and card show."""

from flask import url_for
from flask.typing import ResponseReturnValue

from shop.db import reading
from shop.errors import NotFound
from shop.office import access
from shop.office.blueprint import bp
from shop.payouts.pages import statement_file, statement_page
from shop.payouts.queries import payee_names


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
        payee=payee,
    )


@bp.get("/statements/<payee>/paper.pdf")
def statement_paper(payee: str) -> ResponseReturnValue:
    """The same as a PDF, for makers."""
    access.staff()
    if not _known(payee).startswith("maker:"):
        raise NotFound(what="payee")
    return statement_file(payee)
