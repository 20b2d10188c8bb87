"""Search inside one document: every place with the words, in whatever form they stand.

A place is a heading or a paragraph. A word meets its inflections, its other written form and
compounds that begin or end with it; words in quotation marks and a § are met as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from api.marking import Found, Run, Span, common, layered, paragraph_spans
from corpus.documents import Place, Section
from corpus.text import normalise_line
from search.analysis.stopwords import STOPWORDS
from search.analysis.variants import variants
from search.analysis.words import stem, words, words_with

LONGEST = 200  # characters of what is looked for
MOST = 100  # places that are listed and marked
_IN_COMPOUNDS = 4  # letters of a stem that a compound may begin or end with
_AROUND = 60  # characters shown before and after the first word
_QUOTED = re.compile(r"«([^«»]+)»|\"([^\"]+)\"|“([^“”]+)”")
_SECTION = re.compile(r"§+\s*\d+(?:\s?[a-zæøå]\b)?", re.IGNORECASE)

_Matcher = Callable[[str], list[Span]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with the words: its number from 1, where it stands, and the words around."""

    number: int
    section: int
    place: Place
    heading: str
    around: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search within a document met.

    ``whole`` says that each place has all of the words; else no place has, and these have some.
    ``total`` counts the places that there are, of which the first are in ``spots``.
    """

    asked: str
    whole: bool
    total: int
    spots: tuple[Spot, ...]
    in_text: Mapping[int, tuple[Found, ...]] = field(default_factory=dict)
    in_headings: Mapping[tuple[int, int], tuple[Found, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A heading (``depth``) or a paragraph that begins at ``start`` in its section."""

    section: int
    depth: int | None
    start: int
    text: str


def find(sections: Sequence[Section], asked: str) -> Findings | None:
    """The places of the words in a document, in order; None where nothing is asked."""
    asked = normalise_line(asked)[:LONGEST].strip()
    matchers = _matchers(asked, sections)
    if not matchers:
        return None
    whole: list[tuple[_Unit, list[Span]]] = []
    some: list[tuple[_Unit, list[Span]]] = []
    for unit in _units(sections):
        met = [matcher(unit.text) for matcher in matchers]
        if any(met):
            spans = sorted({span for each in met for span in each})
            (whole if all(met) else some).append((unit, spans))
    return _findings(asked, sections, whole or some, whole=bool(whole))


def _units(sections: Sequence[Section]) -> Iterator[_Unit]:
    trail: tuple[str, ...] = ()
    for number, section in enumerate(sections):
        for depth in range(common(trail, section.headings), len(section.headings)):
            yield _Unit(number, depth, 0, section.headings[depth])
        trail = section.headings
        for start, end in paragraph_spans(section.text):
            yield _Unit(number, None, start, section.text[start:end])


def _findings(
    asked: str,
    sections: Sequence[Section],
    met: Sequence[tuple[_Unit, list[Span]]],
    *,
    whole: bool,
) -> Findings:
    spots: list[Spot] = []
    in_text: dict[int, tuple[Found, ...]] = {}
    in_headings: dict[tuple[int, int], tuple[Found, ...]] = {}
    for number, (unit, spans) in enumerate(met[:MOST], 1):
        section = sections[unit.section]
        found = tuple(
            Found(a + unit.start, b + unit.start, None if at else number)
            for at, (a, b) in enumerate(spans)
        )
        if unit.depth is None:
            in_text[unit.section] = (*in_text.get(unit.section, ()), *found)
        else:
            in_headings[unit.section, unit.depth] = found
        heading = section.headings[-1] if section.headings and unit.depth is None else ""
        spots.append(Spot(number, unit.section, section.place, heading, _around(unit.text, spans)))
    return Findings(asked, whole, len(met), tuple(spots), in_text, in_headings)


def _around(text: str, spans: Sequence[Span]) -> tuple[Run, ...]:
    """The words around the first one that was met, cut between words."""
    first, last = spans[0]
    start, end = max(0, first - _AROUND), min(len(text), last + _AROUND)
    if start:
        start = min(text.find(" ", start, first) + 1 or first, first)
    if end < len(text):
        end = max(text.rfind(" ", last, end), last)
    cut = layered(text[start:end], (), [Found(*span) for span in spans], start)
    lead = [Run("… ", marked=False)] if start else []
    tail = [Run(" …", marked=False)] if end < len(text) else []
    return (*lead, *cut, *tail)


def _matchers(asked: str, sections: Sequence[Section]) -> list[_Matcher]:
    """One for each word, phrase or § that is asked for."""
    fixed: list[str] = []

    def keep(match: re.Match[str]) -> str:
        fixed.append(next((group for group in match.groups() if group), match[0]))
        return " "

    rest = _SECTION.sub(keep, _QUOTED.sub(keep, asked))
    matchers = [_literal(phrase) for phrase in fixed if phrase.strip()]
    forms = list(dict.fromkeys(word.form for word in words(rest)))
    telling = [form for form in forms if form not in STOPWORDS]
    if not telling and not matchers:
        telling = forms
    whole = _Letters(sections) if telling else None
    for form in telling:
        assert whole is not None
        matchers.append(_word(form, whole))
    return matchers


def _literal(phrase: str) -> _Matcher:
    """Finds the words as they stand, whatever white space parts them."""
    parts, gap = phrase.split(), r"\s+"
    if phrase.lstrip().startswith("§"):  # §14a and § 14 a are the same
        parts, gap = re.findall(r"\d+|[^\W\d]+|[^\w\s]+", phrase), r"\s*"
    words_in_a_row = gap.join(map(re.escape, parts))
    pattern = re.compile(rf"(?<!\w){words_in_a_row}(?!\w)", re.IGNORECASE)

    def spans(text: str) -> list[Span]:
        return [match.span() for match in pattern.finditer(text)]

    return spans


def _word(form: str, whole: _Letters) -> _Matcher:
    """Finds a word's forms, also in the other written form, and compounds with it."""
    stems = {stem(form), *variants(form, whole)}
    hint = re.compile("|".join(map(re.escape, sorted(stems, key=len, reverse=True))))
    # Of another form more letters: *dialekt* ends with *lekt*, and is no compound with it.
    in_compounds = tuple(s for s in stems if len(s) >= _IN_COMPOUNDS + (s != stem(form)))

    def spans(text: str) -> list[Span]:
        found = []
        for word in words_with(text, hint):
            own = stem(word.form)
            if own in stems or (
                in_compounds and (word.form.startswith(in_compounds) or own.endswith(in_compounds))
            ):
                found.append((word.start, word.end))
        return found

    return spans


class _Letters:
    """All letters of a document: holds a stem where its letters stand in a row anywhere."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._text = "\n".join(section.text for section in sections).lower()

    def __contains__(self, made: object) -> bool:
        return isinstance(made, str) and made in self._text
