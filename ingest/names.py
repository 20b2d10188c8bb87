"""Names of files as they are shown and stored: always text, also where the bytes are not UTF-8.

Python gives a byte of a name that is no UTF-8 as a lone surrogate, which no database, terminal
or JSON takes. Names are mended here, where they come in; a file is opened by its real path.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

_RAW = re.compile("[\udc80-\udcff]")


def is_mangled(name: str) -> bool:
    """Whether a name holds bytes that are not UTF-8."""
    return _RAW.search(name) is not None


def escaped(name: str) -> str:
    """The name as text: a byte that is not UTF-8 stands as ``%E6``."""
    return _RAW.sub(lambda match: f"%{_byte(match):02X}", name).encode("utf-8", "replace").decode()


def readable(name: str) -> str:
    """The name with its stray bytes read as Windows and Latin-1 write them, if they can be."""
    if not is_mangled(name):
        return name
    # The rest of the name may well be UTF-8: only what isn't is read otherwise.
    text = _RAW.sub(lambda match: bytes([_byte(match)]).decode("cp1252", "replace"), name)
    return text if text.isprintable() and "\ufffd" not in text else name


def readable_among(names: Iterable[str]) -> dict[str, str]:
    """The names of one folder, each readable and no two alike: the mangled one stays escaped."""
    shown = {name: readable(name) for name in names}
    times = Counter(unicodedata.normalize("NFC", text) for text in shown.values())
    return {
        name: name if is_mangled(name) and times[unicodedata.normalize("NFC", text)] > 1 else text
        for name, text in shown.items()
    }


def shown(path: Path) -> str:
    """The last part of a path as its folder's listing shows it."""
    if not is_mangled(path.name):
        return path.name
    try:
        beside = os.listdir(path.parent)  # noqa: PTH208 - names only
    except OSError:
        beside = []
    return readable_among([*beside, path.name])[path.name]


def uri_path(path: str) -> str:
    """Letters stay as they are (å too); what would end a uri's path is escaped."""
    path = unicodedata.normalize("NFC", path)
    return escaped(re.sub(r"[%#?\\\s]", lambda match: quote(match[0]), path))


def every_byte(path: str) -> str:
    """All but ASCII escaped: for a name that another one, mended, has taken."""
    return quote(os.fsencode(path), safe="/!$&'()*+,;=:@ ").replace(" ", "%20")


def on_disk(name: str) -> Path:
    """The path that was escaped."""
    path = Path(name)
    if "%" not in name or path.exists():
        return path
    return Path(os.fsdecode(unquote_to_bytes(name)))


def _byte(match: re.Match[str]) -> int:
    return ord(match[0]) - 0xDC00
