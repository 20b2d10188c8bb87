"""The register of official sources, and the source card each of them is searched by.

``sources.toml`` is written by hand, so it is read strictly: a key nobody knows, a host
nobody vouched for or a replacement that does not exist is an error that names the
entry. Every error is a ValueError.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from corpus.areas import AREAS
from corpus.documents import Document, DocumentType, Language, Section, Status
from corpus.text import normalise, normalise_line

REGISTER = Path(__file__).with_name("sources.toml")

# The canonical hosts of the publishers we vouch for. Staging, mirror and archive
# hosts show old or unpublished text under a trusted name; they are never on the list.
HOSTS = frozenset(
    {
        *("lovdata.no", "api.lovdata.no", "www.regjeringen.no", "www.stortinget.no"),
        *("www.imdi.no", "www.bufdir.no", "www.udi.no", "udiregelverk.no", "www.udir.no"),
        *("hkdir.no", "www.kompetansenorge.no", "www.helsedirektoratet.no"),
        *("www.statsforvalteren.no", "www.vestlandfylke.no", "agderfk.no"),
        *("www.trondelagfylke.no", "www.ks.no", "www.veiviseren.no", "tilskudd.dfo.no"),
        *("kudos.dfo.no", "forvaltningsdatabasen.sikt.no", "www.fafo.no", "pub.norden.org"),
        *("kjonnslemlestelse.nkvts.no", "voldsveileder.nkvts.no", "plikt.no"),
        *("rettentil.no", "www.endringsagenter.no"),
    }
)

_PROPOSALS = frozenset({DocumentType.BILL, DocumentType.NOU, DocumentType.HEARING})
_REPLACED = frozenset({Status.SUPERSEDED, Status.EXPIRED})
_LANGUAGES = frozenset({Language.BOKMAL, Language.NYNORSK, Language.ENGLISH})
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_NEEDED = ("id", "title", "publisher", "type", "language", "areas", "status")
_KEYS = frozenset(
    {*_NEEDED, "checked", "verification", "url", "status_note", "published", "replaced_by"}
)

_TYPE_WORDS: Mapping[DocumentType, tuple[str, str]] = {
    DocumentType.ACT: ("lov", "lov"),
    DocumentType.REGULATION: ("forskrift", "forskrift"),
    DocumentType.CIRCULAR: ("rundskriv", "rundskriv"),
    DocumentType.GUIDANCE: ("veileder", "rettleiar"),
    DocumentType.GRANT_SCHEME: ("tilskuddsordning", "tilskotsordning"),
    DocumentType.PLAN: ("plan eller strategi", "plan eller strategi"),
    DocumentType.WHITE_PAPER: ("stortingsmelding", "stortingsmelding"),
    DocumentType.BILL: ("lovproposisjon", "lovproposisjon"),
    DocumentType.NOU: ("offentlig utredning (NOU)", "offentleg utgreiing (NOU)"),
    DocumentType.HEARING: ("høring", "høyring"),
    DocumentType.COMMITTEE_REPORT: ("innstilling til Stortinget", "innstilling til Stortinget"),
    DocumentType.REPORT: ("rapport", "rapport"),
    DocumentType.ARTICLE: ("artikkel", "artikkel"),
    DocumentType.WEB_PAGE: ("nettside", "nettside"),
    DocumentType.NEWS: ("nyhet", "nyhende"),
    DocumentType.OTHER: ("annet", "anna"),
}
_STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    Status.CURRENT: ("gjeldende", "gjeldande"),
    Status.SUPERSEDED: ("avløst, gjelder ikke lenger", "avløyst, gjeld ikkje lenger"),
    Status.PROPOSAL: ("forslag, ikke vedtatt regel", "forslag, ikkje vedteken regel"),
    Status.EXPIRED: ("utløpt eller historisk", "utgått eller historisk"),
    Status.UNKNOWN: ("ikke kontrollert", "ikkje kontrollert"),
}
# What led to an act has done its work: "no longer in force" would be read of the act.
_ADOPTED = ("forarbeid til vedtatt lov", "førearbeid til vedteken lov")
_PREPARATORY = frozenset({DocumentType.BILL, DocumentType.COMMITTEE_REPORT})
_AREA_NAMES = {area.number: area for area in AREAS}

_Choice = TypeVar("_Choice", bound=StrEnum)


class Verification(StrEnum):
    """How far somebody has looked at the source itself."""

    ACT_READ = "act_read"
    READ_IN_FULL = "read_in_full"
    SEEN = "seen"
    TITLE_SEEN = "title_seen"
    ADDRESS_DERIVED = "address_derived"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Source:
    """One official publication that Kjelda knows of, whether its text is fetched or not.

    ``published`` is an ISO date or a year, as far as it is known. ``areas`` is empty for
    what spans them all. ``replaced_by`` is the id of another source. ``status_note`` says
    in Nynorsk what the status rests on. ``checked`` is the day of that judgement.
    """

    id: str
    title: str
    publisher: str
    type: DocumentType
    language: tuple[Language, ...]
    areas: tuple[int, ...]
    status: Status
    checked: date
    verification: Verification
    url: str | None = None
    status_note: str | None = None
    published: str | None = None
    replaced_by: str | None = None


def load_sources(path: Path | None = None) -> tuple[Source, ...]:
    """Every source in the register, in its order; the shipped one unless told.

    Raises ValueError, naming the file or the entry, for anything that does not hold.
    """
    path = path or REGISTER
    try:
        register = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
    entries = register.get("source")
    if set(register) != {"source"} or not isinstance(entries, list):
        raise ValueError(f"{path.name}: holds [[source]] tables and nothing else")
    sources = tuple(_source(entry, number) for number, entry in enumerate(entries, start=1))
    _check_links(sources)
    return sources


# The media type of a card: its text is ours, not the source's.
CARD = "text/x-kjelda-source-card"


def source_document(source: Source, heir: str | None = None) -> Document:
    """The source card: what we know of a source, searchable before its text is there.

    Its id, ``kilde-<id>``, is never that of the document itself, which derives from
    the address; ``replaced_by`` is ``heir``, or else the card of the replacement.
    """
    published = source.published if source.published and len(source.published) > 4 else None
    return Document(
        id=card_id(source.id),
        uri=source.url or f"kjelda:kilde/{source.id}",
        title=source.title,
        sections=(Section((), _card_text(source)),),
        type=source.type,
        media_type=CARD,
        # A source in several languages is listed under its first one.
        language=source.language[0] if source.language else Language.UNDETERMINED,
        status=source.status,
        publisher=source.publisher,
        published=date.fromisoformat(published) if published else None,
        areas=source.areas,
        replaced_by=heir or (card_id(source.replaced_by) if source.replaced_by else None),
    )


def card_id(source_id: str) -> str:
    """The id of a source's card."""
    return f"kilde-{source_id}"


