"""What Word and PowerPoint files share: languages, and text that XML can hold."""

from __future__ import annotations

import re

_TAGS = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
# What XML 1.0 has no way to write; documents are normalised, but titles come from anywhere.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def tag(lang: str) -> str | None:
    """The language as Office names it, or None where it isn't known."""
    return _TAGS.get(lang)


def safe(words: str) -> str:
    """The words without what XML can't hold."""
    return _NOT_XML.sub("", words)
