"""The delta: what changed since the generation, held in memory and searched exactly.

Documents written or removed since are masked in the generation, and their present
passages are searched here, so that a new document is found at once. Lexical scores
use the generation's frequencies and mean lengths: they compare with tantivy's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.documents import Passage
from search.analysis.compounds import Splitter
from search.analysis.question import Expression
from search.store.lexical import (
    EXACT_WEIGHT,
    K1,
    B,
    LexicalIndex,
    Terms,
    analyse,
    phrase_forms,
)
from search.store.truth import Truth
from search.store.vectors import ExactIndex

# key, count of each term, number of terms, plain words in order
Counted = tuple[int, Counter[str], int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Delta:
    """Passages newer than the generation. ``changed`` masks documents in it."""

    changed: frozenset[str]
    owners: dict[int, str]
    exact: ExactIndex
    terms: tuple[Counted, ...]

    def lexical(
        self,
        weights: dict[str, float],
        phrases: Sequence[str],
        limit: int,
        base: LexicalIndex,
        documents: frozenset[str] | None = None,
        forms: Sequence[str] = (),
        expressions: Collection[Expression] = (),
    ) -> list[tuple[int, float]]:
        """(key, score) of the best passages here, best first."""
        asked = weights.keys() | {term for one in expressions for term in one.terms}
        rarity = {term: idf(base.stats.passages, base.frequency(term)) for term in asked}
        plain = {form: idf(base.stats.passages, base.frequency(form, "exact")) for form in forms}
        wanted = [words for phrase in phrases if (words := phrase_forms(phrase))]
        found = []
        for key, counts, length, exact in self.terms:
            if documents is not None and self.owners[key] not in documents:
                continue
            if not all(_contains(exact, phrase) for phrase in wanted):
                continue
            whole = [
                one
                for one in expressions
                if all(any(counts[term] for term in forms) for forms in one.words)
            ]
            score = sum(
                weight * rarity[term] * _saturate(counts[term], length, base.stats.mean_length)
                for term, weight in (
                    *weights.items(),
                    *((term, one.weight) for one in whole for term in one.terms),
                )
                if counts[term]
            ) + sum(
                EXACT_WEIGHT
                * plain[form]
                * _saturate(exact.count(form), len(exact), base.stats.mean_words)
                for form in plain
            )
            if score or wanted:
                found.append((key, score))
        found.sort(key=lambda item: (-item[1], item[0]))
        return found[:limit]


def load(truth: Truth, seq: int, splitter: Splitter) -> Delta:
    """What changed after ``seq``, read from the truth."""
    changed = truth.changed_since(seq)
    passages: list[Passage] = [p for one in changed for p in truth.passages_of(one)]
    vectors = truth.vectors(p.key for p in passages)
    passages = [p for p in passages if p.key in vectors]
    matrix = np.array([vectors[p.key] for p in passages], dtype=np.float32)
    keys = np.array([p.key for p in passages], dtype=np.int64)
    return Delta(
        frozenset(changed),
        {p.key: p.document_id for p in passages},
        ExactIndex(keys, matrix),
        tuple(_counted(analyse(p.key, 0, p, splitter)) for p in passages),
    )


def _counted(terms: Terms) -> Counted:
    return (terms.key, Counter(terms.body), len(terms.body), tuple(terms.exact))


def idf(passages: int, frequency: int) -> float:
    """BM25's inverse document frequency of a term that ``frequency`` of all passages have."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _saturate(count: int, length: int, mean: float) -> float:
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / max(mean, 1.0)))


def _contains(haystack: tuple[str, ...], needle: tuple[str, ...]) -> bool:
    return any(
        haystack[i : i + len(needle)] == needle for i in range(len(haystack) - len(needle) + 1)
    )
