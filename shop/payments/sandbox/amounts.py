"""Stripe's figures: which currencies count in whole units, what a payment costs, how small and large it may be.

The sandbox plays a Stripe account in Hong Kong, since none exists in mainland China or Vietnam. It settles in the
currency it charged.
"""

from collections.abc import Sequence

ZERO_DECIMAL = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
)
"""Currencies whose amounts Stripe takes without decimals (docs.stripe.com/currencies)."""

SMALLEST = {
    "aud": 80,
    "cad": 75,
    "cny": 400,
    "eur": 50,
    "gbp": 40,
    "hkd": 400,
    "jpy": 80,
    "krw": 800,
    "sgd": 70,
    "thb": 2000,
    "twd": 1700,
    "usd": 60,
    "vnd": 14000,
}
"""The currencies the sandbox charges in, with the least charge: about HK$4.00, the least of a Hong Kong account."""

LARGEST = 99_999_999
"""Stripe takes at most eight digits, whatever the currency."""

_FIXED_FEE = {
    "aud": 46,
    "cad": 42,
    "cny": 214,
    "eur": 26,
    "gbp": 23,
    "hkd": 235,
    "jpy": 46,
    "krw": 440,
    "sgd": 39,
    "thb": 980,
    "twd": 950,
    "usd": 30,
    "vnd": 7900,
}

_LOCAL_METHODS = {"alipay": frozenset({"cny", "hkd"}), "wechat_pay": frozenset({"cny", "hkd"})}


def fee_of(amount: int, currency: str) -> int:
    """Minor units Stripe keeps of a card charge: 3.4 %, rounded half up, + HK$2.35 or as much in other money."""
    return (amount * 34 + 500) // 1000 + _FIXED_FEE[currency]


def dispute_fee_of(currency: str) -> int:
    """Minor units Stripe keeps of a dispute, won or lost: HK$85.00 or as much in other money."""
    return _FIXED_FEE[currency] * 8500 // 235


def methods_for(currency: str, allowed: Sequence[str] | None) -> list[str]:
    """Payment methods the page offers: what the account could take in this currency, filtered by what is allowed."""
    able = ["card", *(name for name, currencies in _LOCAL_METHODS.items() if currency in currencies)]
    return [name for name in able if allowed is None or name in allowed]
