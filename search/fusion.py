"""Fusion of the lexical and the vector ranking: pure functions.

A weighted sum of the cosine (min-max over the candidates) and BM25 (over its maximum)
beat reciprocal rank fusion on norquad and law. The weight follows the words: where the best
passage by words stands far above the tenth, a name or a rare term has found its place, and
meaning weighs less. The tables are in docs/decisions/0005-fusion.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from search.values import Mode

MOST, LEAST = 0.9, 0.2  # the weight of meaning, when words tell nothing and when they tell all
_TENTH = 9


class Candidate(NamedTuple):  # made by the hundred: a tuple is made in a fifth of the time
    """A passage with what both rankings say of it. Ranks count from 1."""

    key: int
    score: float
    lexical_rank: int | None
    vector_rank: int | None
    similarity: float | None


def fuse(
    lexical: Mapping[int, float],
    vector: Mapping[int, float],
    similarities: Mapping[int, float],
    mode: Mode,
    weight: float | None = None,
) -> list[Candidate]:
    """Candidates, best first.

    ``lexical`` (BM25) and ``vector`` (cosine) are each in order, best first;
    ``similarities`` has the cosine of every candidate that is known, also of those
    that only the lexical ranking gave. ``weight`` is that of meaning; None lets the words
    decide. Ties go to the lower key.
    """
    lexical_ranks = {key: rank for rank, key in enumerate(lexical, 1)}
    vector_ranks = {key: rank for rank, key in enumerate(vector, 1)}
    keys = {
        Mode.LEXICAL: lexical_ranks.keys(),
        Mode.VECTOR: vector_ranks.keys(),
        Mode.HYBRID: lexical_ranks.keys() | vector_ranks.keys(),
    }[mode]
    near = _min_max({key: similarities[key] for key in keys if key in similarities})
    top = max(lexical.values(), default=0.0) or 1.0
    if weight is None:
        weight = meaning_weight(tuple(lexical.values()), len(keys))
    share = {Mode.LEXICAL: 0.0, Mode.VECTOR: 1.0, Mode.HYBRID: weight}[mode]
    found = [
        Candidate(
            key,
            share * near.get(key, 0.0) + (1 - share) * lexical.get(key, 0.0) / top,
            lexical_ranks.get(key) if mode is not Mode.VECTOR else None,
            vector_ranks.get(key) if mode is not Mode.LEXICAL else None,
            similarities.get(key),
        )
        for key in keys
    ]
    found.sort(key=lambda c: (-c.score, c.key))
    return found


def meaning_weight(scores: Sequence[float], candidates: int) -> float:
    """The weight of meaning against words, by the BM25 scores, best first.

    ``candidates`` are all passages that are compared, also those without a word of the question.

    Questions that name what they look for have one passage far above the others; paraphrases
    and situations have many about equal. Without words meaning has all the weight it can get.
    """
    if not scores or scores[0] <= 0:
        return MOST
    # Where few passages have any of the words, the tenth has none.
    last = 0.0 if candidates > _TENTH else scores[-1]
    tenth = scores[_TENTH] if len(scores) > _TENTH else last
    return min(max(tenth / scores[0], LEAST), MOST)


def _min_max(values: Mapping[int, float]) -> dict[int, float]:
    if not values:
        return {}
    low, high = min(values.values()), max(values.values())
    if high == low:
        return dict.fromkeys(values, 1.0)
    return {key: (value - low) / (high - low) for key, value in values.items()}
