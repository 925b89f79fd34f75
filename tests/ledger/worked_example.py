"""The worked example of money.md 7: every row posted directly; the figures are the design's own."""

# (posting key, "debit ← credit amount" moves in yuan)
ROWS: list[tuple[str, list[tuple[str, str, str]]]] = [
    (
        "open:1",
        [
            ("bank:main", "equity:opening", "5000.00"),
            ("fund:cash", "fund:capital", "3000.00"),
        ],
    ),
    (
        "lot:3",
        [
            ("stock:materials", "bank:main", "199.00"),
        ],
    ),
    (
        "issue:8",
        [
            ("materials:B2:out", "stock:materials", "120.00"),
        ],
    ),
    (
        "receipt:41",
        [
            ("stock:pieces", "maker:M5:available", "426.00"),
            ("stock:pieces", "materials:B2:out", "120.00"),
        ],
    ),
    (
        "pay:pi_1",
        [
            ("psp:stripe", "buyer:1001:credit", "933.00"),
        ],
    ),
    (
        "order:1001:paid",
        [
            ("buyer:1001:credit", "work:L1:open", "236.00"),
            ("buyer:1001:credit", "materials:L1:held", "52.00"),
            ("buyer:1001:credit", "work:L2:open", "123.00"),
            ("buyer:1001:credit", "materials:L2:held", "27.00"),
            ("buyer:1001:credit", "stock:pieces", "273.00"),
            ("buyer:1001:credit", "broker:B1:held", "58.72"),
            ("buyer:1001:credit", "broker:B2:held", "42.36"),
            ("buyer:1001:credit", "coop:costs", "48.32"),
            ("buyer:1001:credit", "coop:commission:held", "72.60"),
            ("expense:promotions", "coop:commission:held", "20.00"),
        ],
    ),
    (
        "pay:pi_1:fee",
        [
            ("coop:costs", "psp:stripe", "31.87"),
        ],
    ),
    (
        "assign:61",
        [
            ("work:L1:open", "maker:M1:held", "236.00"),
            ("work:L2:open", "maker:M2:held", "51.25"),
            ("work:L2:open", "maker:M3:held", "30.75"),
            ("work:L2:open", "maker:M4:held", "41.00"),
        ],
    ),
    (
        "issue:9",
        [
            ("materials:B1:out", "stock:materials", "79.00"),
        ],
    ),
    (
        "refund:1",
        [
            ("stock:pieces", "buyer:1001:credit", "273.00"),
            ("broker:B2:held", "buyer:1001:credit", "42.36"),
            ("coop:commission:held", "buyer:1001:credit", "26.81"),
            ("coop:commission:held", "expense:promotions", "7.39"),
            ("coop:costs", "buyer:1001:credit", "7.44"),
        ],
    ),
    (
        "refund:1:re_1",
        [
            ("buyer:1001:credit", "psp:stripe", "349.61"),
        ],
    ),
    (
        "receipt:42",
        [
            ("maker:M1:held", "maker:M1:available", "236.00"),
            ("maker:M2:held", "maker:M2:available", "51.25"),
            ("maker:M3:held", "maker:M3:available", "30.75"),
            ("maker:M4:held", "maker:M4:available", "41.00"),
            ("materials:L1:held", "materials:B1:out", "52.00"),
            ("materials:L2:held", "materials:B1:out", "27.00"),
        ],
    ),
    (
        "release:5",
        [
            ("broker:B1:held", "broker:B1:available", "58.72"),
            ("coop:commission:held", "income:commission", "58.40"),
        ],
    ),
    (
        "refund:2",
        [
            ("stock:pieces", "buyer:1001:credit", "288.00"),
            ("income:commission", "buyer:1001:credit", "29.79"),
            ("income:commission", "expense:promotions", "8.21"),
            ("expense:returns", "buyer:1001:credit", "30.40"),
            ("coop:costs", "buyer:1001:credit", "23.60"),
        ],
    ),
    (
        "refund:2:re_2",
        [
            ("buyer:1001:credit", "psp:stripe", "371.79"),
        ],
    ),
    (
        "loan:1",
        [
            ("fund:loans:M1", "fund:cash", "500.00"),
        ],
    ),
    (
        "joint:7",
        [
            ("stock:pieces", "maker:M2:available", "27.34"),
            ("stock:pieces", "maker:M3:available", "27.33"),
            ("stock:pieces", "maker:M4:available", "27.33"),
        ],
    ),
    (
        "payout:77:<payee>:1:approved",
        [
            ("maker:M1:available", "fund:loans:M1", "100.00"),
            ("fund:cash", "bank:main", "100.00"),
            ("maker:M1:available", "maker:M1:in_transit", "136.00"),
            ("maker:M2:available", "maker:M2:in_transit", "78.59"),
            ("maker:M3:available", "maker:M3:in_transit", "58.08"),
            ("maker:M4:available", "maker:M4:in_transit", "68.33"),
        ],
    ),
    (
        "payout:77:M2:1:paid",
        [
            ("maker:M2:in_transit", "bank:main", "78.59"),
        ],
    ),
    (
        "payout:77:M4:1:paid",
        [
            ("maker:M4:in_transit", "bank:main", "68.33"),
        ],
    ),
    (
        "payout:77:M3:1:returned",
        [
            ("maker:M3:in_transit", "maker:M3:available", "58.08"),
        ],
    ),
    (
        "float:B1:1",
        [
            ("broker:B1:float", "bank:main", "200.00"),
        ],
    ),
    (
        "payout:77:M1:1:confirmed",
        [
            ("maker:M1:in_transit", "broker:B1:float", "136.00"),
        ],
    ),
    (
        "float:B1:2",
        [
            ("bank:main", "broker:B1:float", "64.00"),
        ],
    ),
    (
        "outlet:O1:sale:55",
        [
            ("outlet:O1:receivable", "stock:pieces", "273.00"),
            ("outlet:O1:receivable", "broker:B2:held", "27.36"),
            ("outlet:O1:receivable", "coop:commission:held", "7.44"),
        ],
    ),
    (
        "outlet:O1:remit:9",
        [
            ("bank:main", "outlet:O1:receivable", "307.80"),
            ("broker:B2:held", "broker:B2:available", "27.36"),
            ("coop:commission:held", "income:commission", "7.44"),
        ],
    ),
    (
        "gift:1",
        [
            ("psp:stripe", "fund:transit", "200.00"),
        ],
    ),
    (
        "intent:12:deposit",
        [
            ("bank:main", "deposits:12", "1000.00"),
        ],
    ),
    (
        "stripe:po_1",
        [
            ("psp:in_transit", "psp:stripe", "200.00"),
        ],
    ),
    (
        "stripe:po_1:arrived",
        [
            ("bank:main", "psp:in_transit", "200.00"),
        ],
    ),
    (
        "gift:1:moved",
        [
            ("fund:cash", "bank:main", "200.00"),
            ("fund:transit", "fund:capital", "200.00"),
        ],
    ),
]

TRIAL: dict[str, tuple[str, str]] = {
    "bank:main": ("5725.88", "0.00"),
    "broker:B1:available": ("0.00", "58.72"),
    "broker:B2:available": ("0.00", "27.36"),
    "coop:costs": ("14.59", "0.00"),
    "deposits:12": ("0.00", "1000.00"),
    "equity:opening": ("0.00", "5000.00"),
    "expense:promotions": ("4.40", "0.00"),
    "expense:returns": ("30.40", "0.00"),
    "fund:capital": ("0.00", "3200.00"),
    "fund:cash": ("2800.00", "0.00"),
    "fund:loans:M1": ("400.00", "0.00"),
    "income:commission": ("0.00", "27.84"),
    "maker:M3:available": ("0.00", "58.08"),
    "maker:M5:available": ("0.00", "426.00"),
    "psp:stripe": ("179.73", "0.00"),
    "stock:pieces": ("643.00", "0.00"),
}
