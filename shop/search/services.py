"""Keeping the index up to date, in the same transaction as the thing itself."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from sqlalchemy import delete, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from shop.db import again, writing
from shop.search.models import SearchEntry

CHUNK = 500

Indexer = Callable[[Session, int, int], Sequence[tuple[int, str | None]]]
"""(session, after_id, limit) → the next things in order of id, each with its words, or None where nobody may find it;
an empty list ends it."""

INDEXERS: dict[str, Indexer] = {}

_SQLITE_ENTRY = sqlite.insert(SearchEntry).on_conflict_do_nothing()
_SQLITE_WORDS = text(
    "INSERT OR REPLACE INTO search_words (rowid, words)"
    " VALUES ((SELECT id FROM search_entry WHERE kind = :kind AND ref = :ref), :words)"
)
# to_tsvector, not a cast: the words pass the same parser as the question
_POSTGRESQL = text(
    "INSERT INTO search_entry (kind, ref, words)"
    " SELECT :kind, given.ref, to_tsvector('simple', given.words)"
    " FROM unnest(CAST(:refs AS bigint[]), CAST(:words AS text[])) AS given (ref, words)"
    " ON CONFLICT (kind, ref) DO UPDATE SET words = excluded.words"
)


def indexer(kind: str) -> Callable[[Indexer], Indexer]:
    """Register how all things of a kind are read for `flask search reindex`."""

    def add(found: Indexer) -> Indexer:
        INDEXERS[kind] = found
        return found

    return add


def remember(session: Session, *, kind: str, ref: int, words: str) -> None:
    """From now on `ref` is found by `words` (as `shop.words.index_words` gives them) and by nothing else."""
    remember_all(session, kind=kind, rows=[(ref, words)])


def remember_all(session: Session, *, kind: str, rows: Iterable[tuple[int, str]]) -> None:
    """As `remember`, for many at once, in order of `ref` so that no two transactions wait on each other."""
    found = sorted(dict(rows).items())
    if not found:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.execute(_SQLITE_ENTRY, [{"kind": kind, "ref": ref} for ref, _words in found])
        connection.execute(_SQLITE_WORDS, [{"kind": kind, "ref": ref, "words": words} for ref, words in found])
    else:
        refs, words = zip(*found, strict=True)
        connection.execute(_POSTGRESQL, {"kind": kind, "refs": list(refs), "words": list(words)})


def forget(session: Session, *, kind: str, ref: int) -> None:
    """Nobody finds it any more. Forgetting what was never known is fine."""
    entry = select(SearchEntry.id).where(SearchEntry.kind == kind, SearchEntry.ref == ref)
    _drop(session, session.scalars(entry).all())


def _drop(session: Session, ids: Sequence[int]) -> None:
    if not ids:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # by rowid, one at a time: with an IN list FTS5 reads its whole table
        connection.execute(text("DELETE FROM search_words WHERE rowid = :id"), [{"id": each} for each in ids])
    connection.execute(delete(SearchEntry).where(SearchEntry.id.in_(ids)))


def reindex(kind: str, *, said: Callable[[int], None] = lambda _done: None) -> int:
    """Build all entries of a kind anew, CHUNK things to a transaction, while the shop goes on. Gives how many are found.

    Safe to repeat and to interrupt; entries of things that are gone go too. `said` hears how far it is.
    """
    after: int | None = 0
    known = 0
    while after is not None:
        after, kept = again(partial(_chunk, kind, after))
        known += kept
        said(known)
    return known


def _chunk(kind: str, after: int) -> tuple[int | None, int]:
    with writing() as session:
        rows = INDEXERS[kind](session, after, CHUNK)
        last = rows[-1][0] if rows else None
        found = [(ref, words) for ref, words in rows if words is not None]
        stale = select(SearchEntry.id).where(
            SearchEntry.kind == kind, SearchEntry.ref > after, SearchEntry.ref.not_in([ref for ref, _words in found])
        )
        if last is not None:
            stale = stale.where(SearchEntry.ref <= last)
        _drop(session, session.scalars(stale).all())
        remember_all(session, kind=kind, rows=found)
        return last, len(found)


def tidy(session: Session) -> None:
    """Merge the index into its quickest form, after all of it was built anew."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO search_words (search_words) VALUES ('optimize')"))
