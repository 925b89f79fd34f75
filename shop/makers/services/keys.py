"""What opens her own pages and proves her word: the PIN in her head, the card in her hand."""

from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.coop.services import record
from shop.errors import NotFound
from shop.ids import digest, secret
from shop.makers.errors import OfficersOnly
from shop.makers.models import Maker
from shop.makers.pins import PinHash

OFFICERS = frozenset({"officer", "admin", "system"})


def set_pin(session: Session, *, maker_id: int, pin_hash: PinHash, by: Actor) -> None:
    """A new PIN, set by the maker before a co-op officer; tries start anew. The history says that, never what it is.

    Raises OfficersOnly, NotFound.
    """
    _officers(by)
    maker = _maker(session, maker_id)
    maker.pin_hash, maker.pin_tries = str(pin_hash), 0
    _recorded(session, maker_id, "pin_set", by)


def new_card(session: Session, *, maker_id: int, by: Actor) -> str:
    """A new card for her; gives the secret of its address (160 bits), which is kept nowhere. The card before is dead.

    Raises OfficersOnly, NotFound.
    """
    _officers(by)
    token = secret()
    _maker(session, maker_id).card_digest = digest(token)
    _recorded(session, maker_id, "card_made", by)
    return token


def take_card_back(session: Session, *, maker_id: int, by: Actor) -> None:
    """Her card opens nothing any more: it was lost, or is in other hands. Raises OfficersOnly, NotFound."""
    _officers(by)
    _maker(session, maker_id).card_digest = None
    _recorded(session, maker_id, "card_ended", by)


def _officers(by: Actor) -> None:
    if by.role not in OFFICERS:
        raise OfficersOnly


def _maker(session: Session, maker_id: int) -> Maker:
    maker = session.get(Maker, maker_id)
    if maker is None:
        raise NotFound(what="maker")
    return maker


def _recorded(session: Session, maker_id: int, kind: str, by: Actor) -> None:
    record(session, about=f"maker:{maker_id}", kind=kind, by=by, on_behalf_of=f"maker:{maker_id}")
