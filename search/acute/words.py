"""What the words of a question mean for acute help: tags, found through spelling and dialect.

``words.tsv`` is written by hand: a tag, ``no`` or ``en``, and its forms parted by ``|``. A form is
a word, a beginning (``tvang*``), or several words; ``..`` stands for up to three words between.
A word of five letters or more is met through ``fold`` (*omskjaering*, *omsjering*), and one that
no Norwegian text has is taken for the nearest form (*tvnagsekteskap*).
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA

from corpus.text import normalise_line
from search.analysis.spelling import lexicon

WORDS = Path(__file__).with_name("words.tsv")
GAP = 3  # words that may stand in a phrase's ``..``
SHORT = 5  # letters: below, a word must be written as it stands on the list
_LONG = 8  # letters from which on two slips are believed
_LANGUAGES = ("no", "en")
# Tags that make a question less acute: never by a guess at what was meant.
EXACT = frozenset({"GENERAL", "ASK", "PAST", "ANIMAL", "SUBJECT", "PLAIN", "OPENER", "TOLD"})
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")
_FOLDS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        ("aa|å", "a"),
        ("ae|æ|ä|é", "e"),
        ("oe|ø|ö", "o"),
        ("ph", "f"),
        ("ck|c|q", "k"),
        ("w", "v"),
        ("z", "s"),
        ("skj|sch|sj", "sj"),
        ("tj", "kj"),
        ("^(?:gj|hj)", "j"),
        ("^hv", "v"),
        ("nd(?![rs])", "n"),
        ("ld", "l"),
        (r"(.)\1+", r"\1"),
    )
)
_TYPED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_BARE = (str.maketrans("æøå", "aoa"), str.maketrans("æøå", "eoa"))


# Small words of phrases in dialect, Nynorsk and shorthand, and the form on the lists.
_SAME = {
    said: form
    for form, others in {
        "ikke": "ikkje itj ittj ikkj ikje ikk ik inte ikkke ikkje kje ente ittje ikkjé",
        "jeg": "eg æ æg jæ je jei jej ek ej jg",
        "meg": "mæ mei meig mig mej",
        "er": "e",
        "hun": "ho hu",
        "henne": "henna hæn hennar hennes",
        "de": "dei dem dæm døm di",
        "hjem": "heim hjæm hem",
        "hjemme": "heime hjæmme",
        "tilbake": "attende att tebake",
        "komme": "kome kom kommet kommer kjem kjæm kommi komt",
        "fra": "frå",
        "å": "og aa",
        "nå": "no naa nåå",
        "hvor": "kor hvo",
        "hvem": "kven kem",
        "hva": "kva ka",
        "hvordan": "korleis kordan kossen koss korsen hvordn",
        "til": "te ti",
        "vil": "vill",
        "skal": "ska skl",
        "får": "fær",
        "mitt": "mit mett",
        "drar": "dreg",
    }.items()
    for said in others.split()
}


class Tag(NamedTuple):
    """A tag that a question has, and the language of the form that gave it."""

    name: str
    language: str


class _Part(NamedTuple):
    """One word of a phrase: as written, without æ, ø and å, and folded; or a gap."""

    forms: frozenset[str]
    folded: str
    is_beginning: bool

    def fits(self, word: str, folded: str) -> bool:
        """Whether a word of the question is this one."""
        if self.is_beginning:
            return folded.startswith(self.folded)
        return word in self.forms or (len(word) >= SHORT and folded == self.folded)


class _Near(NamedTuple):
    """A form that a misspelt word may have been meant for."""

    form: str
    tags: set[Tag]
    is_beginning: bool


@dataclass(slots=True)
class Lists:
    """The forms, ready to be looked up: whole and folded words, beginnings, phrases."""

    exact: dict[str, set[Tag]] = field(default_factory=lambda: defaultdict(set))
    folded: dict[str, set[Tag]] = field(default_factory=lambda: defaultdict(set))
    beginnings: dict[str, set[Tag]] = field(default_factory=lambda: defaultdict(set))
    # By the folded start of their first word, so that few are looked at.
    phrases: dict[str, list[tuple[tuple[_Part | None, ...], Tag]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    near: dict[str, list[_Near]] = field(default_factory=lambda: defaultdict(list))


def fold(word: str) -> str:
    """A lower-case word as it is heard, more or less; for words of any spelling."""
    for pattern, by in _FOLDS:
        word = pattern.sub(by, word)
    return word


def tokens(text: str) -> list[str]:
    """The words of a question in lower case, small words in one form; *don't* is one word."""
    words = _WORD.findall(_APOSTROPHE.sub("", normalise_line(text).lower()))
    return [_SAME.get(word, word) for word in words]


