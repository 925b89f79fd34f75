"""Who may sign in, and what she does about it herself: passwords, devices, links by mail.

Hashing takes long and stands outside of transactions: these functions take what `passwords.hashed` gave.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.db import locked
from shop.errors import NotFound
from shop.ids import digest, secret
from shop.outbox.mail import owe_mail
from shop.people import passwords
from shop.people.emails import canonical
from shop.people.errors import BadEmail, DeadLink, EmailTaken, LastAdmin, NotAllowed, WrongSignIn
from shop.people.models import ROLES, Ticket, User, UserSession
from shop.people.passwords import PasswordHash

SIGNED_IN_FOR = timedelta(days=30)
INVITED_FOR = timedelta(days=7)
RESET_WITHIN = timedelta(hours=2)

Purpose = Literal["invite", "reset"]
_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is kept about an address; user_id and password_hash are None for an unknown one."""

    user_id: int | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a link lets in, and the link's secret."""

    user_id: int
    token: str


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: str,
    lang: str = "zh",
    password_hash: PasswordHash | None = None,
) -> int:
    """A person who may sign in once she has a password; gives her id. Raises BadEmail, EmailTaken, ValueError."""
    if role not in ROLES:
        raise ValueError(f"role {role!r}")
    address = canonical(email)
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise EmailTaken(email=address)
    user = User(
        email=address,
        name=" ".join(name.split())[:120] or address.partition("@")[0][:120],
        role=role,
        lang=lang,
        password_hash=password_hash,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()  # its id is the answer
    return user.id


def invite(session: Session, *, email: str, name: str, role: str, lang: str = "zh", by: Actor) -> Invitation:
    """Create a person and send her a link that sets her password; an invitation nobody took up is renewed.

    Raises NotAllowed, BadEmail, EmailTaken (somebody with a password), ValueError (unknown role).
    """
    _only_admin(by)
    known = session.scalars(select(User).where(User.email == canonical(email))).one_or_none()
    if known is not None and (known.password_hash is not None or not known.is_active):
        raise EmailTaken(email=known.email)
    if known is None:
        user_id = create_user(session, email=email, name=name, role=role, lang=lang)
        known = session.get_one(User, user_id)
    else:
        if role not in ROLES:
            raise ValueError(f"role {role!r}")
        known.name, known.role, known.lang = " ".join(name.split())[:120] or known.name, role, lang
    ticket, token = _ticket(session, known.id, "invite", INVITED_FOR)
    facts = {"name": known.name, "token": token, "until": ticket.expires_at, "by": by.name}
    owe_mail(
        session,
        key=f"people.invite:{ticket.id}",
        to=known.email,
        lang=known.lang,
        template="people/invitation",
        facts=facts,
    )
    return Invitation(known.id, token)


def ask_reset(session: Session, *, email: str) -> None:
    """Send a link for a new password, if anybody has this address. Says nothing either way."""
    try:
        address = canonical(email)
    except BadEmail:
        return
    user = session.scalars(select(User).where(User.email == address, User.is_active)).one_or_none()
    if user is None:
        return
    ticket, token = _ticket(session, user.id, "reset", RESET_WITHIN)
    owe_mail(
        session,
        key=f"people.reset:{ticket.id}",
        to=user.email,
        lang=user.lang,
        template="people/reset",
        facts={"name": user.name, "token": token, "until": ticket.expires_at},
    )


def _ticket(session: Session, user_id: int, purpose: Purpose, lasts: timedelta) -> tuple[Ticket, str]:
    """A fresh link; those before it are dead."""
    _end_tickets(session, user_id)
    token, now = secret(), clock.now()
    ticket = Ticket(
        user_id=user_id, purpose=purpose, token_digest=digest(token), expires_at=now + lasts, created_at=now
    )
    session.add(ticket)
    session.flush()  # its id names the letter
    return ticket, token


def _end_tickets(session: Session, user_id: int) -> None:
    session.execute(
        update(Ticket).where(Ticket.user_id == user_id, Ticket.used_at.is_(None)).values(used_at=clock.now()),
        execution_options=_NO_SYNC,
    )


def redeem(session: Session, *, token: str, purpose: Purpose, password_hash: PasswordHash) -> int:
    """Use a link by mail to set a password: works once, ends all devices and other links. Gives the person's id.

    Raises DeadLink.
    """
    now = clock.now()
    user_id: int | None = session.scalar(
        update(Ticket)
        .where(
            Ticket.token_digest == digest(token),
            Ticket.purpose == purpose,
            Ticket.used_at.is_(None),
            Ticket.expires_at > now,
            Ticket.user_id.in_(select(User.id).where(User.is_active)),
        )
        .values(used_at=now)
        .returning(Ticket.user_id),
        execution_options=_NO_SYNC,
    )
    if user_id is None:
        raise DeadLink
    set_password(session, user_id=user_id, password_hash=password_hash, told=purpose == "reset")
    return user_id


def set_password(
    session: Session,
    *,
    user_id: int,
    password_hash: PasswordHash,
    keep_session_id: int | None = None,
    told: bool = True,
) -> None:
    """Set it, end every device but one and every link by mail, and (unless `told` is off) write her that it happened.

    Raises NotFound.
    """
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(what="user", id=user_id)
    user.password_hash = password_hash
    session.flush()  # waits for sign-ins under way, so that their devices are seen below
    end_all_sessions(session, user_id=user_id, but=keep_session_id)
    _end_tickets(session, user_id)
    if told:
        owe_mail(
            session,
            key=f"people.password:{secret()}",
            to=user.email,
            lang=user.lang,
            template="people/password_changed",
            facts={"name": user.name, "at": clock.now()},
        )


def rehash(session: Session, *, user_id: int, before: str, after: PasswordHash) -> None:
    """Keep the same password with today's sizes, unless it was changed meanwhile."""
    session.execute(
        update(User).where(User.id == user_id, User.password_hash == before).values(password_hash=after),
        execution_options=_NO_SYNC,
    )


def credentials(session: Session, *, email: str) -> Credentials:
    """What is kept about an address, for `proven`."""
    try:
        address = canonical(email)
    except BadEmail:
        return Credentials(None, None)
    row = session.execute(select(User.id, User.password_hash).where(User.email == address, User.is_active)).first()
    return Credentials(row.id, row.password_hash) if row else Credentials(None, None)


def proven(known: Credentials, *, password: str) -> int:
    """Whose password it is. Raises WrongSignIn. Takes some 20 ms, as long for unknown addresses."""
    if not passwords.fits(known.password_hash, password) or known.user_id is None:
        raise WrongSignIn
    return known.user_id


def open_session(
    session: Session, *, user_id: int, device: str, password_hash: str | None = None, ends_token: str | None = None
) -> str:
    """Sign a person in on one device; gives the secret that her browser keeps. Raises WrongSignIn.

    `password_hash` is what was proven: when it has been changed or she was removed since, she is not let in.
    `ends_token` is who was signed in on this device before.
    """
    still = select(User.id).where(User.id == user_id, User.is_active)
    if password_hash is not None:
        still = still.where(User.password_hash == password_hash)
    # held, so that a password change at the same moment either sees this device or stops it
    if session.scalar(still.with_for_update(read=True)) is None:
        raise WrongSignIn
    if ends_token:
        sign_out(session, token=ends_token)
    token, now = secret(), clock.now()
    session.add(
        UserSession(
            token_digest=digest(token),
            user_id=user_id,
            device=device[:200],
            created_at=now,
            expires_at=now + SIGNED_IN_FOR,
        )
    )
    return token


def sign_in(session: Session, *, email: str, password: str, device: str) -> str:
    """All of it in one go, for scripts and tests; pages hash between transactions. Raises WrongSignIn."""
    known = credentials(session, email=email)
    user_id = proven(known, password=password)
    return open_session(session, user_id=user_id, device=device, password_hash=known.password_hash)


def sign_out(session: Session, *, token: str) -> None:
    """End the device that keeps this secret."""
    _end(session, UserSession.token_digest == digest(token))


def end_session(session: Session, *, user_id: int, session_id: int) -> None:
    """End one of her own devices. Raises NotFound for another's, or one that has ended."""
    if not _end(session, UserSession.user_id == user_id, UserSession.id == session_id):
        raise NotFound(what="device", id=session_id)


def end_all_sessions(session: Session, *, user_id: int, but: int | None = None) -> int:
    """End her devices, all but one; gives how many."""
    return _end(session, UserSession.user_id == user_id, *([UserSession.id != but] if but is not None else []))


def _end(session: Session, *which: Any) -> int:
    ended = session.scalars(
        update(UserSession)
        .where(UserSession.ended_at.is_(None), *which)
        .values(ended_at=clock.now())
        .returning(UserSession.id),
        execution_options=_NO_SYNC,
    )
    return len(ended.all())


def end_expired(session: Session) -> int:
    """Write down the end of what has expired, so that a clock set back revives nothing. Gives how many devices."""
    now = clock.now()
    session.execute(
        update(Ticket).where(Ticket.used_at.is_(None), Ticket.expires_at <= now).values(used_at=now),
        execution_options=_NO_SYNC,
    )
    return _end(session, UserSession.expires_at <= now)


def set_lang(session: Session, *, user_id: int, lang: str) -> None:
    """The language she is spoken to in."""
    session.get_one(User, user_id).lang = lang


def change_role(session: Session, *, user_id: int, role: str, by: Actor) -> str:
    """Give her another role, at once on all devices; gives the role before. Raises NotAllowed, NotFound, LastAdmin."""
    _only_admin(by)
    if role not in ROLES:
        raise ValueError(f"role {role!r}")
    user = _with_admins(session, user_id)
    before, mattered = user.role, user.role == "admin" and user.is_active
    user.role = role
    if mattered:
        _some_admin_left(session)
    return before


def deactivate(session: Session, *, user_id: int, by: Actor) -> None:
    """Let her in no more: devices and links end at once. Raises NotAllowed, NotFound, LastAdmin."""
    _only_admin(by)
    user = _with_admins(session, user_id)
    mattered = user.role == "admin" and user.is_active
    user.is_active = False
    if mattered:
        _some_admin_left(session)
    end_all_sessions(session, user_id=user_id)
    _end_tickets(session, user_id)


def reactivate(session: Session, *, user_id: int, by: Actor) -> None:
    """Let her in again. Raises NotAllowed, NotFound."""
    _only_admin(by)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(what="user", id=user_id)
    user.is_active = True


def _only_admin(by: Actor) -> None:
    if by.role not in {"admin", "system"}:
        raise NotAllowed(role=by.role)


def _with_admins(session: Session, user_id: int) -> User:
    """Her row, held together with those of all admins: two who remove each other take turns."""
    admins = set(session.scalars(select(User.id).where(User.role == "admin", User.is_active)))
    held = locked(session, User, admins | {user_id})
    if user_id not in held:
        raise NotFound(what="user", id=user_id)
    return held[user_id]


def _some_admin_left(session: Session) -> None:
    session.flush()  # the count must see the change
    if session.scalar(select(User.id).where(User.role == "admin", User.is_active).limit(1)) is None:
        raise LastAdmin
