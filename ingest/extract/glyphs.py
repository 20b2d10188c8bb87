"""Where each run of letters stands on a PDF page: an interpreter of its content stream.

pypdf parses the stream and the fonts; positions are worked out here, by PDF 32000-1, 9.4. The
text that pypdf itself gives loses them, and guesses spaces and order from less.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.extract.fonts import Font
from ingest.extract.fonts import font as font_of
from ingest.extract.geometry import (
    ONE,
    Box,
    Matrix,
    box_of,
    matrix_of,
    number,
    rotated,
    span,
    times,
)

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_APART = 0.6  # em between letters from which on they are cells of a table
_DEEPEST = 8  # forms within forms
_MOST_FORMS = 2_000  # drawn on one page
_MOST_PIECES = 30_000  # of one page: a dense one has five thousand
_DRAWING = 100  # lines and surfaces that are a drawing
_MOST_OF_PAGE = 0.5


class Piece(NamedTuple):
    """Letters without a space between them, in points along and across their own direction.

    ``angle`` is the direction in degrees (0 is upright on the page as it is turned);
    ``spaced`` tells that a space was drawn right before it.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str
    angle: int
    spaced: bool


@dataclass(frozen=True, slots=True)
class _State:
    matrix: Matrix = ONE
    font: Font | None = None
    size: float = 12.0
    letter: float = 0.0  # Tc
    word: float = 0.0  # Tw
    scale: float = 1.0  # Tz
    leading: float = 0.0
    rise: float = 0.0


@dataclass(slots=True)
class _Canvas:
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    unreadable: int = 0  # letters of fonts without a map
    forms: int = 0
    turned: int = 0  # the page's own /Rotate


@dataclass(frozen=True, slots=True)
class Drawn:
    """What stands on a page: letters, rectangles, how many letters no map gives, pictures."""

    pieces: list[Piece]
    boxes: list[Box]
    unreadable: int
    pictures: list[Box]
    page: Box

    @property
    def fills(self) -> bool:
        """Whether pictures or a drawing cover most of the page, and may hold a text."""
        whole = (self.page.x1 - self.page.x0) * (self.page.y1 - self.page.y0)
        drawn = [box for box in (*self.pictures, _around(self.boxes)) if box is not None]
        return any(_covered(box, self.page) > _MOST_OF_PAGE * whole for box in drawn)


def _around(boxes: Sequence[Box]) -> Box | None:
    """The box of a drawing; a few lines or surfaces are none."""
    if len(boxes) < _DRAWING:
        return None
    return Box(
        min(b.x0 for b in boxes),
        min(b.y0 for b in boxes),
        max(b.x1 for b in boxes),
        max(b.y1 for b in boxes),
    )


def _covered(box: Box, page: Box) -> float:
    wide = min(box.x1, page.x1) - max(box.x0, page.x0)
    high = min(box.y1, page.y1) - max(box.y0, page.y0)
    return max(wide, 0.0) * max(high, 0.0)


def read(page: PageObject, reader: PdfReader, fonts: dict[int, Any]) -> Drawn:
    """Everything within the visible page. ``fonts`` keeps fonts from page to page.

    Raises what pypdf raises on broken content.
    """
    canvas = _Canvas(turned=int(page.get("/Rotate", 0) or 0) % 360)
    contents = page.get_contents()
    if contents is not None:
        resources = page.get("/Resources")
        _run(_operations(contents, reader), resources, _State(), canvas, reader, fonts, 0)
    left, low, right, high = (float(edge) for edge in page.cropbox)
    kept = [p for p in canvas.pieces if _is_inside(p, left, low, right, high, canvas.turned)]
    page_box = Box(left, low, right, high)
    return Drawn(kept, canvas.boxes, canvas.unreadable, canvas.pictures, page_box)


def _operations(stream: Any, reader: PdfReader) -> Any:
    from pypdf.generic import ContentStream

    return ContentStream(stream, reader, "bytes").operations


def _is_inside(p: Piece, left: float, low: float, right: float, high: float, turned: int) -> bool:
    x, y = rotated(p.x0, p.y, math.radians(p.angle + turned))
    return left - 2 <= x <= right + 2 and low - 2 <= y <= high + 2


