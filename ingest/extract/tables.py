"""Ruled tables: the grid of cells that lines on a page make. Pure functions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.extract.geometry import Box

_THIN = 2.5  # points; a thicker rectangle is a surface, not a line
_LEAST_WIDE, _LEAST_HIGH = 15.0, 6.0  # points; shorter strokes are letters, ticks, underlines
_TOUCH = 3.0  # points between lines that meet
_MOST_LINES = 4_000  # a drawing has more, and is no table


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells: its lower and upper edge, and the x of each line between cells."""

    low: float
    high: float
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's rows, from the top."""

    rows: tuple[Row, ...]

    @property
    def box(self) -> Box:
        """The whole table."""
        left = min(row.edges[0] for row in self.rows)
        right = max(row.edges[-1] for row in self.rows)
        return Box(left, self.rows[-1].low, right, self.rows[0].high)


def grids(boxes: Sequence[Box]) -> list[Grid]:
    """The tables of a page: at least two rows and, in one of them, two columns."""
    level = _joined((b for b in boxes if b.y1 - b.y0 <= _THIN and b.x1 - b.x0 >= _LEAST_WIDE), 1)
    upright = _joined((b for b in boxes if b.x1 - b.x0 <= _THIN and b.y1 - b.y0 >= _LEAST_HIGH), 0)
    if not level or not upright or len(level) + len(upright) > _MOST_LINES:
        return []
    found = []
    for lines, posts in _connected(level, upright):
        heights = sorted(_apart(line.y0 for line in lines), reverse=True)
        rows = []
        for high, low in itertools.pairwise(heights):
            middle = (high + low) / 2
            edges = _apart(post.x0 for post in posts if post.y0 < middle < post.y1)
            if len(edges) >= 2:
                rows.append(Row(low, high, tuple(edges)))
        if len(rows) >= 2 and any(len(row.edges) > 2 for row in rows):
            found.append(Grid(tuple(rows)))
    return sorted(found, key=lambda grid: -grid.box.y1)


def _joined(strokes: Iterable[Box], axis: int) -> list[Box]:
    """Strokes end to end on one line as one; ``axis`` is that which they share (1 is y)."""
    other = 1 - axis
    order = sorted(set(strokes), key=lambda b: (round(b[axis] / 2), b[other]))
    found: list[Box] = []
    for stroke in order:
        last = found[-1] if found else None
        if (
            last is not None
            and abs(last[axis] - stroke[axis]) <= _TOUCH
            and stroke[other] <= last[other + 2] + _TOUCH
        ):
            found[-1] = Box(
                min(last.x0, stroke.x0),
                min(last.y0, stroke.y0),
                max(last.x1, stroke.x1) if axis else last.x1,
                last.y1 if axis else max(last.y1, stroke.y1),
            )
        else:
            found.append(stroke)
    return found


def _connected(
    level: Sequence[Box], upright: Sequence[Box]
) -> Iterable[tuple[list[Box], list[Box]]]:
    """Lines and posts in groups that touch each other."""
    group = list(range(len(level) + len(upright)))

    def root(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    for m, line in enumerate(level):
        for n, post in enumerate(upright, len(level)):
            if (
                line.x0 - _TOUCH <= post.x0 <= line.x1 + _TOUCH
                and post.y0 - _TOUCH <= line.y0 <= post.y1 + _TOUCH
            ):
                group[root(m)] = root(n)
    members: dict[int, tuple[list[Box], list[Box]]] = {}
    for n in range(len(group)):
        lines, posts = members.setdefault(root(n), ([], []))
        if n < len(level):
            lines.append(level[n])
        else:
            posts.append(upright[n - len(level)])
    return members.values()


def _apart(values: Iterable[float]) -> list[float]:
    """Values in order, those that nearly coincide once."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _TOUCH:
            found.append(value)
    return found
