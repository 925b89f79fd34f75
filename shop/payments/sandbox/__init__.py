"""The Stripe sandbox: a strict, stateful stand-in for Stripe while no key is set. Development and tests only.

It speaks Stripe's HTTP interface (sessions, payments, refunds, balance, events), shows buyers a payment page that says
that no money moves, remembers everything in ``instance/sandbox.db`` for all processes, and sends the shop signed
webhooks through the worker. What it takes and what it answers follow the SDK's own types, so that a call that works
here has the right shape at Stripe; what it does not play, it refuses by name instead of guessing.
"""

from shop.payments.sandbox.app import api_key, create_sandbox, webhook_secret
from shop.payments.sandbox.client import SandboxClient
from shop.payments.sandbox.delivery import deliver_due, something_due

__all__ = ["SandboxClient", "api_key", "create_sandbox", "deliver_due", "something_due", "webhook_secret"]
