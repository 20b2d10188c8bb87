"""Whether a document holds: what its sources say of that, and what follows from all of it.

A page, its publisher's register, the register of Kjelda and the dates may disagree. Nothing
is resolved silently: every claim is kept, and a document whose sources disagree says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from corpus.documents import Document, Status


class Origin(StrEnum):
    """Who says it."""

    DOCUMENT = "document"  # the document's own head: front matter, meta data, its type
    NOTICE = "notice"  # words on the page, such as "Opphevet"
    DATES = "dates"  # the day on which it begins or ceases to hold
    REGISTER = "register"  # corpus/sources.toml
    FETCH = "fetch"  # that its address gives it no more


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of a document's status, and in which words.

    UNKNOWN with words is doubt ("kan være utdatert"). ``on`` is the day it was said or seen;
    ``replaced_by`` a document id.
    """

    origin: Origin
    status: Status
    words: str | None = None
    on: date | None = None
    replaced_by: str | None = None

    @property
    def is_doubt(self) -> bool:
        """Whether it says that nobody can be sure."""
        return self.status is Status.UNKNOWN and bool(self.words)


# The more careful word counts: what may not hold must never pass for the rule in force.
_CAREFUL = (Status.SUPERSEDED, Status.EXPIRED, Status.PROPOSAL)


def settled(claims: Iterable[Claim]) -> Status:
    """The status that claims lead to: the most careful of them, and doubt before *in force*."""
    said = tuple(claims)
    for status in _CAREFUL:
        if any(claim.status is status for claim in said):
            return status
    if any(claim.is_doubt for claim in said):
        return Status.UNKNOWN
    in_force = any(claim.status is Status.CURRENT for claim in said)
    return Status.CURRENT if in_force else Status.UNKNOWN


def disagree(claims: Iterable[Claim]) -> bool:
    """Whether one source says that it is in force, and another that it is not, or doubts it."""
    said = tuple(claims)
    in_force = any(claim.status is Status.CURRENT for claim in said)
    against = any(claim.status in _CAREFUL or claim.is_doubt for claim in said)
    return in_force and against


def with_claims(document: Document, *claims: Claim) -> Document:
    """The document with further claims beside those it has, and the status they lead to.

    A claim by the same origin takes the earlier one's place. A document whose only claim is its
    own head keeps none: its status says it all.
    """
    own = document.claims or (
        (Claim(Origin.DOCUMENT, document.status),) if document.status is not Status.UNKNOWN else ()
    )
    new = {claim.origin for claim in claims}
    said = (*(claim for claim in own if claim.origin not in new), *claims)
    if all(claim.origin is Origin.DOCUMENT and not claim.words for claim in said):
        said = ()
    heirs = [claim.replaced_by for claim in said if claim.replaced_by]
    return replace(
        document,
        status=settled(said) if said else document.status,
        claims=said,
        replaced_by=document.replaced_by or (heirs[0] if heirs else None),
    )
