"""Rules of order that a reader can see: type, status, references, no document fills the page.

Pure functions over candidates. Every rule that moved a hit is named in its reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.documents import Document, DocumentType, Status
from search.fusion import Candidate

# Small factors: they decide between near equals and never lift a poor match.
TYPE_FACTOR: Mapping[DocumentType, float] = {
    DocumentType.ACT: 1.04,
    DocumentType.REGULATION: 1.03,
    DocumentType.CIRCULAR: 1.02,
    DocumentType.GUIDANCE: 1.01,
    DocumentType.NEWS: 0.97,
}
STATUS_FACTOR: Mapping[Status, float] = {
    Status.SUPERSEDED: 0.8,
    Status.EXPIRED: 0.8,
    Status.PROPOSAL: 0.9,
}
# From its fourth passage on the page a document yields a little to others.
FREE_PASSAGES = 3
CROWD_FACTOR = 0.9


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place, with the rules that moved it."""

    candidate: Candidate
    reasons: tuple[str, ...] = ()


def rank(
    candidates: Sequence[Candidate],
    owners: Mapping[int, Document],
    referenced: frozenset[int],
    limit: int,
) -> list[Ranked]:
    """The page of hits, best first.

    ``owners`` gives each candidate's document; ``referenced`` are passages that the
    query named by act and section: they go first.
    """
    weighed = [_weigh(c, owners[c.key], c.key in referenced) for c in candidates]
    weighed.sort(key=_order)
    page: list[Ranked] = []
    seen: Counter[str] = Counter()
    waiting = weighed
    while waiting and len(page) < limit:
        # Crowding depends on what stands above, so choose one at a time. It only lowers
        # scores: nothing after one that stands higher uncrowded need be looked at.
        at, best = 0, _crowd(waiting[0], seen[owners[waiting[0].candidate.key].id])
        for place, other in enumerate(waiting[1:], 1):
            if _order(other) > _order(best):
                break
            crowded = _crowd(other, seen[owners[other.candidate.key].id])
            if _order(crowded) < _order(best):
                at, best = place, crowded
        page.append(best)
        seen[owners[best.candidate.key].id] += 1
        del waiting[at]
    return page


def _weigh(candidate: Candidate, document: Document, referenced: bool) -> Ranked:
    factor, reasons = 1.0, []
    if referenced:
        factor += 1.0
        reasons.append("reference")
    if by_type := TYPE_FACTOR.get(document.type):
        factor *= by_type
        reasons.append(f"type:{document.type}")
    if by_status := STATUS_FACTOR.get(document.status):
        factor *= by_status
        reasons.append(f"status:{document.status}")
    score = candidate.score + (1.0 if referenced else 0.0)
    return Ranked(replace(candidate, score=score * factor), tuple(reasons))


def _crowd(ranked: Ranked, above: int) -> Ranked:
    if above < FREE_PASSAGES or "reference" in ranked.reasons:
        return ranked
    score = ranked.candidate.score * CROWD_FACTOR ** (above - FREE_PASSAGES + 1)
    return Ranked(replace(ranked.candidate, score=score), (*ranked.reasons, "crowded"))


def _order(ranked: Ranked) -> tuple[float, int]:
    return (-ranked.candidate.score, ranked.candidate.key)
