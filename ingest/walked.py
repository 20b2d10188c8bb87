"""After a walk: what is gone leaves the base, and what could not be read is remembered."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import names
from ingest.parts import Part, covers
from ingest.plan import gone
from ingest.read import Failure
from ingest.report import now
from search.store.runs import Unmended

if TYPE_CHECKING:
    from ingest.session import Session


def drop(
    session: Session, part: Part, path: Path | None, met: int, unread: Sequence[str] = ()
) -> None:
    """Remove what came from this part of a collection and is there no more.

    What lies in a folder or an archive that couldn't be read (``unread``) is kept.
    """
    session.refresh()
    closed = [f"{part.root}|{uri}" for uri in unread]
    lost = [
        (source, document_id)
        for source, document_id in gone(session.known, part.root, session.seen)
        if part.covers(source) and not any(covers(scope, source) for scope in closed)
    ]
    there = path is None or path.is_file() or (met and path.exists())
    if lost and path is not None and not there:
        where = names.escaped(str(path))
        session.failed.append(
            Failure(
                where,
                f"nothing is there now, but {len(lost)} documents came from it: none was deleted. "
                f"Is a disk missing? If not, `kjelda forget {shlex.quote(where)}` removes them",
            )
        )
        return
    for source, document_id in lost:
        session.delete(document_id, now())
        session.deleted.append(source.partition("|")[2] or source)


def remember(session: Session, part: Part, failures: Sequence[Failure]) -> None:
    """A part was met whole: what could not be read of it is what stays to be mended."""
    session.scopes.append(part.scope)
    for failure in failures:
        by_file = failure.uri.startswith("file:")
        source = f"{part.root}|{failure.uri}" if by_file else part.scope
        session.unmended.append(Unmended(source, failure.uri, failure.reason))


def still_unmended(session: Session) -> list[Unmended]:
    """This run's failures, and those before it of which it met nothing, and that can be mended."""
    session.refresh()
    roots = {entry.collection for entry in session.known.values()}
    before = [
        entry
        for entry in session.truth.runs.unmended()
        if entry.source
        and not any(covers(scope, entry.source) for scope in session.scopes)
        and _is_anywhere(entry.source.partition("|")[0], roots)
    ]
    return [*before, *session.unmended]


def _is_anywhere(root: str, roots: set[str]) -> bool:
    """Whether a collection is in the base, or still on disk."""
    return root in roots or names.on_disk(root).exists()
