"""What is found by a question. Statements are built once an engine and take bind parameters.

A hot page joins `matches` with its own tables in one statement, built once:

    hit = matches("sqlite").subquery("hit")
    statement = select(Product.id, …).join(hit, hit.c.ref == Product.id).order_by(hit.c.rank, Product.id.desc())

and runs it with what `asking` gives:

    question = question_of(connection, typed)
    connection.execute(statement, {**asking(question, dialect="sqlite", kind="product"), "limit": 24})
"""

import time
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import islice, takewhile

from sqlalchemy import BigInteger, Float, TextClause, TextualSelect, bindparam, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.crafts import queries as crafts
from shop.crafts.services import edition
from shop.db import KEPT
from shop.words import LONGEST_QUESTION, WORDS, Query, Synonyms, fold, fts5, nearest, query, tsquery

BOUND = 5_000
"""At most so many hits, the newest, are ranked, joined or counted, so that no question costs without end."""

_FRESH_SECONDS = 30.0
"""How long other processes may go on with a craft's former words."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    synonyms: Synonyms
    folded: tuple[tuple[str, str], ...]
    edition: int
    until: float


_known: dict[str, _Vocabulary] = {}
KEPT.append(_known.clear)


def _vocabulary(source: Session | Connection) -> _Vocabulary:
    now, then = time.monotonic(), edition()
    found = _known.get("it")
    if found is None or found.edition != then or found.until < now:
        rows = [*WORDS, *crafts.craft_words(source)]
        folded = {fold(word): word for row in reversed(rows) for word in row}
        found = _known["it"] = _Vocabulary(Synonyms(rows), tuple(sorted(folded.items())), then, now + _FRESH_SECONDS)
    return found


def question_of(source: Session | Connection, typed: str) -> Query:
    """The question in what somebody typed, with the co-op's own crafts among its synonyms; false when it asks nothing.

    At most one statement in half a minute: the crafts' words are kept by each process.
    """
    return query(typed, _vocabulary(source).synonyms)


_SQLITE = (
    "SELECT search_entry.id AS id, search_entry.ref AS ref, {rank} AS rank"
    # CROSS JOIN: SQLite keeps this order, so that FTS5 hands out the newest first and LIMIT ends the reading
    " FROM search_words CROSS JOIN search_entry ON search_entry.id = search_words.rowid"
    " WHERE search_words MATCH :search_question AND search_entry.kind = :search_kind"
    " ORDER BY search_words.rowid DESC LIMIT :search_bound"
)
# a function of migration 0006, since the plan must be made for each question
_POSTGRESQL = "SELECT id, ref, rank FROM search_hits(:search_question, :search_kind, :search_bound, {ranked})"
_BINDS = (bindparam("search_bound", type_=BigInteger),)


def _sql(dialect: str, *, ranked: bool) -> str:
    if dialect == "sqlite":
        return _SQLITE.format(rank="search_words.rank" if ranked else "0")
    return _POSTGRESQL.format(ranked="true" if ranked else "false")


@cache
def matches(dialect: str, *, ranked: bool = True) -> TextualSelect:
    """Select of `id`, `ref` and `rank` of the newest `search_bound` things found (`id` grows with the day a thing was
    first shown). A small rank is good; without `ranked` it is 0 and costs nothing. In no order: the statement around it
    sorts. Bind parameters as `asking` gives them.
    """
    return text(_sql(dialect, ranked=ranked)).bindparams(*_BINDS).columns(id=BigInteger, ref=BigInteger, rank=Float)


def asking(question: Query, *, dialect: str, kind: str, bound: int = BOUND) -> dict[str, str | int]:
    """The bind parameters of `matches`."""
    said = fts5(question) if dialect == "sqlite" else tsquery(question)
    return {"search_question": said, "search_kind": kind, "search_bound": min(bound, BOUND)}


@cache
def _counting(dialect: str) -> TextClause:
    return text(f"SELECT count(*) FROM ({_sql(dialect, ranked=False)}) AS hit").bindparams(*_BINDS)  # noqa: S608  our own text


@cache
def _finding(dialect: str, *, ranked: bool) -> TextClause:
    order = "hit.rank, hit.id DESC" if ranked else "hit.id DESC"
    return text(
        f"SELECT hit.ref FROM ({_sql(dialect, ranked=ranked)}) AS hit ORDER BY {order} LIMIT :limit OFFSET :offset"  # noqa: S608
    ).bindparams(*_BINDS)


def found(
    source: Session | Connection,
    *,
    kind: str,
    question: Query,
    limit: int = 24,
    offset: int = 0,
    ranked: bool = True,
) -> list[int]:
    """Refs of what is found, best first (or with `ranked` false the newest first), of the newest BOUND hits."""
    if not question:
        return []
    dialect = _dialect(source)
    bound = BOUND if ranked else offset + limit  # unranked they come newest first already
    binds = {**asking(question, dialect=dialect, kind=kind, bound=bound), "limit": limit, "offset": min(offset, BOUND)}
    return [int(ref) for (ref,) in source.execute(_finding(dialect, ranked=ranked), binds)]


def count_upto(source: Session | Connection, *, kind: str, question: Query, most: int = BOUND) -> int:
    """How many are found; `most` means so many or more."""
    if not question:
        return 0
    dialect = _dialect(source)
    return int(
        source.execute(_counting(dialect), asking(question, dialect=dialect, kind=kind, bound=most)).scalar_one()
    )


def _dialect(source: Session | Connection) -> str:
    return source.get_bind().dialect.name if isinstance(source, Session) else source.dialect.name


def suggestions(source: Session | Connection, typed: str, *, limit: int = 8) -> list[str]:
    """Names of crafts and words of the trade that begin with what was typed, accents or none; for a search box."""
    start = fold(typed[:LONGEST_QUESTION]).strip()
    if not start:
        return []
    folded = _vocabulary(source).folded
    first = bisect_left(folded, (start, ""))
    below = takewhile(lambda pair: pair[0].startswith(start), islice(folded, first, None))
    return list(dict.fromkeys(word for _folded, word in islice(below, limit)))


def meant(source: Session | Connection, typed: str) -> str | None:
    """What was probably meant, word by word, when nothing was found ("embroidry fan" → "embroidery fan"); else None."""
    known = [word for _folded, word in _vocabulary(source).folded]
    single = [part for word in known for part in word.split()]
    words = typed[:LONGEST_QUESTION].split()[:12]
    better = [nearest(word, single) or word for word in words]
    return " ".join(better) if better != words else None
