"""YAML front matter in two dialects: the Lovdata export, and Kjelda's own articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

import yaml

from corpus.areas import AREAS
from corpus.documents import DocumentType, Language, Status
from corpus.identity import document_id
from corpus.text import normalise_line
from ingest.errors import BrokenFile
from ingest.extract.draft import Draft

_BLOCK = re.compile(
    r"\A---[ \t]*\n(.*?)(?:^(?:---|\.\.\.)[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE
)
_REFID = re.compile(r"^(lov|forskrift)/(\d{4}-\d{2}-\d{2})(?:-\d+)?$")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_RANGE = re.compile(r"^\d{4}-\d{2}-\d{2}\s*[–-]\s*(\d{4}-\d{2}-\d{2})$")
_LATER = re.compile(r"bestemmer|fastset|fastsett", re.IGNORECASE)
_AREA_NUMBERS = frozenset({0, *(area.number for area in AREAS)})
_ARTICLE_KEYS = frozenset(
    {
        *("title", "uri", "language", "type", "publisher", "status", "areas", "short_title"),
        *("published", "updated", "checked", "valid_from", "valid_to"),
        *("translation_of", "replaced_by"),
        "sources",  # what the article builds on: for its readers, it is in the text too
    }
)

_Choice = TypeVar("_Choice", bound=StrEnum)


def split(text: str) -> tuple[Mapping[str, object], str]:
    """The front matter as a mapping (empty where there is none) and the rest.

    Raises BrokenFile, with the line, for YAML that cannot be read.
    """
    match = _BLOCK.match(text)
    if match is None:
        return {}, text
    try:
        found = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # +2: the mark counts from 0, and the line of three hyphens stands before it.
        where = f"line {mark.line + 2}: " if mark else ""
        what = getattr(error, "problem", None) or "not valid YAML"
        raise BrokenFile(f"front matter, {where}{what}") from error
    except ValueError as error:  # a date such as 2020-13-45
        raise BrokenFile(f"front matter: {error}") from error
    if found is None:
        return {}, text[match.end() :]
    if not isinstance(found, dict):
        # A text that merely opens with a rule, and has another one further down.
        return {}, text
    return {str(key): value for key, value in found.items()}, text[match.end() :]


def read(front: Mapping[str, object], today: date) -> Draft:
    """A Draft without sections of what the front matter tells. Raises BrokenFile."""
    if "refid" in front:
        return _lovdata(front, today)
    return article(front)


def _lovdata(front: Mapping[str, object], today: date) -> Draft:
    refid = str(front["refid"]).strip()
    match = _REFID.match(refid)
    if match is None:
        raise BrokenFile(f"refid is {refid!r}; it looks like lov/2020-11-06-127")
    in_force = str(front.get("ikrafttredelse") or "")
    starts = [day for day in map(_day, _ISO.findall(in_force)) if day]
    end = _day(match_end[1]) if (match_end := _RANGE.match(in_force.strip())) else None
    start = min(starts, default=None)
    changed = [
        day
        for day in map(_day, _ISO.findall(str(front.get("sist-endret-ikrafttredelse") or "")))
        if day and day <= today
    ]
    return Draft(
        sections=(),
        title=_line(front.get("tittel")),
        uri=f"https://lovdata.no/dokument/{'NL' if match[1] == 'lov' else 'SF'}/{refid}",
        type=DocumentType.ACT if match[1] == "lov" else DocumentType.REGULATION,
        status=_in_force(start, end, in_force, today),
        publisher="Lovdata",
        short_title=_line(front.get("korttittel")),
        published=_day(match[2]),
        updated=max(changed, default=None),
        valid_from=start,
        valid_to=end,
    )


def _in_force(start: date | None, end: date | None, said: str, today: date) -> Status:
    """Whether an act holds: adopted but not yet in force is UNKNOWN, never CURRENT.

    It is no proposal either, and there is no status of its own for it. Without a
    date a consolidated text is in force unless someone is still to decide when.
    """
    if end is not None and end < today:
        return Status.EXPIRED
    if start is not None:
        return Status.CURRENT if start <= today else Status.UNKNOWN
    return Status.UNKNOWN if _LATER.search(said) else Status.CURRENT


def article(front: Mapping[str, object]) -> Draft:
    """A draft without sections, from Kjelda's own keys. Raises BrokenFile."""
    language = _choice(front, "language", Language) or Language.UNDETERMINED
    draft = Draft(
        sections=(),
        title=_line(front.get("title")),
        uri=_line(front.get("uri")),
        type=_choice(front, "type", DocumentType) or DocumentType.OTHER,
        language=language,
        declared=True,
        status=_choice(front, "status", Status) or Status.UNKNOWN,
        publisher=_line(front.get("publisher")),
        short_title=_line(front.get("short_title")),
        published=_date(front, "published"),
        updated=_date(front, "checked") or _date(front, "updated"),
        valid_from=_date(front, "valid_from"),
        valid_to=_date(front, "valid_to"),
        areas=_areas(front.get("areas")),
        replaced_by=_reference(front, "replaced_by"),
        translation_of=_reference(front, "translation_of"),
    )
    unknown = sorted(set(front) - _ARTICLE_KEYS)
    return replace(draft, warnings=tuple(f"front matter: unknown key {key!r}" for key in unknown))


def _choice(front: Mapping[str, object], key: str, kind: type[_Choice]) -> _Choice | None:
    value = front.get(key)
    if value is None:
        return None
    try:
        return kind(str(value))
    except ValueError:
        raise BrokenFile(_allowed(key, value, [str(item) for item in kind])) from None


def _areas(value: object) -> tuple[int, ...]:
    if value is None:
        return ()
    items = value if isinstance(value, list) else [value]
    for item in items:
        if type(item) is not int or item not in _AREA_NUMBERS:
            raise BrokenFile(_allowed("areas", item, map(str, sorted(_AREA_NUMBERS))))
    return tuple(sorted(set(items)))


def _date(front: Mapping[str, object], key: str) -> date | None:
    value = front.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    day = _day(str(value).strip())
    if day is None:
        raise BrokenFile(_allowed(key, value, ["a date such as 2026-11-23"]))
    return day


def _reference(front: Mapping[str, object], key: str) -> str | None:
    uri = _line(front.get(key))
    return document_id(uri) if uri else None


def _allowed(key: str, value: object, allowed: Iterable[str]) -> str:
    return f"front matter: {key} is {str(value)!r}; allowed: {', '.join(allowed)}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _line(value: object) -> str | None:
    return normalise_line(str(value)) or None if value is not None else None
