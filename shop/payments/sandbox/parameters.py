"""Form bodies as Stripe reads them, checked against the parameter types of Stripe's own SDK.

Every operation of the SDK has a TypedDict of its parameters (``stripe.params``). A name it does not have, a required
one that is missing, or a value of another type is refused here, so that a wrong call fails in development as it
would at Stripe. The SDK writes closed lists of words as ``Literal[...] | str`` in order not to break on words of
tomorrow; Stripe refuses other words, and so does this.
"""

import re
import types
import typing
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, get_args, get_origin
from urllib.parse import parse_qsl

import typing_extensions
from stripe._request_options import RequestOptions
from stripe._stripe_context import StripeContext
from stripe._stripe_object import UntypedStripeObject

from shop.payments.sandbox.refusals import ApiError, empty_parameter, missing_parameter, unknown_parameter

MAX_FIELDS = 2000
MAX_DEPTH = 8
MAX_TEXT = 5000
_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_BIGGEST = 2**63 - 1

Raw = str | dict[str, "Raw"]


def decoded(body: bytes) -> dict[str, Raw]:
    """The nested form of ``a[b][0][c]=v``; every leaf is still text. Raises ApiError on what is no such form."""
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError:
        raise ApiError("The request's parameters are not form-encoded UTF-8.") from None
    whole: dict[str, Raw] = {}
    for key, value in pairs:
        if "\0" in value:
            raise ApiError(f"'{key}' holds a NUL character.", param=key)
        _place(whole, key, value)
    return whole


def _place(whole: dict[str, Raw], key: str, value: str) -> None:
    match = _KEY.fullmatch(key)
    if match is None:
        raise ApiError(f"Invalid parameter name: {key[:100]}", param=key[:100])
    steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(steps) > MAX_DEPTH:
        raise ApiError(f"'{key[:100]}' is nested too deeply.", param=key[:100])
    here = whole
    for step in steps[:-1]:
        inner = here.setdefault(step or str(len(here)), {})
        if isinstance(inner, str):
            raise ApiError(f"'{key[:100]}' is given as a text and as a hash.", param=key[:100])
        here = inner
    last = steps[-1] or str(len(here))
    if isinstance(here.get(last), dict):
        raise ApiError(f"'{key[:100]}' is given as a text and as a hash.", param=key[:100])
    here[last] = value


def checked(params: type, raw: Mapping[str, Raw]) -> dict[str, Any]:
    """The typed values of a request for the operation whose parameter type is ``params``. Raises ApiError."""
    return _hash(params, raw, "", leave_out=_option_names())


@cache
def fields_of(params: type) -> dict[str, tuple[Any, bool]]:
    """Name → (type, required) of a parameter type, its forward references resolved."""
    shared = {"StripeContext": StripeContext, "Mapping": Mapping, **vars(typing)}
    hints = typing_extensions.get_type_hints(params, localns=shared, include_extras=True)
    required: frozenset[str] = params.__required_keys__  # type: ignore[attr-defined]
    return {name: (_bare(hint), name in required) for name, hint in hints.items()}


@cache
def _option_names() -> frozenset[str]:
    return frozenset(fields_of(RequestOptions))


def _bare(hint: Any) -> Any:
    while get_origin(hint) in {typing_extensions.NotRequired, typing_extensions.Required}:
        hint = get_args(hint)[0]
    return hint


def _hash(params: type, raw: Mapping[str, Raw], path: str, leave_out: Iterable[str] = ()) -> dict[str, Any]:
    known = {name: field for name, field in fields_of(params).items() if name not in leave_out}
    for name in raw:
        if name not in known:
            raise unknown_parameter(_join(path, name))
    for name, (_, required) in known.items():
        if required and name not in raw:
            raise missing_parameter(_join(path, name))
    return {name: _value(known[name][0], value, _join(path, name)) for name, value in raw.items()}


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _value(hint: Any, raw: Raw, path: str) -> Any:
    options = _options(hint)
    if isinstance(raw, dict):
        return _nested(options, raw, path)
    words = [word for option in options if get_origin(option) is Literal for word in get_args(option)]
    if raw in words:
        return raw
    named = [word for word in words if word != ""]
    scalars = [option for option in options if option in {int, bool, Decimal} or (option is str and not named)]
    if not scalars:
        raise _wrong_kind(options, named, raw, path)
    if scalars == [str]:
        return _text(raw, path)
    return _scalar(scalars, raw, path)


def _options(hint: Any) -> list[Any]:
    if get_origin(hint) in {typing.Union, types.UnionType}:
        return [option for part in get_args(hint) for option in _options(_bare(part))]
    return [_bare(hint)]


def _nested(options: list[Any], raw: dict[str, Raw], path: str) -> Any:
    lists = [option for option in options if get_origin(option) is list]
    if lists and all(re.fullmatch(r"[0-9]{1,4}", key, re.ASCII) for key in raw):
        inner = get_args(lists[0])[0]
        in_order = sorted(raw, key=int)
        return [_value(inner, raw[key], f"{path}[{place}]") for place, key in enumerate(in_order)]
    for option in options:
        if typing_extensions.is_typeddict(option):
            return _hash(option, raw, path)
        if get_origin(option) in {dict, UntypedStripeObject}:
            return _free_hash(raw, path)
    raise ApiError("Invalid array" if lists else "Invalid string: a hash was given", param=path)


def _free_hash(raw: dict[str, Raw], path: str) -> dict[str, str]:
    """Metadata: at most 50 keys of 40 characters with values of 500 (Stripe's documented limits)."""
    if len(raw) > 50:
        raise ApiError("Metadata can have at most 50 keys.", param=path)
    for key, value in raw.items():
        if not isinstance(value, str):
            raise ApiError(f"Metadata values must be strings: {key[:60]}", param=_join(path, key[:60]))
        if len(key) > 40 or len(value) > 500:
            raise ApiError("Metadata keys have at most 40 characters, values 500.", param=_join(path, key[:60]))
    # an empty value unsets a key
    return {key: value for key, value in raw.items() if isinstance(value, str) and value != ""}


def _text(raw: str, path: str) -> str:
    if raw == "":
        raise empty_parameter(path)
    if len(raw) > MAX_TEXT:
        raise ApiError(f"Invalid string: {raw[:20]}...; must be at most {MAX_TEXT} characters", param=path)
    return raw


def _scalar(kinds: list[Any], raw: str, path: str) -> Any:
    if bool in kinds and raw in {"true", "false"}:
        return raw == "true"
    if int in kinds and _INTEGER.fullmatch(raw) and abs(int(raw)) <= _BIGGEST:
        return int(raw)
    if Decimal in kinds:
        try:
            number = Decimal(raw)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and len(raw) <= 40:
            return number
    if str in kinds:
        return _text(raw, path)
    if bool in kinds:
        raise ApiError(f"Invalid boolean: {raw[:60]}", param=path)
    if int in kinds:
        raise ApiError(f"Invalid integer: {raw[:60]}", code="parameter_invalid_integer", param=path)
    raise ApiError(f"Invalid decimal: {raw[:60]}", param=path)


def _wrong_kind(options: list[Any], words: list[str], raw: str, path: str) -> ApiError:
    if words:
        return ApiError(f"Invalid {path}: must be one of {', '.join(words)}", param=path)
    if any(get_origin(option) is list for option in options):
        return ApiError("Invalid array", param=path)
    if raw == "":
        return empty_parameter(path)
    return ApiError("Invalid object", param=path)
