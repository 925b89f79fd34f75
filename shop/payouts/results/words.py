"""The headings and words by which banks in China and Vietnam, and ISO 20022, say what became of a payment.

Only whole words count: what is not known is listed for a person, never guessed, since money hangs on it.
"""

import re
import unicodedata

PAID, FAILED, RETURNED, PENDING = "paid", "failed", "returned", "pending"

HEADINGS: dict[str, tuple[str, ...]] = {
    "reference": (
        *(
            "用途",
            "用途/附言",
            "附言",
            "摘要",
            "备注",
            "单号",
            "编号",
            "订单号",
            "业务参考号",
            "客户流水号",
            "付款用途",
        ),
        *("reference", "our reference", "purpose", "end to end id", "endtoendid", "remittance information"),
        *("nội dung", "nội dung chuyển khoản", "diễn giải", "mã tham chiếu", "ghi chú"),
    ),
    "outcome": (
        *("状态", "交易状态", "处理状态", "付款状态", "处理结果", "交易结果", "代发结果", "结果"),
        *("status", "state", "result", "transaction status"),
        *("trạng thái", "kết quả", "trạng thái giao dịch", "kết quả giao dịch"),
    ),
    "amount": (
        *("金额", "代发金额", "交易金额", "付款金额", "实发金额", "amount", "transaction amount"),
        *("số tiền", "số tiền giao dịch"),
    ),
    "reason": (
        *("失败原因", "原因", "退票原因", "退回原因", "错误信息", "返回信息", "处理信息", "失败信息"),
        *("reason", "error", "message", "reason for failure", "lý do", "lý do lỗi", "lý do từ chối", "mô tả lỗi"),
    ),
    "currency": ("币种", "currency", "loại tiền", "loại tiền tệ"),
}

_DONE = {
    PAID: (
        r"(?:交易|付款|处理|代发|转账|支付|入账)?(?:已)?成功|已(?:付|付款|支付|入账|到账|完成)|处理完成"
        r"|(?:giao dịch |chuyển tiền |xử lý )?thành công|đã (?:chi|trả|chuyển|thanh toán|ghi có)|hoàn thành|hoàn tất"
        r"|success|successful|succeeded|paid|completed|executed|settled|carried out|acsc|accc"
    ),
    FAILED: (
        r"(?:交易|付款|处理|代发|转账|支付|入账)?(?:已)?(?:失败|未成功|不成功)|(?:已)?(?:拒绝|作废|撤销)"
        r"|(?:giao dịch |chuyển tiền |xử lý )?(?:thất bại|không thành công)|bị từ chối|từ chối|lỗi|đã hủy"
        r"|fail|failed|failure|unsuccessful|rejected|refused|denied|cancelled|canceled|rjct|canc"
    ),
    RETURNED: (
        r"(?:已)?(?:退票|退回|退汇|退款|冲正)|hoàn trả|đã hoàn trả|trả lại|bị trả lại|hoàn tiền"
        r"|return|returned|refunded|reversed|sent back|bounced|rtnd"
    ),
    PENDING: (
        r"处理中|待处理|已受理|已提交|银行处理中|đang xử lý|chờ xử lý|chờ duyệt"
        r"|pending|processing|in progress|accepted|accp|acsp|actc|acwc|pdng|rcvd"
    ),
}
_WORDS = {outcome: re.compile(pattern) for outcome, pattern in _DONE.items()}


def bare(text: str) -> str:
    """A heading or word as it is compared: one form of each letter, small, without brackets and outer marks."""
    said = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).casefold()
    said = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", said)
    return " ".join(said.replace("_", " ").split()).strip(" *:.。!！")


_KNOWN = {bare(heading): kind for kind, headings in HEADINGS.items() for heading in headings}


def heading_kind(text: str) -> str:
    """reference, outcome, amount, reason, currency, or "" for a heading that is not read."""
    return _KNOWN.get(bare(text), "")


_BRACKETS = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]")
_CODE = re.compile(r"[0-9a-z_.-]{0,12}", re.ASCII)


def outcome_of(text: str) -> str:
    """paid, failed, returned, pending, or "" for a word that is not known.

    What stands in brackets counts: a code says nothing, another outcome or a word that is not known makes all unknown.
    """
    inside = [first or second for first, second in _BRACKETS.findall(unicodedata.normalize("NFKC", text).casefold())]
    said = _outcome(bare(text))
    others = {
        _outcome(bare(each)) for each in inside if not (_CODE.fullmatch(each.strip()) and not _outcome(bare(each)))
    }
    return said if others <= {said} else ""


def _outcome(said: str) -> str:
    return next((outcome for outcome, pattern in _WORDS.items() if pattern.fullmatch(said)), "")
