"""Points of lists whose marks are drawn as small figures, not set as letters. Pure functions."""

from __future__ import annotations

from bisect import bisect
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
    told = list(segments)
    for n, mark in found.items():
        if sum(_are_alike(mark, other) for other in found.values()) >= _TOGETHER:
            told[n] = replace(told[n], text=f"• {told[n].text}", x0=mark.x0)
    return told


def _are_alike(one: Box, other: Box) -> bool:
    """Whether two marks are of one list: below each other and of one size. An ornament is not."""
    wide, high = one.x1 - one.x0, one.y1 - one.y0
    return (
        abs(one.x0 - other.x0) < 1.5
        and abs(wide - (other.x1 - other.x0)) < 0.2 * wide
        and abs(high - (other.y1 - other.y0)) < 0.2 * high
    )


def _is_mark(box: Box, segment: Segment) -> bool:
    size = segment.size
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    return (
        _LEAST * size <= wide <= _MOST * size
        and _LEAST * size <= high <= _MOST * size
        and 0 < segment.x0 - box.x1 < _REACH * size
        and _LOW * size < (box.y0 + box.y1) / 2 - segment.y < _HIGH * size
    )
