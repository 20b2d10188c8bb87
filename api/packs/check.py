"""Check again: which quotes still stand in the base as they were taken, and which don't.

Pure: the base is given as the documents and passages that are there now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from api.packs.model import Item, Pack, Quote
from corpus.currency import disagree
from corpus.documents import Document, Passage, Status
from search.references import section_key

# Share of words in common, by SequenceMatcher.ratio(), from which on a text is taken for the
# later wording of the quote: under the same heading, and anywhere in the document.
ALIKE_THERE = 0.25
ALIKE_ANYWHERE = 0.6


class Outcome(StrEnum):
    """What became of a quote's words, in the order of what the reader must do."""

    UNCHANGED = "unchanged"
    MOVED = "moved"  # the same words at another place: no change to the quote
    CHANGED = "changed"
    VANISHED = "vanished"  # the document is there, the words and their place are not
    GONE = "gone"  # the document is not in the base


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one quote.

    ``now`` is the passage that holds it, or its later wording; None where there is none.
    ``document`` is the document as it is now, without its sections or with them. ``status`` is
    (then, now) where the status differs, ``conflict`` that its sources have come to disagree,
    ``heir`` the id of a document that has come to replace it.
    """

    item: Item
    quote: Quote
    outcome: Outcome
    now: Passage | None = None
    document: Document | None = None
    status: tuple[Status, Status] | None = None
    conflict: bool = False
    heir: str | None = None

    @property
    def concerns(self) -> bool:
        """Whether the one who uses the pack must look at it."""
        return (
            self.outcome not in (Outcome.UNCHANGED, Outcome.MOVED)
            or self.status is not None
            or self.conflict
        )


@dataclass(frozen=True, slots=True)
class Present:
    """A document of the base as it is now, with its passages in order."""

    document: Document
    passages: tuple[Passage, ...]


def check_again(pack: Pack, base: Mapping[str, Present]) -> tuple[Finding, ...]:
    """What became of each quote of a pack, in its order. ``base`` is by document id."""
    return tuple(
        check(item, item.content, base.get(item.content.document_id))
        for item in pack.items
        if isinstance(item.content, Quote)
    )


def check(item: Item, quote: Quote, present: Present | None) -> Finding:
    """What became of one quote; ``present`` is its document, if it is in the base."""
    if present is None:
        return Finding(item, quote, Outcome.GONE)
    document = present.document
    outcome, now = _words(quote, present)
    return Finding(
        item,
        quote,
        outcome,
        now,
        document,
        status=(quote.status, document.status) if document.status is not quote.status else None,
        conflict=disagree(document.claims) and not quote.conflict,
        heir=document.replaced_by,
    )


def _words(quote: Quote, present: Present) -> tuple[Outcome, Passage | None]:
    same = [p for p in present.passages if _flat(p.text) == _flat(quote.text)]
    if same:
        # A text may stand several times ("Endret ved lov ..."): the one at its place counts.
        best = min(same, key=lambda p: (not _is_there(quote, p), abs(p.number - quote.number)))
        return (Outcome.UNCHANGED if _is_there(quote, best) else Outcome.MOVED), best
    if holder := _holder(quote, present.passages):
        # Kjelda cuts the same text otherwise than it did: nothing has changed in the source.
        return (Outcome.UNCHANGED if _is_there(quote, holder) else Outcome.MOVED), holder
    return _later_wording(quote, present.passages)


def _holder(quote: Quote, passages: Sequence[Passage]) -> Passage | None:
    """The passage in which the quote's words begin, where they run on unbroken."""
    wanted = f" {_flat(quote.text)} "
    whole, starts = " ", []
    for passage in passages:
        starts.append(len(whole) - 1)
        whole += _flat(passage.text) + " "
    at = whole.find(wanted)
    if at < 0:
        return None
    return passages[sum(1 for start in starts if start <= at) - 1]


def _later_wording(quote: Quote, passages: Sequence[Passage]) -> tuple[Outcome, Passage | None]:
    there = [p for p in passages if _is_there(quote, p)]
    words = quote.text.split()
    if found := _nearest(words, there, ALIKE_THERE):
        return Outcome.CHANGED, found
    if found := _nearest(words, passages, ALIKE_ANYWHERE):
        return Outcome.CHANGED, found
    # A § is known by its number: what stands there now is its wording, however new.
    if there and quote.place.section:
        return Outcome.CHANGED, there[0]
    return Outcome.VANISHED, None


def _nearest(words: list[str], passages: Sequence[Passage], least: float) -> Passage | None:
    best, found = least, None
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    matcher.set_seq2(words)
    for passage in passages:
        matcher.set_seq1(passage.text.split())
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        if (ratio := matcher.ratio()) >= best and (found is None or ratio > best):
            best, found = ratio, passage
    return found


def _is_there(quote: Quote, passage: Passage) -> bool:
    """Whether a passage stands where the quote stood: the same §, or else heading and page."""
    if quote.place.section and passage.place.section:
        return section_key(quote.place.section) == section_key(passage.place.section) and (
            quote.place.section.startswith("§") or quote.headings == passage.headings
        )
    return quote.headings == passage.headings and quote.place.page == passage.place.page


def _flat(text: str) -> str:
    return " ".join(text.split())
