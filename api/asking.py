"""What the search page was asked: parameters read leniently, written back into links.

A form sends empty fields and an old link may hold a value that is no more: neither
may stop a search. A year that can't be read is told beside its field.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from corpus.documents import DocumentType, Language, Status
from search.values import Filters, Mode

DEFAULT_LIMIT = 10
MAX_LIMIT = 50

_Value = TypeVar("_Value", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search page's state; everything stands in its address."""

    q: str = ""
    mode: Mode = Mode.HYBRID
    limit: int = DEFAULT_LIMIT
    types: tuple[DocumentType, ...] = ()
    languages: tuple[Language, ...] = ()
    publishers: tuple[str, ...] = ()
    areas: tuple[int, ...] = ()
    statuses: tuple[Status, ...] = ()
    year_from: str = ""
    year_to: str = ""
    lang: str | None = None
    submitted: bool = False
    faults: dict[str, str] = field(default_factory=dict)  # field -> key of its text

    @property
    def filters(self) -> Filters:
        """The filters, without what can't be read."""
        return Filters(
            types=frozenset(self.types),
            languages=frozenset(self.languages),
            publishers=frozenset(self.publishers),
            areas=frozenset(self.areas),
            statuses=frozenset(self.statuses),
            year_from=None if "year_from" in self.faults else _year(self.year_from),
            year_to=None if "year_to" in self.faults else _year(self.year_to),
        )

    def chosen(self) -> int:
        """How many filter values are chosen."""
        lists = (self.types, self.languages, self.publishers, self.areas, self.statuses)
        return sum(map(len, lists)) + bool(self.year_from) + bool(self.year_to)

    def address(self, **changed: object) -> str:
        """The page's address, with some values changed."""
        asked = replace(self, **changed)  # type: ignore[arg-type]
        parameters = asked.parameters()
        return f"/?{parameters}" if parameters else "/"

    def parameters(self) -> str:
        """The state as it stands in an address; a hit's link carries it too."""
        pairs: list[tuple[str, object]] = [("q", self.q)] if self.submitted else []
        pairs += [("mode", self.mode)] if self.mode is not Mode.HYBRID else []
        pairs += [("limit", self.limit)] if self.limit != DEFAULT_LIMIT else []
        pairs += [("type", value) for value in self.types]
        pairs += [("language", value) for value in self.languages]
        pairs += [("publisher", value) for value in self.publishers]
        pairs += [("area", value) for value in self.areas]
        pairs += [("status", value) for value in self.statuses]
        pairs += [(name, v) for name in ("year_from", "year_to") if (v := getattr(self, name))]
        pairs += [("lang", self.lang)] if self.lang else []
        return urlencode(pairs)

    def without(self, name: str, value: object) -> str:
        """The address with one filter value taken away."""
        now = getattr(self, name)
        kept = "" if isinstance(now, str) else tuple(item for item in now if item != value)
        return self.address(**{name: kept})

    def without_filters(self) -> str:
        """The address with no filters."""
        names = ("types", "languages", "publishers", "areas", "statuses")
        return self.address(**dict.fromkeys(names, ()), year_from="", year_to="")


def read(params: QueryParams) -> Asked:
    """The state in an address."""
    years = {name: params.get(name, "").strip() for name in ("year_from", "year_to")}
    faults = {name: "error_year" for name, value in years.items() if value and not _year(value)}
    first, last = (_year(value) for value in years.values())
    if first and last and first > last:
        faults["year_from"] = faults["year_to"] = "error_years"
    limit = params.get("limit", "")
    return Asked(
        q=params.get("q", "").strip(),
        mode=next(iter(_known(Mode, params.getlist("mode"))), Mode.HYBRID),
        limit=min(max(int(limit), 1), MAX_LIMIT) if _is_number(limit) else DEFAULT_LIMIT,
        types=_known(DocumentType, params.getlist("type")),
        languages=_known(Language, params.getlist("language")),
        publishers=tuple(dict.fromkeys(p for p in params.getlist("publisher") if p)),
        areas=tuple(
            dict.fromkeys(int(v) for v in params.getlist("area") if _is_number(v) and int(v) <= 6)
        ),
        statuses=_known(Status, params.getlist("status")),
        year_from=years["year_from"],
        year_to=years["year_to"],
        lang=params.get("lang") if params.get("lang") in ("nb", "nn") else None,
        submitted="q" in params,
        faults=faults,
    )


def _known(kind: type[_Value], values: Iterable[str]) -> tuple[_Value, ...]:
    known = set(kind)
    return tuple(dict.fromkeys(kind(value) for value in values if value in known))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _year(text: str) -> int | None:
    return int(text) if _is_number(text) and len(text) == 4 and int(text) > 0 else None
