"""Two wordings beside each other, cut into runs: what went out, and what came in. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from api.marking import Run

_TOKEN = re.compile(r"\s+|[^\W_]+|[\W_]")


def marked_difference(before: str, after: str) -> tuple[list[Run], list[Run]]:
    """The old text and the new one; runs that are marked differ.

    Compared by words; that only white space differs is no difference.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(
        None, [_plain(t) for t in old], [_plain(t) for t in new], autojunk=False
    )
    left: list[Run] = []
    right: list[Run] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        same = kind == "equal"
        _put(left, "".join(old[a:b]), marked=not same)
        _put(right, "".join(new[c:d]), marked=not same)
    return left, right


def _plain(token: str) -> str:
    return " " if token.isspace() else token


def _put(runs: list[Run], text: str, *, marked: bool) -> None:
    if text:
        runs.append(Run(text, marked and bool(text.strip())))
