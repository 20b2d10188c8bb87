"""Document ids: derived from the canonical address, never from content.

A regjeringen.no page is known by its ``idNNNN``, a Lovdata text by its refid
(``lov/2020-11-06-127``), everything else by a slug of its address.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

_REGJERINGEN = re.compile(r"(?:^|\.)regjeringen\.no$|episerver\.net$")
_REGJERINGEN_ID = re.compile(r"/(id\d{4,})(?:/|$)")
_LOVDATA_PATH = re.compile(r"/dokument/([^/]+)/((?:lov|forskrift)/\d{4}-\d{2}-\d{2}(?:-\d+)?)")
_REFID = re.compile(r"^(?:lov|forskrift)/\d{4}-\d{2}-\d{2}(?:-\d+)?$")
_UNSAFE = re.compile(r"[^a-z0-9]+")
_FOLD = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


def document_id(uri: str) -> str:
    """A short, stable id, safe in a path and in a URL.

    ``https://lovdata.no/dokument/NL/lov/2020-11-06-127`` and ``lov/2020-11-06-127``
    both give ``lov-2020-11-06-127``. Raises ValueError for an empty uri.
    """
    uri = uri.strip()
    if not uri:
        raise ValueError("a document needs a uri to be known by")
    if _REFID.match(uri):
        return uri.replace("/", "-")
    parts = urlsplit(uri)
    host = (parts.hostname or "").removeprefix("www.")
    if match := _LOVDATA_PATH.search(parts.path):
        # An announcement (LTI) is not the act as it stands today, and has its own id.
        announced = "lti-" if match[1] == "LTI" else ""
        return announced + match[2].replace("/", "-")
    if _REGJERINGEN.search(host) and (match := _REGJERINGEN_ID.search(parts.path + "/")):
        return f"regjeringen-{match[1]}"
    return slug(f"{host}{parts.path}" if host else f"{parts.scheme}-{parts.path}")


def slug(text: str, limit: int = 72) -> str:
    """Lower-case ASCII words with hyphens; a long text ends in its own digest."""
    words = _UNSAFE.sub("-", text.lower().translate(_FOLD)).strip("-")
    if words and len(words) <= limit:
        return words
    mark = hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
    return f"{words[: limit - 11]}-{mark}".strip("-")
