"""Words that stand together on one baseline, put together from letters with places.

Words are parted by the gaps between letters, whether a space was drawn there or not: what producers
draw is no guide, as kerning is taken for spaces and spaces are taken back by kerning.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from corpus.text import SUPERSCRIPT
from ingest.extract.glyphs import Piece
from ingest.extract.lines import Line

_SPACE = 0.16  # em; a wider gap between letters parts words
_KERNED = 0.28  # em; the same between small letters on pages that draw their spaces
_DRAWN = 0.06  # em; the same where a space was drawn
_DRAWS = 0.08  # share of pieces after a drawn space, from which on a page draws its spaces
_ADRIFT = 0.5  # em; a wider gap parts what stands on one line (columns, cells)
_STRETCHED = 3.0  # em; the same where a space was drawn: a justified line may be stretched
_LEVEL = 0.15  # em between baselines that are one
_OVERPRINT = 0.12  # em between the copies of a letter in false bold
_OVERLAP = 0.3  # em; letters that share more are drawn over each other
_MOST_RUNS = 300  # on one line: more is a drawing
_NEAR = 50  # lines that a small letter may belong to
_TWINS = 40  # copies looked at
_RAISED = 0.87  # of the type around it: a smaller letter may be raised or lowered
_SHORT = 3  # letters that may be raised or lowered
_UNITS = frozenset({"m", "km", "cm", "dm", "mm"})
_FOOTNOTE = re.compile(r"^\d{1,3}\)?$")
_GAP = "\x1f"  # a space that was seen but not drawn
_LETTER_SPACED = re.compile(rf"(?<!\S)(?:[^\W\d_]{_GAP}){{3,}}[^\W\d_](?![^\s\W])")


@dataclass(frozen=True, slots=True)
class Segment:
    """Words on one baseline that stand together, in points; or the rows of a whole table."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    rows: tuple[Line, ...] = ()


class _Run(NamedTuple):
    """Pieces in a row, with their baseline and size."""

    pieces: list[Piece]
    base: float
    size: float


def segments_of(pieces: Sequence[Piece]) -> list[Segment]:
    """Pieces of one direction put together, whatever the order in which they were drawn."""
    runs: list[list[Piece]] = []
    seen: dict[str, list[Piece]] = {}
    for piece in pieces:
        twins = seen.setdefault(piece.text, [])
        if any(_is_overprint(piece, twin) for twin in twins[-_TWINS:]):
            continue
        twins.append(piece)
        if runs and _goes_on(runs[-1][-1], piece):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    drawn = sum(piece.spaced for piece in pieces) > _DRAWS * len(pieces)
    space = _KERNED if drawn else _SPACE
    whole = _whole_lines([_measured(run) for run in runs])
    return [segment for run in whole if (segment := _segment(run, space))]


def _is_overprint(piece: Piece, twin: Piece) -> bool:
    """Whether the same letters were drawn a hair beside: false bold."""
    near = _OVERPRINT * piece.size
    return abs(piece.x0 - twin.x0) < near and abs(piece.y - twin.y) < near


def _goes_on(last: Piece, piece: Piece) -> bool:
    size = min(last.size, piece.size)
    if abs(piece.y - last.y) > _LEVEL * size and not _is_raised(last, piece):
        return False
    return -0.5 * size < piece.x0 - last.x1 < _reach(piece, size)


def _reach(piece: Piece, size: float) -> float:
    """How far from the letters before it a piece still belongs to them."""
    return (_STRETCHED if piece.spaced else _ADRIFT) * size


def _is_raised(last: Piece, piece: Piece) -> bool:
    """Whether a small letter belongs to the word beside it, or a line goes on after one."""
    small, large = (last, piece) if last.size < piece.size else (piece, last)
    gap = piece.x0 - last.x1
    return (
        small.size < _RAISED * large.size
        and abs(piece.y - last.y) < 0.6 * large.size
        and -0.3 * large.size < gap < 0.4 * large.size
    )


def _whole_lines(runs: Sequence[_Run]) -> list[_Run]:
    """Runs on one baseline as one from gap to gap."""
    lines: list[list[_Run]] = []
    for run in sorted(runs, key=lambda r: (-r.base, r.pieces[0].x0)):
        last = lines[-1][0] if lines else None
        if last and abs(last.base - run.base) < _LEVEL * min(last.size, run.size):
            lines[-1].append(run)
        else:
            lines.append([run])
    found: list[list[Piece]] = []
    for line in _with_small_letters(lines):
        for layer in _layers(line):
            current: list[Piece] = []
            reach = 0.0
            for piece in layer:
                size = min(piece.size, current[-1].size) if current else piece.size
                if current and piece.x0 - reach >= _reach(piece, size):
                    found.append(current)
                    current = []
                current.append(piece)
                reach = max(reach, piece.x1) if len(current) > 1 else piece.x1
            found.append(current)
    return [_measured(pieces) for pieces in found]


