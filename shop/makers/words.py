"""What a maker is told by text message when the co-op's knowledge of her changes, in her own language."""

from sqlalchemy.orm import Session

from shop.coop.models import Coop
from shop.makers.models import Maker
from shop.outbox.sms import owe_sms

_PHONE = {
    "zh": "{coop}：登记的电话改了，以后短信不再发到这个号码。如果不是您要改的，请马上打总社电话{hotline}。",
    "vi": "{coop}: số điện thoại của chị đã được đổi, tin nhắn không còn gửi đến số này. Nếu chị không yêu cầu, xin gọi ngay HTX {hotline}.",
    "en": "{coop}: your telephone number was changed, texts no longer come here. If you did not ask for it, call us at once {hotline}.",
}


def tell_old_phone(session: Session, *, maker: Maker, phone: str) -> None:
    """Owe a text message to the number that was hers so far: whoever redirects her pay would change that first."""
    coop = session.get(Coop, 1)
    name = coop.name if coop else {}
    said = _PHONE[maker.lang].format(
        coop=name.get(maker.lang) or next(iter(name.values()), ""), hotline=coop.hotline if coop else ""
    )
    owe_sms(session, key=f"maker:{maker.id}:phone:{maker.version}", to=phone, text=said.replace(" .", "."))
