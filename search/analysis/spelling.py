"""Did you mean: the nearest word of the base for a misspelt word.

A question is never rewritten silently: what is put in place of a word is told beside the hits.
A word is misspelt when the base does not have it and no text that we know has it either
(``lexicon.txt.gz``): *bestemor* need not stand in any act to be a word. Candidates are the base's
own words, found by rapidfuzz and weighed by how people slip (search.analysis.slips); also for one
part of a compound (*introduksjosstønad*), and with æ, ø and å typed otherwise (*kjonn*).
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from search.analysis.compounds import Splitter
from search.analysis.slips import cost
from search.analysis.stopwords import STOPWORDS
from search.analysis.words import stem

LEXICON = Path(__file__).with_name("lexicon.txt.gz")
MIN_LENGTH = 4  # letters: of shorter words too many are near
_LONG = 9  # letters from which on two slips are believed
_MIN_PART = 4
_FOLDED = str.maketrans({"æ": "e", "ø": "o", "å": "a", "ä": "e", "ö": "o", "ü": "y", "é": "e"})


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as typed and the word of the base that is searched for in its place."""

    typed: str
    used: str


class Speller:
    """Corrects by the base's own words.

    ``forms`` gives them, lower-case form -> number of passages it is in, at the first word that
    is not known: most questions have none.
    """

    def __init__(self, forms: Callable[[], Mapping[str, int]], splitter: Splitter) -> None:
        self._splitter = splitter
        self._read = forms

    def knows(self, word: str) -> bool:
        """Whether it is a word: of the base, in some inflection, or of the lexicon, or of parts."""
        return (
            word in STOPWORDS
            or stem(word) in self._splitter.vocabulary
            or word in lexicon()
            or bool(self._splitter.parts(word))
            or _is_compound(word)
        )

    def correct(self, word: str) -> str | None:
        """The word that was meant, if one is near enough; None for what needs none."""
        if len(word) < MIN_LENGTH or not word.isalpha() or self.knows(word):
            return None
        if folded := self._folded.get(_fold(word)):
            return folded
        found = self._nearest(word, _allowed(word)) or self._compound(word)
        return found[1] if found and found[1] != word else None

    @cached_property
    def _forms(self) -> Mapping[str, int]:
        return self._read()

    @cached_property
    def _ordered(self) -> list[str]:
        """The words to correct to, rarest first."""
        words = (word for word in self._forms if len(word) >= _MIN_PART and word.isalpha())
        return sorted(words, key=lambda word: (self._forms[word], word))

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for word in self._ordered:
            found.setdefault(len(word), []).append(word)
        return found

    @cached_property
    def _folded(self) -> dict[str, str]:
        """Words by how they look without æ, ø and å; of equals the most frequent stays."""
        return {
            typed: word
            for word in self._ordered
            if not word.isascii()
            for typed in (_fold(word), _fold(word.replace("ø", "oe").replace("å", "aa")))
        }

    def _nearest(self, word: str, allowed: float) -> tuple[float, str] | None:
        """(cost, word) of the likeliest word within what is allowed."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        reach = 2 if len(word) >= _LONG - 1 else 1
        best: tuple[float, str] | None = None
        for length in range(len(word) - reach, len(word) + reach + 1):
            near = process.extract(
                word,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=reach,
                limit=12,
            )
            for form, _, _ in near:
                worth = cost(word, form)
                if worth <= allowed:
                    # Of words equally near the frequent one is meant.
                    worth -= min(self._forms[form], 50) / 200
                    best = min(best or (worth, form), (worth, form))
        small = [(cost(word, s), s) for s in STOPWORDS if abs(len(s) - len(word)) <= 1 < len(s) - 1]
        if small and (nearest := min(small))[0] <= allowed:
            best = min(best or nearest, nearest)
        return best

    def _compound(self, word: str) -> tuple[float, str] | None:
        """The word with one of its two parts corrected, the other one known."""
        made = [
            found
            for cut in range(_MIN_PART + 1, len(word) - _MIN_PART)
            for found in self._mended(word[:cut], word[cut:])
        ]
        return min(made) if made else None

    def _mended(self, head: str, tail: str) -> Iterator[tuple[float, str]]:
        # A linking s or e belongs to neither part.
        heads = {head: "", head[:-1]: head[-1]} if head[-1] in "se" else {head: ""}
        known = any(part in self._forms for part in heads)
        if known and tail not in self._forms and (near := self._nearest(tail, 1.0)):
            yield near[0], head + near[1]
        if tail in self._forms and not known:
            for part, link in heads.items():
                if near := self._nearest(part, 1.0):
                    yield near[0], near[1] + link + tail


@cache
def lexicon() -> frozenset[str]:
    """Norwegian words that need no correction, though the base may lack them."""
    return frozenset(gzip.decompress(LEXICON.read_bytes()).decode("utf-8").split())


def _is_compound(word: str) -> bool:
    """Whether two words of the lexicon make it, with or without a linking s or e."""
    known = lexicon()
    return any(
        word[cut:] in known
        and (word[:cut] in known or (word[cut - 1] in "se" and word[: cut - 1] in known))
        for cut in range(_MIN_PART, len(word) - _MIN_PART + 1)
    )


def _allowed(word: str) -> float:
    return 2.0 if len(word) >= _LONG else 1.0


def _fold(word: str) -> str:
    return word.replace("æ", "ae").translate(_FOLDED).replace("ae", "e").replace("aa", "a")
