"""Payments: what passes between us and Stripe, or in development the Stripe sandbox of our own.

A `Checkout` is one try to be paid, known by our key. The request that places an order makes the call itself, between
two transactions; the worker takes up only what a crash left. Webhooks are stored first and worked off later.
Knows no order: `ref` is the key of whatever is paid, and a higher room registers what a payment means with `on_settled`.
"""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from config import Settings


def init_app(app: Flask) -> None:
    from shop.outbox.periodic import every  # noqa: PLC0415
    from shop.payments import cli, events, jobs, sentences, views  # noqa: PLC0415  they need the models of a ready app
    from shop.payments.gateway import Gateway, make_client, webhook_secret  # noqa: PLC0415
    from shop.payments.reconciling import reconcile  # noqa: PLC0415
    from shop.payments.sandbox.app import create_sandbox  # noqa: PLC0415

    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    app.extensions["gateway"] = Gateway(make_client(settings))
    app.config["STRIPE_SECRET"] = webhook_secret(settings)
    app.register_blueprint(views.bp)
    if settings.sandboxed and not settings.stripe_api_base:
        sandbox = create_sandbox(
            settings.instance_path,
            secret=app.config["STRIPE_SECRET"],
            webhook_url=f"{settings.site_url}/webhooks/stripe",
        )
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/sandbox": sandbox})  # type: ignore[method-assign]
        jobs.deliver_sandbox(settings)
    cli.init_app(app)
    jobs.init_app(app)
    events.init_app()
    every(60 * 60 * 24, "payments.reconcile")(lambda: reconcile(jobs.gateway(), catch_up=events.catch_up))
    sentences.init_app()
