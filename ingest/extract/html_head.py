"""What the head of an HTML page tells: address, dates, publisher, kind, language."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from corpus.documents import DocumentType, Language, Status
from corpus.text import normalise_line

_LANGUAGES = {"nb": Language.BOKMAL, "nn": Language.NYNORSK, "en": Language.ENGLISH}
_PUBLISHED = (
    "article:published_time",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "date",
    "publishdate",
)
_UPDATED = ("article:modified_time", "og:updated_time", "dc.date.modified", "dcterms.modified")
_ISO = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})")
_NORWEGIAN = re.compile(r"\s*(\d{1,2})\.(\d{1,2})\.(\d{4})")
# What regjeringen.no calls its pages in DC.Type.
_TYPES: dict[str, DocumentType] = {
    "horing": DocumentType.HEARING,
    "nou": DocumentType.NOU,
    "meldst": DocumentType.WHITE_PAPER,
    "stmeld": DocumentType.WHITE_PAPER,
    "prop": DocumentType.BILL,
    "otprp": DocumentType.BILL,
    "proposisjon": DocumentType.BILL,
    "rundskriv": DocumentType.CIRCULAR,
    "veiledning": DocumentType.GUIDANCE,
    "veileder": DocumentType.GUIDANCE,
    "rapport": DocumentType.REPORT,
    "plan": DocumentType.PLAN,
    "nyhet": DocumentType.NEWS,
    "pressemelding": DocumentType.NEWS,
    "artikkel": DocumentType.ARTICLE,
}
_INSTITUTION = re.compile(
    r"(?:departementet|direktoratet|tilsynet|kommune|forvalteren)$", re.IGNORECASE
)


def kind(meta: dict[str, str]) -> DocumentType | None:
    """The type of publication that regjeringen.no gives its pages."""
    return _TYPES.get(re.sub(r"[^a-z]", "", meta.get("dc.type", "").lower()))


def dates(meta: dict[str, str]) -> tuple[date | None, date | None]:
    """When the page was published, and when it was changed."""
    return _first_date(meta, _PUBLISHED), _first_date(meta, _UPDATED)


def meta(page: BeautifulSoup) -> dict[str, str]:
    """The meta elements by name in lower case; the first one of each counts."""
    found: dict[str, str] = {}
    for tag in page.find_all("meta"):
        name = str(tag.get("property") or tag.get("name") or "").lower()
        content = normalise_line(str(tag.get("content") or ""))
        if name and content:
            found.setdefault(name, content)
    return found


def site_title(page: BeautifulSoup) -> str | None:
    """The title element without the site's name at its end."""
    if page.title is None:
        return None
    text = normalise_line(page.title.get_text())
    return re.sub(r"\s+[-–|]\s+[^-–|]{2,40}$", "", text) or None


def canonical(page: BeautifulSoup, meta: dict[str, str]) -> str | None:
    """The page's own address; one that names a whole site names no page."""
    link = page.find("link", rel="canonical")
    candidates = [str(link.get("href") or "") if isinstance(link, Tag) else "", meta.get("og:url")]
    for address in candidates:
        parts = urlsplit((address or "").strip())
        if parts.scheme in ("http", "https") and parts.hostname and parts.path.strip("/"):
            return (address or "").strip()
    return None


def language(page: BeautifulSoup, meta: dict[str, str]) -> Language:
    """The language the page declares; often only its template's."""
    root = page.find("html")
    declared = [str(root.get("lang") or "") if isinstance(root, Tag) else ""]
    declared.append(meta.get("dc.language", ""))
    for code in declared:
        if found := _LANGUAGES.get(code.lower().replace("_", "-").partition("-")[0]):
            return found
    return Language.UNDETERMINED


def status(kind: DocumentType | None, meta: dict[str, str]) -> Status:
    """A hearing is a proposal; else what the page says of itself, if it says so."""
    if kind in (DocumentType.HEARING, DocumentType.BILL):
        return Status.PROPOSAL
    said = meta.get("dc.type.status", "").lower()
    if said in ("ugyldig", "utgått", "historisk"):
        return Status.EXPIRED
    return Status.CURRENT if said == "gyldig" else Status.UNKNOWN


def publisher(meta: dict[str, str]) -> str | None:
    """The institution behind the page, else the site."""
    creator = meta.get("dc.creator", "")
    if _INSTITUTION.search(creator):
        return creator
    return meta.get("og:site_name") or meta.get("dc.publisher")


def _first_date(meta: dict[str, str], names: tuple[str, ...]) -> date | None:
    for name in names:
        text = meta.get(name, "")
        try:
            if match := _ISO.match(text):
                return date(int(match[1]), int(match[2]), int(match[3]))
            if match := _NORWEGIAN.match(text):
                return date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            continue
    return None