def _run(
    operations: Any,
    resources: Any,
    state: _State,
    canvas: _Canvas,
    reader: PdfReader,
    fonts: dict[int, Any],
    depth: int,
) -> None:
    """Follow the operators of a stream; forms it draws are followed too."""
    resources = resources.get_object() if resources is not None else {}
    own = _named(resources, "/Font")
    saved: list[_State] = []
    pen = _Pen(canvas)
    rectangle: list[Box] = []
    start = (0.0, 0.0)
    for operands, operator in operations:
        match operator:
            case b"q":
                saved.append(state)
            case b"Q":
                state = saved.pop() if saved else state
            case b"cm":
                state = replace(state, matrix=times(matrix_of(operands), state.matrix))
            case b"BT":
                pen.move(ONE)
            case b"Tf":
                resource = own.get(operands[0]) if operands else None
                size = number(operands, 1)
                state = replace(state, font=font_of(resource, fonts), size=size)
            case b"Td" | b"TD":
                x, y = number(operands, 0), number(operands, 1)
                if operator == b"TD":
                    state = replace(state, leading=-y)
                pen.next_line(x, y)
            case b"Tm":
                pen.move(matrix_of(operands))
            case b"T*":
                pen.next_line(0.0, -state.leading)
            case b"Tc":
                state = replace(state, letter=number(operands, 0))
            case b"Tw":
                state = replace(state, word=number(operands, 0))
            case b"Tz":
                state = replace(state, scale=number(operands, 0) / 100)
            case b"TL":
                state = replace(state, leading=number(operands, 0))
            case b"Ts":
                state = replace(state, rise=number(operands, 0))
            case b"Tj":
                pen.show(operands[:1], state)
            case b"'":
                pen.next_line(0.0, -state.leading)
                pen.show(operands[:1], state)
            case b'"':
                state = replace(state, word=number(operands, 0), letter=number(operands, 1))
                pen.next_line(0.0, -state.leading)
                pen.show(operands[2:3], state)
            case b"TJ":
                pen.show(operands[0] if operands else (), state)
            case b"re":
                rectangle.append(box_of(operands, state.matrix))
            case b"m":
                start = (number(operands, 0), number(operands, 1))
            case b"l" | b"c" | b"v" | b"y":
                end = (number(operands, len(operands) - 2), number(operands, len(operands) - 1))
                rectangle.append(span(start, end, state.matrix))
                start = end
            case b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s":
                canvas.boxes += rectangle
                rectangle = []
            case b"n" | b"W" | b"W*":
                rectangle = []
            case b"INLINE IMAGE":
                canvas.pictures.append(span((0.0, 0.0), (1.0, 1.0), state.matrix))
            case b"Do":
                _form(operands, resources, state, canvas, reader, fonts, depth)


def _form(
    operands: Sequence[Any],
    resources: Any,
    state: _State,
    canvas: _Canvas,
    reader: PdfReader,
    fonts: dict[int, Any],
    depth: int,
) -> None:
    form = _named(resources, "/XObject").get(operands[0]) if operands else None
    if form is not None and form.get("/Subtype") == "/Image":
        canvas.pictures.append(span((0.0, 0.0), (1.0, 1.0), state.matrix))
    if form is None or form.get("/Subtype") != "/Form" or depth >= _DEEPEST:
        return
    canvas.forms += 1
    if canvas.forms > _MOST_FORMS:
        return
    matrix = matrix_of([float(x) for x in form.get("/Matrix", ONE)])
    inner = replace(state, matrix=times(matrix, state.matrix))
    own = form.get("/Resources") or resources
    _run(_operations(form, reader), own, inner, canvas, reader, fonts, depth + 1)


class _Pen:
    """The text matrices, and what they put on the page."""

    def __init__(self, canvas: _Canvas) -> None:
        self._canvas = canvas
        self._line: Matrix = ONE
        self._matrix: Matrix = ONE
        self._space: tuple[float, float] | None = None  # where the last space drawn ends

    def move(self, matrix: Matrix) -> None:
        self._line = self._matrix = matrix

    def next_line(self, x: float, y: float) -> None:
        self.move(times((1.0, 0.0, 0.0, 1.0, x, y), self._line))

    def show(self, items: Sequence[Any], state: _State) -> None:
        if state.font is None:
            return
        for item in items:
            if isinstance(item, (int, float)):
                self._advance(-float(item) / 1000 * state.size * state.scale)
            elif isinstance(item, (str, bytes)):
                raw = item if isinstance(item, bytes) else item.encode("latin-1", "replace")
                self._string(raw, state, state.font)

    def _string(self, raw: bytes, state: _State, font: Font) -> None:
        apart = state.letter > _APART * abs(state.size)
        for part in font.letters(raw) if apart else font.parts(raw):
            extra = part.letters * state.letter + (state.word if part.stretches else 0.0)
            wide = (part.width / 1000 * state.size + extra) * state.scale
            if not font.readable and not part.space:
                self._canvas.unreadable += part.letters
            elif part.space:
                pass
            elif len(self._canvas.pieces) < _MOST_PIECES:
                # The spacing after the last letter is no part of it.
                inked = wide - state.letter * state.scale
                self._canvas.pieces.append(self._piece(part.text, inked, state, font.name))
                self._space = None
            self._advance(wide)
            if part.space:
                *_, x, y = times(self._matrix, state.matrix)
                self._space = (x, y)

    def _piece(self, text: str, wide: float, state: _State, font: str) -> Piece:
        a, b, c, d, e, f = times(self._matrix, state.matrix)
        along = math.hypot(a, b) or 1.0
        angle = round(math.degrees(math.atan2(b, a)))
        x, y = e + state.rise * c, f + state.rise * d
        turned = math.radians(-angle)
        u, v = rotated(x, y, turned)
        size = abs(state.size) * math.hypot(c, d)
        upright = (angle - self._canvas.turned) % 360  # the page is turned clockwise
        # A space before a jump says nothing of what comes after it.
        spaced = self._space is not None and math.dist(self._space, (e, f)) < 0.6 * size
        return Piece(text, u, u + wide * along, v, size, font, upright, spaced)

    def _advance(self, wide: float) -> None:
        self._matrix = times((1.0, 0.0, 0.0, 1.0, wide, 0.0), self._matrix)


def _named(resources: Any, kind: str) -> dict[Any, Any]:
    entries = resources.get(kind) if resources else None
    entries = entries.get_object() if entries is not None else {}
    return {name: entries[name].get_object() for name in entries}
