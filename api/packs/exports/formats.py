"""The formats a pack is given out in: name, media type and writer, one literal table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from api.packs.exports import html, markdown, pdf, references, slides, word
from api.packs.exports.paper import Paper, compose
from api.packs.model import Pack
from api.texts import Written
from corpus.identity import slug

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Context:
    """What an export knows besides the pack. ``address`` is the server's own, without a slash."""

    written: Written
    address: str
    today: date
    base_date: date | None


@dataclass(frozen=True, slots=True)
class Format:
    """A format, and what writes a pack in it. Writing raises ExportUnavailable."""

    media_type: str
    write: Callable[[Pack, Context], bytes]


def _printed(writer: Callable[[Paper], bytes | str]) -> Callable[[Pack, Context], bytes]:
    def write(pack: Pack, context: Context) -> bytes:
        made = writer(
            compose(pack, context.written, context.address, context.today, context.base_date)
        )
        return made if isinstance(made, bytes) else made.encode()

    return write


def _listed(writer: Callable[[Pack, Written, str], str]) -> Callable[[Pack, Context], bytes]:
    return lambda pack, context: writer(pack, context.written, context.address).encode()


FORMATS: dict[str, Format] = {
    "docx": Format(f"{_OFFICE}.wordprocessingml.document", _printed(word.docx)),
    "pptx": Format(f"{_OFFICE}.presentationml.presentation", _printed(slides.pptx)),
    "pdf": Format("application/pdf", _printed(pdf.pdf)),
    "md": Format("text/markdown; charset=utf-8", _printed(markdown.markdown)),
    "html": Format("text/html; charset=utf-8", _printed(html.html)),
    "ris": Format("application/x-research-info-systems; charset=utf-8", _listed(references.ris)),
    "json": Format("application/vnd.citationstyles.csl+json", _listed(references.csl)),
    "bib": Format("application/x-bibtex; charset=utf-8", _listed(references.bibtex)),
}
REFERENCES = ("ris", "json", "bib")


def filename(pack: Pack, name: str) -> str:
    """A file name of letters, digits and hyphens, whatever the title holds."""
    return f"{slug(pack.title, 60) or 'kurspakke'}.{name}"
