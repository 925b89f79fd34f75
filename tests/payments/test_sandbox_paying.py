"""The payment page: what a buyer sees and what each button does."""

import multiprocessing
import re
import threading

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from shop.payments import sandbox
from shop.payments.gateway import CheckoutLine
from shop.payments.sandbox.amounts import LARGEST, SMALLEST, ZERO_DECIMAL, fee_of
from shop.payments.sandbox.texts import TEXTS

CONTEXT = multiprocessing.get_context("spawn")


def kinds(client):
    return [event.type for event in client.v1.events.list({"limit": 100}).data][::-1]


def test_the_page_says_that_no_money_moves_and_what_is_paid(buyer, checkout, at):
    at()
    made = checkout()
    at(seconds=30)
    page = buyer.get(f"/pay/{made.session_id}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "No money moves" in text
    for part in ("¥516.00", "Lotus pond, silk embroidery", "Pan chang knot × 2", "¥136.00", "34 min"):
        assert part in text
    assert page.headers["Cache-Control"] == "no-store"
    assert "form-action 'self' http://127.0.0.1:8000;" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("lang", "html_lang", "words"),
    [("zh", "zh-Hans", "这里没有真钱"), ("vi", "vi", "Không có tiền thật"), ("en", "en", "No money moves")],
)
def test_the_page_speaks_the_sessions_language(buyer, checkout, press, lang, html_lang, words):
    made = checkout(lang=lang)
    open_page = buyer.get(f"/pay/{made.session_id}").get_data(as_text=True)
    step = press(made, "pay", m="card_step").get_data(as_text=True)
    press(made, "pay")
    done = buyer.get(f"/pay/{made.session_id}").get_data(as_text=True)
    for page in (open_page, step, done):
        assert f'<html lang="{html_lang}">' in page
        assert words in page
        assert "style=" not in page
        assert "<script" not in page
        heading = re.search(r"<h1[^>]*>([^<]+)<", page)[1]
        assert re.search(r"<title>([^<]+)<", page)[1].startswith(heading)
        assert page.count("<h1") == 1


def test_the_page_has_all_its_words_in_all_languages():
    assert {frozenset(words) for words in TEXTS.values()} == {frozenset(TEXTS["en"])}
    for key, english in TEXTS["en"].items():
        for words in TEXTS.values():
            assert set(re.findall(r"\{\w+\}", words[key])) == set(re.findall(r"\{\w+\}", english))


def test_a_name_from_the_shop_cannot_write_into_the_page(buyer, checkout):
    made = checkout(lines=[CheckoutLine("<script>alert(1)</script>{0}%s", 38000, 1)], ref="<b>{x}")
    text = buyer.get(f"/pay/{made.session_id}").get_data(as_text=True)
    assert "<script" not in text
    assert "<b>" not in text


