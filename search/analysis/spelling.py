"""Did you mean: the nearest word of the base for a word that the base does not have.

A question is never rewritten silently: what is put in place of a word is told beside the hits.
Compared are word forms, by letters added, left out, changed or swapped (rapidfuzz), also in one
part of a compound (*introduksjosstønad*), and with æ, ø and å typed otherwise (*kjonn*).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from search.analysis.compounds import Splitter
from search.analysis.stopwords import STOPWORDS
from search.analysis.words import stem

MIN_LENGTH = 4  # letters: of shorter words too many are near
_TWO_FROM = 8  # letters from which on two mistakes are believed
_MIN_PART = 4
_FOLDED = str.maketrans({"æ": "e", "ø": "o", "å": "a", "ä": "e", "ö": "o", "ü": "y", "é": "e"})


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as typed and the word of the base that is searched for beside it."""

    typed: str
    used: str


class Speller:
    """Corrects by the base's own words.

    ``forms`` gives them, lower-case form -> number of passages it is in, at the first word that
    the base does not know: most questions have none.
    """

    def __init__(self, forms: Callable[[], Mapping[str, int]], splitter: Splitter) -> None:
        self._splitter = splitter
        self._read = forms
        self._by_length: dict[int, list[str]] | None = None
        self._by_fold: dict[str, str] = {}

    def knows(self, word: str) -> bool:
        """Whether the base has the word, in some inflection, or both its parts."""
        return (
            word in STOPWORDS
            or stem(word) in self._splitter.vocabulary
            or bool(self._splitter.parts(word))
        )

    @cached_property
    def _forms(self) -> Mapping[str, int]:
        return self._read()

    def correct(self, word: str) -> str | None:
        """The word that was meant, if one is near enough; None for what needs none."""
        if len(word) < MIN_LENGTH or not word.isalpha() or self.knows(word):
            return None
        self._prepare()
        if folded := self._by_fold.get(_fold(word)):
            return folded
        return self._nearest(word, _allowed(word)) or self._compound(word)

    def _prepare(self) -> None:
        if self._by_length is not None:
            return
        by_length: dict[int, list[str]] = {}
        for form in sorted(self._forms, key=lambda form: (self._forms[form], form)):
            if len(form) >= _MIN_PART and form.isalpha():
                by_length.setdefault(len(form), []).append(form)
                self._by_fold[_fold(form)] = form  # of equals the most frequent stays
                self._by_fold[_spelt_out(form)] = form
        self._by_length = by_length

    def _nearest(self, word: str, allowed: int) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        lengths = self._by_length or {}
        best: tuple[float, int, str] | None = None
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for form, distance, _ in process.extract(
                word, lengths.get(length, ()), scorer=OSA.distance, score_cutoff=allowed, limit=8
            ):
                # A slip in the first letter is rare, and a frequent word is likelier meant.
                cost = distance + (form[0] != word[0]) - min(self._forms[form], 50) / 100
                if best is None or (cost, -self._forms[form], form) < best:
                    best = (cost, -self._forms[form], form)
        if word[0] in "hk" and (near := _stopword(word)):
            return near
        return best[2] if best is not None and best[0] <= allowed else _stopword(word)

    def _compound(self, word: str) -> str | None:
        """The word with one of two parts corrected, the other one known."""
        made = [
            (distance, made)
            for head, tail in _cuts(word)
            for distance, made in self._mended(head, tail)
        ]
        return min(made)[1] if made else None

    def _mended(self, head: str, tail: str) -> Iterator[tuple[int, str]]:
        link = head[-1] if head[-1] in "se" else ""
        heads = [head] + ([head[:-1]] if link else [])
        if any(part in self._forms for part in heads) and (near := self._nearest(tail, 1)):
            yield abs(len(near) - len(tail)), head + near
        if tail in self._forms and (near := self._nearest(head, 1)):
            yield abs(len(near) - len(head)), near + tail


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    for cut in range(_MIN_PART + 1, len(word) - _MIN_PART):
        yield word[:cut], word[cut:]


def _stopword(word: str) -> str | None:
    """A small word that was meant: *forr*, *hvordn*."""
    from rapidfuzz.distance import OSA

    near = [s for s in STOPWORDS if len(s) >= 3 and OSA.distance(word, s, score_cutoff=1) <= 1]
    return min(near, key=lambda s: (abs(len(s) - len(word)), s)) if near else None


def _allowed(word: str) -> int:
    return 2 if len(word) >= _TWO_FROM else 1


def _fold(word: str) -> str:
    return word.replace("æ", "ae").translate(_FOLDED).replace("ae", "e").replace("aa", "a")


def _spelt_out(word: str) -> str:
    """As typed without the letters æ, ø and å: *foedsel*, *barnevaern*."""
    return _fold(word.replace("ø", "oe").replace("å", "aa"))
