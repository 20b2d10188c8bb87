"""Rules of order that a reader can see: type, status, references, no document fills the page.

Pure functions over candidates. Every rule that moved a hit is named in its reasons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from corpus.documents import Document, DocumentType, Language, Status
from search.fusion import Candidate
from search.values import Standing

# Small factors: they decide between near equals and never lift a poor match.
TYPE_FACTOR: Mapping[DocumentType, float] = {
    DocumentType.ACT: 1.04,
    DocumentType.REGULATION: 1.03,
    DocumentType.CIRCULAR: 1.02,
    DocumentType.GUIDANCE: 1.01,
    DocumentType.NEWS: 0.97,
}
STATUS_FACTOR: Mapping[Status, float] = {
    Status.SUPERSEDED: 0.7,
    Status.EXPIRED: 0.7,
    Status.PROPOSAL: 0.9,
}
REPLACED_FACTOR = 0.95  # of the score of what replaces it, where both are found
# From its fourth passage on the page a document yields a little to others.
FREE_PASSAGES = 3
CROWD_FACTOR = 0.9
# A § of an act is cut only where it is long: its second passage opens what is open already.
SAME_SECTION_FACTOR = 0.8
# Lists of sources and notes on amendments have a text's words and say nothing of its subject.
APPARATUS_FACTOR = 0.7
_LISTS = frozenset({"kilder", "kjelder", "sources", "ikke funnet", "ikkje funne"})
_NOTE = re.compile(
    r"\W*(?:\d+ ?)?(?:Tilføy|Føyd til|Endr|Opphev|Lagt til|Amended)\w* (?:ved|med|by)\b"
    r"|§ ?[\w -]{1,12}\. ?\((?:Opphev|Opphæv)\w+\)"  # a § that is repealed
)

_NAMED = {"reference", "duty"}  # reasons of what the query named

Alike = Callable[[int, int], bool]


class Ranked(NamedTuple):
    """A candidate in its place, with the rules that moved it."""

    candidate: Candidate
    reasons: tuple[str, ...] = ()


def rank(
    candidates: Sequence[Candidate],
    owners: Mapping[int, Document],
    referenced: Mapping[int, str],
    limit: int,
    alike: Alike = lambda one, other: False,
    standing: Mapping[int, Standing] = MappingProxyType({}),
) -> list[Ranked]:
    """The page of hits, best first.

    ``owners`` gives each candidate's document; ``referenced`` are passages that the query named,
    with how (``reference`` by act and section, ``duty`` by what stands there): they go first,
    those of one § in its own order. ``alike`` tells whether two passages say the same: the second
    one is left out. ``standing`` says where they stand: further passages of a § yield, and lists
    of sources and notes on amendments.
    """
    sections = {k: (s.document, s.section) for k, s in standing.items() if s.section}
    waiting = [
        _weigh(c, owners[c.key], referenced.get(c.key), standing.get(c.key)) for c in candidates
    ]
    waiting = _in_its_order(waiting, sections, standing)
    waiting = _replaced_last(sorted(waiting, key=_order), owners)
    page: list[Ranked] = []
    seen: Counter[str | tuple[str, str] | None] = Counter()

    def crowd(one: Ranked) -> Ranked:
        key = one.candidate.key
        return _crowd(one, seen[owners[key].id], seen[sections.get(key)])

    while waiting and len(page) < limit:
        # Crowding depends on what stands above, so choose one at a time. It only lowers
        # scores: nothing after one that stands higher uncrowded need be looked at.
        at, best = 0, crowd(waiting[0])
        for place, other in enumerate(waiting[1:], 1):
            if _order(other) > _order(best):
                break
            crowded = crowd(other)
            if _order(crowded) < _order(best):
                at, best = place, crowded
        del waiting[at]
        document = owners[best.candidate.key]
        if any(
            owners[above.candidate.key].id != document.id
            and alike(above.candidate.key, best.candidate.key)
            for above in page
        ):
            continue
        page.append(best)
        seen[document.id] += 1
        if section := sections.get(best.candidate.key):
            seen[section] += 1
    return page


def one_form(
    candidates: Sequence[Candidate],
    owners: Mapping[int, Document],
    families: Mapping[str, str],
    form: Language,
) -> list[Candidate]:
    """The candidates with each document in one written form only.

    ``families`` names what a document is a translation of, the same for all its forms. Of
    several forms the reader's is kept, or else the one that matches best; it stands where the
    best of them would.
    """
    members: dict[str, dict[str, list[Candidate]]] = {}
    for candidate in candidates:
        document = owners[candidate.key]
        family = families.get(document.id, document.id)
        members.setdefault(family, {}).setdefault(document.id, []).append(candidate)
    found: list[Candidate] = []
    for documents in members.values():
        first, *others = max(
            documents.values(),
            key=lambda those: (owners[those[0].key].language == form, _best(those).score),
        )
        top = max(_best(those).score for those in documents.values())
        lift = top - first.score
        found += [first._replace(score=top), *others] if lift > 0 else [first, *others]
    found.sort(key=lambda c: (-c.score, c.key))
    return found


def _best(candidates: Sequence[Candidate]) -> Candidate:
    return max(candidates, key=lambda c: (c.score, -c.key))


def is_named(ranked: Ranked) -> bool:
    """Whether the query named the passage: its § or the duty that stands there."""
    return bool(_NAMED & set(ranked.reasons))


def is_apparatus(standing: Standing | None) -> bool:
    """Whether a passage is a list of sources or a note on amendments."""
    if standing is None:
        return False
    heading = (standing.heading or "").strip().lower()
    return heading in _LISTS or bool(_NOTE.match(standing.start))


def _in_its_order(
    ranked: Sequence[Ranked],
    sections: Mapping[int, tuple[str, str]],
    standing: Mapping[int, Standing],
) -> list[Ranked]:
    """What the query named of one § reads from its beginning: the best score goes to the first."""
    named: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(ranked):
        section = sections.get(one.candidate.key)
        if section and is_named(one):
            named.setdefault(section, []).append(at)
    found = list(ranked)
    for places in named.values():
        scores = sorted((ranked[at].candidate.score for at in places), reverse=True)
        order = sorted(places, key=lambda at: standing[ranked[at].candidate.key].number)
        for at, score in zip(order, scores, strict=True):
            found[at] = ranked[at]._replace(candidate=ranked[at].candidate._replace(score=score))
    return found


def _weigh(
    candidate: Candidate, document: Document, named: str | None, standing: Standing | None
) -> Ranked:
    factor, reasons = 1.0, []
    if named:
        factor += 1.0
        reasons.append(named)
    if by_type := TYPE_FACTOR.get(document.type):
        factor *= by_type
        reasons.append(f"type:{document.type}")
    if by_status := STATUS_FACTOR.get(document.status):
        factor *= by_status
        reasons.append(f"status:{document.status}")
    if is_apparatus(standing) and not named:
        factor *= APPARATUS_FACTOR
        reasons.append("apparatus")
    score = candidate.score + (1.0 if named else 0.0)
    return Ranked(candidate._replace(score=score * factor), tuple(reasons))


def _replaced_last(ranked: Sequence[Ranked], owners: Mapping[int, Document]) -> list[Ranked]:
    """What is replaced by a document that is here too sinks below that document's best.

    Along a chain of replacements each sinks below the next. What the query named stays.
    """
    members: dict[str, list[Ranked]] = {}
    for one in ranked:
        members.setdefault(owners[one.candidate.key].id, []).append(one)
    heirs = {owners[one.candidate.key].id: owners[one.candidate.key].replaced_by for one in ranked}
    settled: set[str] = set()

    def settle(id: str) -> None:
        heir = heirs[id]
        settled.add(id)
        if heir not in members or heir == id:
            return
        if heir not in settled:  # else they replace each other, or it has sunk already
            settle(heir)
        limit = max(one.candidate.score for one in members[heir])
        members[id] = [_sink(one, limit) for one in members[id]]

    for id in heirs:
        if id not in settled:
            settle(id)
    return sorted((one for those in members.values() for one in those), key=_order)


def _sink(ranked: Ranked, successor: float) -> Ranked:
    if ranked.candidate.score < successor or is_named(ranked):
        return ranked
    sunk = ranked.candidate._replace(score=successor * REPLACED_FACTOR)
    return Ranked(sunk, (*ranked.reasons, "replaced"))


def _crowd(ranked: Ranked, of_document: int, of_section: int) -> Ranked:
    """Lower what has others of its document, or of its §, above it."""
    extra = max(of_document - FREE_PASSAGES + 1, 0)
    if not (extra or of_section) or is_named(ranked):
        return ranked
    factor = CROWD_FACTOR**extra * SAME_SECTION_FACTOR**of_section
    score = ranked.candidate.score * factor
    return Ranked(ranked.candidate._replace(score=score), (*ranked.reasons, "crowded"))


def _order(ranked: Ranked) -> tuple[float, int]:
    return (-ranked.candidate.score, ranked.candidate.key)
