"""The co-op's rooms: what the treasurer reads, the officer looks after and the administrator decides.

No models of its own. One blueprint (`blueprint.bp`, /office), one module of views per subject in `views/`, named in
VIEWS; each view's first line calls a rule of `access.py`. Pages extend layouts/office.html.
"""

from importlib import import_module

from flask import Flask, request

VIEWS = (
    *(
        "index",
        "batches",
        "sending",
        "pay_settings",
        "results",
        "payouts",
        "payees",
        "advances",
        "unclaimed",
        "groups",
        "statements",
        "books",
        "orders",
        "order_lines",
        "disputes",
        "faults",
        "orders_refunds",
        "trail",
        "outbox",
    ),
    *("products", "product_parts", "imports", "drafts"),
    *(
        "makers",
        "answers",
        "brokers",
        "workshops",
        "users",
        "coop",
        "commissions",
        "vouchers",
        "income",
        "journal",
        "closing",
        "cover",
        "pages",
        "crafts",
        "places",
        "history",
    ),
)


def init_app(app: Flask) -> None:
    from shop.office import sentences  # noqa: PLC0415
    from shop.office.access import NOT_FOR  # noqa: PLC0415  they need the models of a ready app
    from shop.office.blueprint import bp  # noqa: PLC0415
    from shop.web.access import signed_in  # noqa: PLC0415

    for name in VIEWS:
        import_module(f"shop.office.views.{name}")
    import_module("shop.office.spoken")
    sentences.init_app()
    app.register_blueprint(bp)

    @app.context_processor
    def rail() -> dict[str, object]:
        actor = signed_in() if (request.endpoint or "").startswith("office.") else None
        if actor is None:
            return {}
        hidden = {endpoint for endpoint, roles in NOT_FOR.items() if actor.role in roles}
        return {"endpoints_of_user": app.view_functions.keys() - hidden}