def _card_text(source: Source) -> str:
    lines = [
        source.title,
        f"Utgiver/utgivar: {source.publisher}",
        "Type: " + _both(*_TYPE_WORDS[source.type]),
        "Status: " + _both(*_status_words(source)),
    ]
    if source.areas:
        names = (_both(_AREA_NAMES[area].nb, _AREA_NAMES[area].nn) for area in source.areas)
        lines.append("Område: " + "; ".join(names))
    if source.published:
        lines.append(f"Publisert: {source.published}")
    if source.status_note:
        lines.append(f"Merknad: {source.status_note}")
    if source.url:
        lines.append(source.url)
    lines.append(f"Kildekort/kjeldekort, kontrollert {source.checked.isoformat()}.")
    return normalise("\n\n".join(lines))


def _status_words(source: Source) -> tuple[str, str]:
    if source.status is Status.SUPERSEDED and source.type in _PREPARATORY:
        return _ADOPTED
    return _STATUS_WORDS[source.status]


def _both(nb: str, nn: str) -> str:
    return nb if nb == nn else f"{nb} / {nn}"


def _source(entry: object, number: int) -> Source:
    if not isinstance(entry, dict):
        raise ValueError(f"source number {number}: not a table")  # noqa: TRY004
    name = f"source {entry.get('id', f'number {number}')!r}"
    if unknown := sorted(set(entry) - _KEYS):
        raise ValueError(f"{name}: unknown key {', '.join(unknown)}")
    if missing := [key for key in _NEEDED if key not in entry]:
        raise ValueError(f"{name}: lacks {', '.join(missing)}")
    source_id = _text(entry, "id", name)
    if not _ID.fullmatch(source_id):
        raise ValueError(f"{name}: an id is lower-case letters, digits and hyphens")
    checked = entry.get("checked")
    if type(checked) is not date:
        raise ValueError(f"{name}: checked is a date such as 2026-11-23")
    source = Source(
        id=source_id,
        title=_text(entry, "title", name),
        publisher=_text(entry, "publisher", name),
        type=_choice(entry.get("type"), DocumentType, "type", name),
        language=_languages(entry["language"], name),
        areas=_areas(entry["areas"], name),
        status=_choice(entry.get("status"), Status, "status", name),
        checked=checked,
        verification=_choice(entry.get("verification"), Verification, "verification", name),
        url=_url(entry, name),
        status_note=_text(entry, "status_note", name) if "status_note" in entry else None,
        published=_published(entry.get("published"), name),
        replaced_by=_text(entry, "replaced_by", name) if "replaced_by" in entry else None,
    )
    if source.type in _PROPOSALS and source.status is Status.CURRENT:
        raise ValueError(f"{name}: a {source.type} is a proposal and never current")
    if source.replaced_by and source.status not in _REPLACED:
        raise ValueError(f"{name}: replaced by {source.replaced_by}, and yet {source.status}")
    if source.url is None and source.status_note is None:
        raise ValueError(f"{name}: without an address the status note says why")
    return source


