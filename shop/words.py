"""Words for searching, alike on both engines: FTS5 (unicode61 remove_diacritics 0) and ``tsvector('simple')``.

A text becomes a row of tokens, a question a few groups of phrases; both pass through the same folding, and nothing
but a–z, 0–9 and CJK characters ever reaches an engine, so that no question can be a syntax error.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer

LONGEST_QUESTION = 200
MOST_GROUPS = 12
MOST_ALTERNATIVES = 32
LONGEST_TOKEN = 40
MOST_TOKENS = 10_000
"""Of one indexed row; PostgreSQL keeps no positions beyond 16,383."""

_PREFIX_FROM = 2
_VOCABULARY = 5_000
_BREAK = "\uf900"
"""Stands between two texts, so that no phrase reaches from one into the next: a compatibility character which both
engines take for a letter, and which folding turns into another, so that nobody can ask for it."""

# Accents, and the invisible marks that pasted text carries inside words.
_STRIPPED = re.compile(
    "[\u00ad\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2060\u20d0-\u20ff\ufe00-\ufe2f\ufeff]"
)
_LETTERS = (
    ("đ", "d"),
    ("ð", "d"),
    ("ø", "o"),
    ("ł", "l"),
    ("ħ", "h"),
    ("ı", "i"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("þ", "th"),
)
# Only what both engines call letters: no middle dot, no unassigned places.
_CJK = "々〇〻\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fcc\uac00-\ud7a3\U00020000-\U0002a6d6"
_RUN = re.compile(f"[0-9a-z]+|[{_CJK}]+")
_TOKEN = re.compile(f"[0-9a-z]+|[{_CJK}]")
_POSSESSIVE = re.compile("(?<=[a-z])['’]s\\b")
_LITTLE = frozenset({"a", "an", "and", "for", "of", "the", "with"})


def fold(text: str) -> str:
    """``text`` as it is compared: small letters, half width, no accents, đ as d. Folding twice changes nothing."""
    if text.isascii():
        return text.lower()
    folded = _STRIPPED.sub("", unicodedata.normalize("NFKD", text).casefold())
    for letter, plain in _LETTERS:  # a quarter of what str.translate takes
        folded = folded.replace(letter, plain)
    return unicodedata.normalize("NFKC", folded)


def _bare(folded: str) -> str:
    """Without the English possessive, so that "maker's" is the maker."""
    return _POSSESSIVE.sub("", folded) if "'" in folded or "’" in folded else folded


def tokens(text: str) -> list[str]:
    """Folded Latin words and figures, and every CJK character by itself, in the order of the text."""
    return [found[:LONGEST_TOKEN] for found in _TOKEN.findall(_bare(fold(text)))]


@lru_cache(maxsize=32_768)
def stem(token: str) -> str:
    """English stem of a folded word; figures, short words and CJK stay as they are."""
    if len(token) < 3 or not token.isascii() or not token.isalpha():
        return token
    # A stemmer of its own each time: they keep the word in themselves, and threads would mix them up.
    return str(EnglishStemmer().stemWord(token))


def index_words(texts: Iterable[str]) -> str:
    """What the index keeps of one thing: the tokens of each text in order, then the English stems that stand in none
    of them. At most MOST_TOKENS tokens; the texts that matter most go first.
    """
    kept: list[str] = []
    for text in [texts] if isinstance(texts, str) else texts:
        found = tokens(text)
        if found:
            kept += [_BREAK, *found] if kept else found
        if len(kept) >= MOST_TOKENS:
            del kept[MOST_TOKENS:]
            break
    words = dict.fromkeys(kept)
    stems = [root for root in dict.fromkeys(map(stem, words)) if root not in words]
    return " ".join([*kept, _BREAK, *stems] if stems else kept)


class Phrase(NamedTuple):
    """Tokens that stand side by side; with ``prefix`` the last one may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question: every group must be found, by any one of its phrases. Without a group it finds nothing and is
    false.
    """

    groups: tuple[tuple[Phrase, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups)


class Synonyms:
    """Rows of words that mean one thing, in any language. Immutable once made; make it once, not per question."""

    def __init__(self, rows: Iterable[Iterable[str]]) -> None:
        self.latin: dict[tuple[str, ...], tuple[Phrase, ...]] = {}
        self.cjk: dict[str, tuple[Phrase, ...]] = {}
        for row in rows:
            words = {found: None for found in map(tuple, map(tokens, row)) if found}
            phrases = tuple(dict.fromkeys(phrase for word in words for phrase in _forms(word)))
            for word in words:
                if all(token.isascii() for token in word):
                    key = tuple(map(stem, word))
                    self.latin[key] = (*self.latin.get(key, ()), *phrases)
                elif not any(token.isascii() for token in word) and len(word) > 1:
                    run = "".join(word)
                    self.cjk[run] = (*self.cjk.get(run, ()), *phrases)
        self.longest_latin = max(map(len, self.latin), default=0)
        self.longest_cjk = max(map(len, self.cjk), default=0)


def _forms(word: tuple[str, ...]) -> tuple[Phrase, ...]:
    if len(word) == 1 and stem(word[0]) != word[0]:
        return Phrase(word), Phrase((stem(word[0]),))
    return (Phrase(word),)


WORDS: tuple[tuple[str, ...], ...] = (
    ("刺绣", "绣花", "手绣", "embroidery", "needlework", "thêu"),
    ("双面绣", "双面刺绣", "两面绣", "double-sided embroidery", "two-sided embroidery", "thêu hai mặt"),
    ("十字绣", "cross stitch", "thêu chữ thập"),
    ("中国结", "绳结", "结艺", "knot", "knotwork", "nút", "nút thắt"),
    ("盘扣", "纽扣结", "button knot", "frog closure", "khuy tết", "nút khuy"),
    ("流苏", "穗子", "tassel", "tua rua"),
    ("珐琅", "掐丝珐琅", "景泰蓝", "cloisonné", "enamel", "pháp lam"),
    ("扎染", "绞缬", "tie-dye", "shibori", "nhuộm", "nhuộm buộc"),
    ("蓝染", "靛蓝", "indigo", "nhuộm chàm", "vải chàm"),
    ("香包", "香囊", "荷包", "sachet", "scent bag", "túi thơm", "túi hương"),
    ("串珠", "珠编", "beadwork", "beads", "xâu hạt", "hạt cườm", "kết cườm"),
    ("钩编", "钩针", "crochet", "móc len", "đan móc"),
    ("剪纸", "刻纸", "paper-cut", "papercut", "cắt giấy"),
    ("窗花", "window paper-cut", "hoa giấy dán cửa"),
    ("葫芦", "gourd", "calabash", "bầu hồ lô", "bầu khô"),
    ("灯笼", "lantern", "đèn lồng"),
    ("扇子", "团扇", "hand fan", "fan", "quạt"),
    ("围巾", "披肩", "scarf", "shawl", "khăn quàng"),
    ("耳环", "耳饰", "earrings", "hoa tai", "bông tai"),
    ("手链", "手绳", "bracelet", "vòng tay"),
    ("项链", "necklace", "dây chuyền", "vòng cổ"),
    ("丝绸", "真丝", "silk", "lụa"),
    ("礼物", "礼品", "gift", "quà tặng"),
    ("春节", "新年", "new year", "spring festival", "tết"),
    ("婚礼", "结婚", "wedding", "đám cưới"),
    ("荷花", "莲花", "lotus", "hoa sen"),
    ("牡丹", "peony", "mẫu đơn"),
)
"""Words of our trade. A co-op's crafts bring more: ``Synonyms([*WORDS, *rows])``."""

