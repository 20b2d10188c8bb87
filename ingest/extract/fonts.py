"""What the strings of a PDF page mean: the words, spaces and widths that a font of pypdf gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

_SPACES = frozenset(" \u00a0\t\r\n\u2002\u2003\u2009")


class Part(NamedTuple):
    """Letters of a string: width in thousandths, how many, whether it is a space.

    ``stretches`` when word spacing applies: to the single byte 32 only.
    """

    text: str
    width: float
    letters: int
    space: bool
    stretches: bool = False


class Font:
    """A font of pypdf's, with what it makes of the strings met so far."""

    def __init__(self, resource: Any) -> None:
        from pypdf.generic import _font

        # Where fontTools is installed (WeasyPrint brings it), pypdf reads embedded fonts with it,
        # and takes letters of some for others: docs/decisions/0009-pdf-layout.md.
        _font.HAS_FONTTOOLS = False
        self._font = _font.Font.from_font_resource(resource)
        name = str(resource.get("/BaseFont", "")).lstrip("/")
        self.name = name.partition("+")[2] or name
        self._known: dict[bytes, tuple[Part, ...]] = {}
        # Codes of an embedded font without a map to Unicode are no letters.
        two_bytes = isinstance(self._font.encoding, str)
        self.readable = self._font.interpretable and not (
            two_bytes and not self._font.character_map and "/ToUnicode" not in resource
        )

    def parts(self, raw: bytes) -> tuple[Part, ...]:
        """The string's words and spaces."""
        found = self._known.get(raw)
        if found is None:
            found = self._known[raw] = tuple(self._read(raw))
        return found

    def letters(self, raw: bytes) -> Iterator[Part]:
        """The string's letters one by one: spaced so far apart they are no word."""
        step = 2 if isinstance(self._font.encoding, str) else 1
        for at in range(0, len(raw), step):
            yield from self._read(raw[at : at + step])

    def _read(self, raw: bytes) -> Iterator[Part]:
        font = self._font
        if isinstance(font.encoding, str):
            codes = raw.decode(font.encoding, "replace")
            letters = [font.character_map.get(code, code) for code in codes]
        else:
            codes = "".join(map(chr, raw))
            plain = (font.encoding.get(byte, chr(byte)) for byte in raw)
            letters = [font.character_map.get(letter, letter) for letter in plain]
        text, width, count = "", 0.0, 0
        for code, letter in zip(codes, letters, strict=True):
            wide = float(font.space_width if code == font.space_char else font.get_text_width(code))
            if letter in _SPACES:
                if count:
                    yield Part(text, width, count, False)
                yield Part(" ", wide, 1, True, code == " " and not isinstance(font.encoding, str))
                text, width, count = "", 0.0, 0
                continue
            text, width, count = text + letter, width + wide, count + 1
        if count:
            yield Part(text, width, count, False)


def font(resource: Any, fonts: dict[int, Any]) -> Font | None:
    """The font of a resource; ``fonts`` keeps those met, from page to page."""
    if resource is None:
        return None
    key = id(resource)
    if key not in fonts:
        # The resource is kept too: the id of one that is gone may come again.
        fonts[key] = (Font(resource), resource)
    found: Font = fonts[key][0]
    return found