def test_paying_completes_everything_and_leads_back(client, checkout, press):
    made = checkout()
    answer = press(made, "pay", m="card")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://127.0.0.1:8000/en/orders/secret?session={made.session_id}"
    session = client.v1.checkout.sessions.retrieve(
        made.session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    intent = session.payment_intent
    charge = intent.latest_charge
    assert (session.status, session.payment_status, intent.status, charge.status) == (
        "complete",
        "paid",
        "succeeded",
        "succeeded",
    )
    assert (intent.amount_received, charge.amount_captured, charge.balance_transaction.amount) == (51600, 51600, 51600)
    assert intent.transfer_group == charge.transfer_group == "QS-1"
    assert intent.metadata["attempt"] == charge.metadata["attempt"] == "1"
    assert charge.balance_transaction.fee == fee_of(51600, "cny") == 1754 + 214
    assert charge.balance_transaction.net == 51600 - 1968
    assert kinds(client) == [
        "payment_intent.created",
        "checkout.session.completed",
        "payment_intent.succeeded",
        "charge.succeeded",
    ]


def test_a_double_click_pays_once(client, checkout, press):
    made = checkout()
    first, second = press(made, "pay"), press(made, "pay")
    assert first.headers["Location"] == second.headers["Location"]
    assert len(client.v1.charges.list().data) == 1
    assert len(client.v1.balance_transactions.list().data) == 1
    assert kinds(client).count("checkout.session.completed") == 1


@pytest.mark.parametrize("then", ["decline", "later", "later_fail", "confirm", "pay"])
def test_after_a_payment_no_button_changes_it(client, paid, press, then):
    made = paid()
    before = client.v1.checkout.sessions.retrieve(made.session_id).to_dict()
    assert press(made, then).status_code == 303
    assert client.v1.checkout.sessions.retrieve(made.session_id).to_dict() == before


def test_forty_clicks_at_once_pay_once(sandbox_app, client, checkout):
    made = checkout()
    gate, answers = threading.Barrier(40), []

    def click():
        gate.wait()
        answers.append(sandbox_app.test_client().post(f"/pay/{made.session_id}", data={"do": "pay"}).status_code)

    threads = [threading.Thread(target=click) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 40
    assert len(client.v1.charges.list().data) == 1


def pay_in_a_process(instance_path, session_id, gate, answers):
    secret = sandbox.webhook_secret(instance_path)
    app = sandbox.create_sandbox(instance_path, secret=secret, webhook_url="http://127.0.0.1:8000/webhooks/stripe")
    gate.wait(60)
    answers.put(app.test_client().post(f"/pay/{session_id}", data={"do": "pay"}).status_code)


def test_two_processes_paying_the_same_session_at_once_take_the_money_once(client, checkout, stripe_settings):
    made = checkout()
    gate, answers = CONTEXT.Barrier(2), CONTEXT.Queue()
    arguments = (stripe_settings.instance_path, made.session_id, gate, answers)
    both = [CONTEXT.Process(target=pay_in_a_process, args=arguments) for _ in range(2)]
    for process in both:
        process.start()
    statuses = [answers.get(timeout=60) for _ in both]
    for process in both:
        process.join()
    assert statuses == [303, 303]
    assert [charge.status for charge in client.v1.charges.list().data] == ["succeeded"]
    assert kinds(client).count("charge.succeeded") == 1
    assert client.v1.balance.retrieve().pending[0].amount == 51600 - fee_of(51600, "cny")


def test_a_declined_payment_leaves_the_session_open_for_another_try(client, gateway, checkout, press):
    made = checkout()
    refused = press(made, "decline")
    assert refused.status_code == 402
    assert "nothing was taken" in refused.get_data(as_text=True)
    assert gateway.find_checkout(made.session_id).state == "open"
    assert press(made, "pay").status_code == 303
    assert [charge.status for charge in client.v1.charges.list().data] == ["succeeded", "failed"]
    assert len(client.v1.payment_intents.list().data) == 1
    assert kinds(client)[:3] == ["payment_intent.created", "payment_intent.payment_failed", "charge.failed"]


def test_a_declined_payment_is_cancelled_when_its_session_expires(client, checkout, press, at):
    at()
    made = checkout()
    press(made, "decline")
    at(minutes=36)
    intent = client.v1.payment_intents.list().data[0]
    assert (intent.status, intent.cancellation_reason) == ("canceled", "expired")
    assert press(made, "pay").status_code == 410


def test_a_slow_payment_succeeds_after_a_minute(client, gateway, checkout, press, at):
    at()
    made = checkout()
    assert press(made, "later").status_code == 303
    assert gateway.find_checkout(made.session_id).state == "pending"
    at(seconds=59)
    assert gateway.find_checkout(made.session_id).state == "pending"
    at(seconds=1)
    for _ in range(2):
        assert gateway.find_checkout(made.session_id).state == "paid"
    assert kinds(client) == [
        "payment_intent.created", "checkout.session.completed", "payment_intent.processing", "charge.pending",
        "checkout.session.async_payment_succeeded", "payment_intent.succeeded", "charge.succeeded",
    ]  # fmt: skip
    completed = client.v1.events.list({"type": "checkout.session.completed"}).data[0]
    assert completed.data.object["payment_status"] == "unpaid"


def test_a_slow_payment_can_fail_and_takes_nothing(client, gateway, checkout, press, at):
    at()
    made = checkout()
    press(made, "later_fail")
    at(hours=2)
    assert gateway.find_checkout(made.session_id).state == "failed"
    assert gateway.fee_of(gateway.find_checkout(made.session_id).payment_intent) is None
    assert client.v1.balance_transactions.list().data == []
    assert kinds(client)[-3:] == [
        "checkout.session.async_payment_failed",
        "payment_intent.payment_failed",
        "charge.failed",
    ]


def test_a_slow_payment_outlives_the_sessions_time(gateway, checkout, press, at):
    at()
    made = checkout()
    at(minutes=34, seconds=50)
    press(made, "later")
    at(minutes=1)
    assert gateway.find_checkout(made.session_id).state == "paid"


def test_wechat_is_confirmed_after_a_minute_and_alipay_at_once(gateway, client, checkout, press):
    slow, quick = checkout(), checkout()
    press(slow, "pay", m="wechat_pay")
    press(quick, "pay", m="alipay")
    assert gateway.find_checkout(slow.session_id).state == "pending"
    assert gateway.find_checkout(quick.session_id).state == "paid"
    charge = client.v1.charges.list().data[0]
    assert (charge.id[:3], charge.payment_method_details.type) == ("py_", "alipay")
    assert client.v1.balance_transactions.list().data[0].type == "payment"


def test_a_second_step_asks_before_it_pays(gateway, checkout, press):
    made = checkout()
    asked = press(made, "pay", m="card_step")
    assert asked.status_code == 200
    assert 'value="confirm"' in asked.get_data(as_text=True)
    assert gateway.find_checkout(made.session_id).state == "open"
    assert press(made, "confirm", m="card").status_code == 303
    assert gateway.find_checkout(made.session_id).state == "paid"


def test_leaving_pays_nothing_and_leads_back_to_the_cart(client, gateway, checkout, press):
    made = checkout()
    answer = press(made, "leave")
    assert (answer.status_code, answer.headers["Location"]) == (303, "http://127.0.0.1:8000/en/cart")
    assert gateway.find_checkout(made.session_id).state == "open"
    assert kinds(client) == []


def test_a_late_payment_takes_nothing(client, buyer, checkout, press, at):
    at()
    made = checkout()
    at(minutes=35)
    assert buyer.get(f"/pay/{made.session_id}").status_code == 410
    assert press(made, "pay").status_code == 410
    assert client.v1.charges.list().data == []


@pytest.mark.parametrize("form", [{}, {"do": "give"}, {"do": "pay\0"}])
def test_an_unknown_button_does_nothing(client, checkout, buyer, form):
    made = checkout()
    assert buyer.post(f"/pay/{made.session_id}", data=form).status_code == 200
    assert kinds(client) == []


def test_a_method_the_session_does_not_offer_falls_back_to_the_card(client, checkout, press):
    press(checkout(currency="VND", lines=[CheckoutLine("Thêu", 1260000, 1)]), "pay", m="alipay")
    assert client.v1.charges.list().data[0].payment_method_details.type == "card"


def test_another_site_cannot_press_the_buttons(client, buyer, checkout):
    made = checkout()
    for site in ("cross-site", "same-site"):
        answer = buyer.post(f"/pay/{made.session_id}", data={"do": "pay"}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert kinds(client) == []


def test_a_page_that_does_not_exist_says_so(buyer):
    for lang, words in (("vi", "Không có"), ("zh-CN,zh;q=0.8", "没有这笔付款"), ("fr", "no such payment")):
        page = buyer.get("/pay/cs_test_nothing", headers={"Accept-Language": lang})
        assert page.status_code == 404
        assert words in page.get_data(as_text=True)
    assert buyer.post("/pay/cs_test_nothing", data={"do": "pay"}).status_code == 404


def test_the_page_finds_its_own_address_where_it_is_mounted(sandbox_app, checkout, path_of):
    made = checkout()
    assert made.url == f"http://127.0.0.1:8000/sandbox/pay/{made.session_id}"
    mounted = Client(DispatcherMiddleware(Response("the shop", 200), {"/sandbox": sandbox_app}), Response)
    text = mounted.get(f"/sandbox{path_of(made.url)}").get_data(as_text=True)
    assert f'action="/sandbox/pay/{made.session_id}"' in text
    assert 'href="/sandbox/static/css/tokens.css"' in text
    assert mounted.post(f"/sandbox/pay/{made.session_id}", data={"do": "pay"}).status_code == 303


def test_dong_are_charged_as_they_are(client, gateway, checkout, press, buyer):
    made = checkout(currency="VND", lines=[CheckoutLine("Tranh thêu sen", 1260000, 1)], lang="vi")
    assert "1.260.000" in buyer.get(f"/pay/{made.session_id}").get_data(as_text=True)
    press(made, "pay")
    assert client.v1.charges.list().data[0].amount == 1260000
    fee = gateway.fee_of(gateway.find_checkout(made.session_id).payment_intent)
    assert (fee.amount_minor, fee.fee_minor, fee.currency) == (1260000, 42840 + 7900, "VND")


def test_the_balance_is_the_sum_of_the_movements(client, paid, at):
    at()
    net = 2 * (51600 - fee_of(51600, "cny"))
    paid(), paid()
    balance = client.v1.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, net)
    at(days=7)
    balance = client.v1.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (net, 0)
    assert {movement.status for movement in client.v1.balance_transactions.list().data} == {"available"}


def test_a_fee_never_exceeds_what_it_is_taken_from():
    for currency, smallest in SMALLEST.items():
        assert 0 < fee_of(smallest, currency) < smallest
        assert fee_of(LARGEST, currency) < LARGEST
    assert {"vnd", "jpy", "krw"} == ZERO_DECIMAL & set(SMALLEST)
