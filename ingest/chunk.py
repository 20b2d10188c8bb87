"""Cut a document into passages: at headings and paragraphs, never over the limit.

A run is what stands under one heading trail and one number: a §, a chapter's lead,
or a PDF heading's text over all its pages. A run that fits stays whole; a longer one
is parted at paragraphs, list points, sentences, and as a last resort at words.
Everything is a span of the run's text, so nothing can be lost or change places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus.documents import Document, Language, Passage, Place, embedded_text
from ingest.cut import Level, Span, halves, parts
from ingest.extract.outline import NOTE
from ingest.language import telling_words
from ingest.runs import Run, may_join, runs_of, together

CHUNKER = "1"  # part of what is compared on the next run: a new number cuts all anew

CountTokens = Callable[[Sequence[str]], list[int]]
Detect = Callable[[str], Language]

# Headings under which text this short stands alone may be joined to their neighbours.
_FRAGMENT_SHARE = 0.25
# A last piece under this share of the target is joined to the one before it.
_REMAINDER_SHARE = 0.4
# Text shorter than this has the document's language: too little to tell by.
_DETECT_FROM = 60
# No text of ordinary words has more characters than this to a token.
_TOKEN_LENGTH = 12
_NORWEGIAN = (Language.BOKMAL, Language.NYNORSK)


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
    ``target_tokens``, or to the limit where that is less. Raises ValueError if the limit
    leaves no room for text.
    """
    target_tokens = min(target_tokens, max_tokens)  # a model with a small window
    if max_tokens < 16 or target_tokens < 8:
        raise ValueError(f"no room: max_tokens {max_tokens}, target_tokens {target_tokens}")
    if detect is None:
        from ingest import language

        detect = language.detect
    budget = _Budget(document.title, count_tokens, max_tokens, target_tokens)
    runs = budget.join(list(runs_of(document.sections)))
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
            passages.append(
                Passage(
                    document_id=document.id,
                    number=len(passages),
                    title=title,
                    headings=headings,
                    text=text,
                    place=_place(run.sections[low].place, run.sections[high].place),
                    language=_language(text, document.language, detect),
                    section=run.first + low,
                )
            )
    return tuple(passages)


def _language(text: str, whole: Language, detect: Detect) -> Language:
    """A passage's written form; the document's where the passage tells too little.

    Notes on amendments are no running text ("Endret ved lov 17 des 2013 nr. 132") and
    are not looked at. Another Norwegian form than the document's needs words that
    exist in that form only: lists of names lean to either side.
    """
    prose = "\n".join(line for line in text.split("\n") if not NOTE.match(line))
    if len(prose) < _DETECT_FROM:
        return whole
    found = detect(prose)
    if found is Language.UNDETERMINED:
        return whole
    if found != whole and found in _NORWEGIAN and whole in _NORWEGIAN:
        bokmal, nynorsk = telling_words(prose)
        backed = bokmal > nynorsk if found is Language.BOKMAL else nynorsk > bokmal
        return found if backed else whole
    return found


def _place(first: Place, last: Place) -> Place:
    """Where a passage stands: from its first section's page to its last one's."""
    if first.page is None:
        return first
    end = max(last.page_end or last.page or first.page, first.page)
    label = first.page_label
    if label and last.page_label and label != last.page_label:
        label = f"{label}–{last.page_label.rpartition('–')[2]}"
    return replace(first, page_end=end, page_label=label)


class _Budget:
    """The limits of one document, and the counting against them in few big batches."""

    def __init__(self, title: str, count: CountTokens, limit: int, target: int) -> None:
        self.title = title
        self.count = count
        self.limit = limit
        self.target = target

    def join(self, runs: list[Run]) -> list[Run]:
        """Put neighbouring fragments without a number of their own together."""
        fragment = self.target * _FRAGMENT_SHARE
        # A long text is no fragment, and need not be counted to know it.
        short = [run for run in runs if len(run.text) < fragment * _TOKEN_LENGTH]
        counted = iter(self.count([run.text for run in short]) if short else [])
        sizes = [
            next(counted) if len(run.text) < fragment * _TOKEN_LENGTH else self.limit
            for run in runs
        ]
        joined: list[Run] = []
        total = 0.0
        for run, size in zip(runs, sizes, strict=True):
            last = joined[-1] if joined else None
            cost = size + sum(len(heading) for heading in run.headings[-1:]) / 3
            if (
                last is not None
                and size < fragment
                and total + cost <= self.target
                and may_join(last, run)
                and total > 0
            ):
                joined[-1] = together(last, run)
                total += cost
            else:
                joined.append(run)
                total = cost if size < fragment else 0
        return joined

    def cut(self, runs: list[Run]) -> Iterator[tuple[Run, list[Span], str, tuple[str, ...]]]:
        """Each run with the spans it is cut into, and the title and trail that fit."""
        trails = list(dict.fromkeys(run.headings for run in runs))
        sizes = self.count([embedded_text(self.title, trail, "") for trail in trails])
        found = {trail: self._lead(trail, size) for trail, size in zip(trails, sizes, strict=True)}
        leads = [found[run.headings] for run in runs]
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
        pieces, costs = [Span(0, len(text))], [target + 1]
        levels: tuple[Level, ...] = ("paragraph", "line", "sentence")
        for level in levels:
            finer = [
                [piece] if cost <= target else parts(text, piece, level)
                for piece, cost in zip(pieces, costs, strict=True)
            ]
            new = [piece for group in finer if len(group) > 1 for piece in group]
            counted = iter(self._costs([text[piece.start : piece.end] for piece in new]))
            costs = [
                next(counted) if len(group) > 1 else cost
                for group, cost in zip(finer, costs, strict=True)
                for _ in group
            ]
            pieces = [piece for group in finer for piece in group]
        return pieces, costs

    def _costs(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the model's own marks."""
        *counted, empty = self.count([*texts, ""])
        return [max(1, size - empty) for size in counted]

    def _lead(self, trail: tuple[str, ...], size: int) -> tuple[str, tuple[str, ...], int]:
        """Title and trail that leave half of the limit to the text, and their tokens.

        Outer headings go first, then the end of the title or of the last heading,
        whichever is longer.
        """
        title = self.title
        while size > self.limit // 2:
            if len(trail) > 1:
                trail = trail[1:]
            elif len(title) >= sum(map(len, trail)):
                title = _shorten(title)
            else:
                trail = (_shorten(trail[0]),)
            if not title and not any(trail):
                break
            size = self.count([embedded_text(title, trail, "")])[0]
        return title, trail, size


def _shorten(text: str) -> str:
    """About two thirds of a text, cut at a word; nothing of a very short one."""
    if len(text) < 8:
        return ""
    kept = text[: len(text) * 2 // 3].rstrip("… ")
    return (kept.rpartition(" ")[0] or kept) + "…"


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
