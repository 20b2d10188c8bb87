"""The rules of order, as a page of ten hits that says why each stands where it does."""

from __future__ import annotations

import pytest

from corpus.documents import Document, DocumentType, Section, Status
from search.fusion import Candidate
from search.ranking import Ranked, rank


def document(id: str, type: DocumentType, status: Status = Status.CURRENT) -> Document:
    return Document(id, f"test:{id}", id, (Section((), "tekst"),), type, status=status)


ACT = document("act", DocumentType.ACT)
OLD = document("old", DocumentType.ACT, Status.SUPERSEDED)
BILL = document("bill", DocumentType.BILL, Status.PROPOSAL)
GUIDE = document("guide", DocumentType.GUIDANCE)
NEWS = document("news", DocumentType.NEWS)
REPORT = document("report", DocumentType.REPORT)

# key, its document, score after fusion, place on the page, score there, reasons
TABLE = [
    # Named by act and section in the question: first, though its score is the least.
    (1, ACT, 0.20, 1, (0.20 + 1.0) * 2 * 1.04, ("reference", "type:act")),
    # Three passages of one document stand as they are,
    (2, GUIDE, 0.90, 2, 0.90 * 1.01, ("type:guidance",)),
    (3, GUIDE, 0.89, 3, 0.89 * 1.01, ("type:guidance",)),
    (4, GUIDE, 0.88, 4, 0.88 * 1.01, ("type:guidance",)),
    # an act beats guidance that matches a hair better,
    (5, ACT, 0.81, 5, 0.81 * 1.04, ("type:act",)),
    # a type without a factor stands as it is,
    (6, REPORT, 0.80, 6, 0.80, ()),
    # the fourth passage of the guide yields to what is nearly as good,
    (7, GUIDE, 0.87, 7, 0.87 * 1.01 * 0.9, ("type:guidance", "crowded")),
    # the superseded act falls behind, though it matches best of all,
    (8, OLD, 0.95, 8, 0.95 * 1.04 * 0.8, ("type:act", "status:superseded")),
    # news yields a little,
    (9, NEWS, 0.80, 9, 0.80 * 0.97, ("type:news",)),
    # and a proposal is not the rule in force.
    (10, BILL, 0.84, 10, 0.84 * 0.9, ("status:proposal",)),
]


def test_a_page_of_ten() -> None:
    """Each line of the table stands in its place, with its score and its reasons."""
    # The page is sorted by the scores in the table: 8 and 7 are near.
    expected = sorted(TABLE, key=lambda row: -row[4])
    given = [Candidate(key, score, 1, None, None) for key, _, score, _, _, _ in reversed(TABLE)]
    page = rank(given, {row[0]: row[1] for row in TABLE}, frozenset({1}), 10)
    assert [
        Ranked(Candidate(key, pytest.approx(score), 1, None, None), reasons)
        for key, _, _, _, score, reasons in expected
    ] == page


def test_the_table_says_the_places() -> None:
    """The places told in the table are those of its scores, so that it can be read."""
    by_score = [row[0] for row in sorted(TABLE, key=lambda row: -row[4])]
    assert [row[0] for row in sorted(TABLE, key=lambda row: row[3])] == by_score


def test_a_document_alone_fills_the_page() -> None:
    """Crowding moves hits, it drops none: a lone document keeps its order."""
    given = [Candidate(key, 1 - key / 100, 1, None, None) for key in range(20)]
    page = rank(given, dict.fromkeys(range(20), REPORT), frozenset(), 10)
    assert list(range(10)) == [r.candidate.key for r in page]


def test_references_do_not_crowd() -> None:
    """A § in many passages stays together on top."""
    given = [Candidate(key, 0.5, 1, None, None) for key in range(6)]
    given += [Candidate(key, 1.0, 1, None, None) for key in range(6, 10)]
    owners = dict.fromkeys(range(6), ACT) | dict.fromkeys(range(6, 10), GUIDE)
    page = rank(given, owners, frozenset(range(6)), 10)
    assert list(range(6)) == [r.candidate.key for r in page][:6]


def test_equal_scores_go_to_the_lower_key() -> None:
    """The same question gives the same page."""
    given = [Candidate(key, 0.5, 1, None, None) for key in (3, 1, 2)]
    owners = {key: document(f"d{key}", DocumentType.REPORT) for key in (1, 2, 3)}
    assert [r.candidate.key for r in rank(given, owners, frozenset(), 10)] == [1, 2, 3]


def test_no_candidates_no_page() -> None:
    """Nothing in, nothing out."""
    assert rank([], {}, frozenset(), 10) == []
