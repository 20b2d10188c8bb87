"""From letters with places to lines in reading order.

Pure functions over what ingest.extract.glyphs gives: columns are found by the empty gutters between
them, ruled tables by their grid, and rows of other tables stay rows. Distances are in points or in
em, the size of the type.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from statistics import median

from ingest.extract.bullets import with_bullets
from ingest.extract.geometry import Box
from ingest.extract.glyphs import Piece
from ingest.extract.lines import CELL, Line
from ingest.extract.margins import without_margin
from ingest.extract.segments import Segment, segments_of
from ingest.extract.tables import Grid, Row, grids

_SAME_LINE = 0.35  # em between baselines of one line
_FAR = 2.5  # usual distances between lines
_SMALL = 0.87  # of the size of the text: smaller type is of notes and figures
_CAPTION = 3  # lines
_DEEPEST = 12  # areas within areas
_MOST = 3_000  # segments: more are a map, and have no columns
_MOST_CELLS = 4_000  # of a table: more are squared paper
_FEW = 3  # lines that a column has at least
_MARKER = re.compile(
    r"^(?:[-–—•▪▫■□●○◦·∙▸▹►▶‣⁃◆◇❖➢➤✓✔*\uf020-\uf0ff]|\(?[\dA-Za-zÆØÅæøå]{1,3}[.):]?|[\d.]{1,9})$"
)
_BROKEN = re.compile(r"[a-zæøå][-\u00ad]$")
_GOES = re.compile(r"(?:og|eller|samt)\b")  # fiske- og fangstfartøy


def lines(pieces: Sequence[Piece], boxes: Sequence[Box] = ()) -> list[Line]:
    """A page's lines in reading order; text in other directions comes last."""
    by_angle: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_angle.setdefault(piece.angle, []).append(piece)
    main = max(by_angle, key=lambda a: sum(len(p.text) for p in by_angle[a]), default=0)
    upright = by_angle.pop(main, [])
    tables: list[Segment] = []
    if main == 0:
        for grid in grids(boxes):
            inside = [piece for piece in upright if _is_in(piece, grid.box)]
            if table := _table(grid, inside):
                tables.append(table)
                taken = set(map(id, inside))
                upright = [piece for piece in upright if id(piece) not in taken]
    whole = without_margin(segments_of(upright))
    found = _ordered([*(with_bullets(whole, boxes) if main == 0 else whole), *tables])
    for angle in sorted(by_angle):
        found += _ordered(segments_of(by_angle[angle]))
    return found


def _is_in(piece: Piece, box: Box) -> bool:
    across, up = (piece.x0 + piece.x1) / 2, piece.y + 0.3 * piece.size
    return box.x0 <= across <= box.x1 and box.y0 <= up <= box.y1


def _table(grid: Grid, pieces: Sequence[Piece]) -> Segment | None:
    """A ruled table as one block of rows; None if hardly anything stands in it."""
    if sum(len(row.edges) for row in grid.rows) > _MOST_CELLS:
        return None
    rows = tuple(line for row in grid.rows for line in _row(row, pieces))
    if len(rows) < 2:
        return None
    box = grid.box
    return Segment("", box.x0, box.x1, box.y1 - rows[0].size, rows[0].size, False, rows)


def _row(row: Row, pieces: Sequence[Piece]) -> list[Line]:
    """A row's cells, each read whole, parted by bars; empty ones are left out.

    A row of one cell is a box of text, and keeps its lines.
    """
    cells = []
    whole = Box(row.edges[0], row.low, row.edges[-1], row.high)
    pieces = [piece for piece in pieces if _is_in(piece, whole)]
    for left, right in itertools.pairwise(row.edges):
        box = Box(left, row.low, right, row.high)
        inside = [piece for piece in pieces if _is_in(piece, box)]
        if read := _ordered(segments_of(inside)):
            cells.append(read)
    if len(cells) < 2:
        return cells[0] if cells else []
    text = CELL.join(_whole(cell) for cell in cells)
    bold = all(line.bold for cell in cells for line in cell)
    return [Line(text, cells[0][0].size, bold, starts=True)]


def _whole(cell: Sequence[Line]) -> str:
    """A cell's lines as one: a word that is broken at a line's end is put together."""
    text = cell[0].text
    for line in cell[1:]:
        broken = _BROKEN.search(text) and line.text[0].islower() and not _GOES.match(line.text)
        text = text.rstrip("-\u00ad") + line.text if broken else f"{text} {line.text}"
    return text


