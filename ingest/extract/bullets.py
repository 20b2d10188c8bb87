"""Points of lists whose marks are drawn as small figures, not set as letters. Pure functions."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.extract.geometry import Box
from ingest.extract.segments import Segment

_LEAST, _MOST = 0.12, 0.75  # em: the sides of a mark
_REACH = 2.0  # em from the mark to its text
_LOW, _HIGH = -0.1, 0.8  # em above the baseline: where its middle stands
_TOGETHER = 2  # marks below each other make a list
_DRAWING = 500  # small figures on one page: a map or a chart


def with_bullets(segments: Sequence[Segment], boxes: Sequence[Box]) -> list[Segment]:
    """Segments with ``•`` before those that a mark is drawn in front of."""
    marks = sorted((box for box in boxes if 0 < box.x1 - box.x0 < 12), key=lambda box: box.y0)
    if not marks or len(marks) > _DRAWING:
        return list(segments)
    heights = [box.y0 for box in marks]
    found: dict[int, Box] = {}
    for n, segment in enumerate(segments):
        size = segment.size
        if not segment.text[0].isalnum() or sum(map(str.isalpha, segment.text)) < 2:
            continue
        low, high = bisect(heights, segment.y - size), bisect(heights, segment.y + size)
        mark = next((box for box in marks[low:high] if _is_mark(box, segment)), None)
        if mark is not None:
            found[n] = mark
    columns = Counter(round(mark.x0 / 3) for mark in found.values())
    told = list(segments)
    for n, mark in found.items():
        at = round(mark.x0 / 3)
        if columns[at - 1] + columns[at] + columns[at + 1] >= _TOGETHER:
            told[n] = replace(told[n], text=f"• {told[n].text}", x0=mark.x0)
    return told


def _is_mark(box: Box, segment: Segment) -> bool:
    size = segment.size
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    return (
        _LEAST * size <= wide <= _MOST * size
        and _LEAST * size <= high <= _MOST * size
        and 0 < segment.x0 - box.x1 < _REACH * size
        and _LOW * size < (box.y0 + box.y1) / 2 - segment.y < _HIGH * size
    )
