"""Answers without a language model: what the best passages say, word for word.

A quote is a stretch of one passage, whole sentences, never changed and never joined with another.
Nothing is composed: numbers, deadlines and telephone numbers are only ever quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.values import Hit, SearchResult

QUOTES = 6  # at most
LENGTH = 700  # characters that a quote grows to: a paragraph of an act, half a page's column
MOST = 900  # a list is quoted with what leads into it, up to this length

# After these a full stop ends no sentence.
_ABBREVIATIONS = (
    "nr|jf|jfr|kap|pkt|bl|bl.a|f.eks|m.m|mv|m.v|osv|o.l|ca|evt|iflg|ifm|mht|mfl|m.fl|dvs|tlf|st|art|"
    "kgl.res|res|forskr|t.d|d.v.s|s|p.g.a|pga|ev|inkl|ekskl|maks|min|avd|red|prof|dr"
)
_NO_END = re.compile(rf"(?:\b(?:{_ABBREVIATIONS})|(?:^|\n)\s*\d{{1,3}}|\b[A-ZÆØÅ])\.$")
_STOP = re.compile(r"[.!?](?=[»\")]?\s+[«\"(–]?[A-ZÆØÅ0-9§])|\n+")
# What Lovdata prints below a § of its own history is no part of the rule.
_HISTORY = re.compile(
    r"(?:Endret|Endra|Tilføyd|Tilføydd|Lagt til|Opphevet|Oppheva|Gitt|Føyd til) ved "
    r"(?:lov|forskrift|lover|forskrifter)\b"
)


AMOUNT = 0.6  # what a number is worth where one is asked for, of the best sentence's words
_HOW_MUCH = re.compile(
    r"\b(?:hvor|kor) (?:mange|lenge|lang|langt|ofte|stor|stort|store|mye|mykje|høy|høyt|høg|gammel|"
    r"gamal|tidlig|tidleg|seint|sent|få)\b|\b(?:når|frist|frister|fristen|beløp|sats|satser|prosent|"
    r"andel|antall|tal på|kostar|koster|kostnad|varighet|varigheit|varer|varar|alder|aldersgrense|"
    r"how (?:many|much|long|often|old)|when|deadline)\b"
)
_AMOUNT = re.compile(
    r"\d|\b(?:ein|ett|eit|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|tolv|halv|halvt|dobbelt) "
    r"(?:dag|dager|dagar|veke|veker|uke|uker|månad|måned|år|time|timar|timer|gong|gang|minutt|"
    r"prosent|krone|samling|møte|del|tredel)|\b(?:årleg|årlig|kvart år|hvert år|månadleg|månedlig|"
    r"dagleg|daglig|straks|utan ugrunna opphald|uten ugrunnet opphold|uten opphold|snarast|"
    r"snarest)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """[start, end) of a hit's passage, whole sentences. ``whole`` says that nothing is left out."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words, as they stand in the source."""
        return self.hit.passage.text[self.start : self.end]

    @property
    def whole(self) -> bool:
        """Whether the quote is all that the passage says."""
        return not self.hit.passage.text[: self.start].strip() and not rule_of(
            self.hit.passage.text[self.end :]
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the base says of a question; without quotes it has found nothing."""

    result: SearchResult
    quotes: tuple[Quote, ...]

    @property
    def found(self) -> bool:
        """Whether there is anything to quote."""
        return bool(self.quotes)


def answer(result: SearchResult, most: int = QUOTES) -> Answer:
    """The quotes that answer a search, in its order. A stretch that was quoted is left out."""
    wants = amount_asked(result.query.text)
    quotes: list[Quote] = []
    said: set[str] = set()
    for hit in result.hits:
        start, end = choose(hit, wants)
        words = " ".join(hit.passage.text[start:end].split()).casefold()
        if end > start and words not in said:
            said.add(words)
            quotes.append(Quote(hit, start, end))
        if len(quotes) == most:
            break
    return Answer(result, tuple(quotes))


def amount_asked(question: str) -> re.Pattern[str] | None:
    """What a sentence must have to answer a question of how much, long, often or when."""
    return _AMOUNT if _HOW_MUCH.search(question.lower()) else None


def choose(hit: Hit, wants: re.Pattern[str] | None = None) -> tuple[int, int]:
    """The stretch of a hit's passage that says most of what was asked.

    ``wants`` is what the answer must look like, where the question tells.
    """
    text = hit.passage.text
    units = sentences(text)
    if not units:
        return (0, 0)
    worth = [
        sum({term: rarity for at, term, rarity in hit.marks if start <= at < end}.values())
        for start, end in units
    ]
    if wants and (most := max(worth)):
        # A question of how much is answered by a number, near the words that were asked for.
        worth = [
            value + AMOUNT * most * bool(wants.search(text, start, end))
            for value, (start, end) in zip(worth, units, strict=True)
        ]
    # Of equals the first: a rule comes before its exceptions.
    best = max(range(len(units)), key=lambda n: (worth[n], -n))
    return _grown(units, best, worth, text)


def _grown(
    units: Sequence[tuple[int, int]], best: int, worth: Sequence[float], text: str
) -> tuple[int, int]:
    """The best sentence with its neighbours: what follows it first, as far as there is room."""
    first = last = best
    while True:
        after = last + 1 < len(units) and units[last + 1][1] - units[first][0] <= LENGTH
        before = first > 0 and units[last][1] - units[first - 1][0] <= LENGTH
        if after and (not before or worth[last + 1] >= worth[first - 1]):
            last += 1
        elif before:
            first -= 1
        else:
            break
    start, end = units[first][0], units[last][1]
    return start, start + len(text[start:end].rstrip())


def sentences(text: str) -> list[tuple[int, int]]:
    """[start, end) of each sentence, in order; a list goes with the words that lead into it.

    The history of a § at its end is left out.
    """
    end_of_rule = len(rule_of(text))
    found: list[tuple[int, int]] = []
    start = 0
    for stop in [*_stops(text, end_of_rule), end_of_rule]:
        at = start + len(text[start:stop]) - len(text[start:stop].lstrip())
        end = start + len(text[start:stop].rstrip())
        if end > at:
            is_item = text.startswith("- ", at)
            if is_item and found and end - found[-1][0] <= MOST:
                found[-1] = (found[-1][0], end)
            else:
                found.append((at, end))
        start = stop
    return found


def _stops(text: str, until: int) -> list[int]:
    found = []
    for match in _STOP.finditer(text, 0, until):
        if match.group().startswith("\n"):
            found.append(match.end())
        elif not _NO_END.search(text, max(0, match.start() - 12), match.end()):
            closing = text[match.end() : match.end() + 1]
            found.append(match.end() + (closing in ("»", '"', ")")))
    return found


def rule_of(text: str) -> str:
    """A text without the history of a § that stands at its end (*Endret ved lov …*)."""
    lines = text.rstrip().split("\n")
    while lines and (not lines[-1].strip() or _HISTORY.match(lines[-1].strip())):
        lines.pop()
    return "\n".join(lines)