def _rows(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments by baseline, from the top, each row from the left."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: -s.y):
        last = rows[-1][0] if rows else None
        if last and abs(last.y - segment.y) <= _SAME_LINE * min(last.size, segment.size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda s: s.x0) for row in rows]


def _ordered(segments: Sequence[Segment], depth: int = 0) -> list[Line]:
    """Lines of an area: above the columns, the columns from the left, below them."""
    if not segments:
        return []
    rows = _rows(segments)
    area = _columns(rows) if depth < _DEEPEST and len(segments) <= _MOST else None
    if area is None:
        return _column(rows)
    gutter, first, end = area
    found = _ordered(_flat(rows[:first]), depth + 1)
    for kind, band in _bands(rows[first:end], gutter):
        inside = _flat(band)
        left = [s for s in inside if s.x1 <= gutter + 1]
        right = [s for s in inside if s.x1 > gutter + 1]
        if kind is _Band.ROWS or not left or not right:
            found += _column(band)
        else:
            found += _side_by_side(left, right, depth + 1)
    return found + _ordered(_flat(rows[end:]), depth + 1)


def _side_by_side(left: Sequence[Segment], right: Sequence[Segment], depth: int) -> list[Line]:
    """Two columns of running text, with what stands apart from it after them.

    Footnotes below the left column and figures above the right one part a sentence that goes on
    from one column to the other.
    """
    body = _text_size([*left, *right])
    notes = _tail(left, body)
    figure = _head(right, body)
    found = _ordered([s for s in left if s not in notes], depth)
    found += _ordered([s for s in right if s not in figure], depth)
    return found + _ordered(figure, depth) + _ordered(notes, depth)


def _text_size(segments: Sequence[Segment]) -> float:
    sizes: Counter[float] = Counter()
    for segment in segments:
        sizes[segment.size] += len(segment.text)
    return max(sizes, key=lambda size: sizes[size])


def _tail(segments: Sequence[Segment], body: float) -> list[Segment]:
    """The lines in small type at the end of a column."""
    rows = _rows(segments)
    end = len(rows)
    while end and all(s.size < _SMALL * body for s in rows[end - 1]):
        end -= 1
    return _flat(rows[end:]) if 0 < end < len(rows) else []


def _head(segments: Sequence[Segment], body: float) -> list[Segment]:
    """What stands above a column's text: numbers, labels and notes of a figure, its caption."""
    rows = _rows(segments)
    small = [n for n, row in enumerate(rows) if all(s.size < _SMALL * body for s in row)]
    # Down to the last small line that has text below it; few lines of text before that.
    text = [
        n
        for n, row in enumerate(rows)
        if n not in small and any(_is_words(s.text) and s.x1 - s.x0 > 8 * s.size for s in row)
    ]
    last = next((n for n in reversed(small) if any(m > n for m in text)), None)
    if last is None or sum(n < last for n in text) > _CAPTION:
        return []
    return _flat(rows[: last + 1])


def _flat(rows: Sequence[Sequence[Segment]]) -> list[Segment]:
    return [segment for row in rows for segment in row]


def _columns(rows: Sequence[Sequence[Segment]]) -> tuple[float, int, int] | None:
    """The x of the best gutter between two columns, and the rows [first, end) that it parts.

    Columns have a common left edge, and no line crosses the gutter before it.
    """
    segments = _flat(rows)
    edges: Counter[int] = Counter(round(s.x0 / 2) for s in segments)
    left = min(s.x0 for s in segments)
    far = _far_apart(rows)
    blocks = list(itertools.accumulate((n in far for n in range(len(rows))), initial=0))[1:]
    best: tuple[int, float, int, int] | None = None
    for edge in edges:
        x = edge * 2 - 3.0
        if x <= left + 10 or edges[edge] + edges[edge - 1] + edges[edge + 1] < _FEW:
            continue
        free = [not any(s.x0 < x - 1 and s.x1 > x + 1 for s in row) for row in rows]
        at = 0
        for (is_free, _), group in itertools.groupby(zip(free, blocks, strict=True)):
            length = len(list(group))
            score = _parts(rows[at : at + length], x) if is_free else 0
            if score >= _FEW and (best is None or score > best[0]):
                best = (score, x, at, at + length)
            at += length
    return None if best is None else best[1:]