def _check_links(sources: Sequence[Source]) -> None:
    known: dict[str, Source] = {}
    addresses: dict[str, str] = {}
    for source in sources:
        if source.id in known:
            raise ValueError(f"source {source.id!r}: the id is used twice")
        known[source.id] = source
        if source.url and addresses.setdefault(source.url, source.id) != source.id:
            raise ValueError(f"source {source.id!r}: has the url of {addresses[source.url]!r}")
    for source in sources:
        passed = {source.id}
        step = source
        while step.replaced_by:
            if step.replaced_by not in known:
                raise ValueError(f"source {step.id!r}: replaced_by {step.replaced_by!r} is missing")
            step = known[step.replaced_by]
            if step.id in passed:
                raise ValueError(f"source {source.id!r}: replaced_by runs in a circle")
            passed.add(step.id)


def _text(entry: Mapping[str, object], key: str, name: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value or value != normalise_line(value):
        raise ValueError(f"{name}: {key} is a line of text, not {value!r}")
    return value


def _choice(value: object, kind: type[_Choice], key: str, name: str) -> _Choice:
    try:
        return kind(str(value))
    except ValueError:
        allowed = ", ".join(kind)
        raise ValueError(f"{name}: {key} is {value!r}; allowed: {allowed}") from None


def _languages(value: object, name: str) -> tuple[Language, ...]:
    if not isinstance(value, list) or not value or len(value) != len(set(map(str, value))):
        raise ValueError(f"{name}: language is a list such as ['nb'], not {value!r}")
    languages = tuple(_choice(item, Language, "language", name) for item in value)
    if not _LANGUAGES.issuperset(languages):
        raise ValueError(f"{name}: language is nb, nn or en")
    return languages


def _areas(value: object, name: str) -> tuple[int, ...]:
    good = isinstance(value, list) and all(
        type(item) is int and item in _AREA_NAMES for item in value
    )
    if not isinstance(value, list) or not good or len(value) != len(set(value)):
        raise ValueError(f"{name}: areas is a list of numbers 1-6, not {value!r}")
    return tuple(sorted(value))


def _url(entry: Mapping[str, object], name: str) -> str | None:
    if "url" not in entry:
        return None
    url = _text(entry, "url", name)
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise ValueError(f"{name}: url is an https address, not {url!r}")
    if parts.netloc not in HOSTS:
        raise ValueError(
            f"{name}: {parts.netloc!r} is not a canonical host; staging and mirror hosts never are"
        )
    return url


def _published(value: object, name: str) -> str | None:
    if value is None:
        return None
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, str) and _YEAR.fullmatch(value):
        return value
    raise ValueError(f"{name}: published is a date or a year in quotes, not {value!r}")
