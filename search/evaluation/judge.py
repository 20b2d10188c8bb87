"""Judged questions, and the scores of a searcher on them.

Every judged question counts: one that found nothing scores 0. A question without gold
is not answered by the documents; there ``nothing_found`` is right.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.errors import QueryError
from search.evaluation import measures
from search.values import Hit, SearchResult


@dataclass(frozen=True, slots=True)
class Gold:
    """A right place: a file, and in it a section or a physical page; or a passage's id."""

    file: str | None = None
    section: str | None = None
    page: int | None = None
    passage: str | None = None

    def covered(self, hit: Hit) -> bool:
        """Whether a hit shows this place; a hit covers every page it spans.

        A document in both written forms is shown once, with a link to the other.
        """
        if self.passage is not None:
            return hit.passage.place.anchor == self.passage
        other = hit.other_form.file if hit.other_form and self.page is None else None
        if self.file not in (hit.document.file, other):
            return False
        if self.page is not None:
            return hit.passage.place.covers_page(self.page)
        return self.section is None or hit.passage.place.section == self.section


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with all places that answer it."""

    id: str
    text: str
    gold: tuple[Gold, ...]
    lang: str | None = None
    kind: str | None = None
    cross: bool | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with the positions at which its gold was found, and how many there are.

    Gold that one hit covers, both written forms of a document or all pages of a passage, is one
    thing to find.
    """

    judged: Judged
    ranks: tuple[int, ...]
    relevant: int
    abstained: bool
    milliseconds: float


def read_judged(path: Path, field: str = "query") -> list[Judged]:
    """Read questions from JSON lines. Raises QueryError naming the line that is wrong."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_judged(json.loads(line), field))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QueryError(
                f"{path}, line {number}: {error!r}; a question needs id, {field}, and "
                "relevant (passage ids) or gold (file with section or pdf_page)"
            ) from error
    return found


def _judged(raw: dict[str, Any], field: str) -> Judged:
    if "relevant" in raw:
        gold = tuple(Gold(passage=str(passage)) for passage in raw["relevant"])
    else:
        gold = tuple(
            Gold(item["file"], item.get("section"), item.get("pdf_page")) for item in raw["gold"]
        )
    lang = raw.get("lang") or (field if field in ("nb", "nn", "en") else None)
    return Judged(raw["id"], raw[field], gold, lang, raw.get("kind"), raw.get("cross"))


def score(
    questions: Sequence[Judged],
    search: Callable[[str], SearchResult],
    step: Callable[[int], None] | None = None,
) -> list[Scored]:
    """Ask every question and note where its gold stands."""
    scored = []
    for number, judged in enumerate(questions, 1):
        started = time.perf_counter()
        result = search(judged.text)
        spent = (time.perf_counter() - started) * 1000
        best = [[hit.rank for hit in result.hits if gold.covered(hit)][:1] for gold in judged.gold]
        found = [rank for ranks in best for rank in ranks]
        ranks = tuple(dict.fromkeys(found))
        relevant = len(judged.gold) - (len(found) - len(ranks))
        abstained = result.status == "nothing_found"
        scored.append(Scored(judged, ranks, relevant, abstained, spent))
        if step:
            step(number)
    return scored


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """The report of `kjelda evaluate`, but for what it says of the index."""
    answerable = [s for s in scored if s.judged.gold]
    rest = [s for s in scored if not s.judged.gold]
    spent = [s.milliseconds for s in scored]
    report: dict[str, Any] = {
        "n": len(answerable),
        **figures(answerable),
        "by_kind": _by(answerable, lambda s: s.judged.kind),
        "by_lang": _by(answerable, lambda s: s.judged.lang),
        "unanswerable": {
            "n": len(rest),
            "abstained": sum(s.abstained for s in rest),
            "false_abstentions": sum(s.abstained for s in answerable),
        },
        "latency_ms": {
            "p50": round(measures.percentile(spent, 0.5), 2),
            "p95": round(measures.percentile(spent, 0.95), 2),
        },
    }
    crossing = _by(
        [s for s in answerable if s.judged.cross is not None],
        lambda s: "cross" if s.judged.cross else "same",
    )
    if crossing:
        report["by_form"] = crossing
    return report


def figures(scored: Sequence[Scored]) -> dict[str, float]:
    """Means over questions; a mean over none is 0."""
    wanted: dict[str, Callable[[Scored], float]] = {
        "ndcg@10": lambda s: measures.ndcg(s.ranks, s.relevant),
        "mrr@10": lambda s: measures.reciprocal_rank(s.ranks),
        "hit@1": lambda s: measures.hit(s.ranks, 1),
        "hit@5": lambda s: measures.hit(s.ranks, 5),
        "hit@10": lambda s: measures.hit(s.ranks, 10),
        "recall@10": lambda s: measures.recall(s.ranks, s.relevant),
    }
    return {
        name: round(sum(map(of, scored)) / len(scored), 4) if scored else 0.0
        for name, of in wanted.items()
    }


def _by(
    scored: Iterable[Scored], key: Callable[[Scored], str | None]
) -> dict[str, dict[str, float | int]]:
    groups: dict[str, list[Scored]] = {}
    for item in scored:
        name = key(item)
        if name is not None:
            groups.setdefault(name, []).append(item)
    return {name: {"n": len(items), **figures(items)} for name, items in sorted(groups.items())}