def _far_apart(rows: Sequence[Sequence[Segment]]) -> set[int]:
    """Rows with a wide gap above them: what stands there is not of the columns above."""
    least = _FAR * _pitch(rows)
    return {
        n
        for n in range(1, len(rows))
        if rows[n - 1][0].y - rows[n][0].y > max(least, rows[n][0].size)
    }


def _parts(rows: Sequence[Sequence[Segment]], x: float) -> int:
    """How many lines stand on the side with fewer; none if one side has only marks."""
    before = [s for row in rows for s in row if s.x1 <= x + 1]
    after = [s for row in rows for s in row if s.x1 > x + 1]
    if not before or not after:
        return 0
    marks = sum(bool(_MARKER.match(s.text)) for s in before)
    return 0 if marks * 2 > len(before) else min(len(before), len(after))


class _Band(Enum):
    """How rows lie to a gutter."""

    COLUMNS = 1  # text on both sides, read one after the other
    ROWS = 2  # cells on both sides, read row by row


def _bands(
    rows: Sequence[list[Segment]], gutter: float
) -> Iterable[tuple[_Band, list[list[Segment]]]]:
    """Rows in runs of one kind, from the top."""
    left = min(s.x0 for row in rows for s in row)
    right = max(s.x1 for row in rows for s in row)
    kinds = [_kind(row, gutter, gutter - left, right - gutter) for row in rows]
    # A row on one side belongs to the nearer of what is around it.
    known = [n for n, kind in enumerate(kinds) if kind]
    decided = list(kinds)
    for n, row in enumerate(rows):
        if kinds[n] is None:
            around = [(abs(rows[m][0].y - row[0].y), m) for m in known if _next_to(n, m, known)]
            after = next((kinds[m] for m in known if m > n), None)
            heads = after is _Band.ROWS and all(s.bold for s in row)  # the table's heading
            near = after if heads else kinds[min(around)[1]] if around else None
            decided[n] = near or _Band.COLUMNS
    kinds = decided
    # One row of cells between lines of text is text; one line of text among rows is a cell.
    runs = [(kind, len(list(group))) for kind, group in itertools.groupby(kinds)]
    at = 0
    for n, (kind, length) in enumerate(runs):
        between = 0 < n < len(runs) - 1
        if kind is _Band.ROWS and length < (_FEW if between else 2):
            kinds[at : at + length] = [_Band.COLUMNS] * length
        at += length
    for kind, pairs in itertools.groupby(zip(kinds, rows, strict=True), key=lambda pair: pair[0]):
        yield kind or _Band.COLUMNS, [row for _, row in pairs]


def _next_to(row: int, other: int, known: Sequence[int]) -> bool:
    low, high = sorted((row, other))
    return not any(low < n < high for n in known)


def _kind(row: Sequence[Segment], gutter: float, left: float, right: float) -> _Band | None:
    """How one row lies to a gutter, with the widths of the columns; None for half a row."""
    one = [s for s in row if s.x1 <= gutter + 1]
    other = [s for s in row if s.x1 > gutter + 1]
    if not one or not other:
        return None
    if not any(_is_words(s.text) for s in other) or not any(_is_words(s.text) for s in one):
        return _Band.ROWS
    full = max(sum(s.x1 - s.x0 for s in one) / left, sum(s.x1 - s.x0 for s in other) / right)
    return _Band.COLUMNS if full > 0.5 else _Band.ROWS


def _is_words(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return letters >= 3 and letters * 2 > len(text.replace(" ", ""))


def _column(rows: Sequence[list[Segment]]) -> list[Line]:
    """Rows read one after the other."""
    pitch = _pitch(rows)
    found: list[Line] = []
    above: float | None = None
    for row in rows:
        if tables := [segment for segment in row if segment.rows]:
            found += _column([[s for s in row if not s.rows]]) if len(tables) < len(row) else []
            found += [line for table in tables for line in table.rows]
            above = None
            continue
        text = row[0].text
        for before, segment in itertools.pairwise(row):
            gap = segment.x0 - before.x1
            cells = gap > 1.5 * segment.size and not _MARKER.match(text)
            text += (CELL if cells else " ") + segment.text
        size = max(row, key=lambda s: len(s.text)).size
        starts = above is None or above - row[0].y > 1.35 * pitch
        found.append(Line(text, size, all(s.bold for s in row), starts, row[0].x0))
        above = row[0].y
    return found


def _pitch(rows: Sequence[Sequence[Segment]]) -> float:
    steps = [a[0].y - b[0].y for a, b in itertools.pairwise(rows)]
    return median(steps) if steps else 12.0
