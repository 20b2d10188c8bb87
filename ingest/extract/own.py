"""What a PDF, DOCX or HTML file says of itself in Kjelda's own keys.

The keys are those of the front matter of a Markdown article. HTML has them as
``<meta name="kjelda.uri" content="...">``; PDF and DOCX as keywords,
``kjelda.uri=...; kjelda.type=guidance; kjelda.areas=4``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace

from ingest.extract.draft import Draft
from ingest.extract.front import article

PREFIX = "kjelda."
_PAIR = re.compile(r"\s*kjelda\.([a-z_]+)\s*=\s*([^;]*?)\s*(?:;|$)")
_NEVER = frozenset({"sections", "declared", "claims", "ocr", "warnings"})


def keywords(text: str | None) -> dict[str, str]:
    """The pairs in a keyword string; other keywords are passed over."""
    return {match[1]: match[2] for match in _PAIR.finditer(text or "") if match[2]}


def told(draft: Draft, said: Mapping[str, str]) -> Draft:
    """The draft with what the file says of itself in place of what was found out.

    Raises BrokenFile for a value that isn't one of the allowed.
    """
    if not said:
        return draft
    front: dict[str, object] = dict(said)
    if "areas" in said:
        parts = [part.strip() for part in said["areas"].split(",")]
        front["areas"] = [int(part) if part.isdigit() else part for part in parts]
    own, empty = article(front), Draft(sections=())
    over = {
        field.name: getattr(own, field.name)
        for field in fields(Draft)
        if field.name not in _NEVER and getattr(own, field.name) != getattr(empty, field.name)
    }
    return replace(
        draft,
        **over,
        declared=draft.declared or "language" in over,
        warnings=(*draft.warnings, *own.warnings),
    )
