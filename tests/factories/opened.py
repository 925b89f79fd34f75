"""The factory's shop with money in the bank: what most rooms' tests begin with."""

from shop.actor import COMMAND
from shop.db import writing
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from tests.factories import catalog
from tests.support import databases


def opened_shop(minor: int = 1_000_000) -> catalog.Shop:
    """`catalog.make_shop` and an opening balance of so many minor units, on a clean database."""

    def build() -> catalog.Shop:
        with writing() as session:
            made = catalog.make_shop(session)
            opening = [Move(account("bank", "main"), account("equity:opening"), minor)]
            post(session, [Draft("open:1", "open", "CNY", opening)], by=COMMAND)
        return made

    return databases.built(f"opened-{minor}", build)
