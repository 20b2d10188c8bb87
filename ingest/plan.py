"""What to do with what was read: compare with what is known. Pure functions."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from corpus.changes import difference
from corpus.currency import Origin
from corpus.documents import Document, Passage, Status
from search.store.truth import Event, Known


class Action(StrEnum):
    """What happens to a document."""

    ADD = "added"
    UPDATE = "updated"
    KEEP = "kept"


def source_digest(data: bytes, *versions: str) -> str:
    """A digest of a source's bytes and of all that decides what becomes of them."""
    digest = hashlib.blake2b(data, digest_size=16)
    digest.update("\x1f".join(("", *versions)).encode())
    return digest.hexdigest()


def content_digest(data: bytes) -> str:
    """A digest of a source's bytes alone: whether the publisher changed anything."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def event(
    old: Document | None, new: Document, at: str, *, recut: bool, reread: bool
) -> Event | None:
    """What is told of a document that is taken in, or None where nothing shows.

    ``recut`` says that its passages are not those that were: the edition before is kept, so that
    what was cited of it can be opened. ``reread`` says that its bytes are the same: a text that
    Kjelda merely reads otherwise is no change by its publisher.
    """
    if old is None:
        return Event(at, "new")
    found = difference(old, new)
    if reread:
        found = replace(found, added=(), removed=(), changed=())
    if _is_gone(new) and not _is_gone(old):
        return Event(at, "gone", found, keep=recut)
    if found.status and new.status in (Status.SUPERSEDED, Status.EXPIRED):
        return Event(at, "superseded", found, keep=recut)
    if found.in_text:
        return Event(at, "changed", found, keep=recut)
    if found.status:
        return Event(at, "status", found, keep=recut)
    return Event(at, "reread", keep=True) if recut else None


def _is_gone(document: Document) -> bool:
    """Whether its publisher shows it no more."""
    return any(claim.origin is Origin.FETCH for claim in document.claims)


def unchanged(known: Known | None, digest: str) -> bool:
    """Whether a source is as it was, so that it need not even be extracted."""
    return known is not None and known.source_digest == digest


def action(
    new: Document, passages: Sequence[Passage], old: Document | None, old_digests: Sequence[str]
) -> Action:
    """What a document read anew calls for."""
    if old is None:
        return Action.ADD
    same = new == old and [p.digest for p in passages] == list(old_digests)
    return Action.KEEP if same else Action.UPDATE


def gone(
    known: Mapping[str, Known], collection: str, seen: Collection[str]
) -> list[tuple[str, str]]:
    """(source, document id) of what came from a collection and is there no more."""
    return sorted(
        (source, entry.document_id)
        for source, entry in known.items()
        if entry.collection == collection and source not in seen
    )
