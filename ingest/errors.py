"""What can be wrong with a file, as one small tree.

IngestError
├── UnsupportedType   nothing here reads this kind of file
├── WrongType         the name says one kind, the content is another
├── EmptyFile         no bytes, or nothing to read in it
├── NoTextLayer       a scan: pictures of pages without text
├── EncryptedFile     locked with a password
├── BrokenFile        damaged, cut short, or malformed metadata
├── TooLarge          over a limit (size, count or compression ratio)
├── UnsafeName        a member of an archive that points out of it
└── Unreadable        the operating system refuses

Every message is one English sentence or two: what was wrong, what to do. One bad
file is one line in the report, so these are caught once, where the report is made.
"""

from __future__ import annotations


class IngestError(Exception):
    """A file that cannot be taken in; ``str()`` is the line shown to the user."""


class UnsupportedType(IngestError):
    """A kind of file that nothing here reads."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not read here; save it as PDF, DOCX, HTML, Markdown or plain text"
        )


class WrongType(IngestError):
    """Name and content tell of two different kinds of file."""

    def __init__(self, named: str, found: str) -> None:
        super().__init__(f"named as {named}, but the content is {found}; rename the file")


class EmptyFile(IngestError):
    """A file with nothing to read in it."""

    def __init__(self, what: str = "the file is empty") -> None:
        super().__init__(f"{what}; there is nothing to search in")


class NoTextLayer(IngestError):
    """A PDF of scanned pages."""

    def __init__(self, empty: int, pages: int) -> None:
        super().__init__(
            f"no text layer on {empty} of {pages} pages (a scan?); install Tesseract with "
            "Norwegian (Debian: tesseract-ocr-nor), or run it through OCR first"
        )


class EncryptedFile(IngestError):
    """A file locked with a password."""

    def __init__(self, what: str = "the file") -> None:
        super().__init__(f"{what} is locked with a password; save it without one")


class BrokenFile(IngestError):
    """A file that is damaged or malformed; ``why`` says where."""

    def __init__(self, why: str) -> None:
        super().__init__(f"broken file: {why}")


class TooLarge(IngestError):
    """Something over a limit."""


class UnsafeName(IngestError):
    """A member of an archive whose name points out of the archive."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the member name {name!r} points out of the archive; it is left alone")


class Unreadable(IngestError):
    """The operating system refuses to give the file."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"cannot be opened: {error.strerror or error}")
