"""Other words for the same: abbreviations, field synonyms, old and new names, English.

The groups are written by hand (corpus/vocabulary.tsv). A form may be several words; the longest
that stands in the question counts, and its other forms are asked for too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.vocabulary import Group, GroupKind, everyday, groups
from search.analysis.stopwords import STOPWORDS
from search.analysis.variants import variants
from search.analysis.words import stem, words

_LONGEST = 6  # words in a form


@dataclass(frozen=True, slots=True)
class Found:
    """A group's form in a question: words ``start`` to ``end`` (of all words, stop words too)."""

    start: int
    end: int
    group: Group

    def others(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """What this form leads to: of each, the stems of its words, in both written forms.

        Stop words are left out.
        """
        return tuple(terms for terms in _terms_of(self.group) if terms)


def find(forms: Sequence[str]) -> list[Found]:
    """The groups whose forms stand in the question's lower-case words, longest first at each."""
    table = _table()
    stems = [stem(form) for form in forms]
    found: list[Found] = []
    at = 0
    while at < len(stems):
        for end in range(min(len(stems), at + _LONGEST), at, -1):
            # *for* has the stem of *forlova*, *men* that of *menighet*.
            if end == at + 1 and forms[at] in STOPWORDS:
                continue
            if here := table.get(tuple(stems[at:end])):
                found += [Found(at, end, group) for group in here]
                at = end - 1
                break
        at += 1
    return found


@cache
def _table() -> dict[tuple[str, ...], tuple[Group, ...]]:
    table: dict[tuple[str, ...], tuple[Group, ...]] = {}
    for group in (*groups(), *everyday()):
        if group.kind is GroupKind.ACT:
            continue  # these stand before a number only: search.references
        for key in {tuple(stem(w.form) for w in words(form)) for form in group.forms}:
            table[key] = (*table.get(key, ()), group)
    return table


@cache
def _terms_of(group: Group) -> tuple[tuple[tuple[str, ...], ...], ...]:
    if group.kind is GroupKind.DUTY:
        return ()
    found = [
        tuple(stem(w.form) for w in words(form) if w.form not in STOPWORDS)
        for form in group.means or group.forms
    ]
    # *dekker ansiktet* is *dekkjer ansiktet* in the other form.
    both = (tuple((term, *variants(term)) for term in terms) for terms in found)
    return tuple(dict.fromkeys(both))
