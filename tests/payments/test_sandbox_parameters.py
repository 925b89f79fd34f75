"""The sandbox takes what the SDK's own parameter types say, and nothing else."""

import importlib
import pkgutil

import pytest
import stripe.params
import typing_extensions
from stripe.params.checkout import SessionCreateParams

from shop.payments.sandbox.parameters import checked, decoded, fields_of
from shop.payments.sandbox.refusals import ApiError

LINE = "line_items[0][quantity]=1&line_items[0][price_data][currency]=cny&line_items[0][price_data][unit_amount]=500"


def read(body):
    return checked(SessionCreateParams, decoded(body.encode()))


def refusal(body):
    with pytest.raises(ApiError) as caught:
        read(body)
    return caught.value


def test_every_parameter_type_of_the_sdk_resolves():
    types = set()
    for module in pkgutil.walk_packages(stripe.params.__path__, "stripe.params."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and typing_extensions.is_typeddict(thing):
                types.add(thing)
    assert len(types) > 5000
    assert all(isinstance(fields_of(one), dict) for one in types)


def test_a_form_becomes_typed_values():
    body = f"mode=payment&{LINE}&expires_at=1790000000&metadata[order]=QS-1&metadata[gone]=&expand[]=line_items"
    assert read(body) == {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": {"currency": "cny", "unit_amount": 500}}],
        "expires_at": 1790000000,
        "metadata": {"order": "QS-1"},
        "expand": ["line_items"],
    }


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ("payment_method_types[0]=card", "parameter_unknown", "payment_method_types"),
        ("foo=1", "parameter_unknown", "foo"),
        ("api_key=sk_test_1", "parameter_unknown", "api_key"),
        ("line_items[0][price_data][curency]=cny", "parameter_unknown", "line_items[0][price_data][curency]"),
        ("line_items[0][price_data][unit_amount]=5", "parameter_missing", "line_items[0][price_data][currency]"),
        ("line_items[0][quantity]=1.5", "parameter_invalid_integer", "line_items[0][quantity]"),
        ("line_items[0][quantity]=1e3", "parameter_invalid_integer", "line_items[0][quantity]"),
        ("expires_at=%EF%BC%91%EF%BC%92", "parameter_invalid_integer", "expires_at"),
        ("expires_at=9223372036854775808", "parameter_invalid_integer", "expires_at"),
        ("success_url=", "parameter_invalid_empty", "success_url"),
        ("mode=pay", None, "mode"),
        ("ui_mode=hosted", None, "ui_mode"),
        ("locale=xx", None, "locale"),
        ("allowed_payment_method_types[0]=cash", None, "allowed_payment_method_types[0]"),
        ("allowed_payment_method_types=card", None, "allowed_payment_method_types"),
        ("line_items=3", None, "line_items"),
        ("line_items[0]=3", None, "line_items[0]"),
        ("line_items[first][quantity]=3", None, "line_items"),
        ("mode[a]=payment", None, "mode"),
        ("metadata=x", None, "metadata"),
        ("metadata[a][b]=x", None, "metadata[a]"),
        ("metadata[" + "k" * 41 + "]=x", None, "metadata[" + "k" * 41 + "]"),
        ("metadata[k]=" + "v" * 501, None, "metadata[k]"),
        ("&".join(f"metadata[k{n}]=1" for n in range(51)), None, "metadata"),
        ("adaptive_pricing[enabled]=yes", None, "adaptive_pricing[enabled]"),
        ("client_reference_id=" + "x" * 5001, None, "client_reference_id"),
        ("cancel_url=a%00b", None, "cancel_url"),
        ("mode=payment&mode[x]=1", None, "mode[x]"),
        ("a[b][c][d][e][f][g][h][i]=1", None, "a[b][c][d][e][f][g][h][i]"),
        ("a[b=1", None, "a[b"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(body, code, param):
    error = refusal(body)
    assert (error.status, error.kind, error.code, error.param) == (400, "invalid_request_error", code, param)


@pytest.mark.parametrize("body", [b"mode=\xff", "mode=payé".encode(), b"mode=%ff", b"mode", b"&".join([b"a=1"] * 2001)])
def test_what_is_no_form_is_refused(body):
    with pytest.raises(ApiError):
        decoded(body)


def test_a_deeply_nested_name_costs_nothing():
    with pytest.raises(ApiError):
        decoded(b"a" + b"[b]" * 200_000 + b"=1")
