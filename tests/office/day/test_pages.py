"""Every page of the co-op's day: whole in three languages, for those whose business it is, without dead ends."""

import pytest

from tests.people import ADA, ANNA, FEN, MEI, OTTO, TAO

READ = {
    "/office/": ("staff", 12),
    "/office/cover": ("staff", 8),
    "/office/accounts/close": ("staff", 8),
    "/office/tasks": ("staff", 8),
    "/office/batches": ("staff", 12),
    "/office/batches/{batch_id}": ("staff", 16),
    "/office/payouts/{payout_id}": ("staff", 16),
    "/office/unconfirmed": ("staff", 8),
    "/office/unconfirmed?broker=2": ("staff", 8),
    "/office/spot-calls": ("staff", 8),
    "/office/floats/1": ("staff", 12),
    "/office/payees/maker:1/method": ("staff", 8),
    "/office/statements/maker:1": ("staff", 16),
    "/office/statements/broker:2?lang={lang}": ("staff", 16),
    "/office/accounts": ("staff", 8),
    "/office/accounts/of/maker:in_transit": ("staff", 12),
    "/office/accounts/of/bank": ("staff", 12),
    "/office/accounts/of/stock:pieces": ("staff", 12),
    "/office/accounts/of/work:open": ("staff", 12),
    "/office/accounts/1": ("staff", 12),
    "/office/reconcile": ("staff", 12),
    "/office/reconcile?bank=1,000.00": ("staff", 12),
    "/office/orders": ("staff", 8),
    "/office/orders?state=paid&q=QS": ("staff", 8),
    "/office/orders/{order_id}": ("staff", 20),
    "/office/orders/{order_id}/pay": ("staff", 12),
    "/office/slips/{assignment_id}": ("staff", 8),
    "/office/products": ("staff", 12),
    "/office/products?state=published&q=lotus&workshop=1": ("staff", 12),
    "/office/products?state=sold_out": ("staff", 12),
    "/office/products/{product_id}": ("staff", 28),
    "/office/products/new": ("officer", 8),
    "/office/imports": ("officer", 8),
    "/office/outbox": ("staff", 8),
    "/office/outbox?state=waiting": ("staff", 8),
}
MAY = {"staff": {"treasurer", "officer", "admin"}, "officer": {"officer", "admin"}}
CAST = (ANNA, MEI, OTTO, TAO, FEN, ADA)


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_every_page_is_whole_in_three_languages(chain, as_, visit, lang):
    client = as_(FEN, lang)
    for path, (_who, ceiling) in READ.items():
        visit(path.format(**chain.mine | {"lang": lang}), client=client, lang=lang, ceiling=ceiling)


@pytest.mark.parametrize("who", CAST, ids=lambda who: who.role)
def test_a_page_opens_for_those_whose_business_it_is(chain, as_, who):
    client = as_(who)
    for path, (whose, _ceiling) in READ.items():
        response = client.get(path.format(**chain.mine | {"lang": "en"}))
        assert response.status_code == (200 if who.role in MAY[whose] else 403), (path, who.role)


@pytest.mark.parametrize("who", [TAO, FEN], ids=lambda who: who.role)
def test_nobody_is_led_to_a_page_that_would_refuse_her(chain, as_, visit, who):
    client = as_(who)
    seen: set[str] = set()
    for path, (whose, ceiling) in READ.items():
        if who.role not in MAY[whose]:
            continue
        page = visit(path.format(**chain.mine | {"lang": "en"}), client=client, ceiling=ceiling)
        for href in page.hrefs("main a, .rail a"):
            if href.startswith(("/office", "/en/products")) and href not in seen:
                seen.add(href)
                assert client.get(href).status_code < 400, (path, href)
    assert len(seen) > 30


@pytest.mark.parametrize(
    "path",
    [
        "/office/batches/999",
        "/office/payouts/999",
        "/office/orders/999",
        "/office/slips/999",
        "/office/receipts/999",
        "/office/accounts/999",
        "/office/accounts/of/purse",
        "/office/products/999",
        "/office/statements/maker:999",
        "/office/statements/nobody",
        "/office/statements/broker:1/paper.pdf",
        "/office/payees/maker:999/method",
        "/office/floats/999",
        "/office/imports/none",
        "/office/imports/try/none",
        "/office/orders/lines/1/burn",
    ],
)
def test_what_is_not_there_is_not_found(chain, as_, path):
    assert as_(ADA).get(path).status_code == 404
