"""Line numbers in the margin of a page, which are none of its text. Pure functions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median

from ingest.extract.segments import Segment

_LEAST_NUMBERED = 5  # lines that are numbered in the margin


def without_margin(segments: Sequence[Segment]) -> list[Segment]:
    """Without line numbers beside the text: a column of numbers that count on, line by line."""
    numbers = [s for s in segments if s.text.isdecimal()]
    for edge in (min, max):
        if not numbers:
            return list(segments)
        outer = edge(s.x0 if edge is min else s.x1 for s in numbers)
        column = [
            s for s in numbers if abs((s.x0 if edge is min else s.x1) - outer) <= 1.5 * s.size
        ]
        column.sort(key=lambda s: -s.y)
        counted = [int(s.text) for s in column]
        steps = sum(b - a == 1 for a, b in itertools.pairwise(counted))
        inside = [s for s in segments if s not in column]
        if not inside:
            continue
        beside = (
            max(s.x1 for s in column) < min(s.x0 for s in inside) + 1
            if edge is min
            else min(s.x0 for s in column) > median(s.x1 for s in inside)
        )
        if beside and steps >= max(_LEAST_NUMBERED, 0.8 * (len(counted) - 1)):
            return inside
    return list(segments)
