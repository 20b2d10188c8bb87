"""Measures of retrieval, worked out by hand, and the report they go into."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Document, Language, Passage, Place, Section
from search.errors import QueryError
from search.evaluation.judge import Gold, Judged, Scored, figures, read_judged, score, summary
from search.evaluation.measures import hit, ndcg, percentile, recall, reciprocal_rank
from search.query import parse
from search.values import Excerpt, Hit, SearchResult


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
        Scored(Judged("1", "a", gold, "nb", "plain"), (1,), 1, False, 10.0),
        Scored(Judged("2", "b", gold, "nn", "plain"), (3,), 1, False, 20.0),
        Scored(Judged("3", "c", gold, "nn", "typo"), (), 1, True, 30.0),
        Scored(Judged("4", "d", (), "nb"), (), 0, True, 40.0),
        Scored(Judged("5", "e", (), "nb"), (), 0, False, 50.0),
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


def document(name: str) -> Document:
    return Document(name, f"test:{name}", name, (Section((), "t"),), file=f"{name}.md")


def shown(rank: int, name: str, *pages: int, other: str | None = None) -> Hit:
    """A hit in a document's § 4 over these pages, with a link to its other written form."""
    place = Place("§ 4", page=pages[0], page_end=pages[-1]) if pages else Place("§ 4")
    passage = Passage(name, rank, name, (), "t", place, Language.BOKMAL, rank)
    return Hit(
        rank,
        1.0,
        passage,
        document(name),
        Excerpt("t"),
        rank,
        other_form=document(other) if other else None,
    )


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
    assert gold.covered(shown(1, "nb", 3, other="nn")) is expected


BOTH = (Gold("nb.md", "§ 4"), Gold("nn.md", "§ 4"))
PAGES = (Gold("nb.md", page=3), Gold("nb.md", page=4))


@pytest.mark.parametrize(
    ("gold", "hits", "ranks", "relevant", "gain"),
    [
        # both written forms in one hit are one thing
        (BOTH, [shown(1, "nb", other="nn")], (1,), 1, 1.0),
        (BOTH, [shown(1, "x"), shown(2, "nn", other="nb")], (2,), 1, 1 / math.log2(3)),
        # apart they are two
        (BOTH, [shown(1, "nb"), shown(2, "nn")], (1, 2), 2, 1.0),
        (BOTH, [shown(1, "nb")], (1,), 2, 1 / (1 + 1 / math.log2(3))),
        # and so with pages
        (PAGES, [shown(1, "nb", 3, 4)], (1,), 1, 1.0),
        (PAGES, [shown(1, "nb", 3), shown(2, "nb", 4)], (1, 2), 2, 1.0),
        (PAGES, [shown(1, "nb", 4), shown(2, "nb", 3, 4)], (2, 1), 2, 1.0),
        # what else is right counts beside it
        ((*BOTH, Gold("x.md")), [shown(1, "nb", other="nn")], (1,), 2, 1 / (1 + 1 / math.log2(3))),
        (BOTH, [], (), 2, 0.0),
        ((), [shown(1, "nb")], (), 0, 0.0),
    ],
)
def test_gold_in_one_hit_counts_once(
    gold: tuple[Gold, ...], hits: list[Hit], ranks: tuple[int, ...], relevant: int, gain: float
) -> None:
    """What one hit covers is one thing to find, so that showing it once is not half an answer."""
    result = SearchResult(parse("a"), "found", tuple(hits))
    (scored,) = score([Judged("1", "a", gold)], lambda text: result)
    assert (scored.ranks, scored.relevant) == (ranks, relevant)
    assert ndcg(scored.ranks, scored.relevant) == pytest.approx(gain)


_GOLD = st.builds(
    Gold,
    st.sampled_from(["nb.md", "nn.md"]),
    st.sampled_from([None, "§ 4"]),
    st.sampled_from([None, 1, 2, 3]),
)
_SHOWN = st.tuples(
    st.sampled_from(["nb", "nn"]), st.integers(1, 3), st.integers(0, 2), st.booleans()
)


@given(st.lists(_GOLD, unique=True, max_size=6), st.lists(_SHOWN, max_size=12))
def test_no_measure_is_over_1(gold: list[Gold], found: list[tuple[str, int, int, bool]]) -> None:
    """Whatever hits cover of whatever gold: all measures are from 0 to 1."""
    hits = [
        shown(rank, name, page, page + more, other={"nb": "nn", "nn": "nb"}[name] if both else None)
        for rank, (name, page, more, both) in enumerate(found, 1)
    ]
    result = SearchResult(parse("a"), "found", tuple(hits))
    scored = score([Judged("1", "a", tuple(gold))], lambda text: result)
    assert all(0 <= value <= 1 for value in figures(scored).values())
