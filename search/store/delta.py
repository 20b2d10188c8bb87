"""The delta: what changed since the generation, held in memory and searched exactly.

Documents written or removed since are masked in the generation, and their present
passages are searched here, so that a new document is found at once. Lexical scores
use the generation's frequencies and mean lengths: they compare with tantivy's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.documents import Passage
from corpus.text import normalise
from search.analysis.compounds import Splitter
from search.analysis.words import words
from search.store.lexical import FIELD_BOOST, FIELDS, K1, B, LexicalIndex, Terms, analyse
from search.store.truth import Truth
from search.store.vectors import ExactIndex


@dataclass(frozen=True, slots=True)
class Delta:
    """Passages newer than the generation. ``changed`` masks documents in it."""

    changed: frozenset[str]
    owners: dict[int, str]
    exact: ExactIndex
    terms: tuple[tuple[int, dict[str, Counter[str]], dict[str, int], tuple[str, ...]], ...]

    def lexical(
        self,
        weights: dict[str, float],
        phrases: Sequence[str],
        limit: int,
        base: LexicalIndex,
        documents: frozenset[str] | None = None,
    ) -> list[tuple[int, float]]:
        """(key, score) of the best passages here, best first."""
        idf = {
            (field, term): _idf(base.stats.passages + len(self.terms), base.frequency(field, term))
            for term in weights
            for field in FIELDS
        }
        wanted = [tuple(w.form for w in words(normalise(phrase))) for phrase in phrases]
        found = []
        for key, counts, lengths, exact in self.terms:
            if documents is not None and self.owners[key] not in documents:
                continue
            if not all(_contains(exact, phrase) for phrase in wanted):
                continue
            score = sum(
                weight
                * FIELD_BOOST[field]
                * idf[field, term]
                * _saturate(counts[field][term], lengths[field], base.stats.mean_length[field])
                for term, weight in weights.items()
                for field in FIELDS
                if counts[field][term]
            )
            if score or wanted:
                found.append((key, score))
        found.sort(key=lambda item: (-item[1], item[0]))
        return found[:limit]


def load(truth: Truth, seq: int, splitter: Splitter, dimension: int) -> Delta:
    """What changed after ``seq``, read from the truth."""
    changed = truth.changed_since(seq)
    passages: list[Passage] = [p for one in changed for p in truth.passages_of(one)]
    vectors = truth.vectors(p.key for p in passages)
    passages = [p for p in passages if p.key in vectors]
    matrix = np.zeros((len(passages), dimension), dtype=np.float32)
    for row, passage in enumerate(passages):
        matrix[row] = vectors[passage.key]
    keys = np.array([p.key for p in passages], dtype=np.int64)
    return Delta(
        frozenset(changed),
        {p.key: p.document_id for p in passages},
        ExactIndex(keys, matrix),
        tuple(_counted(analyse(p.key, 0, p, splitter)) for p in passages),
    )


def _counted(
    terms: Terms,
) -> tuple[int, dict[str, Counter[str]], dict[str, int], tuple[str, ...]]:
    fields = {"body": terms.body, "lead": terms.lead}
    return (
        terms.key,
        {name: Counter(values) for name, values in fields.items()},
        {name: len(values) for name, values in fields.items()},
        tuple(terms.exact),
    )


def _idf(passages: int, frequency: int) -> float:
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _saturate(count: int, length: int, mean: float) -> float:
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / max(mean, 1.0)))


def _contains(haystack: tuple[str, ...], needle: tuple[str, ...]) -> bool:
    return any(
        haystack[i : i + len(needle)] == needle for i in range(len(haystack) - len(needle) + 1)
    )
