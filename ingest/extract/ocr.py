"""Scanned pages: drawn by PDFium, read by Tesseract where it is installed.

What is read so is marked with its quality: Tesseract's own confidence, the mean over words, in
percent. Nothing here guesses: a page it is not sure of is left out and told.
"""

from __future__ import annotations

import functools
import io
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.extract.lines import Line

PROGRAM = "tesseract"
LANGUAGE = "nor"  # Debian: tesseract-ocr-nor
_DOTS = 300  # an inch: what Tesseract is trained for
_MOST_PIXELS = 30_000_000  # of a page; a poster is drawn smaller
_SECONDS = 120  # for a page
# Words below are noise of the paper, pages below hold no text that can be cited.
_WORD, _PAGE = 30.0, 50.0
_LARGER = 1.4  # than the text: the height of a word's box depends on its letters


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's lines, and how sure Tesseract is of its words, 0 to 100."""

    lines: list[Line]
    quality: float


@functools.cache
def is_installed() -> bool:
    """Whether Tesseract is here with Norwegian."""
    if shutil.which(PROGRAM) is None:
        return False
    try:
        listed = subprocess.run(  # noqa: S603 - a fixed program
            [PROGRAM, "--list-langs"], capture_output=True, timeout=20, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return LANGUAGE in listed.stdout.split()


def read(data: bytes) -> Iterator[ReadPage | None]:
    """Every page of a PDF, in order; None for one that can't be read with any certainty."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        for page in document:
            width, height = page.get_size()
            scale = _DOTS / 72
            pixels = width * height * scale**2
            if pixels > _MOST_PIXELS:
                scale *= (_MOST_PIXELS / pixels) ** 0.5
            picture = page.render(scale=scale, grayscale=True).to_pil()
            drawn = io.BytesIO()
            picture.save(drawn, format="PPM")
            page.close()
            yield _page(drawn.getvalue(), round(72 * scale))
    finally:
        document.close()


def _page(picture: bytes, dots: int) -> ReadPage | None:
    told = [PROGRAM, "-", "-", "-l", LANGUAGE, "--psm", "3", "--dpi", str(dots), "tsv"]
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed program
            told,
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # pages are few, readers several
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return from_table(answer.stdout.decode("utf-8", "replace"))


def from_table(table: str) -> ReadPage | None:
    """A page out of Tesseract's TSV: a row for every word, with its line and confidence."""
    lines: dict[Sequence[str], list[tuple[str, float, int]]] = {}
    sure: list[float] = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        confidence = float(cells[10])
        if confidence < _WORD:
            continue
        sure.append(confidence)
        # Block, paragraph and line are told by number.
        lines.setdefault(tuple(cells[2:5]), []).append((cells[11], confidence, int(cells[9])))
    if not sure or statistics.fmean(sure) < _PAGE:
        return None
    found: list[Line] = []
    before: Sequence[str] = ()
    for where, words in lines.items():
        text = " ".join(word for word, _, _ in words)
        size = float(statistics.median(height for _, _, height in words))
        found.append(Line(text, size, bold=False, starts=where[:2] != before[:2]))
        before = where
    return ReadPage(found, statistics.fmean(sure))


def evened(lines: Sequence[Line]) -> list[Line]:
    """Lines without the noise in their sizes: only type that is plainly larger stays larger."""
    if not lines:
        return []
    body = statistics.median(line.size for line in lines)
    return [replace(line, size=body) if line.size < _LARGER * body else line for line in lines]
