"""Cut a document into passages: at headings and paragraphs, never over the limit.

A run is what stands under one heading trail and one number: a §, a chapter's lead,
or a PDF heading's text over all its pages. A run that fits stays whole; a longer one
is parted at paragraphs, list points, sentences, and as a last resort at words.
Everything is a span of the run's text, so nothing can be lost or change places.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.documents import Document, Language, Passage, Place, Section, embedded_text
from ingest.cut import Span, halves, parts

CHUNKER = "1"  # part of what is compared on the next run: a new number cuts all anew

CountTokens = Callable[[Sequence[str]], list[int]]
Detect = Callable[[str], Language]

# Headings under which text this short stands alone may be joined to their neighbours.
_FRAGMENT_SHARE = 0.25
# A last piece under this share of the target is joined to the one before it.
_REMAINDER_SHARE = 0.4
# Text shorter than this has the document's language: too little to tell by.
_DETECT_FROM = 60


@dataclass(frozen=True, slots=True)
class _Run:
    """Text under one trail; ``marks`` are the offsets at which its sections begin."""

    headings: tuple[str, ...]
    text: str
    marks: tuple[int, ...]
    first: int
    sections: tuple[Section, ...]

    @property
    def place(self) -> Place:
        return self.sections[0].place

    def section_at(self, offset: int) -> int:
        """Which of the run's sections the character stands in."""
        return max(0, bisect_right(self.marks, offset) - 1)


def chunk(
    document: Document,
    count_tokens: CountTokens,
    max_tokens: int = 512,
    target_tokens: int = 240,
    detect: Detect | None = None,
) -> tuple[Passage, ...]:
    """The passages of a document, in reading order.

    ``count_tokens`` counts what the model would see of complete texts, its own marks
    included; no passage's ``embedded`` counts over ``max_tokens``. A numbered § or
    point stays whole up to that limit; running text is cut to about
    ``target_tokens``. Raises ValueError if the limit leaves no room for text.
    """
    if not 16 <= max_tokens or not 8 <= target_tokens <= max_tokens:
        raise ValueError(f"no room: max_tokens {max_tokens}, target_tokens {target_tokens}")
    if detect is None:
        from ingest import language

        detect = language.detect
    budget = _Budget(document.title, count_tokens, max_tokens, target_tokens)
    runs = budget.join(list(_runs(document.sections)))
    passages: list[Passage] = []
    for run, spans, title, headings in budget.cut(runs):
        for span in spans:
            text = run.text[span.start : span.end].strip()
            if not text:
                continue
            start = (
                span.start
                + len(run.text[span.start : span.end])
                - len(run.text[span.start : span.end].lstrip())
            )
            low, high = run.section_at(start), run.section_at(start + len(text) - 1)
            found = detect(text) if len(text) >= _DETECT_FROM else Language.UNDETERMINED
            passages.append(
                Passage(
                    document_id=document.id,
                    number=len(passages),
                    title=title,
                    headings=headings,
                    text=text,
                    place=_place(run.sections[low].place, run.sections[high].place),
                    language=document.language if found is Language.UNDETERMINED else found,
                    section=run.first + low,
                )
            )
    return tuple(passages)


def _place(first: Place, last: Place) -> Place:
    """Where a passage stands: from its first section's page to its last one's."""
    if first.page is None:
        return first
    end = max(last.page_end or last.page or first.page, first.page)
    return replace(first, page_end=end)


def _runs(sections: Sequence[Section]) -> Iterator[_Run]:
    """Neighbouring sections under the same trail and number, as one text each."""
    start = 0
    for index in range(1, len(sections) + 1):
        if index < len(sections) and _continues(sections[start], sections[index]):
            continue
        group = tuple(sections[start:index])
        text, marks = "", []
        for section in group:
            text += _joint(text, section.text)
            marks.append(len(text))
            text += section.text
        yield _Run(group[0].headings, text, tuple(marks), start, group)
        start = index


def _continues(first: Section, other: Section) -> bool:
    """Whether a section goes on with the text of another, on the next page."""
    return (
        first.headings == other.headings
        and first.place.section == other.place.section
        and (first.place.anchor == other.place.anchor or first.place.page is not None)
    )


def _joint(before: str, after: str) -> str:
    """What stands between two sections: a sentence that runs on is not parted."""
    if not before:
        return ""
    runs_on = before[-1] not in '.!?:;»”"' and after[0].islower()
    return " " if runs_on else "\n\n"


