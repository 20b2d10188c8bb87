"""Places on a PDF page: boxes and the matrices of PDF 32000-1, 8.3. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

Matrix = tuple[float, float, float, float, float, float]

ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Box(NamedTuple):
    """A filled or framed rectangle on the page, in points."""

    x0: float
    y0: float
    x1: float
    y1: float


def box_of(operands: Sequence[Any], matrix: Matrix) -> Box:
    """The rectangle of the operator re."""
    x, y, wide, high = (number(operands, n) for n in range(4))
    return span((x, y), (x + wide, y + high), matrix)


def span(start: tuple[float, float], end: tuple[float, float], matrix: Matrix) -> Box:
    """The box from one point to another."""
    a, b, c, d, e, f = matrix
    xs, ys = zip(*((a * u + c * v + e, b * u + d * v + f) for u, v in (start, end)), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def number(operands: Sequence[Any], at: int) -> float:
    """An operand, 0 if it is missing or no number."""
    value = operands[at] if at < len(operands) else 0.0
    return float(value) if isinstance(value, (int, float)) else 0.0


def matrix_of(operands: Sequence[Any]) -> Matrix:
    """Six operands as a matrix."""
    if len(operands) < 6:
        return ONE
    a, b, c, d, e, f = (number(operands, n) for n in range(6))
    return (a, b, c, d, e, f)


def times(one: Matrix, other: Matrix) -> Matrix:
    """First ``one``, then ``other``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def rotated(x: float, y: float, angle: float) -> tuple[float, float]:
    """A point turned about the origin, in radians."""
    cos, sin = math.cos(angle), math.sin(angle)
    return x * cos - y * sin, x * sin + y * cos
