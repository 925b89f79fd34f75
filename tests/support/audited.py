"""`flask audit` after a test that moved something; a test that only looked has left the books as it found them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from shop.db import reading
from shop.ledger.audit import audit
from tests.support.statements import counted

_SIGNING_IN = re.compile(r'\s*(INSERT INTO|UPDATE)\s+"?(user_session|user)"?\s', re.IGNORECASE)


@contextmanager
def audited() -> Iterator[None]:
    """The books are clean after the block, if it wrote more than who is signed in, and in which language."""
    with counted() as seen:
        yield
    if any(not _SIGNING_IN.match(one) for one in seen.writes):
        with reading() as session:
            assert audit(session) == []
