"""Which kind of file this is, told from the name and from the content.

Light: nothing slow is imported, so that walking a folder costs nothing.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ingest.errors import BrokenFile, EmptyFile, EncryptedFile, UnsupportedType, WrongType

PDF = "application/pdf"
HTML = "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
LOVDATA = "application/vnd.lovdata+xml"  # a name of our own for the files of its open data

SUFFIXES: dict[str, str] = {
    ".pdf": PDF,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".docx": DOCX,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": PLAIN,
    ".text": PLAIN,
    ".xml": LOVDATA,
}
# Documents to a person, but nothing here reads them: worth a line in the report.
UNREAD_SUFFIXES = frozenset(
    {
        *(".doc", ".docm", ".dot", ".odt", ".rtf", ".pages", ".wpd", ".epub", ".mht", ".mhtml"),
        *(".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".eml", ".msg", ".7z", ".rar"),
    }
)
NAMES: dict[str, str] = {
    PDF: "PDF",
    HTML: "HTML",
    DOCX: "DOCX (Word)",
    MARKDOWN: "Markdown",
    PLAIN: "plain text",
    LOVDATA: "Lovdata's XML",
}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "an SQLite database"),
)
_HTML_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_LOVDATA_MARK = b'class="data-document-key-info"'
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 4096


def media_type(name: str, data: bytes, declared: str | None = None) -> str:
    """The media type of a file that can be read here, one of SUFFIXES' values.

    ``declared`` is what a web server said, used only where the name has no known
    suffix. Raises EmptyFile, WrongType, UnsupportedType, EncryptedFile or BrokenFile.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise EmptyFile
    suffix = PurePosixPath(name).suffix.lower()
    named = SUFFIXES.get(suffix) or _declared(declared)
    found, what = _sniff(data)
    if found is None:
        if data.startswith(_OLE) and _OLE_ENCRYPTED in data:
            raise EncryptedFile
        if named is None or suffix in UNREAD_SUFFIXES:
            raise UnsupportedType(what)
        raise WrongType(NAMES[named], what)
    if named is None:
        if suffix in UNREAD_SUFFIXES:
            raise UnsupportedType(f"a {suffix} file")
        return found
    if found == LOVDATA and named in (LOVDATA, HTML):
        return LOVDATA
    if named == LOVDATA:
        raise UnsupportedType("an XML file that is not of Lovdata's open data")
    if found != PLAIN:
        if found != named:
            raise WrongType(NAMES[named], NAMES[found])
        return named
    # Content without a mark of its own: Markdown, plain text and pieces of HTML.
    if named in (PDF, DOCX):
        raise WrongType(NAMES[named], NAMES[PLAIN])
    if b"\x00" in data and not data.startswith(_UTF16_BOMS):
        raise BrokenFile("it is named as text but holds NUL bytes; save it again as UTF-8")
    return named


def _declared(header: str | None) -> str | None:
    kind = (header or "").partition(";")[0].strip().lower()
    if kind == "application/xhtml+xml":
        return HTML
    return kind if kind in NAMES else None


def _sniff(data: bytes) -> tuple[str | None, str]:
    """The type the content shows, or None and words for what it is instead."""
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return PDF, ""
    if head.startswith(b"PK\x03\x04"):
        # The name stands in the local header and, once more, in the directory.
        if b"word/document" in data or (b"[Content_Types].xml" in head and b"word/" in data):
            return DOCX, ""
        return None, "a ZIP archive (or another Office format)"
    if head.startswith(_OLE):
        return None, "an old Office file (.doc, .xls, .ppt)"
    for mark, what in _FOREIGN:
        if head.startswith(mark):
            return None, what
    if _LOVDATA_MARK in head:
        return LOVDATA, ""
    if _HTML_START.match(head):
        return HTML, ""
    if b"\x00" in head and not head.startswith(_UTF16_BOMS):
        text_share = sum(byte >= 32 or byte in (9, 10, 13) for byte in head) / len(head)
        if text_share < 0.9:
            return None, "binary data"
    return PLAIN, ""
