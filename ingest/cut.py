"""Where a text can be cut: at paragraphs, lines, sentences and words."""

from __future__ import annotations

import itertools
import re
from typing import Literal, NamedTuple

Level = Literal["paragraph", "line", "sentence"]


class Span(NamedTuple):
    """A stretch of a text, from ``start`` up to but not including ``end``."""

    start: int
    end: int


_BREAKS: dict[Level, re.Pattern[str]] = {
    "paragraph": re.compile(r"\n\n+"),
    "line": re.compile(r"\n"),
    # After a mark that ends a sentence, with its quote or bracket, before a capital,
    # a digit or a quote.
    "sentence": re.compile(r"(?<=[.!?…])[»”\")\]]*\s+(?=[«“\"(\[–-]?\s?[A-ZÆØÅÀ-ÞŠČŽ0-9§])"),
}
# Abbreviations whose full stop does not end a sentence, even before a capital or a
# number ("jf. § 4", "nr. 3", "bl.a. Oslo"); "mv." and "osv." may well end one.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«“\"])(?:jf|jfr|nr|bl\.\s?a|f\.\s?eks|ca|kap|art|pkt|ev|evt|inkl|ekskl|hhv|iflg|"
    r"m\.a|m\.\s?m|m\.fl|mfl|mv|dvs|d\.v\.s|osb|s|st|meld|prop|innst|ot\.\s?prp|prp|dok|res|kgl|"
    r"kl|kr|mill|mrd|tlf|tidl|sml|vedr|pga|pgl|ang|maks|min|gj|o\.\s?l|e\.\s?l|t\.\s?o\.\s?m|"
    r"t\.\s?d|f\.o\.m|fr|hr|dr|prof|avd|alm|div|el|eks|forts|hpl|jan|feb|mars|apr|jun|jul|aug|"
    r"sept?|okt|nov|des|[A-ZÆØÅ]|\d{1,3})\.$",
    re.IGNORECASE,
)
_CONTEXT = 16


def parts(text: str, span: Span, level: Level) -> list[Span]:
    """The span cut at every break of that level; white space goes with what is before."""
    cuts = [span.start]
    for match in _BREAKS[level].finditer(text, span.start, span.end):
        if match.end() >= span.end or match.end() <= cuts[-1]:
            continue
        if level == "sentence" and not _ends_sentence(text, span.start, match.start()):
            continue
        cuts.append(match.end())
    cuts.append(span.end)
    return [Span(start, end) for start, end in itertools.pairwise(cuts) if end > start]


def halves(text: str, span: Span) -> list[Span]:
    """The span in two, at the break nearest to its middle; a word only if it is alone.

    Raises ValueError for a span of one character.
    """
    if span.end - span.start < 2:
        raise ValueError("a single character cannot be parted")
    middle = (span.start + span.end) // 2
    reach = (span.end - span.start) // 4
    levels: tuple[Level, ...] = ("paragraph", "line", "sentence")
    for level in levels:
        cuts = [part.start for part in parts(text, span, level)][1:]
        near = [cut for cut in cuts if abs(cut - middle) <= reach]
        if near:
            cut = min(near, key=lambda at: abs(at - middle))
            return [Span(span.start, cut), Span(cut, span.end)]
    spaces = [match.end() for match in re.finditer(r"\s+", text[span.start : span.end])]
    inside = [span.start + at for at in spaces if span.start + at < span.end]
    cut = min(inside, key=lambda at: abs(at - middle)) if inside else middle
    return [Span(span.start, cut), Span(cut, span.end)]


def _ends_sentence(text: str, start: int, at: int) -> bool:
    """Whether the mark before ``at`` ends a sentence and no abbreviation."""
    return not _ABBREVIATION.search(text[max(start, at - _CONTEXT) : at])
