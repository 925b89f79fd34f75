"""Reading the sandbox through the API: one thing, lists by pages, expanded fields, the balance."""

from collections.abc import Mapping
from typing import Any

from shop.payments.sandbox import shapes
from shop.payments.sandbox.refusals import ApiError, no_such
from shop.payments.sandbox.store import Json, Thing, Unit

_EXPANDS = {
    "checkout.session": {"payment_intent": "payment_intent", "line_items": ""},
    "payment_intent": {"latest_charge": "charge"},
    "charge": {
        "balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "failure_balance_transaction": "balance_transaction",
        "refunds": "",
    },
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
    "balance_transaction": {"source": "*"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "event": {},
}
_SOURCES = ("charge", "refund", "dispute")
_MAX_EXPAND_DEPTH = 4
_FILTERS = ("payment_intent", "charge", "source", "status", "currency", "transfer_group")
_OPERATORS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_IGNORED = frozenset({"expand", "limit", "starting_after", "ending_before", "created", "type", "types", *_FILTERS})


def one(unit: Unit, kind: str, thing_id: str, params: Json, second: int) -> Json:
    """One thing with what the request wants expanded. Raises ApiError when there is none."""
    found = unit.get(kind, thing_id)
    if found is None:
        raise no_such(kind, thing_id)
    return shown(unit, found, params.get("expand", ()), second)


def many(unit: Unit, kind: str, params: Json, url: str, second: int) -> Json:
    """A page of things, newest first: 10 by default, at most 100."""
    for name in params:
        if name not in _IGNORED:
            raise ApiError(f"The sandbox does not filter by '{name}'", code="sandbox_not_simulated", param=name)
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise ApiError("Invalid limit: it must lie between 1 and 100.", param="limit")
    after, before = params.get("starting_after"), params.get("ending_before")
    for name, cursor in (("starting_after", after), ("ending_before", before)):
        if cursor is not None and unit.get(kind, cursor) is None:
            raise no_such(kind, cursor, name)
    if after and before:
        raise ApiError("Give starting_after or ending_before, not both.", param="ending_before")
    found = unit.listed(
        kind,
        limit=limit + 1,
        where={name: params[name] for name in _FILTERS if name in params},
        created=_created(params.get("created")),
        types=_types(params),
        before=before,
        after=after,
    )
    more = len(found) > limit
    page = (found[-limit:] if before else found[:limit]) if more else found
    paths = [_in_list(path) for path in params.get("expand", ())]
    return shapes.page_of(url, [shown(unit, thing, paths, second) for thing in page], has_more=more)


def _created(wanted: int | Mapping[str, int] | None) -> list[tuple[str, int]]:
    if wanted is None:
        return []
    if isinstance(wanted, int):
        return [("=", wanted)]
    return [(_OPERATORS[name], second) for name, second in wanted.items()]


def _types(params: Json) -> list[str]:
    if "types" in params and len(params["types"]) > 20:
        raise ApiError("At most 20 types can be asked for.", param="types")
    wanted: list[str] = [*params.get("types", ()), *([params["type"]] if "type" in params else [])]
    # of the pattern language below only Stripe's own wildcard may remain
    return [word.replace("[", "[[]").replace("?", "[?]") for word in wanted]


def _in_list(path: str) -> str:
    if not path.startswith("data."):
        raise ApiError(f"This property cannot be expanded ({path}); in a list, begin with 'data.'.", param="expand")
    return path.removeprefix("data.")


def shown(unit: Unit, thing: Thing, paths: Any, second: int) -> Json:
    """The thing as the API shows it, with the named fields expanded. Raises ApiError for a field that cannot be."""
    body = dict(thing.body)
    if thing.kind == "balance_transaction":
        body["status"] = "available" if body["available_on"] <= second else "pending"
    for path in paths:
        steps = path.split(".")
        if len(steps) > _MAX_EXPAND_DEPTH:
            raise ApiError(f"You cannot expand more than {_MAX_EXPAND_DEPTH} levels: {path[:100]}", param="expand")
        _expand(unit, thing, body, steps, second)
    return body


def _expand(unit: Unit, thing: Thing, body: Json, steps: list[str], second: int) -> None:
    name, rest = steps[0], steps[1:]
    if name not in _EXPANDS[thing.kind]:
        raise ApiError(f"This property cannot be expanded ({name[:60]}).", param="expand")
    kind = _EXPANDS[thing.kind][name]
    if kind == "":
        body[name] = _inner_list(unit, thing, name, second)
        return
    if body[name] is None:
        return
    if isinstance(body[name], dict):  # another path of the same request has expanded it
        inner = body[name]
        known = unit.get(inner["object"], inner["id"])
    else:
        known = next(filter(None, (unit.get(one_kind, body[name]) for one_kind in _kinds(kind))), None)
        inner = shown(unit, known, (), second) if known else {}
    assert known is not None
    body[name] = inner
    if rest:
        _expand(unit, known, inner, rest, second)


def _kinds(kind: str) -> tuple[str, ...]:
    return _SOURCES if kind == "*" else (kind,)


def _inner_list(unit: Unit, thing: Thing, name: str, second: int) -> Json:
    if name == "line_items":
        return lines(thing, {})
    found = unit.listed("refund", limit=10, where={"charge": thing.id})
    url = f"/v1/charges/{thing.id}/refunds"
    return shapes.page_of(url, [shown(unit, refund, (), second) for refund in found], has_more=False)


def lines(session: Thing, params: Json) -> Json:
    """The line items of a session, in the order they were given."""
    for name in params:
        if name != "limit":
            raise ApiError(f"The sandbox does not filter by '{name}'", code="sandbox_not_simulated", param=name)
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise ApiError("Invalid limit: it must lie between 1 and 100.", param="limit")
    all_lines = session.hidden["lines"]
    url = f"/v1/checkout/sessions/{session.id}/line_items"
    return shapes.page_of(url, all_lines[:limit], has_more=len(all_lines) > limit)


def balance(unit: Unit, second: int) -> Json:
    """What is in the account, by currency: what may be paid out now, and what becomes so later."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for movement in unit.listed("balance_transaction"):
        side = sums["available" if movement.body["available_on"] <= second else "pending"]
        currency = movement.body["currency"]
        side[currency] = side.get(currency, 0) + movement.body["net"]
    currencies = sorted({*sums["available"], *sums["pending"]}) or ["hkd"]
    sides = {
        name: [
            {"amount": side.get(currency, 0), "currency": currency, "source_types": {"card": side.get(currency, 0)}}
            for currency in currencies
        ]
        for name, side in sums.items()
    }
    return {"object": "balance", "livemode": False, **sides}
