"""Statements: a maker's, and the broker's own. One A4 page each, in zh, vi and en, sums in words."""

from flask import url_for
from flask.typing import ResponseReturnValue

from shop.desk import access
from shop.desk.blueprint import desk
from shop.payouts.pages import statement_file, statement_page


@desk.get("/makers/<int:maker_id>/statement")
def statement(maker_id: int) -> ResponseReturnValue:
    """A maker's statement, in her language unless asked otherwise."""
    me = access.my_maker(maker_id)
    payee = f"maker:{me.id}"
    return statement_page(
        payee,
        endpoint="desk.statement",
        back=url_for("desk.maker", maker_id=me.id),
        pdf="desk.statement_paper",
        maker_id=me.id,
    )


@desk.get("/makers/<int:maker_id>/statement.pdf")
def statement_paper(maker_id: int) -> ResponseReturnValue:
    """The same to be kept or sent."""
    me = access.my_maker(maker_id)
    payee = f"maker:{me.id}"
    return statement_file(payee)


@desk.get("/account/statement")
def own_statement() -> ResponseReturnValue:
    """The broker's own statement."""
    me = access.broker()
    return statement_page(
        f"broker:{me.broker_id}",
        usual=me.actor.lang,
        endpoint="desk.own_statement",
        back=url_for("desk.account"),
    )