def tags(words: Sequence[str]) -> set[Tag]:
    """What the words say, each with the language it was said in."""
    lists = _lists()
    folded = [fold(word) for word in words]
    found: set[Tag] = set()
    for word, heard in zip(words, folded, strict=True):
        found |= _of_word(word, heard, lists)
    # What is one word on the list may have been typed as two: *tvangs gifte*.
    for first, second in itertools.pairwise(words):
        if len(first) + len(second) > _LONG:
            both = _written(first + second, fold(first + second), lists)
            found |= {tag for tag in both if tag.name not in EXACT}
    for at, heard in enumerate(folded):
        for end in range(1, len(heard) + 1):
            for parts, tag in lists.phrases.get(heard[:end], ()):
                if tag not in found and _has(words, folded, at, parts):
                    found.add(tag)
    return found


def _of_word(word: str, folded: str, lists: Lists) -> set[Tag]:
    found = _written(word, folded, lists)
    if found or len(word) < SHORT or word in lexicon():
        return found
    return _nearest(folded, lists)


def _written(word: str, folded: str, lists: Lists) -> set[Tag]:
    found = set(lists.exact.get(word, ()))
    if len(word) < SHORT:
        return found
    found |= lists.folded.get(folded, set())
    for end in range(3, len(folded) + 1):
        found |= lists.beginnings.get(folded[:end], set())
    return found


def _nearest(word: str, lists: Lists) -> set[Tag]:
    """The tags of the forms that lie nearest, if any is near enough."""
    found: set[Tag] = set()
    least = 3
    for form, those, is_beginning in lists.near.get(word[0], ()):
        allowed = min(least, 2 if min(len(form), len(word)) >= _LONG else 1)
        if len(word) < len(form) - allowed:
            continue
        if len(word) > len(form) + allowed and not is_beginning:
            continue
        # A beginning is compared with as much of the word, a letter more or less.
        ends = (0, 1, -1) if is_beginning else (len(word) - len(form),)
        far = min(OSA.distance(word[: len(form) + end], form, score_cutoff=allowed) for end in ends)
        if far <= allowed:
            found = found | those if far == least else set(those)
            least = far
    return found


def _has(
    words: Sequence[str], folded: Sequence[str], at: int, parts: tuple[_Part | None, ...]
) -> bool:
    """Whether the phrase stands at a place."""
    if not parts:
        return True
    first, rest = parts[0], parts[1:]
    if first is None:
        return any(_has(words, folded, at + gap, rest) for gap in range(GAP + 1))
    if at >= len(words) or not first.fits(words[at], folded[at]):
        return False
    return _has(words, folded, at + 1, rest)


@cache
def _bare(form: str) -> frozenset[str]:
    """A form as it is typed without the letters æ, ø and å."""
    if not set("æøå") & set(form):
        return frozenset()
    return frozenset({form.translate(_TYPED), *(form.translate(table) for table in _BARE)})


@cache
def _lists() -> Lists:
    """The shipped lists. Raises ValueError, naming the line, for what can't be read."""
    return read(WORDS.read_text(encoding="utf-8"))


def read(text: str) -> Lists:
    """Lists of words from their table. Raises ValueError, naming the line."""
    lists = Lists()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 3 or columns[1] not in _LANGUAGES:
            raise ValueError(f"words.tsv line {number}: tag, no or en, and forms, parted by tabs")
        tag = Tag(columns[0], columns[1])
        for raw in columns[2].split("|"):
            form = raw.strip()
            if not form or form != form.lower():
                raise ValueError(f"words.tsv line {number}: {form!r} is no lower-case form")
            _enter(lists, form, tag)
    return lists


def _enter(lists: Lists, form: str, tag: Tag) -> None:
    form = " ".join(_SAME.get(word, word) for word in form.split())
    if " " in form:
        parts = tuple(None if part == ".." else _part(part) for part in form.split())
        assert parts[0] is not None
        # A short first word is met as written: without æ, ø and å it folds to itself.
        for start in {parts[0].folded, *map(fold, parts[0].forms)}:
            lists.phrases[start].append((parts, tag))
        return
    folded = fold(form.removesuffix("*"))
    if form.endswith("*"):
        lists.beginnings[folded].add(tag)
    else:
        for typed in (form, *_bare(form)):
            lists.exact[typed].add(tag)
        if len(form) < SHORT:
            return
        lists.folded[folded].add(tag)
    if tag.name not in EXACT and len(folded) >= SHORT:
        lists.near[folded[0]].append(_Near(folded, {tag}, form.endswith("*")))


def _part(part: str) -> _Part:
    form = part.removesuffix("*")
    return _Part(frozenset({form, *_bare(form)}), fold(form), part != form)


def known_tags() -> frozenset[str]:
    """The names of all tags on the lists."""
    lists = _lists()
    groups = (lists.exact, lists.folded, lists.beginnings)
    of_words = {tag.name for group in groups for those in group.values() for tag in those}
    return frozenset(of_words | {tag.name for those in lists.phrases.values() for _, tag in those})
