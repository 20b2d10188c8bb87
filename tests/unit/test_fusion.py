"""Fusion of two rankings: a pure function, worked out by hand here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.fusion import LEAST, MOST, Candidate, fuse, meaning_weight
from search.values import Mode

LEXICAL = {1: 8.0, 2: 4.0, 3: 2.0}
VECTOR = {2: 0.9, 4: 0.8}
# Passages 1 and 3 were not among the nearest; their cosines were looked up.
COSINES = {2: 0.9, 4: 0.8, 1: 0.7, 3: 0.5}


def test_hybrid_is_the_weighted_sum() -> None:
    """0.6 of the cosine's place between least and most, 0.4 of BM25 over its best."""
    expected = [
        # cosine: 0.6 of (0.9 - 0.5) / 0.4; BM25: 0.4 of 4 / 8
        Candidate(2, pytest.approx(0.8), 2, 1, 0.9),
        # cosine: 0.6 of (0.7 - 0.5) / 0.4; BM25: 0.4 of 8 / 8
        Candidate(1, pytest.approx(0.7), 1, None, 0.7),
        # cosine: 0.6 of (0.8 - 0.5) / 0.4; BM25: nothing
        Candidate(4, pytest.approx(0.45), None, 2, 0.8),
        # cosine: the least of all; BM25: 0.4 of 2 / 8
        Candidate(3, pytest.approx(0.1), 3, None, 0.5),
    ]
    assert expected == fuse(LEXICAL, VECTOR, COSINES, Mode.HYBRID, weight=0.6)


def test_lexical_is_the_lexical_order() -> None:
    """In lexical mode only BM25 counts, and no vector rank is told."""
    found = fuse(LEXICAL, VECTOR, COSINES, Mode.LEXICAL)
    assert [c.key for c in found] == [1, 2, 3]
    assert [c.score for c in found] == [1.0, 0.5, 0.25]
    assert [c.vector_rank for c in found] == [None] * 3


def test_vector_is_the_vector_order() -> None:
    """In vector mode only the cosine counts, and no lexical rank is told."""
    found = fuse(LEXICAL, VECTOR, COSINES, Mode.VECTOR)
    assert [(c.key, c.score) for c in found] == [(2, 1.0), (4, 0.0)]
    assert [c.lexical_rank for c in found] == [None] * 2


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_gives_nothing(mode: Mode) -> None:
    """Two empty rankings fuse to an empty one."""
    assert fuse({}, {}, {}, mode) == []


def test_equal_scores_go_to_the_lower_key() -> None:
    """Ties have an order, so that a page is the same each time."""
    found = fuse({9: 2.0, 3: 2.0, 5: 2.0}, {}, {9: 0.5, 3: 0.5, 5: 0.5}, Mode.HYBRID)
    assert [c.key for c in found] == [3, 5, 9]


def test_phrases_of_stop_words_score_nothing_and_are_kept() -> None:
    """BM25 may be 0 for all, as for a phrase of stop words: no division by it."""
    found = fuse({1: 0.0, 2: 0.0}, {}, {}, Mode.LEXICAL)
    assert [(c.key, c.score) for c in found] == [(1, 0.0), (2, 0.0)]


@pytest.mark.parametrize(
    ("scores", "weight"),
    [
        ([], MOST),  # no words to go by
        ([0.0, 0.0], MOST),  # as of a phrase of stop words
        ([8.0] * 10, MOST),  # words tell nothing: ten alike
        ([8.0] * 9 + [7.0], 7 / 8),
        ([8.0] * 9 + [4.0], 0.5),
        ([8.0] + [4.0] * 9, 0.5),  # what stands between does not count
        ([8.0] * 9 + [4.0] + [1.0] * 190, 0.5),  # nor what stands below
        ([80.0] + [8.0] * 9, LEAST),  # one far above the others
        ([8.0], LEAST),  # the only one with the word
        ([8.0] * 9, LEAST),  # the tenth has no word
    ],
)
def test_the_weight_of_meaning_follows_the_words(scores: list[float], weight: float) -> None:
    """Each row: BM25 scores, best first, and what meaning weighs beside them."""
    assert meaning_weight(scores, 100) == pytest.approx(weight)


def test_of_fewer_than_ten_candidates_the_last_counts() -> None:
    """A small base, or a narrow filter: there is no tenth to compare with."""
    assert meaning_weight([8.0, 6.0, 4.0], 3) == pytest.approx(0.5)


@given(st.lists(st.floats(0, 1e6), max_size=20))
def test_the_weight_of_meaning_is_bounded(scores: list[float]) -> None:
    """Neither words nor meaning ever decide alone."""
    assert LEAST <= meaning_weight(sorted(scores, reverse=True), len(scores)) <= MOST


def test_a_weight_left_out_is_that_of_the_words() -> None:
    """Fusion asks the words, in the hybrid mode only."""
    weight = meaning_weight(tuple(LEXICAL.values()), 4)
    expected = fuse(LEXICAL, VECTOR, COSINES, Mode.HYBRID, weight)
    assert fuse(LEXICAL, VECTOR, COSINES, Mode.HYBRID) == expected


_RANKING = st.dictionaries(st.integers(0, 30), st.floats(0, 50), max_size=20).map(
    lambda d: dict(sorted(d.items(), key=lambda item: -item[1]))
)


@given(_RANKING, _RANKING.map(lambda d: {k: v / 50 for k, v in d.items()}))
def test_fused_is_sorted_and_whole(lexical: dict[int, float], vector: dict[int, float]) -> None:
    """Every passage of either ranking is there once, best first, between 0 and 1."""
    found = fuse(lexical, vector, vector, Mode.HYBRID)
    assert lexical.keys() | vector.keys() == {c.key for c in found}
    assert len(found) == len({c.key for c in found})
    assert sorted(found, key=lambda c: (-c.score, c.key)) == found
    assert all(0 <= c.score <= 1.0000001 for c in found)
