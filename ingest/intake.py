"""From sources to a session: files and folders, and the register with what was fetched of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Language
from corpus.sources import Source, source_document
from ingest import names
from ingest.count import count_sources
from ingest.errors import IngestError
from ingest.language import detect
from ingest.moves import Moves, adopt
from ingest.parts import part_of, whole
from ingest.plan import content_digest
from ingest.read import Failure, SourceFile, iter_sources
from ingest.readers import Readers
from ingest.register import Held, Library, document_of, heirs
from ingest.report import Progress, unforeseen
from ingest.session import Session
from ingest.walked import drop, remember
from ingest.work import Reply

REGISTER = "register"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file that a reader is at."""

    item: SourceFile
    source: str
    digest: str
    content: str
    reply: Future[Reply]


def collection(session: Session, readers: Readers, path: Path, name: str | None = None) -> None:
    """A file, folder or archive that the user named; known by its path or a name."""
    session.refresh()
    roots = {entry.collection for entry in session.known.values()}
    part = whole(name) if name else part_of(path, roots)
    root = part.root
    if part.within is not None:
        here = names.escaped(str(path))
        session.notes.append(f"{here} lies in {root}, which is known: only that part was read")
    adopt(session, part)
    moves = Moves(session, part)
    failures = len(session.failed)
    total = count_sources(path)
    met = 0
    unread: list[str] = []
    reading: deque[_Reading] = deque()
    for item in iter_sources([path], ignored=session.ignored.append, within=part.within):
        met += 1
        session.tell(Progress("read", met, total and max(total, met), item.uri))
        source = f"{root}|{item.uri}"
        session.seen.add(source)
        if isinstance(item, Failure):
            session.failed.append(item)
            unread.append(item.uri)
        elif begun := _begin(session, readers, item, source, moves):
            reading.append(begun)
        # Taken in the order they were met, whichever reader is done first.
        while len(reading) > readers.window or (reading and reading[0].reply.done()):
            _end(session, reading.popleft(), root)
    for held, source in moves.settle(unread):
        if begun := _begin(session, readers, held, source):
            reading.append(begun)
        while len(reading) > readers.window:
            _end(session, reading.popleft(), root)
    while reading:
        _end(session, reading.popleft(), root)
    session.flush()
    drop(session, part, path, met, unread)
    remember(session, part, session.failed[failures:])


def _begin(
    session: Session, readers: Readers, item: SourceFile, source: str, moves: Moves | None = None
) -> _Reading | None:
    """Give a file to a reader, unless it is as it was, can't be opened, or may have moved."""
    try:
        data = item.data
    except IngestError as error:
        session.failed.append(Failure(item.uri, str(error)))
        return None
    digest = session.digest(data, item.uri, dated=True)
    if session.unchanged(source, item.uri, digest):
        return None
    content = content_digest(data)
    if moves is not None and moves.hold(item, source, content):
        return None
    reply = readers.submit(item, len(data), session.today)
    return _Reading(item, source, digest, content, reply)


def _end(session: Session, reading: _Reading, root: str) -> None:
    """Take what a reader made of a file."""
    uri, reply = reading.item.uri, reading.reply.result()
    if reply.extracted is None:
        failure = unforeseen(uri, reply.reason) if reply.fault else Failure(uri, reply.reason)
        session.failed.append(failure)
        return
    session.warnings += [f"{uri}: {warning}" for warning in reply.extracted.warnings]
    session.document(
        reply.extracted.document, uri, reading.source, root, reading.digest, reading.content
    )


def registered(session: Session, sources: Sequence[Source], library: Library | None) -> None:
    """The register: the text of each source where it was fetched, and else its card."""
    session.refresh()
    part, failures = whole(REGISTER), len(session.failed)
    known_heirs = heirs(sources, library) if library else {}
    for number, source in enumerate(sources, 1):
        session.tell(Progress("read", number, len(sources), source.url or source.id))
        heir = known_heirs.get(source.replaced_by) if source.replaced_by else None
        held = library.held(source) if library else None
        if held is None or not _fetched(session, source, held, heir):
            _card(session, source, heir)
        if library and library.is_missing(source):
            session.warnings.append(
                f"{source.url}: not among the acts in force that Lovdata gives out; its card stands"
            )
    session.flush()
    drop(session, part, None, len(sources))
    remember(session, part, session.failed[failures:])


def _fetched(session: Session, source: Source, held: Held, heir: str | None) -> bool:
    """Take the text of a source in; False if it can't be read, which is told."""
    assert source.url is not None
    key = _key(source)
    gone = held.pages[0][0].gone or ""
    digest = session.digest(held.content, f"{source!r}{heir}{gone}", dated=True)
    if session.unchanged(key, source.url, digest):
        return True
    try:
        document, warnings = document_of(source, held, heir, today=session.today, detect=detect)
    except IngestError as error:
        session.failed.append(Failure(source.url, f"{error}; its card stands"))
        return False
    session.warnings += [f"{source.url}: {warning}" for warning in warnings]
    content = content_digest(held.content)
    session.document(document, source.url, key, REGISTER, digest, content)
    return True


def _card(session: Session, source: Source, heir: str | None) -> None:
    card = source_document(source, heir)
    content = repr(card).encode()
    digest = session.digest(content)
    if session.unchanged(_key(source), card.uri, digest):
        return
    mark = content_digest(content)
    session.document(card, card.uri, _key(source), REGISTER, digest, mark, _as_declared)


def _key(source: Source) -> str:
    return f"{REGISTER}|{source.id}"


def _as_declared(_text: str) -> Language:
    """The language of a text that we wrote ourselves: what its document says."""
    return Language.UNDETERMINED
