"""The title of a PDF: what its properties say, or else its largest print."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.text import normalise_line
from ingest.extract.headings import BROKEN
from ingest.extract.lines import CELL, Line, one_line
from ingest.extract.paragraphs import ends_as_prose

if TYPE_CHECKING:
    from pypdf import PdfReader

# What programs write there by themselves: their own name, an address, the name of a file.
_JUNK = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel|office)|untitled|uten (?:navn|tittel)|"
    r"utan (?:namn|tittel)|dokument\d*|layout|document\d*|print|slide 1|powerpoint)\b"
    r"|^(?:about|https?|file|data|blob):"
    r"|\.(?:docx?|docm|odt|html?|txt|book|indd|pdf|pub|qxd|fm|rtf|tex|pptx?|xlsx?|p65)\b"
    r"|^\W*$|_",
    re.IGNORECASE,
)
# Large print that names the series or the kind, and not the document.
_MASTHEAD = re.compile(
    r"^(?:norsk lovtidend\b.*|avd\.? ?[IVX]+\b.*|(?:rapport|notat|veileder|vegleiar|rettleiing|"
    r"rundskriv|høringsnotat|høyringsnotat|utredning|utgreiing)(?: \| .*)?)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\d{1,2}\.?\s+(?=[A-ZÆØÅ«])")  # of the chapter that the file is
_LENGTH = 120


def title(reader: PdfReader, pages: Sequence[Sequence[Line]], words: Counter[str]) -> str | None:
    """The metadata's title if it is one, else the largest print on the first pages."""
    told = metadata(reader, "/Title")
    if told and not _JUNK.search(told) and len(told) > 3:
        return told
    return next((text for lines in pages[:2] if (text := _largest(lines, words))), None)


def metadata(reader: PdfReader, key: str) -> str:
    """What the file's information dictionary says under a key, or nothing."""
    from pypdf.errors import PyPdfError

    try:
        found: Mapping[str, object] = reader.metadata or {}
        return normalise_line(str(found.get(key) or ""))
    except (PyPdfError, *BROKEN):
        return ""


def _largest(lines: Sequence[Line], words: Counter[str]) -> str:
    """The text in the largest type on a page; a single word with the next one's."""
    sizes: dict[float, list[Line]] = {}
    for line in lines:
        sizes.setdefault(round(line.size, 1), []).append(line)
    found = ""
    for size in sorted(sizes, reverse=True):
        text = normalise_line(one_line(sizes[size], words))
        if _MASTHEAD.match(text):
            continue
        if len(sizes) == 1 and ends_as_prose(text):
            return ""  # running text, and nothing above it
        text = _NUMBER.sub("", text.replace(CELL, " "))
        if sum(letter.isalpha() for letter in text) < 4 or len(found) + len(text) > _LENGTH:
            if found:
                break
            continue
        found = f"{found} {text}".strip()
        if found.count(" ") >= 2:
            break
    return found
