"""The rules of order, as a page of ten hits that says why each stands where it does."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.documents import Document, DocumentType, Language, Section, Status
from search.fusion import Candidate
from search.ranking import (
    APPARATUS_FACTOR,
    REPLACED_FACTOR,
    Ranked,
    is_apparatus,
    one_form,
    rank,
)
from search.values import Standing


def document(
    id: str,
    type: DocumentType = DocumentType.REPORT,
    status: Status = Status.CURRENT,
    **fields: Any,
) -> Document:
    return Document(id, f"test:{id}", id, (Section((), "tekst"),), type, status=status, **fields)


def candidate(key: int, score: float) -> Candidate:
    return Candidate(key, score, 1, None, None)


def order(page: list[Ranked]) -> list[int]:
    return [ranked.candidate.key for ranked in page]


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
    # news yields a little,
    (9, NEWS, 0.80, 8, 0.80 * 0.97, ("type:news",)),
    # a proposal is not the rule in force,
    (10, BILL, 0.84, 9, 0.84 * 0.9, ("status:proposal",)),
    # and the superseded act falls behind, though it matches best of all.
    (8, OLD, 0.95, 10, 0.95 * 1.04 * 0.7, ("type:act", "status:superseded")),
]


def test_a_page_of_ten() -> None:
    """Each line of the table stands in its place, with its score and its reasons."""
    # The page is sorted by the scores in the table: 8 and 7 are near.
    expected = sorted(TABLE, key=lambda row: -row[4])
    given = [Candidate(key, score, 1, None, None) for key, _, score, _, _, _ in reversed(TABLE)]
    page = rank(given, {row[0]: row[1] for row in TABLE}, {1: "reference"}, 10)
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
    page = rank(given, dict.fromkeys(range(20), REPORT), {}, 10)
    assert list(range(10)) == [r.candidate.key for r in page]


@pytest.mark.parametrize("how", ["reference", "duty"])
def test_references_do_not_crowd(how: str) -> None:
    """A § in many passages stays together on top, and tells how it was named."""
    given = [Candidate(key, 0.5, 1, None, None) for key in range(6)]
    given += [Candidate(key, 1.0, 1, None, None) for key in range(6, 10)]
    owners = dict.fromkeys(range(6), ACT) | dict.fromkeys(range(6, 10), GUIDE)
    page = rank(given, owners, dict.fromkeys(range(6), how), 10)
    assert list(range(6)) == order(page)[:6]
    assert all(how in ranked.reasons for ranked in page[:6])


def test_equal_scores_go_to_the_lower_key() -> None:
    """The same question gives the same page."""
    given = [Candidate(key, 0.5, 1, None, None) for key in (3, 1, 2)]
    owners = {key: document(f"d{key}", DocumentType.REPORT) for key in (1, 2, 3)}
    assert [r.candidate.key for r in rank(given, owners, {}, 10)] == [1, 2, 3]


def test_no_candidates_no_page() -> None:
    """Nothing in, nothing out."""
    assert rank([], {}, {}, 10) == []


def test_what_is_replaced_sinks_below_what_replaces_it() -> None:
    """Only where both are found, and only what stands above: with its reason."""
    new = document("new")
    owners = {
        1: document("old", replaced_by="new"),
        2: new,
        3: new,
        4: document("gone", replaced_by="nowhere"),
        5: document("low", replaced_by="new"),
    }
    scores = {1: 0.9, 2: 0.8, 3: 0.2, 4: 0.7, 5: 0.1}
    page = rank([candidate(*item) for item in scores.items()], owners, {}, 10)
    assert order(page) == [2, 1, 4, 3, 5]
    assert page[1].candidate.score == pytest.approx(0.8 * REPLACED_FACTOR)
    assert [ranked.candidate.key for ranked in page if "replaced" in ranked.reasons] == [1]


@pytest.mark.parametrize("scores", [(0.9, 0.8, 0.5), (0.5, 0.9, 0.1), (0.8, 0.2, 0.8)])
def test_along_a_chain_of_replacements_the_newest_stands_first(scores: tuple[float, ...]) -> None:
    """What was replaced twice stands below both, in whatever order they match."""
    owners = {
        1: document("first", replaced_by="second"),
        2: document("second", replaced_by="third"),
        3: document("third"),
    }
    page = rank([candidate(key, scores[key - 1]) for key in owners], owners, {}, 10)
    assert order(page) == [3, 2, 1]


def test_documents_that_replace_each_other_end() -> None:
    """A circle, or a document that replaces itself, is no trouble."""
    owners = {
        1: document("a", replaced_by="b"),
        2: document("b", replaced_by="a"),
        3: document("c", replaced_by="c"),
    }
    page = rank([candidate(1, 0.9), candidate(2, 0.8), candidate(3, 0.7)], owners, {}, 10)
    assert sorted(order(page)) == [1, 2, 3]


def test_a_section_that_was_asked_for_does_not_sink() -> None:
    """Who names a § of an act that was replaced gets it first."""
    owners = {1: document("old", replaced_by="new"), 2: document("new")}
    page = rank([candidate(1, 0.3), candidate(2, 0.9)], owners, {1: "reference"}, 10)
    assert order(page) == [1, 2]


def test_what_says_the_same_is_shown_once() -> None:
    """Of two documents' passages that are alike the better one; of one document's all."""
    owners = {1: REPORT, 2: document("copy"), 3: document("other"), 4: REPORT}
    given = [candidate(key, 1 - key / 10) for key in owners]
    alike = {frozenset({1, 2}), frozenset({1, 4})}
    page = rank(given, owners, {}, 10, lambda one, other: frozenset({one, other}) in alike)
    assert order(page) == [1, 3, 4]
    # Its place goes to the next one.
    page = rank(given, owners, {}, 2, lambda one, other: frozenset({one, other}) in alike)
    assert order(page) == [1, 3]


FORMS = {
    1: document("nb", language=Language.BOKMAL),
    2: document("nn", language=Language.NYNORSK),
    3: document("nb", language=Language.BOKMAL),
    4: document("alone", language=Language.NYNORSK),
}
FAMILIES = {"nb": "nb", "nn": "nb"}


@pytest.mark.parametrize(
    ("form", "scores", "expected"),
    [
        # the reader's form is shown, where the better one stood
        (Language.BOKMAL, (0.5, 0.9, 0.4, 0.7), [(1, 0.9), (4, 0.7), (3, 0.4)]),
        (Language.NYNORSK, (0.9, 0.5, 0.4, 0.7), [(2, 0.9), (4, 0.7)]),
        # without one, that which matches best
        (Language.UNDETERMINED, (0.5, 0.9, 0.4, 0.7), [(2, 0.9), (4, 0.7)]),
        (Language.UNDETERMINED, (0.9, 0.5, 0.4, 0.7), [(1, 0.9), (4, 0.7), (3, 0.4)]),
        (Language.ENGLISH, (0.9, 0.5, 0.4, 0.7), [(1, 0.9), (4, 0.7), (3, 0.4)]),
    ],
)
def test_a_document_is_shown_in_one_form(
    form: Language, scores: tuple[float, ...], expected: list[tuple[int, float]]
) -> None:
    """Of a text in two written forms one is on the page, with all its passages."""
    given = sorted((candidate(key, scores[key - 1]) for key in FORMS), key=lambda c: -c.score)
    found = one_form(given, FORMS, FAMILIES, form)
    assert expected == [(c.key, c.score) for c in found]


def test_without_families_every_document_stays() -> None:
    """Documents that are no translations are as they were."""
    given = [candidate(key, 1 - key / 10) for key in FORMS]
    assert one_form(given, FORMS, {}, Language.BOKMAL) == given
    assert one_form([], {}, {}, Language.BOKMAL) == []


def test_one_section_does_not_fill_the_page() -> None:
    """A second passage of a § yields to other sections that are nearly as good, a third more."""
    given = [candidate(key, score) for key, score in enumerate((0.9, 0.89, 0.88, 0.75, 0.6))]
    owners = dict.fromkeys(range(5), REPORT)
    standing = {n: Standing("report", "§ 1", n, None, "") for n in range(3)}
    page = rank(given, owners, {}, 10, standing=standing)
    assert order(page) == [0, 3, 1, 4, 2]
    assert page[2].candidate.score == pytest.approx(0.89 * 0.8)
    assert page[2].reasons == ("crowded",)
    assert order(rank(given, owners, {}, 10)) == [0, 1, 2, 3, 4]


def test_a_section_that_is_named_comes_whole() -> None:
    """Who asks for a § gets all of it, in its order."""
    given = [candidate(key, score) for key, score in enumerate((0.9, 0.5, 0.8))]
    owners = dict.fromkeys(range(3), ACT)
    named = {0: "reference", 1: "reference"}
    standing = {n: Standing("act", f"§ {1 + n // 2}", n, None, "") for n in range(3)}
    assert order(rank(given, owners, named, 10, standing=standing)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("heading", "start", "expected"),
    [
        ("Kilder", "Integreringsloven § 4", True),
        ("Kjelder", "", True),
        ("Sources", "", True),
        ("Ikke funnet", "Satsen for 2027", True),
        (None, "Endret ved lov 19 juni 2020 nr. 4", True),
        (None, "0 Tilføyd ved forskrift 20 des 2006", True),
        ("§ 5", "Føyd til med lov 20 juni 2003 nr. 4", True),
        ("Kilder til konflikt", "Foreldre og barn", False),
        (None, "Endringer i programmet", False),
        (None, "Endret situasjon", False),
    ],
)
def test_what_is_apparatus(heading: str | None, start: str, expected: bool) -> None:
    """Lists of sources and what was not found, and notes on amendments; not texts on changes."""
    assert is_apparatus(Standing("d", None, 1, heading, start)) is expected


def test_apparatus_yields_unless_it_was_named() -> None:
    """A list of sources has all the words of an article: the article itself goes before it."""
    given = [candidate(0, 0.9), candidate(1, 0.7)]
    owners = dict.fromkeys(range(2), REPORT)
    standing = {0: Standing("d", None, 5, "Kilder", ""), 1: Standing("d", None, 1, "Regelen", "")}
    page = rank(given, owners, {}, 10, standing=standing)
    assert order(page) == [1, 0]
    assert page[1].candidate.score == pytest.approx(0.9 * APPARATUS_FACTOR)
    assert page[1].reasons == ("apparatus",)
    assert order(rank(given, owners, {0: "reference"}, 10, standing=standing)) == [0, 1]
