"""Which collection a path belongs to, and where on disk a source of a collection lies.

A collection is a folder, file or archive that was named, known by its resolved path. A path
inside a known one is a part of it; known ones inside a path become parts of that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ingest import names
from ingest.extract.media import SUFFIXES
from ingest.read import is_archive, label_within

_FILE = "file:"


@dataclass(frozen=True, slots=True)
class Part:
    """What one path brings in line: the sources of collection ``root`` under ``scope``.

    ``within`` is the folder of a collection that the path is only a part of. ``inner`` are the
    known collections that lie in the path.
    """

    root: str
    scope: str
    within: Path | None = None
    inner: tuple[str, ...] = ()

    def covers(self, source: str) -> bool:
        """Whether a source is brought in line by it."""
        return covers(self.scope, source)


def covers(scope: str, source: str) -> bool:
    """Whether a source lies under a scope: a collection (``root|``), a folder, or itself."""
    if scope.endswith("|"):
        return source.startswith(scope)
    return source == scope or source.startswith((f"{scope}/", f"{scope}!/"))


def whole(root: str) -> Part:
    """A collection that goes by a name, not by a path."""
    return Part(root, f"{root}|")


def part_of(path: Path, roots: Collection[str]) -> Part:
    """What a path is among the known collections: the outermost that holds it counts."""
    real = path.resolve()
    root, within = names.escaped(str(real)), None
    for folder in reversed(real.parents):
        if names.escaped(str(folder)) in roots and _is_met(folder, real):
            root, within = names.escaped(str(folder)), folder
            break
    scope = f"{root}|"
    if within is not None:
        scope += _FILE + names.uri_path(label_within(within, real))
    here = names.escaped(str(real))
    below = f"{here.rstrip('/')}/"
    inner = tuple(
        sorted(
            other
            for other in roots
            if other != root
            and (other == here or (other.startswith(below) and _is_met(real, Path(other))))
            and _is_there(other)
        )
    )
    return Part(root, scope, within, inner)


def _is_met(folder: Path, real: Path) -> bool:
    """Whether the walk of a folder comes by a path in it; what it leaves out is known by itself."""
    parts = real.relative_to(folder).parts
    if any(part.startswith(".") for part in parts):
        return False
    name = real.name
    return real.is_dir() or real.suffix.lower() in SUFFIXES or is_archive(name)


def _is_there(root: str) -> bool:
    """Whether a collection can be met: a disk that is not mounted is an empty folder, or none."""
    path = names.on_disk(root)
    try:
        return path.is_file() or (path.is_dir() and any(path.iterdir()))
    except OSError:
        return False


def place_of(root: str, uri: str) -> str | None:
    """The path of a source, escaped as a uri is; None for what has no file of its own."""
    path = Path(root)
    if not uri.startswith(_FILE) or not path.is_absolute():
        return None
    base = names.uri_path(root).rstrip("/")
    label, mark, member = uri.removeprefix(_FILE).partition("!/")
    top = names.uri_path(names.readable(path.name))
    own = f"{names.uri_path(names.readable(path.parent.name))}/{top}".lstrip("/")
    if label == own and not (path / path.name).exists():
        below = ""  # the collection is this file
    elif label == top or not top or label.startswith(f"{top}/"):
        below = label.removeprefix(top)
    else:
        below = ""  # a link was named that goes by another name
    below = f"/{below.lstrip('/')}" if below else ""
    return base + below + mark + member


def source_in(root: str, place: str) -> str | None:
    """The source of a collection that lies at a place; None where it is outside of the folder."""
    base = names.uri_path(root).rstrip("/")
    if not place.startswith((f"{base}/", f"{base}!/")) and place != base:
        return None
    top = names.uri_path(names.readable(Path(root).name))
    return f"{root}|{_FILE}{(top + place.removeprefix(base)).lstrip('/')}"


def places_of(path: Path) -> tuple[str, ...]:
    """A path as place_of may write it: escaped, or with its names made readable."""
    real = path.resolve()
    mended = "/".join(names.readable(part) for part in str(real).split("/"))
    return tuple(dict.fromkeys(map(names.uri_path, (names.escaped(str(real)), str(real), mended))))


def is_at(place: str, wanted: str) -> bool:
    """Whether a source's place is a path, or lies below it."""
    return place == wanted or place.startswith((f"{wanted.rstrip('/')}/", f"{wanted}!/"))
