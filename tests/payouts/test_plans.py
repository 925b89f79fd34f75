"""Live rows are found by an index, also on SQLite, which takes a partial one only for the very condition asked."""

import pytest
from sqlalchemy import select, text

from shop.brokers.models import Mandate
from shop.catalog.models import PieceRate, PriceSplit
from shop.db import engine, reading
from shop.ledger.models import Earning
from shop.makers.models import Consent
from shop.payouts.models import PayoutItem, PayoutMethod

ASKED = {
    "payout_item": select(PayoutItem.id).where(PayoutItem.earning_id == 1, PayoutItem.live),
    "payout_method": select(PayoutMethod.id).where(PayoutMethod.payee == "maker:1", PayoutMethod.live),
    "mandate": select(Mandate.id).where(Mandate.maker_id == 1, Mandate.live),
    "consent": select(Consent.id).where(Consent.maker_id == 1, Consent.live),
    "piece_rate": select(PieceRate.id).where(PieceRate.variant_id == 1, PieceRate.live),
    "price_split": select(PriceSplit.id).where(PriceSplit.variant_id == 1, PriceSplit.live),
    "earning": (
        select(Earning.id)
        .outerjoin(PayoutItem, (PayoutItem.earning_id == Earning.id) & PayoutItem.live)
        .where(Earning.owner == "maker:1", PayoutItem.id.is_(None))
    ),
}


@pytest.mark.parametrize("table", sorted(ASKED))
def test_what_is_live_is_found_by_an_index(app, table):
    bound = engine()
    asked = str(ASKED[table].compile(bound, compile_kwargs={"literal_binds": True}))
    with reading() as session:
        if bound.dialect.name == "sqlite":
            plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
            assert not [step for step in plan if step.startswith("SCAN")], plan
        else:
            session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = [row[0] for row in session.execute(text(f"EXPLAIN {asked}"))]
            assert not [step for step in plan if "Seq Scan" in step], plan
