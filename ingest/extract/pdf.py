"""PDF: text by physical page with its printed label, headings, and a title."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.text import normalise
from ingest.errors import BrokenFile, EmptyFile, EncryptedFile, NoTextLayer
from ingest.extract import furniture, glyphs, layout, ocr
from ingest.extract import lines as tidy
from ingest.extract.draft import Draft
from ingest.extract.headings import BROKEN, Heading, by_type, outline, said
from ingest.extract.own import keywords, told
from ingest.extract.pdf_sections import Page, sections_of
from ingest.extract.pdf_title import metadata, title

if TYPE_CHECKING:
    from pypdf import PdfReader

    from ingest.extract import PageText

# pypdf logs every oddity of every font; what matters comes as an exception.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# A page with fewer letters has no text of its own: a number, or a picture's credit.
_PAGE_LETTERS = 20
_SCANNED_SHARE = 0.9
_COVERS = 2  # pages at each end of a document
_MOST_SCANNED = 250  # pages; each takes some seconds


@dataclass(frozen=True, slots=True)
class _Read:
    """Cleaned pages, the words they hold, and ``ocr``: how sure that is, if it was read so."""

    pages: list[Page]
    words: Counter[str]
    warnings: list[str]
    ocr: int | None = None


def extract(data: bytes) -> Draft:
    """A section for every heading on every page.

    Raises EncryptedFile, NoTextLayer, EmptyFile or BrokenFile. A page that cannot be
    read is left out, with a warning.
    """
    reader = _open(data)
    read = _read(reader, data)
    found, words = read.pages, read.words
    sections = tuple(sections_of(found, _headings(reader, found), words))
    draft = Draft(
        sections=sections,
        title=title(reader, [page.lines for page in found], words),
        warnings=tuple(read.warnings),
        ocr=read.ocr,
    )
    own = keywords(metadata(reader, "/Keywords"))
    if own and (author := metadata(reader, "/Author")):
        own.setdefault("publisher", author)
    return told(draft, own)


def pages(data: bytes) -> Iterator[PageText]:
    """The cleaned text of every physical page, empty ones too. Raises as extract()."""
    from ingest.extract import PageText

    read = _read(_open(data), data)
    for page in read.pages:
        text = normalise("\n".join(tidy.flowing(page.lines, read.words)))
        yield PageText(page.number, page.label, text)


def _headings(reader: PdfReader, pages: Sequence[Page]) -> dict[int, list[Heading]]:
    """The PDF's own outline by page, or else what its type says."""
    marks: dict[int, list[Heading]] = {}
    for heading in outline(reader):
        marks.setdefault(heading.page, []).append(heading)
    return marks or by_type([page.lines for page in pages])


def _open(data: bytes) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        # Many files are encrypted with an empty password: they open for everyone.
        locked = reader.is_encrypted and not reader.decrypt("")
    except DependencyError as error:
        raise EncryptedFile from error
    except (PyPdfError, *BROKEN) as error:
        raise BrokenFile(f"not readable as PDF ({said(error)})") from error
    if locked:
        raise EncryptedFile
    return reader


