"""What the words of a question mean for acute help: tags, found through spelling and dialect.

``words.tsv`` is written by hand: a tag, ``no`` or ``en``, and its forms parted by ``|``. A form is
a word, a beginning (``tvang*``), or several words; ``..`` stands for up to three words between.
A word of five letters or more is met through ``fold`` (*omskjaering*, *omsjering*), and one that
no Norwegian text has is taken for the nearest form (*tvnagsekteskap*).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
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


class Tag(NamedTuple):
    """A tag that a question has, and the language of the form that gave it."""

    name: str
    language: str


@dataclass(slots=True)
class _Lists:
    """The forms, ready to be looked up: whole and folded words, beginnings, phrases."""

    exact: dict[str, set[Tag]] = field(default_factory=lambda: defaultdict(set))
    folded: dict[str, set[Tag]] = field(default_factory=lambda: defaultdict(set))
    beginnings: dict[str, set[Tag]] = field(default_factory=lambda: defaultdict(set))
    phrases: list[tuple[tuple[str, ...], Tag]] = field(default_factory=list)


def fold(word: str) -> str:
    """A lower-case word as it is heard, more or less; for words of any spelling."""
    for pattern, by in _FOLDS:
        word = pattern.sub(by, word)
    return word


def tokens(text: str) -> list[str]:
    """The words of a question in lower case; *don't* is one word."""
    return _WORD.findall(_APOSTROPHE.sub("", normalise_line(text).lower()))


def tags(words: Sequence[str]) -> set[Tag]:
    """What the words say, each with the language it was said in."""
    lists = _lists()
    found: set[Tag] = set()
    for word in words:
        found |= _of_word(word, lists)
    # What is one word on the list may have been typed as two: *tvangs gifte*.
    for first, second in zip(words, words[1:], strict=False):
        if len(first) + len(second) > _LONG:
            found |= _written(first + second, lists)
    for parts, tag in lists.phrases:
        if tag not in found and _has_phrase(words, parts):
            found.add(tag)
    return found


def _of_word(word: str, lists: _Lists) -> set[Tag]:
    found = _written(word, lists)
    if found or len(word) < SHORT or word in lexicon():
        return found
    return _nearest(fold(word), lists)


def _written(word: str, lists: _Lists) -> set[Tag]:
    found = set(lists.exact.get(word, ()))
    if len(word) < SHORT:
        return found
    folded = fold(word)
    found |= lists.folded.get(folded, set())
    for end in range(3, len(folded) + 1):
        found |= lists.beginnings.get(folded[:end], set())
    return found


def _nearest(word: str, lists: _Lists) -> set[Tag]:
    """The tags of the forms that lie nearest, if any is near enough."""
    least = (2 if len(word) >= _LONG else 1) + 1
    found: set[Tag] = set()
    for form, tag, is_beginning in _candidates(lists):
        if form[0] != word[0] or len(form) > len(word) + 2:
            continue
        # A beginning is compared with as much of the word.
        cut = word[: len(form)] if is_beginning else word
        if not is_beginning and len(word) > len(form) + 2:
            continue
        allowed = 2 if len(form) >= _LONG else 1
        far = OSA.distance(cut, form, score_cutoff=min(least, allowed))
        if far > allowed or far > least:
            continue
        found = found | tag if far == least else set(tag)
        least = far
    return found


@cache
def _of_length(form: str) -> bool:
    return len(form) >= SHORT


def _candidates(lists: _Lists) -> Iterator[tuple[str, set[Tag], bool]]:
    for form, those in lists.folded.items():
        if _of_length(form):
            yield form, those, False
    for form, those in lists.beginnings.items():
        if _of_length(form):
            yield form, those, True


def _has_phrase(words: Sequence[str], parts: tuple[str, ...]) -> bool:
    return any(_matches(words, at, parts) for at in range(len(words)))


def _matches(words: Sequence[str], at: int, parts: tuple[str, ...]) -> bool:
    """Whether the phrase stands at a place."""
    if not parts:
        return True
    if parts[0] == "..":
        return any(_matches(words, at + gap, parts[1:]) for gap in range(GAP + 1))
    return at < len(words) and _same(words[at], parts[0]) and _matches(words, at + 1, parts[1:])


def _same(word: str, form: str) -> bool:
    if form.endswith("*"):
        return word.startswith(form[:-1]) or fold(word).startswith(fold(form[:-1]))
    if word == form or word in _bare(form):
        return True
    return len(word) >= SHORT and fold(word) == fold(form)


@cache
def _bare(form: str) -> frozenset[str]:
    """A form as it is typed without the letters æ, ø and å."""
    if not set("æøå") & set(form):
        return frozenset()
    return frozenset({form.translate(_TYPED), *(form.translate(table) for table in _BARE)})


@cache
def _lists() -> _Lists:
    """The shipped lists. Raises ValueError, naming the line, for what can't be read."""
    return read(WORDS.read_text(encoding="utf-8"))


def read(text: str) -> _Lists:
    """Lists of words from their table. Raises ValueError, naming the line."""
    lists = _Lists()
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


def _enter(lists: _Lists, form: str, tag: Tag) -> None:
    if " " in form:
        lists.phrases.append((tuple(form.split()), tag))
    elif form.endswith("*"):
        lists.beginnings[fold(form[:-1])].add(tag)
    else:
        for typed in (form, *_bare(form)):
            lists.exact[typed].add(tag)
        if len(form) >= SHORT:
            lists.folded[fold(form)].add(tag)


def known_tags() -> frozenset[str]:
    """The names of all tags on the lists."""
    lists = _lists()
    groups = (lists.exact, lists.folded, lists.beginnings)
    of_words = {tag.name for group in groups for those in group.values() for tag in those}
    return frozenset(of_words | {tag.name for _, tag in lists.phrases})
