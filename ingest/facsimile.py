"""A page of a PDF as a picture with a quote boxed: ``python -m ingest.facsimile``.

A process of its own for one picture, with limits of memory and time: what a hostile file does
to it ends with it. Standard input holds a line of JSON (page, quote) and the PDF; standard output
a line of JSON (what was drawn, or why nothing) and the WebP. Only ingest.pictures starts it.
"""

from __future__ import annotations

import ctypes
import io
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.align import align, letters, spelt
from search.process import limit

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 150
LONGEST = 2_400  # pixels of the longer side: A3 at 150 dpi; a wall map is made smaller
MEMORY = 2 << 30  # bytes of address space
SECONDS = 12  # of processor time
_MOST_CHARACTERS = 100_000  # of one page
_FILL = (255, 231, 130)
_LINE = (138, 75, 0)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Pixels of the picture, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def turned(self) -> Rectangle:
        """The same with left for top: what runs down then runs across."""
        return Rectangle(self.top, self.left, self.bottom, self.right)


def main() -> None:
    """Draw one picture."""
    limit(MEMORY, SECONDS)
    request = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    answer, picture = draw(data, request["page"], request["quote"])
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + picture)


def draw(data: bytes, number: int, quote: str) -> tuple[dict[str, Any], bytes]:
    """The page (from 1) as WebP, the quote boxed, and what there is to say of it."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        return {"fault": str(error)}, b""
    count = len(document)
    if not 1 <= number <= count:
        return {"fault": f"there is no page {number} of {count}"}, b""
    try:
        page = document[number - 1]
        wide, high = page.get_size()
        scale = min(DPI / 72, LONGEST / max(wide, high, 1.0))
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        rectangles, share = boxes(page, quote, picture.width, picture.height)
    except (pdfium.PdfiumError, ValueError, MemoryError) as error:
        return {"fault": str(error) or type(error).__name__}, b""
    boxed(picture, rectangles)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=4)
    answer = {
        "pages": count,
        "width": picture.width,
        "height": picture.height,
        "boxes": len(rectangles),
        "share": round(share, 4),
    }
    return answer, out.getvalue()


def boxes(page: Any, quote: str, width: int, height: int) -> tuple[list[Rectangle], float]:
    """Rectangles around the quote, a line each, and the share of its letters that were found."""
    import pypdfium2.raw as raw

    wanted = letters(quote)
    if not wanted:
        return [], 0.0
    text = page.get_textpage()
    count = min(text.count_chars(), _MOST_CHARACTERS)
    codes = (raw.FPDFText_GetUnicode(text, at) for at in range(count))
    page_letters, origin = spelt(chr(code) if 0 < code < 0x110000 else " " for code in codes)
    stretches = align(wanted, page_letters)
    characters = [
        box
        for start, end in stretches
        for character in dict.fromkeys(origin[start:end])
        if (box := _box(page, text, character, width, height)) is not None
    ]
    share = sum(end - start for start, end in stretches) / len(wanted)
    # Lines may run down the picture, on a page that is turned: fewer boxes tell which way it is.
    across = lines_of(characters)
    down = [box.turned() for box in lines_of([box.turned() for box in characters])]
    return min(across, down, key=len), share


def lines_of(characters: list[Rectangle]) -> list[Rectangle]:
    """Boxes of characters that follow each other on one line made one."""
    lines: list[Rectangle] = []
    for box in characters:
        if lines and _on_a_line(lines[-1], box):
            lines[-1] = _both(lines[-1], box)
        else:
            lines.append(box)
    return lines


def _box(page: Any, text: Any, character: int, width: int, height: int) -> Rectangle | None:
    """A character's place in the picture; pdfium turns what is turned and crops what is cropped."""
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text, character, rect):
        return None
    xs, ys = [], []
    for x, y in ((rect.left, rect.top), (rect.right, rect.bottom)):
        at_x, at_y = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, at_x, at_y)
        xs.append(at_x.value)
        ys.append(at_y.value)
    if max(xs) < 0 or min(xs) > width or max(ys) < 0 or min(ys) > height:
        return None
    return Rectangle(min(xs), min(ys), max(xs), max(ys))


def _on_a_line(one: Rectangle, other: Rectangle) -> bool:
    """Whether two boxes stand on one line, near each other; a column beside is no part of it."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    gap = max(other.left - one.right, one.left - other.right)
    return shared > 0.5 * lower and gap < 3 * max(one.bottom - one.top, 1)


def _both(one: Rectangle, other: Rectangle) -> Rectangle:
    return Rectangle(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def boxed(picture: Image, rectangles: list[Rectangle]) -> None:
    """Draw the boxes: the paper between the letters coloured, and a line around each."""
    from PIL import Image, ImageChops, ImageDraw

    if not rectangles:
        return
    paint = Image.new("RGB", picture.size, (255, 255, 255))
    draw = ImageDraw.Draw(paint)
    corners = [(r.left - 3, r.top - 2, r.right + 3, r.bottom + 2) for r in rectangles]
    for corner in corners:
        draw.rectangle(corner, fill=_FILL)
    picture.paste(ImageChops.multiply(picture, paint))
    draw = ImageDraw.Draw(picture)
    for corner in corners:
        draw.rectangle(corner, outline=_LINE, width=2)


if __name__ == "__main__":
    main()
