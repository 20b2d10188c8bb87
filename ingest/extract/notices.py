"""What a page says of its own validity in words: repealed, replaced, out of date, a proposal.

Believed only where a page speaks of itself: in a short line of its own that opens with the
word, or in a sentence whose subject is *this* page, before the text proper or in a box.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.currency import Claim, Origin
from corpus.documents import Status

_LONGEST = 300  # characters of a notice; what is longer is text

_SELF = (
    r"(?:den+e|dette|desse|disse)\s+(?:\w+\s+){0,2}?(?:side[na]?|sida|artikkelen|rundskrivet|"
    r"dokumentet|innhaldet|innholdet|veiledere?n|rettleiare?n|veiledningen|rettleiinga|"
    r"retningslinjene|forskrift(?:en|a)|lov(?:en|a)|regelverket|ordning(?:en|a)|planen|"
    r"strategien|teksten|nettside[na]?)"
    r"|(?:innholdet|innhaldet|sid(?:en|a)|rundskrivet|veilederen|rettleiaren|artikkelen|dokumentet)"
)
_ENDED = (
    r"(?:opphevet|oppheva|opphørt|utgått|ute av kraft|ugyldige?|historiske?|"
    r"ikk?j?e lenge[rn]? (?:gyldig|i kraft|gjeldende|gjeldande|i bruk))"
)
_REPLACED = r"(?:erstattet|erstatta|avløst|avløyst|vart erstatta|ble erstattet)"
_IS = r"(?:er|var|ble|blei|vart|har blitt|har vorte|er blitt|er vorten)"

_OPENS = re.compile(
    r"^(?:status\s*:\s*)?(?:ugyldig(?:/\s*opphevet|/\s*oppheva)?|opphevet|oppheva|utgått)"
    # Not "Opphevet regelverk", a heading over what others say.
    r"(?P<more>\s*(?:$|[–—:.,(/-]|(?:fra|frå|den|per|pr\.|\d|og|erstat|avlø)).*)$",
    re.IGNORECASE | re.DOTALL,
)
_BY = re.compile(r"\b(?:erstattet|erstatta|avløst|avløyst)\s+(?:av|med)\b", re.IGNORECASE)
_SAYS_REPLACED = re.compile(rf"\b(?:{_SELF})\s+{_IS}\s+(?:\w+\s+)?{_REPLACED}\b", re.IGNORECASE)
_SAYS_ENDED = re.compile(rf"\b(?:{_SELF})\s+{_IS}\s+(?:\w+\s+)?{_ENDED}", re.IGNORECASE)
_SAYS_DOUBT = re.compile(
    rf"\b(?:{_SELF}|noe av innholdet|noko av innhaldet|informasjonen)\s+"
    r"(?:kan (?:være|vere|vera|inneholde|innehalde)\s+(?:\w+\s+)?"
    r"(?:utdater\w*|forelda|foreldet|gamm\w+)"
    r"|(?:er|blir|vert) ikk?j?e\s+(?:lenger\s+|lengre\s+|lengjer\s+)?oppdater\w*"
    r"|er (?:utdater\w+|forelda|foreldet|arkiver\w+))",
    re.IGNORECASE,
)
_PROPOSED = re.compile(r"^status\s*:\s*(?:på høring|på høyring|under behandling)\b", re.IGNORECASE)
_IN_FORCE = re.compile(r"^status\s*:\s*(?:gyldig|gjeldende|gjeldande|i kraft)\b", re.IGNORECASE)


def claims_in(notices: Iterable[str]) -> tuple[Claim, ...]:
    """At most one claim, the first and most careful, from the lines a page opens with."""
    found: Claim | None = None
    for line in notices:
        said = _claim(line) if len(line) <= _LONGEST else None
        if said is None:
            continue
        if found is None or _CARE[said.status] < _CARE[found.status]:
            found = said
    return () if found is None else (found,)


_CARE = {
    Status.SUPERSEDED: 0,
    Status.EXPIRED: 1,
    Status.PROPOSAL: 2,
    Status.UNKNOWN: 3,
    Status.CURRENT: 4,
}


def _claim(line: str) -> Claim | None:
    words = " ".join(line.split())
    if match := _OPENS.match(words):
        replaced = _BY.search(match["more"]) is not None
        return _said(Status.SUPERSEDED if replaced else Status.EXPIRED, words)
    if _SAYS_REPLACED.search(words):
        return _said(Status.SUPERSEDED, words)
    if _SAYS_ENDED.search(words):
        return _said(Status.EXPIRED, words)
    if _PROPOSED.match(words):
        return _said(Status.PROPOSAL, words)
    if _SAYS_DOUBT.search(words):
        return _said(Status.UNKNOWN, words)
    if _IN_FORCE.match(words):
        return _said(Status.CURRENT, words)
    return None


def _said(status: Status, words: str) -> Claim:
    return Claim(Origin.NOTICE, status, words)
