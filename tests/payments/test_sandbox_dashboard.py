"""The sandbox's stand-in for Stripe's own pages: refunds made there, disputes, and what it refuses."""

import pytest
import stripe

from shop.payments.sandbox.amounts import dispute_fee_of


@pytest.fixture
def charge(paid, client):
    intent = paid().payment_intent
    return client.v1.charges.list({"payment_intent": intent}).data[0]


def pressed(buyer, charge, do, amount="", **headers):
    data = {"do": do, "charge": charge.id, "amount": amount}
    return buyer.post("/dashboard", data=data, headers=headers).status_code


def test_a_refund_made_there_is_no_more_than_is_left(buyer, client, charge):
    assert pressed(buyer, charge, "refund", "1600") == 303
    assert [pressed(buyer, charge, "refund", typed) for typed in ("50001", "x", "0")] == [400, 400, 400]
    assert pressed(buyer, charge, "refund") == 303
    made = client.v1.refunds.list({"charge": charge.id}).data
    assert [(row.amount, row.to_dict()["metadata"]) for row in made] == [(50000, {}), (1600, {})]
    assert pressed(buyer, charge, "refund") == 400


def test_a_dispute_takes_the_money_with_a_fee_and_is_closed_once(buyer, client, charge):
    assert pressed(buyer, charge, "win") == 404
    assert pressed(buyer, charge, "dispute", **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert pressed(buyer, charge, "dispute") == 303
    assert pressed(buyer, charge, "dispute") == 400
    (dispute,) = client.v1.disputes.list({"charge": charge.id}).data
    (taken,) = dispute.balance_transactions
    assert (taken.amount, taken.fee, taken.type) == (-51600, dispute_fee_of("cny"), "adjustment")
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.v1.refunds.create({"charge": charge.id})
    assert pressed(buyer, charge, "win") == 303
    assert pressed(buyer, charge, "lose") == 400
    won = client.v1.disputes.retrieve(dispute.id)
    assert (won.status, sum(each.net for each in won.balance_transactions)) == ("won", -dispute_fee_of("cny"))


def test_it_can_be_lost_by_the_api_and_is_shown_in_three_languages(buyer, client, charge):
    assert "There are no payments yet." not in buyer.get("/dashboard").text
    pressed(buyer, charge, "dispute")
    (dispute,) = client.v1.disputes.list({}).data
    assert client.v1.disputes.close(dispute.id).status == "lost"
    for lang, word in (("en", "dispute lost"), ("zh", "争议输了"), ("vi", "thua tranh chấp")):
        assert word in buyer.get("/dashboard", headers={"Accept-Language": lang}).text
