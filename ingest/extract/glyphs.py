"""Where each run of letters stands on a PDF page: an interpreter of its content stream.

pypdf parses the stream and the fonts; positions are worked out here, by PDF 32000-1, 9.4. The
text that pypdf itself gives loses them, and guesses spaces and order from less.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

Matrix = tuple[float, float, float, float, float, float]

_ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_SPACES = frozenset(" \u00a0\t\r\n\u2002\u2003\u2009")
_APART = 0.6  # em between letters from which on they are cells of a table
_DEEPEST = 8  # forms within forms
_MOST_FORMS = 2_000  # drawn on one page
_MOST_PIECES = 30_000  # of one page: a dense one has five thousand


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


class Box(NamedTuple):
    """A filled or framed rectangle on the page, in points."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class _State:
    matrix: Matrix = _ONE
    font: _Font | None = None
    size: float = 12.0
    letter: float = 0.0  # Tc
    word: float = 0.0  # Tw
    scale: float = 1.0  # Tz
    leading: float = 0.0
    rise: float = 0.0


class _Part(NamedTuple):
    """Letters of a string: width in thousandths, how many, whether it is a space.

    ``stretches`` when word spacing applies: to the single byte 32 only.
    """

    text: str
    width: float
    letters: int
    space: bool
    stretches: bool = False


class _Font:
    """A font of pypdf's, with what it makes of the strings met so far."""

    def __init__(self, resource: Any) -> None:
        from pypdf.generic._font import Font

        self._font = Font.from_font_resource(resource)
        name = str(resource.get("/BaseFont", "")).lstrip("/")
        self.name = name.partition("+")[2] or name
        self._known: dict[bytes, tuple[_Part, ...]] = {}
        # Codes of an embedded font without a map to Unicode are no letters.
        two_bytes = isinstance(self._font.encoding, str)
        self.readable = self._font.interpretable and not (
            two_bytes and not self._font.character_map and "/ToUnicode" not in resource
        )

    def parts(self, raw: bytes) -> tuple[_Part, ...]:
        """The string's words and spaces."""
        found = self._known.get(raw)
        if found is None:
            found = self._known[raw] = tuple(self._read(raw))
        return found

    def letters(self, raw: bytes) -> Iterator[_Part]:
        """The string's letters one by one: spaced so far apart they are no word."""
        step = 2 if isinstance(self._font.encoding, str) else 1
        for at in range(0, len(raw), step):
            yield from self._read(raw[at : at + step])

    def _read(self, raw: bytes) -> Iterator[_Part]:
        font = self._font
        if isinstance(font.encoding, str):
            codes = raw.decode(font.encoding, "replace")
            letters = [font.character_map.get(code, code) for code in codes]
        else:
            codes = "".join(map(chr, raw))
            plain = (font.encoding.get(byte, chr(byte)) for byte in raw)
            letters = [font.character_map.get(letter, letter) for letter in plain]
        text, width, count = "", 0.0, 0
        for code, letter in zip(codes, letters, strict=True):
            wide = float(font.space_width if code == font.space_char else font.get_text_width(code))
            if letter in _SPACES:
                if count:
                    yield _Part(text, width, count, False)
                yield _Part(" ", wide, 1, True, code == " " and not isinstance(font.encoding, str))
                text, width, count = "", 0.0, 0
                continue
            text, width, count = text + letter, width + wide, count + 1
        if count:
            yield _Part(text, width, count, False)


@dataclass(slots=True)
class _Canvas:
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    unreadable: int = 0  # letters of fonts without a map
    forms: int = 0
    turned: int = 0  # the page's own /Rotate


@dataclass(frozen=True, slots=True)
class Drawn:
    """What stands on a page: letters, rectangles, and how many letters no map gives."""

    pieces: list[Piece]
    boxes: list[Box]
    unreadable: int


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
    return Drawn(kept, canvas.boxes, canvas.unreadable)


def _operations(stream: Any, reader: PdfReader) -> Any:
    from pypdf.generic import ContentStream

    return ContentStream(stream, reader, "bytes").operations


