"""Sources that moved: another name, another folder, or a collection that became part of another.

The document keeps its id, so that what was cited opens. What a new file's bytes had before is
held back until the walk is over: only then is it known which of the old names are gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest import names
from ingest.parts import Part, covers, place_of, source_in

if TYPE_CHECKING:
    from ingest.read import SourceFile
    from ingest.session import Session

HELD = 256_000_000  # bytes of archive members held back at most


class Moves:
    """The renames within one collection, in one run."""

    def __init__(self, session: Session, part: Part) -> None:
        self._session = session
        self._part = part
        self._left: dict[str, bool] = {}
        self._old: dict[str, list[str]] = defaultdict(list)
        for source, entry in session.known.items():
            if not entry.content or entry.own:
                continue
            if entry.collection == part.root or self._has_left(entry.collection):
                self._old[entry.content].append(source)
        self._held: list[tuple[SourceFile, str, str]] = []
        self._bytes = 0

    def hold(self, item: SourceFile, source: str, content: str) -> bool:
        """Hold a new source back where an old one, not met so far, had its very bytes."""
        if source in self._session.known:
            return False
        size = len(item.content or b"")
        unmet = any(old not in self._session.seen for old in self._old.get(content, ()))
        if not unmet or self._bytes + size > HELD:
            return False
        self._bytes += size
        self._held.append((item, source, content))
        return True

    def settle(self, unread: Sequence[str]) -> Iterator[tuple[SourceFile, str]]:
        """The walk is over: what took the place of another is that document. Gives all held."""
        taken: set[str] = set()
        pairs: dict[str, str] = {}  # new source -> old
        for same_name in (True, False):  # a file that kept its name is the surest
            for _, source, content in self._held:
                if source in pairs:
                    continue
                for old in self._old[content]:
                    alike = PurePosixPath(old).name == PurePosixPath(source).name
                    if old in taken or alike is not same_name or not self._is_gone(old, unread):
                        continue
                    taken.add(old)
                    pairs[source] = old
                    break
        _readdress(self._session, self._part.root, [(old, new) for new, old in pairs.items()])
        yield from ((item, source) for item, source, _ in self._held)
        self._held.clear()

    def _is_gone(self, source: str, unread: Sequence[str]) -> bool:
        if source in self._session.seen:
            return False
        if not source.startswith(f"{self._part.root}|"):
            return True  # of a collection that has left
        if any(covers(f"{self._part.root}|{uri}", source) for uri in unread):
            return False
        if self._part.covers(source):
            return True
        # Outside what is walked now: the file itself tells.
        place = place_of(self._part.root, source.partition("|")[2])
        if place is None or "!/" in place or not names.on_disk(self._part.root).is_dir():
            return False
        return not names.on_disk(unquote(place)).exists()

    def _has_left(self, root: str) -> bool:
        """Whether a collection's folder or file is there no more: it may be this one now."""
        if root not in self._left:
            self._left[root] = Path(root).is_absolute() and not names.on_disk(root).exists()
        return self._left[root]


def adopt(session: Session, part: Part) -> None:
    """Let the collections inside a path be parts of the one that it belongs to."""
    for inner in part.inner:
        pairs: list[tuple[str, str]] = []
        twice: list[str] = []
        for source, entry in sorted(session.known.items()):
            if entry.collection != inner:
                continue
            place = place_of(inner, source.partition("|")[2])
            new = None if place is None else source_in(part.root, place)
            if new is None:
                continue
            if new not in session.known:
                pairs.append((source, new))
            else:  # the same file, known by both
                twice.append(source)
        _readdress(session, part.root, pairs)
        for source in twice:  # no reader misses it: its file is there by the other source
            lost = session.known.pop(source).document_id
            session.owner.pop(lost, None)
            session.delete(lost)
        if pairs or twice:
            said = f"{inner} is a part of {part.root} from now on"
            if twice:
                said += f"; {len(twice)} documents were there twice and are there once"
            session.notes.append(said)
        session.scopes.append(f"{inner}|")


def _readdress(session: Session, root: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Documents that come from another source now: (old, new) of each. They keep their ids."""
    if pairs:
        session.truth.readdress([(session.known[old].document_id, new, root) for old, new in pairs])
    for old, new in pairs:
        entry = session.known.pop(old)
        session.known[new] = replace(entry, collection=root, source_digest="")
        session.owner[entry.document_id] = new
        session.moves[new] = old.partition("|")[2]
