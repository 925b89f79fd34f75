"""The few words of a payout that go out by text message; they must be right in her language, whoever is signed in."""

from shop.money import Money, format_money, in_words
from shop.payouts.models import Payout

_WITH = {
    "zh": "巧手合作社已发出{amount}（{words}），单号{reference}。收到请回复 1；没收到请打总社电话。",
    "vi": "HTX Khéo Tay đã gửi {amount} ({words}), mã {reference}. Nhận được xin trả lời 1; chưa nhận xin gọi HTX.",
    "en": "The co-operative has sent you {amount} ({words}), number {reference}. Reply 1 once you have it; if not, call us.",
}
_WITHOUT = {
    "zh": "巧手合作社有一笔工钱已发出，单号{reference}。请看您的卡片或打总社电话。",
    "vi": "HTX Khéo Tay đã gửi một khoản tiền công, mã {reference}. Xin xem thẻ của chị hoặc gọi HTX.",
    "en": "The co-operative has sent a payment, number {reference}. Please look at your card or call us.",
}


def sent_text(payout: Payout, *, lang: str, with_amount: bool) -> str:
    """What she reads when money was sent; without the amount where others read the same phone."""
    if not with_amount:
        return _WITHOUT[lang].format(reference=payout.reference)
    money = Money(payout.amount_minor, payout.currency)
    return _WITH[lang].format(amount=format_money(money, lang), words=in_words(money, lang), reference=payout.reference)
