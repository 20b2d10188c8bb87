"""Line numbers in the margin of a PDF, glued to the ends of its lines."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

Lines = list[str]


def without_line_numbers(pages: Sequence[Lines]) -> list[Lines]:
    """Pages without the numbers 17, 18, 19 ... of a margin, glued to the lines' ends.

    A page shows that it has them on most of its lines; a page with many tables is
    believed where the numbers go on from the page before.
    """
    result: list[Lines] = []
    numbered = 0
    following: int | None = None
    for lines in pages:
        starts = {
            int(line[-size:])
            for line in lines[:12]
            for size in range(1, 5)
            if line[-size:].isdecimal() and len(line) >= size
        }
        # Of 1219 and 19, which count on alike, the longer one is printed.
        runs = [_counting(lines, start) for start in sorted(starts, reverse=True)]
        cuts = max(runs, key=len, default={})
        least = max(6.0, len(lines) * 0.6)
        if len(cuts) < least and following is not None:
            cuts, least = _counting(lines, following), 3
        if len(cuts) < least or not _steady(cuts):
            result.append(list(lines))
            continue
        numbered += 1
        following = max(cuts.values()) + 1
        stripped = [
            line[: -len(str(cuts[index]))].rstrip() if index in cuts else line
            for index, line in enumerate(lines)
        ]
        result.append([line for line in stripped if line])
    # One page of many is a table of contents or of years, not a numbered margin.
    return result if numbered > len(pages) / 5 else [list(lines) for lines in pages]


def _counting(lines: Lines, start: int) -> dict[int, int]:
    """Lines that end in start, start + 1 and so on: each one's number by its index.

    A few numbers may be missing: those of lines in tables come elsewhere, or nowhere.
    """
    found: dict[int, int] = {}
    expected = start
    for index, line in enumerate(lines):
        for number in range(expected, expected + 4):
            if line.endswith(str(number)):
                found[index] = number
                expected = number + 1
                break
    return found


def _steady(found: dict[int, int]) -> bool:
    """Whether most numbers are one more than the one before: 110, 112, 114 are a table."""
    numbers = list(found.values())
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    return steps.count(1) * 2 > len(steps)
