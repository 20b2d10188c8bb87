"""The address of a document's page: what is opened in it, and the search that led there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams

from api import asking
from api.finding import LONGEST
from api.result import document_path


@dataclass(frozen=True, slots=True)
class Here:
    """What a document's page was asked for.

    ``search`` holds the search's own parameters, and the written form, as they stand in an
    address: links within the page carry them on, so that its reader finds back.
    """

    document_id: str
    passage: int | None = None
    edition: int | None = None
    part: int | None = None
    find: str = ""
    picture: int | None = None
    search: str = ""

    def to(
        self,
        fragment: str = "",
        *,
        part: int | None = None,
        picture: int | None = None,
        find: str | None = None,
    ) -> str:
        """The same page at another part, or with a picture, or another search within it."""
        find = self.find if find is None else find
        pairs = self._pairs(part=part, picture=picture) + ([("finn", find)] if find else [])
        query = "&".join(filter(None, (urlencode(pairs), self.search)))
        address = document_path(self.document_id) + (f"?{query}" if query else "")
        return f"{address}#{fragment}" if fragment else address

    def fields(self) -> list[tuple[str, str]]:
        """What a form on the page sends along: all but what is looked for in the document."""
        return [(name, str(value)) for name, value in self._pairs()] + parse_qsl(self.search)

    def _pairs(
        self, *, part: int | None = None, picture: int | None = None
    ) -> list[tuple[str, object]]:
        pairs = (
            ("passage", self.passage),
            ("utgave", self.edition),
            ("del", part),
            ("bilde", picture),
        )
        return [(name, value) for name, value in pairs if value is not None]


def read(document_id: str, params: QueryParams, asked: asking.Asked) -> Here:
    """What an address asks of a document's page; what can't be read is left out."""
    return Here(
        document_id,
        passage=number(params, "passage"),
        edition=number(params, "utgave"),
        part=number(params, "del"),
        find=params.get("finn", "").strip()[:LONGEST],
        picture=number(params, "bilde"),
        search=asked.parameters(),
    )


def number(params: QueryParams, name: str) -> int | None:
    """A whole number of an address, or None."""
    value = params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
