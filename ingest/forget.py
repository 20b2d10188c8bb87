"""Forget documents: by id, address, file name, or by the path they came from, there or gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from ingest import names
from ingest.indexing import Indexing
from ingest.intake import REGISTER
from ingest.parts import is_at, place_of, places_of
from ingest.report import now
from ingest.sync import SHIPPED_NAME, writing
from search.engine import DATABASE
from search.errors import SearchError
from search.store.truth import Known, Truth


class Unknown(SearchError):
    """Nothing in the base goes by a name."""


class Ambiguous(SearchError):
    """Several documents have a file of this name."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A document that is removed. ``returns`` says that the next ingest takes it in again."""

    id: str
    uri: str
    title: str
    place: str | None
    returns: bool


def forget(wanted: Sequence[str], *, home: Path, dry_run: bool = False) -> list[Forgotten]:
    """Remove what these names mean, and tell what it was; nothing, where one means nothing.

    Raises Unknown, Ambiguous or StoreError.
    """
    if dry_run:
        truth = Truth(home / DATABASE, read_only=True)
        try:
            return _found(truth, wanted)[0]
        finally:
            truth.close()
    Truth(home / DATABASE, read_only=True).close()  # no base is made here
    with writing(home) as truth:
        found, failures = _found(truth, wanted)
        at = now()
        indexing = Indexing(truth, home / "index", lambda _: None)
        for one in found:
            indexing.newer += len(truth.passages_of(one.id))
            truth.delete(one.id, at)
        still = [entry for entry in truth.runs.unmended() if entry.source not in failures]
        truth.runs.mend(still)
        if found:
            indexing.finish()
        return found


def places(truth: Truth) -> dict[str, tuple[str, Known, str | None]]:
    """Where each document came from: id -> (source, what is known of it, its place)."""
    return {
        entry.document_id: (
            source,
            entry,
            place_of(entry.collection, source.partition("|")[2]),
        )
        for source, entry in truth.known().items()
    }


def _found(truth: Truth, wanted: Sequence[str]) -> tuple[list[Forgotten], set[str]]:
    """What the names mean, and the sources of failures at their places."""
    where = places(truth)
    ids: dict[str, None] = {}
    failures: set[str] = set()
    for name in wanted:
        here = places_of(Path(name).expanduser())
        named = truth.named(name)
        exact = [document for document, by_file in named if not by_file]
        below = [
            document
            for document, (_, _, place) in where.items()
            if place is not None and any(is_at(place, path) for path in here)
        ]
        failed = {entry.source for entry in truth.runs.unmended() if _is_at(entry.source, here)}
        if exact:
            found = exact
        elif below or failed:
            found = sorted(below, key=lambda document: where[document][2] or "")
        else:
            found = [document for document, _ in named]
            if len(found) > 1:
                raise Ambiguous(
                    f"{len(found)} documents have a file of the name {name}: {', '.join(found)}; "
                    "name one of them by its id, or give a path"
                )
        if not found and not failed:
            raise Unknown(
                f"nothing in the base is called {names.escaped(name)} or came from there; "
                "nothing was removed"
            )
        ids.update(dict.fromkeys(found))
        failures |= failed
    heads = {document.id: document for document in truth.documents()}
    return [
        Forgotten(
            document,
            heads[document].uri,
            heads[document].title,
            (place := where[document][2]) and unquote(place),
            _returns(where[document][1].collection, place),
        )
        for document in ids
    ], failures


def _is_at(source: str, here: Sequence[str]) -> bool:
    root, _, uri = source.partition("|")
    place = place_of(root, uri or "file:" + names.uri_path(Path(root).name)) if root else None
    return place is not None and any(is_at(place, path) for path in here)


def _returns(collection: str, place: str | None) -> bool:
    if collection in (REGISTER, SHIPPED_NAME):
        return True
    return place is not None and names.on_disk(unquote(place.partition("!/")[0])).exists()
