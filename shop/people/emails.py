"""One rule for e-mail addresses, so that two spellings of one mailbox are one person and never two."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from shop.people.errors import BadEmail

LONGEST = 254


def canonical(text: str) -> str:
    """The address as it is kept and compared: NFKC, the part before the @ case-folded, the domain by IDNA 2008 in its
    readable form. Plus tags stay: they are other mailboxes on some servers. Raises BadEmail.

    Letters always go to this form, never to what somebody typed, so that no look-alike gets another's link.
    """
    whole = unicodedata.normalize("NFKC", text).strip()
    local, at, domain = whole.rpartition("@")
    if not at or len(whole) > LONGEST:
        raise BadEmail
    try:
        # the domain is not case-folded here: folding makes another domain of straße.de
        found = validate_email(f"{local.casefold()}@{domain}", check_deliverability=False, strict=True).normalized
    except EmailNotValidError as error:
        raise BadEmail from error
    if len(found) > LONGEST:
        raise BadEmail
    return found


def is_demos(text: str) -> bool:
    """Whether it is an address of the demo's people, however it is spelled."""
    try:
        return canonical(text).endswith("@demo.example")
    except BadEmail:
        return False
