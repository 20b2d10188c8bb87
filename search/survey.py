"""All documents that treat a topic, not the best ten: where each does so, and in how many passages.

A search ranks and cuts; a survey decides on every passage by itself. It treats the topic when

- the topic's words stand there: COVERED of them by weight (rarity), as typed, in the other
  written form, as part of a compound or by another name; or
- its meaning lies apart: its cosine is OUTLYING standard deviations above the mean of all
  passages of the base for this topic, and it has one of the topic's words or lies MUCH above.

A fixed cosine would not do: for the default model any two texts are 0.7 to 0.9 alike, and how
much so differs from topic to topic. Measured in docs/decisions/0012-course-packs.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from corpus.documents import Document, Passage
from search.analysis.question import Analysed, Via
from search.index import State
from search.store.truth import Truth
from search.values import Filters, Query

COVERED = 0.7
OUTLYING = 2.5
MUCH = 4.0
FEWEST = 30  # passages; of fewer, mean and deviation say nothing
# What the meeting of a word is worth, as in search.confidence.
_WORTH: Mapping[str, float] = {Via.PART: 0.5, Via.SYNONYM: 0.8}


@dataclass(frozen=True, slots=True)
class Treated:
    """A document that treats the topic: its best passage, and how many passages do.

    ``covered`` is the best share of the topic's words, 0 to 1; ``document`` has no sections.
    """

    document: Document
    best: Passage
    passages: int
    covered: float


@dataclass(frozen=True, slots=True)
class _Judged:
    score: float
    covered: float


def survey(
    query: Query, state: State, truth: Truth, vector: np.ndarray | None
) -> tuple[Treated, ...]:
    """All documents that treat a topic, those that treat it most first.

    ``vector`` is the topic's embedding, or None to go by words alone.
    """
    asked = state.analyse(query)
    covered = coverage(asked, stems_by_passage(query, asked, state), state.rarity)
    apart = {} if vector is None else deviations(state, vector, query.filters)
    judged = judge(covered, apart)
    standing = truth.standing(list(judged))
    by_document: dict[str, list[int]] = defaultdict(list)
    for key in judged:
        if key in standing and standing[key].document in state.documents:
            by_document[standing[key].document].append(key)
    best = {
        document: max(keys, key=lambda key: (judged[key].score, -standing[key].number))
        for document, keys in by_document.items()
    }
    passages = truth.passages(list(best.values()))
    found = [
        Treated(
            state.documents[document],
            passages[key],
            len(by_document[document]),
            round(max(judged[k].covered for k in by_document[document]), 3),
        )
        for document, key in best.items()
        if key in passages
    ]
    return tuple(
        sorted(found, key=lambda one: (-judged[best[one.document.id]].score, one.document.id))
    )


def judge(covered: Mapping[int, float], apart: Mapping[int, float]) -> dict[int, _Judged]:
    """The passages that treat the topic, by words or by meaning. Pure."""
    found = {}
    for key in covered.keys() | apart.keys():
        share, far = covered.get(key, 0.0), apart.get(key, 0.0)
        by_words = share >= COVERED
        by_meaning = far >= MUCH or (far >= OUTLYING and share > 0)
        if by_words or by_meaning:
            found[key] = _Judged(share + far / MUCH, share)
    return found


def stems_by_passage(query: Query, asked: Analysed, state: State) -> dict[int, set[str]]:
    """Which of the topic's stems each passage has; only passages that have one."""
    total = len(state.generation.keys) + len(state.delta.owners)
    found: dict[int, set[str]] = defaultdict(set)
    stems = asked.terms.keys() | {term for one in asked.expressions for term in one.terms}
    for stem in stems:
        for key in state.lexical({stem: 1.0}, query.phrases, max(total, 1), query.filters):
            found[key].add(stem)
    return found


def coverage(
    asked: Analysed, stems: Mapping[int, set[str]], rarity: Callable[[str], float]
) -> dict[int, float]:
    """The share of the topic's words, by rarity, that each passage answers. Pure."""
    weight: dict[str, float] = {}
    for stem, term in asked.terms.items():
        if term.via in (Via.WORD, Via.SPELLING):
            weight[term.word] = max(weight.get(term.word, 0.0), rarity(stem))
    total = sum(weight.values())
    if not total:
        return {}
    found: dict[int, float] = {}
    for key, those in stems.items():
        words: dict[str, float] = {}
        for stem, term in asked.standing_in(those).items():
            if stem not in those:
                continue
            worth = _WORTH.get(term.via, 1.0)
            for word in term.word.split():
                if word in weight:
                    words[word] = max(words.get(word, 0.0), worth)
        if words:
            found[key] = sum(weight[word] * worth for word, worth in words.items()) / total
    return found


def deviations(state: State, vector: np.ndarray, filters: Filters) -> dict[int, float]:
    """How far each passage's cosine lies above the mean, in standard deviations, where it does.

    Mean and deviation are the whole base's, so that a filter does not change what is near.
    """
    generation, fresh = state.generation, state.delta.exact
    scope = state.scope(Filters())
    old = np.asarray(generation.vectors @ vector, dtype=np.float64)
    new = np.asarray(fresh.matrix @ vector, dtype=np.float64) if len(fresh.keys) else np.zeros(0)
    present = old if scope.mask is None else old[scope.mask]
    everything = np.concatenate([present, new])
    if len(everything) < FEWEST or not (deviation := float(everything.std())):
        return {}
    mean = float(everything.mean())
    narrowed = state.scope(filters)
    allowed = old if narrowed.mask is None else np.where(narrowed.mask, old, -1.0)
    floor = mean + OUTLYING * deviation
    found = {
        int(generation.keys[row]): (float(old[row]) - mean) / deviation
        for row in np.flatnonzero(allowed >= floor)
    }
    owners = state.delta.owners
    for row in np.flatnonzero(new >= floor):
        key = int(fresh.keys[row])
        if narrowed.documents is None or owners[key] in narrowed.documents:
            found[key] = (float(new[row]) - mean) / deviation
    return found