class _Budget:
    """The limits of one document, and the counting against them in few big batches."""

    def __init__(self, title: str, count: CountTokens, limit: int, target: int) -> None:
        self.title = title
        self.count = count
        self.limit = limit
        self.target = target
        self._leads: dict[tuple[str, ...], tuple[str, tuple[str, ...], int]] = {}

    def join(self, runs: list[_Run]) -> list[_Run]:
        """Put neighbouring fragments without a number of their own together."""
        sizes = self.count([run.text for run in runs]) if runs else []
        fragment = self.target * _FRAGMENT_SHARE
        joined: list[_Run] = []
        total = 0.0
        for run, size in zip(runs, sizes, strict=True):
            last = joined[-1] if joined else None
            cost = size + sum(len(heading) for heading in run.headings[-1:]) / 3
            if (
                last is not None
                and size < fragment
                and total + cost <= self.target
                and _may_join(last, run)
                and total > 0
            ):
                joined[-1] = _together(last, run)
                total += cost
            else:
                joined.append(run)
                total = cost if size < fragment else 0
        return joined

    def cut(self, runs: list[_Run]) -> Iterator[tuple[_Run, list[Span], str, tuple[str, ...]]]:
        """Each run with the spans it is cut into, and the title and trail that fit."""
        leads = [self._lead(run.headings) for run in runs]
        whole = self.count(
            [
                embedded_text(title, headings, run.text)
                for run, (title, headings, _) in zip(runs, leads, strict=True)
            ]
        )
        for run, (title, headings, lead), size in zip(runs, leads, whole, strict=True):
            room = self.limit if run.place.section else min(self.limit, self.target * 5 // 4 + lead)
            spans = [Span(0, len(run.text))]
            if size > room:
                spans = self._split(run.text, title, headings, lead)
            yield run, spans, title, headings

    def _split(self, text: str, title: str, headings: tuple[str, ...], lead: int) -> list[Span]:
        """Spans of about the target that fit the limit, the whole text together."""
        target = min(self.target, self.limit - lead)
        pieces, costs = self._pieces(text, target)
        spans = _pack(pieces, costs, target, min(self.limit - lead, target * 3 // 2), text)
        # The sum of the pieces is an estimate: what is served is counted as it stands.
        done: list[Span] = []
        while spans:
            sizes = self.count(
                [embedded_text(title, headings, text[s.start : s.end].strip()) for s in spans]
            )
            again: list[Span] = []
            for span, size in zip(spans, sizes, strict=True):
                if size <= self.limit or span.end - span.start <= 1:
                    done.append(span)
                else:
                    again.extend(halves(text, span))
            spans = again
        return sorted(done)

    def _pieces(self, text: str, target: int) -> tuple[list[Span], list[int]]:
        """Paragraphs; those over the target as lines, then as sentences; and their costs."""
        empty = self.count([""])[0]
        pieces, costs = [Span(0, len(text))], [target + 1]
        for level in ("paragraph", "line", "sentence"):
            finer = [
                [piece] if cost <= target else parts(text, piece, level)
                for piece, cost in zip(pieces, costs, strict=True)
            ]
            pieces = [piece for group in finer for piece in group]
            counted = self.count([text[piece.start : piece.end] for piece in pieces])
            costs = [max(1, size - empty) for size in counted]
        return pieces, costs

    def _lead(self, headings: tuple[str, ...]) -> tuple[str, tuple[str, ...], int]:
        """Title and trail that leave half of the limit to the text, and their tokens.

        Outer headings go first, then the end of the title, then of the last heading.
        """
        if headings not in self._leads:
            title, trail = self.title, headings
            size = self.count([embedded_text(title, trail, "")])[0]
            while size > self.limit // 2:
                if len(trail) > 1:
                    trail = trail[1:]
                elif len(title) >= sum(map(len, trail)):
                    title = _shorten(title)
                else:
                    trail = (_shorten(trail[0]),)
                if len(title) <= 1 and len("".join(trail)) <= 1:
                    break
                size = self.count([embedded_text(title, trail, "")])[0]
            self._leads[headings] = (title, trail, size)
        return self._leads[headings]


def _shorten(text: str) -> str:
    """About two thirds of a text, cut at a word."""
    kept = text[: len(text) * 2 // 3].rstrip("… ")
    return (kept.rpartition(" ")[0] or kept) + "…" if kept else ""


def _may_join(first: _Run, other: _Run) -> bool:
    """Whether two fragments stand side by side: same parent, and no number between."""
    if first.place.section != other.place.section or first.place.page != other.place.page:
        return False
    shared = _shared(first.headings, other.headings)
    return shared >= max(len(first.headings), len(other.headings)) - 1


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    return same


def _together(first: _Run, other: _Run) -> _Run:
    """Two runs as one: headings they do not share become lines of the text."""
    shared = _shared(first.headings, other.headings)
    before = first.headings[shared:]
    lead = "\n".join(before) + "\n" if before else ""
    marks = [mark + len(lead) if mark else 0 for mark in first.marks]
    text = f"{lead}{first.text}\n\n"
    own = other.headings[shared:]
    start = len(text)
    text += "\n".join(own) + "\n" if own else ""
    offset = len(text)
    marks += [offset + mark if mark else start for mark in other.marks]
    return _Run(
        first.headings[:shared],
        text + other.text,
        tuple(marks),
        first.first,
        first.sections + other.sections,
    )


def _pack(pieces: list[Span], costs: list[int], target: int, most: int, text: str) -> list[Span]:
    """Neighbouring pieces put together up to the target, the last not too small."""
    spans: list[Span] = []
    sizes: list[int] = []
    introduces = False
    for piece, cost in zip(pieces, costs, strict=True):
        total = sizes[-1] + cost if sizes else 0
        # "Søknaden skal inneholde:" stays with its list, if there is room at all.
        if spans and (total <= target or (introduces and total <= most)):
            spans[-1] = Span(spans[-1].start, piece.end)
            sizes[-1] = total
        else:
            spans.append(piece)
            sizes.append(cost)
        introduces = text[piece.start : piece.end].rstrip().endswith(":")
    if len(spans) > 1 and sizes[-1] < target * _REMAINDER_SHARE and sum(sizes[-2:]) <= most:
        spans[-2:] = [Span(spans[-2].start, spans[-1].end)]
    return spans