def _is_inside(p: Piece, left: float, low: float, right: float, high: float, turned: int) -> bool:
    x, y = _turned(p.x0, p.y, math.radians(p.angle + turned))
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
                state = replace(state, matrix=_times(_matrix(operands), state.matrix))
            case b"BT":
                pen.move(_ONE)
            case b"Tf":
                resource = own.get(operands[0]) if operands else None
                size = _number(operands, 1)
                state = replace(state, font=_font(resource, fonts), size=size)
            case b"Td" | b"TD":
                x, y = _number(operands, 0), _number(operands, 1)
                if operator == b"TD":
                    state = replace(state, leading=-y)
                pen.next_line(x, y)
            case b"Tm":
                pen.move(_matrix(operands))
            case b"T*":
                pen.next_line(0.0, -state.leading)
            case b"Tc":
                state = replace(state, letter=_number(operands, 0))
            case b"Tw":
                state = replace(state, word=_number(operands, 0))
            case b"Tz":
                state = replace(state, scale=_number(operands, 0) / 100)
            case b"TL":
                state = replace(state, leading=_number(operands, 0))
            case b"Ts":
                state = replace(state, rise=_number(operands, 0))
            case b"Tj":
                pen.show(operands[:1], state)
            case b"'":
                pen.next_line(0.0, -state.leading)
                pen.show(operands[:1], state)
            case b'"':
                state = replace(state, word=_number(operands, 0), letter=_number(operands, 1))
                pen.next_line(0.0, -state.leading)
                pen.show(operands[2:3], state)
            case b"TJ":
                pen.show(operands[0] if operands else (), state)
            case b"re":
                rectangle.append(_box(operands, state.matrix))
            case b"m":
                start = (_number(operands, 0), _number(operands, 1))
            case b"l":
                end = (_number(operands, 0), _number(operands, 1))
                rectangle.append(_line(start, end, state.matrix))
                start = end
            case b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s":
                canvas.boxes += rectangle
                rectangle = []
            case b"n" | b"W" | b"W*":
                rectangle = []
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
    if form is None or form.get("/Subtype") != "/Form" or depth >= _DEEPEST:
        return
    canvas.forms += 1
    if canvas.forms > _MOST_FORMS:
        return
    matrix = _matrix([float(x) for x in form.get("/Matrix", _ONE)])
    inner = replace(state, matrix=_times(matrix, state.matrix))
    own = form.get("/Resources") or resources
    _run(_operations(form, reader), own, inner, canvas, reader, fonts, depth + 1)


class _Pen:
    """The text matrices, and what they put on the page."""

    def __init__(self, canvas: _Canvas) -> None:
        self._canvas = canvas
        self._line: Matrix = _ONE
        self._matrix: Matrix = _ONE
        self._space: tuple[float, float] | None = None  # where the last space drawn ends

    def move(self, matrix: Matrix) -> None:
        self._line = self._matrix = matrix

    def next_line(self, x: float, y: float) -> None:
        self.move(_times((1.0, 0.0, 0.0, 1.0, x, y), self._line))

    def show(self, items: Sequence[Any], state: _State) -> None:
        if state.font is None:
            return
        for item in items:
            if isinstance(item, (int, float)):
                self._advance(-float(item) / 1000 * state.size * state.scale)
            elif isinstance(item, (str, bytes)):
                raw = item if isinstance(item, bytes) else item.encode("latin-1", "replace")
                self._string(raw, state, state.font)

    def _string(self, raw: bytes, state: _State, font: _Font) -> None:
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
                *_, x, y = _times(self._matrix, state.matrix)
                self._space = (x, y)

    def _piece(self, text: str, wide: float, state: _State, font: str) -> Piece:
        a, b, c, d, e, f = _times(self._matrix, state.matrix)
        along = math.hypot(a, b) or 1.0
        angle = round(math.degrees(math.atan2(b, a)))
        x, y = e + state.rise * c, f + state.rise * d
        turned = math.radians(-angle)
        u, v = _turned(x, y, turned)
        size = abs(state.size) * math.hypot(c, d)
        upright = (angle - self._canvas.turned) % 360  # the page is turned clockwise
        # A space before a jump says nothing of what comes after it.
        spaced = self._space is not None and math.dist(self._space, (e, f)) < 0.6 * size
        return Piece(text, u, u + wide * along, v, size, font, upright, spaced)

    def _advance(self, wide: float) -> None:
        self._matrix = _times((1.0, 0.0, 0.0, 1.0, wide, 0.0), self._matrix)


def _font(resource: Any, fonts: dict[int, Any]) -> _Font | None:
    if resource is None:
        return None
    key = id(resource)
    if key not in fonts:
        # The resource is kept too: the id of one that is gone may come again.
        fonts[key] = (_Font(resource), resource)
    found: _Font = fonts[key][0]
    return found


def _named(resources: Any, kind: str) -> dict[Any, Any]:
    entries = resources.get(kind) if resources else None
    entries = entries.get_object() if entries is not None else {}
    return {name: entries[name].get_object() for name in entries}


def _box(operands: Sequence[Any], matrix: Matrix) -> Box:
    x, y, wide, high = (_number(operands, n) for n in range(4))
    return _line((x, y), (x + wide, y + high), matrix)


def _line(start: tuple[float, float], end: tuple[float, float], matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    xs, ys = zip(*((a * u + c * v + e, b * u + d * v + f) for u, v in (start, end)), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _number(operands: Sequence[Any], at: int) -> float:
    value = operands[at] if at < len(operands) else 0.0
    return float(value) if isinstance(value, (int, float)) else 0.0


def _matrix(operands: Sequence[Any]) -> Matrix:
    if len(operands) < 6:
        return _ONE
    a, b, c, d, e, f = (_number(operands, n) for n in range(6))
    return (a, b, c, d, e, f)


def _times(one: Matrix, other: Matrix) -> Matrix:
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


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    cos, sin = math.cos(angle), math.sin(angle)
    return x * cos - y * sin, x * sin + y * cos