def _layers(line: Sequence[_Run]) -> list[list[Piece]]:
    """A line's pieces from the left; what is drawn over other letters is a layer of its own.

    A layer whose letters all stand in another is its shadow, and is left out.
    """
    if len(line) > _MOST_RUNS:
        return [sorted((p for run in line for p in run.pieces), key=lambda p: p.x0)]
    layers: list[list[Piece]] = []
    for run in sorted(line, key=lambda r: -_letters(r)):
        free = (
            layer for layer in layers if not any(_overlap(p, q) for p in run.pieces for q in layer)
        )
        home = next(free, None)
        if home is None:
            layers.append(list(run.pieces))
        else:
            home.extend(run.pieces)
    texts = ["".join(p.text for p in sorted(layer, key=lambda p: p.x0)) for layer in layers]
    return [
        sorted(layer, key=lambda p: p.x0)
        for n, layer in enumerate(layers)
        if not any(texts[n] in text for text in texts[:n])
    ]


def _overlap(one: Piece, other: Piece) -> bool:
    return min(one.x1, other.x1) - max(one.x0, other.x0) > _OVERLAP * min(one.size, other.size)


def _with_small_letters(lines: Sequence[list[_Run]]) -> list[list[_Run]]:
    """Lines with what is raised or lowered beside their words put into them."""
    largest = max((run.size for line in lines for run in line), default=0.0)
    found: list[list[_Run]] = []
    loose: list[_Run] = []
    alone: list[list[_Run]] = []
    for line in lines:
        kept = [run for run in line if run.size >= largest or _letters(run) > _SHORT]
        loose += [run for run in line if run.size < largest and _letters(run) <= _SHORT]
        if kept:
            found.append(kept)
    heights = [-line[0].base for line in found]
    for run in loose:
        low, high = (bisect(heights, -run.base + way * largest) for way in (-0.6, 0.6))
        near = [
            line
            for line in found[low : min(high, low + _NEAR)]
            if abs(line[0].base - run.base) < 0.6 * line[0].size
        ]
        home = next((line for line in near if _belongs(run, line)), None)
        home = home or next((line for line in near if _is_level(run, line[0])), None)
        if home is None:
            alone.append([run])
        else:
            home.append(run)
    return found + alone


def _letters(run: _Run) -> int:
    return sum(len(piece.text) for piece in run.pieces)


def _is_level(small: _Run, line: _Run) -> bool:
    return abs(line.base - small.base) < _LEVEL * min(line.size, small.size)


def _belongs(small: _Run, line: Sequence[_Run]) -> bool:
    """Whether small letters stand raised or lowered right after a word of a line."""
    first = small.pieces[0]
    return any(
        first.size < _RAISED * piece.size
        and abs(piece.y - first.y) < 0.6 * piece.size
        and -0.15 * piece.size < first.x0 - piece.x1 < 0.3 * piece.size
        for run in line
        for piece in run.pieces
    )


def _measured(pieces: list[Piece]) -> _Run:
    size = _size(pieces)
    return _Run(pieces, median(p.y for p in pieces if p.size >= _RAISED * size), size)


def _size(pieces: Iterable[Piece]) -> float:
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[round(piece.size, 1)] += len(piece.text)
    return max(sizes, key=lambda size: (sizes[size], size))


def _segment(run: _Run, space: float) -> Segment | None:
    pieces, base, size = run
    text = ""
    before: Piece | None = None
    for piece in pieces:
        raised = piece.size < _RAISED * size and piece.y > base + _LEVEL * size
        if raised and _FOOTNOTE.match(piece.text):
            word = re.search(r"[^\W\d_]+$", text)
            if word and word[0] in _UNITS:
                text += piece.text.translate(SUPERSCRIPT)
            before = piece  # a mark that leads to a footnote is none of the text's words
            continue
        if before is not None and _parted(before, piece, space):
            text += " " if piece.spaced else _GAP
        text += piece.text
        before = piece
    text = _LETTER_SPACED.sub(lambda match: match[0].replace(_GAP, ""), text)
    text = text.replace(_GAP, " ").strip()
    if not text:
        return None
    bold = sum(len(p.text) for p in pieces if _is_bold(p.font)) * 2 > _letters(run)
    return Segment(text, pieces[0].x0, max(p.x1 for p in pieces), base, size, bold)


def _parted(before: Piece, piece: Piece, space: float) -> bool:
    """Whether a space is seen: one that was drawn and taken back again is none."""
    least = _DRAWN if piece.spaced else space
    if not (before.text[-1].islower() and piece.text[0].islower()):
        least = min(least, _SPACE)  # kerning this wide is met between small letters only
    return piece.x0 - before.x1 > least * max(before.size, piece.size)


def _is_bold(font: str) -> bool:
    return re.search(r"bold|black|heavy|semibold|demi", font, re.IGNORECASE) is not None
