"""Word (DOCX): headings by style, paragraphs, lists and tables in document order."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from corpus.documents import DocumentType, Language
from corpus.text import normalise_line
from ingest.errors import BrokenFile, TooLarge
from ingest.extract.draft import Draft
from ingest.extract.outline import Outline
from ingest.extract.own import keywords, told

_HEADING = re.compile(r"^(?:heading|overskrift|title|tittel)\s*(\d)?", re.IGNORECASE)
_LIST = re.compile(r"\b(?:list|liste|bullet|punkt)", re.IGNORECASE)
_LANGUAGES = {"nb": Language.BOKMAL, "nn": Language.NYNORSK, "en": Language.ENGLISH}
_TITLE_LENGTH = 200
# Unpacked XML over this is a zip bomb, not a document (a 1 000-page report is 20 MB).
_XML_BYTES = 300_000_000

# python-docx has no types; its objects are Any here and become str at once.


def extract(data: bytes) -> Draft:
    """All of the body; headers and footers of pages are left out.

    Raises BrokenFile or TooLarge.
    """
    document = _open(data)
    outline = Outline()
    properties = document.core_properties
    titled = normalise_line(properties.title or "")
    title = ""
    lines: list[str] = []

    def end_list() -> None:
        if lines:
            outline.paragraph("\n".join(lines))
            lines.clear()

    for block in document.iter_inner_content():
        if not hasattr(block, "runs"):
            end_list()
            outline.paragraph("\n".join(_rows(block)))
            continue
        text = normalise_line(block.text) if _level(block) else block.text.strip()
        if not text:
            continue
        level = _level(block)
        if level is None:
            if _is_list(block):
                lines.append(f"- {normalise_line(text)}")
            else:
                end_list()
                outline.paragraph(text)
            continue
        end_list()
        if not title and level <= 1 and not outline.started:
            title = text  # the first heading, before any text, names the document
        else:
            outline.heading(max(level, 1), text)
    end_list()
    draft = Draft(
        sections=outline.sections(),
        title=title or (titled if len(titled) <= _TITLE_LENGTH else ""),
        type=DocumentType.OTHER,
        language=_LANGUAGES.get((properties.language or "")[:2].lower(), Language.UNDETERMINED),
        published=_day(properties.created),
        updated=_day(properties.modified),
    )
    own = keywords(properties.keywords)
    if own and properties.author:
        own.setdefault("publisher", properties.author)
    return told(draft, own)


def _open(data: bytes) -> Any:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(info.file_size for info in package.infolist()) > _XML_BYTES:
                raise TooLarge("the DOCX unpacks to over 300 MB (a zip bomb?); it is left alone")
        return docx.Document(io.BytesIO(data))
    except (
        *(zipfile.BadZipFile, PackageNotFoundError, XMLSyntaxError),
        # python-docx meets a missing part, relation or attribute with these.
        *(KeyError, ValueError, AttributeError, IndexError, EOFError, NotImplementedError),
        zlib.error,
    ) as error:
        raise BrokenFile(f"not readable as DOCX ({error})") from error


def _level(paragraph: Any) -> int | None:
    """0 for a title, 1-9 for a heading, None for text; styles may be based on others."""
    style = paragraph.style
    for _ in range(8):
        if style is None:
            return None
        if match := _HEADING.match(style.name or ""):
            return int(match[1]) if match[1] else 0
        style = style.base_style
    return None


def _is_list(paragraph: Any) -> bool:
    properties = paragraph._p.pPr
    if properties is not None and properties.numPr is not None:
        return True
    return bool(_LIST.search(getattr(paragraph.style, "name", None) or ""))


def _rows(table: Any) -> Iterator[str]:
    """A line for every row; a cell that spans several columns is told once."""
    for row in table.rows:
        cells: list[str] = []
        before = None
        for cell in row.cells:
            if cell._tc is not before:
                cells.append(normalise_line(_cell(cell)))
            before = cell._tc
        if any(cells):
            yield " | ".join(cells)


def _cell(cell: Any) -> str:
    parts: list[str] = []
    for block in cell.iter_inner_content():
        parts.append(block.text if hasattr(block, "runs") else "; ".join(_rows(block)))
    return " ".join(parts)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None
