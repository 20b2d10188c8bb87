"""The sources of a pack as RIS, CSL-JSON and BibTeX: one entry for each document and place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.citation import LawNumber, pinpoint, whole
from api.packs.exports.paper import kjelda_path, source_of, warning_of
from api.packs.model import Pack, Quote
from api.packs.texts import text
from api.places import place_words
from api.texts import Written
from corpus.documents import DocumentType, Language

# RIS, CSL and BibTeX's names for each type of document.
_LEGAL = ("STAT", "legislation", "misc")
_REPORT = ("RPRT", "report", "techreport")
_WEB = ("ELEC", "webpage", "misc")
_KINDS: dict[DocumentType, tuple[str, str, str]] = {
    DocumentType.ACT: _LEGAL,
    DocumentType.REGULATION: _LEGAL,
    DocumentType.BILL: ("BILL", "bill", "misc"),
    DocumentType.ARTICLE: _WEB,
    DocumentType.WEB_PAGE: _WEB,
    DocumentType.NEWS: _WEB,
    DocumentType.GRANT_SCHEME: _WEB,
}
_LANGUAGE = {
    Language.BOKMAL: ("nb-NO", "norsk"),
    Language.NYNORSK: ("nn-NO", "nynorsk"),
    Language.ENGLISH: ("en-GB", "british"),
    Language.UNDETERMINED: ("", ""),
}
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with all places in it that the pack quotes."""

    id: str
    quote: Quote
    places: tuple[str, ...]
    note: str
    url: str | None
    law: LawNumber | None


def entries(pack: Pack, written: Written, address: str) -> tuple[Entry, ...]:
    """An entry for each document, in the order of the pack."""
    by_document: dict[str, list[Quote]] = {}
    for quote in pack.quotes:
        by_document.setdefault(quote.document_id, []).append(quote)
    return tuple(_entry(those, written, address) for those in by_document.values())


def _entry(those: list[Quote], written: Written, address: str) -> Entry:
    first = those[0]
    places = tuple(dict.fromkeys(p for q in those if (p := pinpoint(q.place))))
    told = [f"{text(written, 'doc_status')}: {text(written, f'status_{first.status}')}."]
    if warning := warning_of(first, written):
        told.append(warning)
    for quote in those:
        place = place_words(quote.place, written) or text(written, "quote", n="")
        told.append(f"{place.strip()}: {address}{kjelda_path(quote)}")
    alone = first.source_url if len(those) == 1 else None
    return Entry(
        id=first.document_id,
        quote=first,
        places=places,
        note=" ".join(told),
        # One quote: the original at its place. Several: the whole document.
        url=alone or whole(first.source_url),
        law=source_of(first).law,
    )


def ris(pack: Pack, written: Written, address: str) -> str:
    """RIS; lines end as the format wants (CRLF). The places stand in SP and in the notes."""
    out: list[str] = []
    for entry in entries(pack, written, address):
        quote, issued = entry.quote, _issued(entry)
        fields: list[tuple[str, str | None]] = [
            ("TY", _kind(quote)[0]),
            ("ID", entry.id),
            ("TI", quote.title),
            ("ST", quote.short_title),
            ("AU", _corporate(entry)),
            ("PB", "Lovdata" if entry.law else quote.publisher),
            ("PY", str(issued.year) if issued else None),
            ("DA", issued.strftime("%Y/%m/%d/") if issued else None),
            ("M1", entry.law.code if entry.law else None),
            ("SP", ", ".join(entry.places) or None),
            ("UR", entry.url),
            ("Y2", (quote.fetched or quote.added).strftime("%Y/%m/%d/")),
            ("LA", _LANGUAGE[quote.document_language][0] or None),
            ("N1", entry.note),
        ]
        out += [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
        out += ["ER  - ", ""]
    return "\r\n".join(out)


def _corporate(entry: Entry) -> str | None:
    """The publisher as an author of one name, with RIS's comma after it.

    RIS parts names at commas and has no way to keep «Barne-, ungdoms- og familiedirektoratet»
    whole: such a name stands as publisher (PB) only. An act has no author.
    """
    name = entry.quote.publisher
    return f"{name}," if name and "," not in name and not entry.law else None


def csl(pack: Pack, written: Written, address: str) -> str:
    """CSL-JSON, with ``language`` so that a style keeps Norwegian titles as they are."""
    return json.dumps(
        [_csl_item(entry) for entry in entries(pack, written, address)],
        ensure_ascii=False,
        indent=2,
    )


def _csl_item(entry: Entry) -> dict[str, Any]:
    quote = entry.quote
    item: dict[str, Any] = {"id": entry.id, "type": _kind(quote)[1], "title": quote.title}
    optional: list[tuple[str, Any]] = [
        ("title-short", quote.short_title),
        ("author", None if entry.law or not quote.publisher else [{"literal": quote.publisher}]),
        ("publisher", "Lovdata" if entry.law else quote.publisher),
        ("number", entry.law.code if entry.law else None),
        ("issued", _parts(_issued(entry))),
        ("accessed", _parts(quote.fetched or quote.added)),
        ("URL", entry.url),
        ("language", _LANGUAGE[quote.document_language][0]),
        ("note", entry.note),
    ]
    return item | {name: value for name, value in optional if value}


def bibtex(pack: Pack, written: Written, address: str) -> str:
    """BibTeX in UTF-8; corporate authors and titles are braced, so that no style changes them."""
    out = []
    for entry in entries(pack, written, address):
        quote = entry.quote
        issued = _issued(entry)
        author = quote.publisher and not entry.law
        fields: list[tuple[str, str | None]] = [
            ("title", f"{{{_tex(quote.title)}}}"),
            ("shorttitle", _tex(quote.short_title)),
            (
                "author",
                f"{{{_tex(quote.publisher)}}}" if author else None,
            ),
            ("institution", _tex(quote.publisher) if _kind(quote)[2] == "techreport" else None),
            ("publisher", "Lovdata" if entry.law else None),
            ("number", entry.law.code if entry.law else None),
            ("year", str(issued.year) if issued else None),
            ("date", issued.isoformat() if issued else None),
            ("url", _url(entry.url)),
            ("urldate", (quote.fetched or quote.added).isoformat()),
            ("langid", _LANGUAGE[quote.document_language][1]),
            ("language", _LANGUAGE[quote.document_language][0]),
            ("note", _tex(", ".join(entry.places)) or None),
            ("annote", _tex(entry.note)),
        ]
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
        key = re.sub(r"[^a-z0-9:.-]+", "-", entry.id.lower())
        out.append(f"@{_kind(quote)[2]}{{{key},\n{body}\n}}\n")
    return "\n".join(out)


def _kind(quote: Quote) -> tuple[str, str, str]:
    return _KINDS.get(quote.type, _REPORT)


def _issued(entry: Entry) -> date | None:
    quote = entry.quote
    return entry.law.given if entry.law else quote.published or quote.updated


def _parts(day: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _tex(value: str | None) -> str:
    return "".join(_TEX.get(c, c) for c in " ".join((value or "").split()))


def _url(value: str | None) -> str | None:
    # In a url field only what would end the field or the file must be escaped.
    return value.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C") if value else None
