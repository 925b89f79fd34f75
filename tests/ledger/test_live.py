"""Reading the books while they are written: the audit beside a seller, sums across a fold."""

import threading

from sqlalchemy import event

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.chart import account, named
from shop.ledger.jobs import fold_now
from shop.ledger.queries import balance, cover
from shop.ledger.services import Draft, Move, post
from tests.factories import catalog
from tests.factories.orders import on_shelf, paid

SALES = 12


def opening(minor: int) -> None:
    with writing() as session:
        moves = [Move(account("bank", "main"), account("equity:opening"), minor)]
        post(session, [Draft("open:1", "open", "CNY", moves)], by=COMMAND)


def test_audits_beside_a_seller_see_no_breach(app):
    with writing() as session:
        shop = catalog.make_shop(session)
    opening(100_000_000)
    on_shelf(shop.variants["plate"], 5, 1, key="first")
    with writing() as session:
        catalog.publish(session, shop, "plate")
    lotus, plate = shop.variants["lotus"], shop.variants["plate"]
    failed: list[BaseException] = []

    def sell() -> None:
        try:
            for n in range(SALES):
                on_shelf(plate, 5, 1, key=f"sale{n}")
                paid({lotus: 1, plate: 1}, email=f"buyer{n}@example.org")
        except BaseException as error:
            failed.append(error)

    seller = threading.Thread(target=sell)
    runner, answers = app.test_cli_runner(), []
    seller.start()
    while seller.is_alive():
        answers.append(runner.invoke(args=["audit"]))
    seller.join()
    answers.append(runner.invoke(args=["audit"]))
    assert not failed
    assert len(answers) > 3
    assert [answer.output for answer in answers if answer.exit_code] == []


def test_a_sum_read_while_the_worker_folds_is_counted_once(engine):
    opening(1_000)
    folding: list[threading.Thread] = []

    def fold_between(*_statement: object) -> None:
        if threading.current_thread() is threading.main_thread():
            folding.append(threading.Thread(target=fold_now))
            folding[-1].start()
            folding[-1].join()

    with reading() as session:
        event.listen(engine, "after_cursor_execute", fold_between)
        try:
            found = balance(session, named("bank:main"), "CNY"), cover(session, "CNY").have["bank"]
        finally:
            event.remove(engine, "after_cursor_execute", fold_between)
    assert folding
    assert found == (1_000, 1_000)
