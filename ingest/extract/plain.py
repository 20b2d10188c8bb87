"""Plain text: find the encoding, unwrap hard-wrapped lines into paragraphs."""

from __future__ import annotations

import codecs
import itertools
import re
import statistics

from corpus.documents import Place, Section
from corpus.text import normalise, normalise_line
from ingest.errors import BrokenFile
from ingest.extract.draft import Draft

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BULLET = re.compile(r"^(?:[-–•*·▪]|\d{1,2}[.)]|[a-zæøå][.)])\s")
_TITLE_LENGTH = 120


def decode(data: bytes) -> str:
    """Text of bytes in UTF-8, UTF-16 or UTF-32 with a mark, or Windows-1252.

    Raises BrokenFile for NUL bytes or a broken UTF-16 text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise BrokenFile(f"not valid {encoding.upper()} ({error.reason})") from error
    if b"\x00" in data:
        raise BrokenFile("text with NUL bytes; save it again as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Windows-1252 is Latin-1 plus dashes and quotes; its five holes become U+FFFD.
        return data.decode("cp1252", "replace")


def extract(data: bytes) -> Draft:
    """One section with all paragraphs; the title is the first line if it is short."""
    text = unwrap(normalise(decode(data)))
    first = normalise_line(text.partition("\n")[0])
    title = first if 0 < len(first) <= _TITLE_LENGTH and not first.endswith((".", ",")) else None
    return Draft(sections=(Section((), text, Place()),) if text else (), title=title)


def unwrap(text: str) -> str:
    """Paragraphs on one line each where the text was wrapped at a fixed width.

    A line goes on into the next one when it is about as long as the text's long lines
    and no list point starts; other line feeds are meant, and stay.
    """
    lengths = sorted(len(line) for line in text.split("\n") if line)
    if not lengths:
        return ""
    width = lengths[int(len(lengths) * 0.9)]
    wrapped = 40 <= width <= 130 and statistics.median(lengths) > width * 0.5
    if not wrapped:
        return text
    paragraphs = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        joined = lines[0]
        for before, line in itertools.pairwise(lines):
            fits = len(before) + 1 + len(line.partition(" ")[0]) <= width * 0.85
            joined += ("\n" if fits or _BULLET.match(line) else " ") + line
        paragraphs.append(joined)
    return "\n\n".join(paragraphs)
