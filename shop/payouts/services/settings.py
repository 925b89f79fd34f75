"""How and when the co-op pays, as its administrator decides it."""

import re
from typing import Any

from sqlalchemy import event, update
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.coop.services import record, the_coop
from shop.documents.bank import bare_account, profiles_for
from shop.documents.latin import plain
from shop.errors import BadInput, Outdated
from shop.payouts.facts import NAMES, forget_pay_facts
from shop.payouts.models import PaySettings
from shop.payouts.services.payer import PAYER, propose_payer
from shop.payouts.services.rights import ADMIN, only

EDITABLE = frozenset(NAMES) - {"version"}


def set_pay_settings(session: Session, *, version: int, by: Actor, **fields: Any) -> PaySettings:
    """Change how the co-op pays; the history keeps which fields and by whom.

    Another account than the one it pays from is only written down, and taken up once it has waited (services/payer.py).
    Raises NotYourPart, NoCoop, BadInput with the field, Outdated where somebody saved since `version` was read.
    """
    only(by, ADMIN)
    fields = {name: plain(value) if isinstance(value, str) else value for name, value in fields.items()}
    _check(fields, the_coop(session).currency)
    row = session.get(PaySettings, 1)
    if row is None:
        if version != 0:
            raise Outdated(what="pay_settings")
        row = PaySettings(id=1, **fields)
        session.add(row)
        session.flush()  # two at once for the first time must meet here
        changed = sorted(fields)
    else:
        changed = sorted(name for name, value in fields.items() if getattr(row, name) != value)
        payer = {name: fields.pop(name) for name in PAYER if name in fields}
        if not row.payer_account or all(getattr(row, name) == value for name, value in payer.items()):
            fields |= payer
        else:
            propose_payer(session, row=row, by=by, **payer)
        taken = session.execute(
            update(PaySettings)
            .where(PaySettings.id == 1, PaySettings.version == version)
            .values(version=version + 1, **fields)
            .returning(PaySettings.id),
            execution_options={"synchronize_session": False},
        ).scalar_one_or_none()
        if taken is None:
            raise Outdated(what="pay_settings")
        session.refresh(row)
    record(session, about="coop:1", kind="pay_settings", by=by, facts={"fields": changed})
    event.listen(session, "after_commit", lambda _session: forget_pay_facts(), once=True)
    return row


def _check(fields: dict[str, Any], currency: str) -> None:
    unknown = set(fields) - EDITABLE
    if unknown:
        raise BadInput(field=min(unknown))
    if fields.get("bank_profile") and fields["bank_profile"] not in profiles_for(currency):
        raise BadInput(field="bank_profile")
    account = bare_account(fields.get("payer_account") or "")
    if account and not re.fullmatch(r"[0-9]{6,34}", account):
        raise BadInput(field="payer_account")
    if not re.fullmatch(r"[0-9A-Z]{0,20}", fields.get("payer_bank_code") or ""):
        raise BadInput(field="payer_bank_code")
    bounds = {"every_weeks": (1, 4), "cut_off_days": (0, 6), "cut_off_hour": (0, 23), "account_wait_days": (0, 30)}
    if not 0 <= (fields.get("account_limit_minor") or 0) < 10**15:
        raise BadInput(field="account_limit_minor")
    for name, (lowest, highest) in bounds.items():
        if fields.get(name) is not None and not lowest <= fields[name] <= highest:
            raise BadInput(field=name)
    if fields.get("every_weeks", 1) > 1 and fields.get("counted_from") is None:
        raise BadInput(field="counted_from")
