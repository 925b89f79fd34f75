"""A sandbox of its own for each test, spoken to by the real SDK and looked at as a buyer would."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shop import clock
from shop.payments import sandbox
from shop.payments.gateway import CheckoutLine, Gateway, make_client, webhook_secret

SITE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class StripeSettings:
    instance_path: Path
    app_env: str = "development"
    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_base: str = ""
    site_url: str = SITE

    def but(self, **changes):
        return replace(self, **changes)


@dataclass
class Webhook:
    """The shop's end: takes what it is sent, or answers what it is told to."""

    status: int = 200
    sent: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def __call__(self, url, body, headers):
        self.sent.append((url, body, headers))
        if self.status == 0:
            raise ConnectionError("nobody listens")
        return self.status


@pytest.fixture
def at():
    """Lets the shop's time stand still, or move by a step from where it stands."""

    def move(**step):
        clock.stand_at(clock.now() + timedelta(**step))
        return clock.now()

    yield move
    clock.stand_at(None)


@pytest.fixture
def stripe_settings(tmp_path):
    return StripeSettings(tmp_path)


@pytest.fixture
def client(stripe_settings):
    return make_client(stripe_settings)


@pytest.fixture
def gateway(client):
    return Gateway(client)


@pytest.fixture
def sandbox_app(stripe_settings):
    secret = webhook_secret(stripe_settings)
    return sandbox.create_sandbox(stripe_settings.instance_path, secret=secret, webhook_url=f"{SITE}/webhooks/stripe")


@pytest.fixture
def buyer(sandbox_app):
    return sandbox_app.test_client()


@pytest.fixture
def api(sandbox_app, stripe_settings):
    """Raw requests to the interface: (method, path, form or query) → (status, JSON)."""
    http = sandbox_app.test_client()
    key = sandbox.api_key(stripe_settings.instance_path)

    def ask(method, path, data=None, **headers):
        sent = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        content = {"query_string": data} if method == "GET" else {"data": data}
        answer = http.open(
            path, method=method, headers=sent, content_type="application/x-www-form-urlencoded", **content
        )
        return answer.status_code, answer.get_json()

    return ask


@pytest.fixture
def webhook():
    return Webhook()


@pytest.fixture
def checkout(gateway):
    """Opens a session for 516.00 CNY, or with what is asked otherwise."""
    count = iter(range(1, 1000))

    def make(**wishes):
        number = next(count)
        asked = {
            "ref": f"QS-{number}",
            "lines": [CheckoutLine("Lotus pond, silk embroidery", 38000, 1), CheckoutLine("Pan chang knot", 6800, 2)],
            "currency": "CNY",
            "email": "anna@example.com",
            "success_url": f"{SITE}/en/orders/secret?session={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{SITE}/en/cart",
            "lang": "en",
            "expires_at": clock.now() + timedelta(minutes=35),
            "idempotency_key": f"checkout:{number}",
            "metadata": {"attempt": "1"},
        }
        return gateway.create_checkout(**asked | wishes)

    return make


@pytest.fixture
def press(buyer):
    """Presses a button of a session's payment page, as in ``press(answer, "pay", m="card")``."""

    def button(answer, do, **form):
        return buyer.post(f"/pay/{answer.session_id}", data={"do": do, **form})

    return button


@pytest.fixture
def paid(checkout, press, gateway):
    """A session paid at once, as it then stands."""

    def pay(**wishes):
        answer = checkout(**wishes)
        assert press(answer, "pay").status_code == 303
        return gateway.find_checkout(answer.session_id)

    return pay


@pytest.fixture
def path_of():
    """The page's path inside the sandbox's app."""
    return lambda url: urlsplit(url).path.removeprefix("/sandbox")
