"""Find a passage's text again in the sections it was cut from, and cut text into runs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpus.documents import Passage, Section

Span = tuple[int, int]

_WORD = re.compile(r"\S+")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_WINDOW_WORDS = 6_000  # how far from the passage's first section its text is looked for
_SHORTEST = 3  # words; a shorter common run is chance


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is marked (cited, or a word of the search) or not.

    ``found`` says that a search within the document met it, ``spot`` that a new place of that
    search begins here, by its number.
    """

    text: str
    marked: bool
    found: bool = False
    spot: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """[start, end) of a word that a search within the document met; see ``Run.spot``."""

    start: int
    end: int
    spot: int | None = None


def find_passage(passage: Passage, sections: Sequence[Section]) -> dict[int, list[Span]]:
    """Where the passage stands: section number to [start, end) spans in its text.

    Empty when it can't be found. A passage may span sections, carry headings in
    between, and hold a word whole that the page break cut in two.
    """
    if passage.section >= len(sections):
        return {}
    exact = _exact(passage.text, sections[passage.section].text)
    if exact is not None:
        return {passage.section: [exact]}
    wanted = [match[0] for match in _WORD.finditer(passage.text)]
    place: list[tuple[int, int, int]] = []
    words: list[str] = []
    for number in range(passage.section, len(sections)):
        for match in _WORD.finditer(sections[number].text):
            words.append(match[0])
            place.append((number, match.start(), match.end()))
        if len(words) > _WINDOW_WORDS:
            break
    matcher = SequenceMatcher(None, wanted, words[:_WINDOW_WORDS], autojunk=False)
    found: dict[int, list[Span]] = {}
    for block in matcher.get_matching_blocks():
        if block.size >= min(_SHORTEST, len(wanted)) and block.size:
            for number, start, end in place[block.b : block.b + block.size]:
                found.setdefault(number, []).append((start, end))
    return {n: merge(spans, sections[n].text) for n, spans in found.items()}


def _exact(wanted: str, text: str) -> Span | None:
    """The first place of the wanted words in a row, whatever white space parts them."""
    start = text.find(wanted)
    if start >= 0:
        return start, start + len(wanted)
    words = wanted.split()
    if not words:
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), text)
    return None if match is None else match.span()


def merge(spans: Iterable[Span], text: str) -> list[Span]:
    """Sorted spans, those with only white space between them made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def runs(text: str, spans: Iterable[Span], start: int = 0) -> list[Run]:
    """The text cut at the spans; ``start`` is where the text begins in their counting."""
    cut: list[Run] = []
    at = 0
    for begins, ends in sorted(spans):
        first, last = max(begins - start, at), min(ends - start, len(text))
        if first >= last:
            continue
        if first > at:
            cut.append(Run(text[at:first], marked=False))
        cut.append(Run(text[first:last], marked=True))
        at = last
    if at < len(text):
        cut.append(Run(text[at:], marked=False))
    return cut


def layered(text: str, spans: Sequence[Span], found: Sequence[Found], start: int = 0) -> list[Run]:
    """The text cut at the spans and at what was found, which may overlap."""
    last = start + len(text)
    near = [one for one in found if one.start < last and one.end > start]
    if not near:
        return runs(text, spans, start)
    edges = {start, last, *(e for span in spans for e in span)}
    edges |= {edge for one in near for edge in (one.start, one.end)}
    cut: list[Run] = []
    for a, b in itertools.pairwise(sorted(edge for edge in edges if start <= edge <= last)):
        marked = any(begins <= a < ends for begins, ends in spans)
        met = next((one for one in near if one.start <= a < one.end), None)
        spot = met.spot if met is not None and met.start == a else None
        cut.append(Run(text[a - start : b - start], marked, met is not None, spot))
    return cut


def paragraph_spans(text: str) -> Iterator[Span]:
    """[start, end) of each paragraph."""
    at = 0
    for end, after in [*(m.span() for m in _PARAGRAPH.finditer(text)), (len(text), len(text))]:
        if text[at:end].strip():
            yield at, end
        at = after


def paragraphs(
    text: str, spans: Sequence[Span] = (), found: Sequence[Found] = ()
) -> Iterator[list[Run]]:
    """The runs of each paragraph."""
    for start, end in paragraph_spans(text):
        yield layered(text[start:end], spans, found, start)


def marks_of(found: Mapping[int, Sequence[Span]], number: int) -> Sequence[Span]:
    """The spans in one section."""
    return found.get(number, ())


def common(before: Sequence[str], now: Sequence[str]) -> int:
    """How many headings two trails share from the top."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return same
