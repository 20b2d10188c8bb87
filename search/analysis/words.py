"""From text to words and stems, the same at index time and at query time."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from corpus.text import normalise
from search.analysis.stopwords import STOPWORDS

# Bump when the same text gives other terms: a generation built before is then rebuilt.
ANALYSIS_VERSION = 4

_WORD = re.compile(r"[^\W_]+")
# Snowball takes -lov(en) for an ending: straffeloven -> straff, kommuneloven -> kommune.
_ACT = re.compile(r"(?P<root>.{3,}?lov)(?:a|as|en|ens|er|ers|ene|enes)?")
_AGENT = re.compile(r"(?P<root>.{3,}?)(?:er|ar|ern|arn)")
_stemmer = snowballstemmer.stemmer("norwegian")
_one_at_a_time = threading.Lock()  # the stemmer holds the word it works on in itself


# Letters in a row without end (a key, a damaged file) are no word; splitting them takes for ever.
LONGEST = 100


class Word(NamedTuple):
    """A word of a text: lower case, with its [start, end) in the normalised text."""

    form: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """All words of a normalised text, with offsets. ``NAV-kontor`` gives two."""
    return [
        Word(m.group(), m.start(), m.end())
        for m in _WORD.finditer(_lowered(text))
        if m.end() - m.start() <= LONGEST
    ]


def words_with(text: str, pattern: re.Pattern[str]) -> Iterator[Word]:
    """The words in which the pattern is found: few of many, without a look at the others."""
    lowered = _lowered(text)
    end = 0
    for match in pattern.finditer(lowered):
        if match.start() < end:
            continue
        start = match.start()
        while start > end and lowered[start - 1].isalnum():
            start -= 1
        if word := _WORD.match(lowered, start):
            end = word.end()
            yield Word(word.group(), start, end)


def _lowered(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow in lower case; keep offsets true
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered


def content_words(text: str) -> list[str]:
    """Lower-case word forms without stop words, in order; the text is normalised first."""
    found = _WORD.findall(normalise(text).lower())
    return [w for w in found if w not in STOPWORDS and len(w) <= LONGEST]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a lower-case Norwegian word; names of acts keep *-lov*."""
    if act := _ACT.fullmatch(word):
        return act["root"]
    with _one_at_a_time:
        found = str(_stemmer.stemWord(word))
    # Snowball takes one ending: søker -> søk, but søkeren -> søker and søkerne -> søkern.
    if agent := _AGENT.fullmatch(found):
        found = agent["root"]
    # No Norwegian word ends in mm: program and programmet are one word.
    return found[:-1] if found.endswith("mm") else found