def _read(reader: PdfReader, data: bytes) -> _Read:
    from pypdf.errors import PyPdfError

    warnings: list[str] = []
    try:
        count = len(reader.pages)
    except (PyPdfError, *BROKEN) as error:
        raise BrokenFile(f"its pages cannot be found ({said(error)})") from error
    if not count:
        raise EmptyFile("the PDF has no pages")
    raw: list[list[tidy.Line]] = []
    failed: list[int] = []
    fonts: dict[int, Any] = {}
    unreadable = []
    pictures_only: set[int] = set()  # pages covered by what may hold a text
    for number in range(count):
        try:
            drawn = glyphs.read(reader.pages[number], reader, fonts)
            lines = tidy.tidied(layout.lines(drawn.pieces, drawn.boxes))
            if drawn.fills:
                pictures_only.add(number + 1)
            if drawn.unreadable:
                unreadable.append(number + 1)
        except (PyPdfError, *BROKEN) as error:
            warnings.append(f"page {number + 1} cannot be read and is left out ({said(error)})")
            failed.append(number + 1)
            lines = []
        raw.append(lines)
    if len(failed) == count:
        raise BrokenFile(f"none of its {count} pages can be read")
    blank = [n for n, lines in enumerate(raw, 1) if _letters(lines) < _PAGE_LETTERS]
    without_text = [number for number in blank if number not in failed]
    # A short text on one page is a text; many pages with next to nothing are a scan.
    sparse = len(without_text) >= _SCANNED_SHARE * count and sum(map(_letters, raw)) < 40 * count
    quality: int | None = None
    # Pages of a few words each are a text still, where nothing is drawn that might hold more.
    pictures = sparse and _has_pictures(reader, count)
    if sparse and (pictures or not any(map(_letters, raw))):
        if not ocr.is_installed() or not pictures or count > _MOST_SCANNED:
            raise NoTextLayer(len(without_text), count)
        raw, quality = _scanned(data, len(without_text), count)
        warnings = [f"scanned: its {count} pages were read by OCR, quality {quality} %"]
        without_text = [n for n, lines in enumerate(raw, 1) if _letters(lines) < _PAGE_LETTERS]
        unreadable = []
    # Blank pages have no text to miss, and covers are pictures by nature.
    missed = [n for n in without_text if n in pictures_only and _COVERS < n <= count - _COVERS]
    if missed:
        warnings.append(f"no text on page {_listed(missed)}")
    if unreadable:
        warnings.append(f"letters without a meaning are left out on page {_listed(unreadable)}")
    labels, numbering = _labels(reader, raw)
    clean = furniture.without_furniture(raw, labels, numbering)
    words = tidy.vocabulary(clean)
    clean = [tidy.mended(lines, words) for lines in clean]
    clean = tidy.whole_words(clean, words)
    found = [
        Page(number, label, lines)
        for number, (label, lines) in enumerate(zip(labels, clean, strict=True), 1)
    ]
    return _Read(found, words, warnings, quality)


def _has_pictures(reader: PdfReader, count: int) -> bool:
    """Whether any of the first pages draws a picture, as every page of a scan does."""
    from pypdf.errors import PyPdfError

    for number in range(min(count, 5)):
        try:
            if reader.pages[number].images:
                return True
        except (PyPdfError, ImportError, *BROKEN):
            return True  # something is there that can't be listed
    return False


def _scanned(data: bytes, empty: int, count: int) -> tuple[list[list[tidy.Line]], int]:
    """The pages as Tesseract reads them, and how sure it is, in percent. Raises NoTextLayer."""
    read = list(ocr.read(data))
    sure = [page.quality for page in read if page is not None]
    if not sure:
        raise NoTextLayer(empty, count)
    lines = [tidy.tidied(ocr.evened(page.lines)) if page else [] for page in read]
    return lines, round(sum(sure) / len(sure))


def _listed(pages: Sequence[int]) -> str:
    return ", ".join(map(str, pages[:12])) + (" ..." if pages[12:] else "")


def _letters(lines: Sequence[tidy.Line]) -> int:
    return sum(letter.isalpha() for line in lines for letter in line.text)


def _labels(
    reader: PdfReader, raw: Sequence[list[tidy.Line]]
) -> tuple[list[str | None], furniture.Numbering | None]:
    """What is printed on each page: as the PDF says, else as found on the pages."""
    from pypdf.errors import PyPdfError

    numbering = furniture.page_numbers(raw)
    try:
        root = reader.trailer["/Root"].get_object()
        if "/PageLabels" in root:  # type: ignore[operator]
            # "Sec1:4" is InDesign's prefix for its own use; 4 is printed.
            told = [label.rpartition(":")[2].strip() or None for label in reader.page_labels]
            if len(told) == len(raw):
                return list(told), numbering
    except (PyPdfError, *BROKEN):
        pass  # broken labels are no labels: the numbers on the pages remain
    if numbering is None:
        return [None] * len(raw), None
    return [numbering.label(page) for page in range(1, len(raw) + 1)], numbering
