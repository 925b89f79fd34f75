"""The few words of a payout that go out by text message; they must be right in her language, whoever is signed in."""

from shop.db import Texts
from shop.money import Money, format_money, in_words
from shop.payouts.models import Payout

_WITH = {
    "zh": "{coop}已发出{amount}（{words}），单号{reference}。收到请回复 1；没收到请打总社电话{hotline}。",
    "vi": "{coop} đã gửi {amount} ({words}), mã {reference}. Nhận được xin trả lời 1; chưa nhận xin gọi HTX {hotline}.",
    "en": "{coop} has sent you {amount} ({words}), number {reference}. Reply 1 once you have it; if not, call us {hotline}.",
}
_WITHOUT = {
    "zh": "{coop}有一笔工钱已发出，单号{reference}。请看您的卡片或打总社电话{hotline}。",
    "vi": "{coop} đã gửi một khoản tiền công, mã {reference}. Xin xem thẻ của chị hoặc gọi HTX {hotline}.",
    "en": "{coop} has sent a payment, number {reference}. Please look at your card or call us {hotline}.",
}

_AHEAD = {"zh": "预付款：{title}", "vi": "Tạm ứng: {title}", "en": "Advance: {title}"}
_BACK = {"zh": "扣回预付款：{title}", "vi": "Thu hồi tạm ứng: {title}", "en": "Advance paid back: {title}"}


def ahead_of(title: Texts) -> Texts:
    """What an advance is called on a statement, after the work it was given for."""
    return _about(_AHEAD, title)


def back_of(title: Texts) -> Texts:
    """What is kept back for an advance, as a statement calls it."""
    return _about(_BACK, title)


def _about(said: dict[str, str], title: Texts) -> Texts:
    any_title = next(iter(title.values()), "")
    return {lang: text.format(title=title.get(lang) or any_title) for lang, text in said.items()}


_METHOD = {
    "zh": "{coop}：从{good_from}起，您领工钱的方式改了。如果不是您要改的，请马上打总社电话{hotline}。",
    "vi": "{coop}: từ {good_from}, cách chị nhận tiền công được đổi. Nếu chị không yêu cầu, xin gọi ngay HTX {hotline}.",
    "en": "{coop}: from {good_from} on you are paid another way. If you did not ask for it, call us at once {hotline}.",
}


def method_text(*, lang: str, coop: str, hotline: str, good_from: str) -> str:
    """What a payee reads when the way she is paid was changed; `good_from` is the day, written in her language."""
    return _METHOD[lang].format(coop=coop, hotline=hotline, good_from=good_from).replace(" .", ".")


def sent_text(payout: Payout, *, lang: str, with_amount: bool, coop: str, hotline: str) -> str:
    """What she reads when money was sent; without the amount where others read the same phone.

    `coop` is the co-op's name and `hotline` its number, never the broker's.
    """
    facts = {"coop": coop, "hotline": hotline, "reference": payout.reference}
    if not with_amount:
        said = _WITHOUT[lang].format(**facts)
    else:
        money = Money(payout.amount_minor, payout.currency)
        said = _WITH[lang].format(amount=format_money(money, lang), words=in_words(money, lang), **facts)
    return said.replace(" .", ".")