SYNONYMS = Synonyms(WORDS)


def _atoms(text: str, synonyms: Synonyms) -> list[str]:
    """Latin words and CJK runs; a run is cut where a known word begins or ends, since Chinese is typed unspaced."""
    atoms: list[str] = []
    for run in _RUN.findall(_bare(fold(text[:LONGEST_QUESTION]))):
        if run.isascii():
            atoms.append(run[:LONGEST_TOKEN])
            continue
        start = at = 0
        while at < len(run):
            lengths = range(min(synonyms.longest_cjk, len(run) - at), 1, -1)
            size = next((size for size in lengths if run[at : at + size] in synonyms.cjk), 0)
            if size:
                atoms += [run[start:at], run[at : at + size]] if at > start else [run[at : at + size]]
                start = at + size
            at += size or 1
        if start < len(run):
            atoms.append(run[start:])
    return atoms


def _alternatives(atoms: list[str], synonyms: Synonyms) -> list[list[Phrase]]:
    """What each atom may be found by. Words that mean something together ("tie dye") each take the other names of
    the whole, so that a piece is found by all the words or by another name.
    """
    stems = [stem(atom) if atom.isascii() else "" for atom in atoms]
    found = [
        [Phrase((atom,)), Phrase((root,))] if root else [Phrase(tuple(atom)), *synonyms.cjk.get(atom, ())]
        for atom, root in zip(atoms, stems, strict=True)
    ]
    for first in range(len(atoms)):
        for last in range(first + 1, min(first + synonyms.longest_latin, len(atoms)) + 1):
            others = synonyms.latin.get(tuple(stems[first:last]), ())
            for phrases in found[first:last]:
                phrases.extend(others)
    return found


