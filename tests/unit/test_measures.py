"""Measures of retrieval, worked out by hand, and the report they go into."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from corpus.documents import Document, Language, Passage, Place, Section
from search.errors import QueryError
from search.evaluation.judge import Gold, Judged, Scored, read_judged, summary
from search.evaluation.measures import hit, ndcg, percentile, recall, reciprocal_rank
from search.values import Excerpt, Hit


@pytest.mark.parametrize(
    ("ranks", "relevant", "expected"),
    [
        ([1], 1, 1.0),
        ([2], 1, 1 / math.log2(3)),  # 0.6309
        ([10], 1, 1 / math.log2(11)),
        ([11], 1, 0.0),  # below the depth
        ([], 1, 0.0),
        ([1, 2], 2, 1.0),
        ([2, 1], 2, 1.0),
        ([1, 3], 2, 1.5 / (1 + 1 / math.log2(3))),  # 0.9197
        ([1], 2, 1 / (1 + 1 / math.log2(3))),
        (list(range(1, 11)), 30, 1.0),  # more is relevant than fits
        ([], 0, 0.0),
    ],
)
def test_ndcg(ranks: list[int], relevant: int, expected: float) -> None:
    """Gains over their discounts, over the same for the ideal list."""
    assert expected == pytest.approx(ndcg(ranks, relevant))


@pytest.mark.parametrize(
    ("ranks", "rr", "at1", "at5", "share"),
    [
        ([1], 1.0, 1.0, 1.0, 0.25),
        ([4, 2], 0.5, 0.0, 1.0, 0.5),
        ([6, 9], 1 / 6, 0.0, 0.0, 0.5),
        ([11], 0.0, 0.0, 0.0, 0.0),
        ([], 0.0, 0.0, 0.0, 0.0),
    ],
)
def test_rank_measures(ranks: list[int], rr: float, at1: float, at5: float, share: float) -> None:
    """Reciprocal rank of the best, hits at 1 and 5, and recall of four at 10."""
    assert (rr, at1, at5, share) == (
        pytest.approx(reciprocal_rank(ranks)),
        hit(ranks, 1),
        hit(ranks, 5),
        recall(ranks, 4),
    )


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([3, 1, 2], 0.5, 2), ([1, 2, 3, 4], 0.5, 2), (range(1, 101), 0.95, 95), ([7], 0.95, 7)],
)
def test_percentile_by_nearest_rank(values: list[float], share: float, expected: float) -> None:
    """A percentile is one of the values; that of none is 0."""
    assert expected == percentile(list(values), share)
    assert percentile([], share) == 0


def test_every_question_counts() -> None:
    """One found first, one third, one not at all; and of two without answer one abstains."""
    gold = (Gold(file="a.md"),)
    scored = [
        Scored(Judged("1", "a", gold, "nb", "plain"), (1,), False, 10.0),
        Scored(Judged("2", "b", gold, "nn", "plain"), (3,), False, 20.0),
        Scored(Judged("3", "c", gold, "nn", "typo"), (), True, 30.0),
        Scored(Judged("4", "d", (), "nb"), (), True, 40.0),
        Scored(Judged("5", "e", (), "nb"), (), False, 50.0),
    ]
    report = summary(scored)
    assert report["n"] == 3
    assert report["ndcg@10"] == 0.5  # (1 + 1/2 + 0) / 3
    assert report["mrr@10"] == 0.4444  # (1 + 1/3 + 0) / 3
    assert (report["hit@1"], report["hit@5"]) == (0.3333, 0.6667)
    assert report["unanswerable"] == {"n": 2, "abstained": 1, "false_abstentions": 1}
    assert report["latency_ms"] == {"p50": 30.0, "p95": 50.0}
    assert {k: v["n"] for k, v in report["by_lang"].items()} == {"nb": 1, "nn": 2}
    assert {k: v["n"] for k, v in report["by_kind"].items()} == {"plain": 2, "typo": 1}


def test_a_report_of_nothing_is_zeros() -> None:
    """No questions: nothing is divided by."""
    assert summary([])["ndcg@10"] == 0.0


def test_questions_are_read_in_both_dialects(tmp_path: Path) -> None:
    """By passage id, or by file with section or page; the field names the language."""
    path = tmp_path / "queries.jsonl"
    rows = [
        {"id": "1", "nn": "kva?", "relevant": ["p1", "p2"]},
        {"id": "2", "nn": "kvar?", "gold": [{"file": "a.pdf", "pdf_page": 3}], "lang": "nb"},
        {"id": "3", "nn": "når?", "gold": [{"file": "a.md", "section": "§ 4"}], "kind": "plain"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    assert [
        Judged("1", "kva?", (Gold(passage="p1"), Gold(passage="p2")), "nn"),
        Judged("2", "kvar?", (Gold("a.pdf", None, 3),), "nb"),
        Judged("3", "når?", (Gold("a.md", "§ 4"),), "nn", "plain"),
    ] == read_judged(path, "nn")


@pytest.mark.parametrize("line", ["{", '{"id": "1"}', '{"id": "1", "query": "a"}', "[]", "1"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    """What is wrong in a file of questions is told with its line."""
    path = tmp_path / "queries.jsonl"
    path.write_text(f'{{"id": "0", "query": "a", "gold": []}}\n{line}\n', encoding="utf-8")
    with pytest.raises(QueryError, match="line 2"):
        read_judged(path)


@pytest.mark.parametrize(
    ("gold", "expected"),
    [
        (Gold(file="nb.md"), True),
        (Gold(file="nn.md"), True),  # shown once, with a link to the other form
        (Gold(file="nn.md", section="§ 4"), True),
        (Gold(file="nn.md", section="§ 5"), False),
        (Gold(file="nb.md", page=3), True),
        (Gold(file="nn.md", page=3), False),  # pages of the other form are others
        (Gold(file="other.md"), False),
        (Gold(passage="p1"), False),
    ],
)
def test_what_a_hit_covers(gold: Gold, expected: bool) -> None:
    """A hit covers its document and the other form of it; a page only of its own."""

    def document(name: str) -> Document:
        return Document(name, f"test:{name}", name, (Section((), "t"),), file=f"{name}.md")

    place = Place(section="§ 4", page=3, page_end=3)
    passage = Passage("nb", 0, "nb", (), "t", place, Language.BOKMAL, 1)
    found = Hit(1, 1.0, passage, document("nb"), Excerpt("t"), 1, other_form=document("nn"))
    assert gold.covered(found) is expected