def query(text: str, synonyms: Synonyms = SYNONYMS) -> Query:
    """The question in ``text``: each Latin word (as typed, as its stem, the last one also as a beginning) and each
    CJK run (side by side), or what means the same. Text beyond LONGEST_QUESTION characters and groups beyond
    MOST_GROUPS are dropped; little words such as "of" count only when there is nothing else.
    """
    atoms = _atoms(text, synonyms)[: 3 * MOST_GROUPS]
    groups = dict(zip(atoms, _alternatives(atoms, synonyms), strict=True))
    if not groups.keys() <= _LITTLE:
        groups = {atom: phrases for atom, phrases in groups.items() if atom not in _LITTLE}
    groups = dict(islice(groups.items(), MOST_GROUPS))
    last = next((atom for atom in reversed(groups) if atom.isascii()), "")
    if len(last) >= _PREFIX_FROM:
        groups[last] = [Phrase((last,), prefix=True), *(other for other in groups[last] if other.tokens != (last,))]
    return Query(tuple(tuple(islice(dict.fromkeys(phrases), MOST_ALTERNATIVES)) for phrases in groups.values()))


def fts5(question: Query) -> str:
    """The question for ``MATCH``. No question is an empty phrase, which finds nothing; FTS5 refuses an empty text."""
    groups = (
        "(" + " OR ".join(f'"{" ".join(tokens)}"{" *" if prefix else ""}' for tokens, prefix in group) + ")"
        for group in question.groups
    )
    return " AND ".join(groups) or '""'


def tsquery(question: Query) -> str:
    """The question for ``to_tsquery('simple', …)`` (no cast: the text must pass PostgreSQL's parser as the index
    did); empty when there is none, which finds nothing.
    """
    return " & ".join("(" + " | ".join(map(_ts_phrase, group)) + ")" for group in question.groups)


def _ts_phrase(phrase: Phrase) -> str:
    tokens = " <-> ".join(f"'{token}'" for token in phrase.tokens) + (":*" if phrase.prefix else "")
    return f"({tokens})" if len(phrase.tokens) > 1 else tokens


def nearest(word: str, vocabulary: Iterable[str]) -> str | None:
    """The known word that ``word`` was probably meant to be, or None when it is known or nothing is near. Looks at
    the first 5,000 of ``vocabulary`` whose length is about the same.
    """
    asked = fold(word[:LONGEST_TOKEN]).strip()
    if len(asked) < 2:
        return None
    known: dict[str, str] = {}
    for candidate in islice((each for each in vocabulary if abs(len(each) - len(asked)) <= 2), _VOCABULARY):
        known.setdefault(fold(candidate), candidate)
    if asked in known:
        return None
    near = difflib.get_close_matches(asked, known, n=1, cutoff=0.75)
    return known[near[0]] if near else None
