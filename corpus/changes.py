"""What differs between two editions of a document: its sections and its status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.documents import Document, Section, Status


@dataclass(frozen=True, slots=True)
class Difference:
    """Sections by name, in the order of the document; a status that changed, before and after."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    status: tuple[Status, Status] | None = None

    def __bool__(self) -> bool:
        """Whether anything differs that a reader would see."""
        return self != Difference()

    @property
    def in_text(self) -> bool:
        """Whether the text differs."""
        return bool(self.added or self.removed or self.changed)


def difference(old: Document, new: Document) -> Difference:
    """What a new edition adds, takes out and words otherwise.

    A section is known by its heading trail and, where there are several under one, by its place
    among them. A § that only moved is no change.
    """
    before, after = _by_name(old.sections), _by_name(new.sections)
    return Difference(
        added=_names(key for key in after if key not in before),
        removed=_names(key for key in before if key not in after),
        changed=_names(key for key in after if key in before and after[key] != before[key]),
        status=(old.status, new.status) if old.status != new.status else None,
    )


_Key = tuple[str, int]


def _by_name(sections: Sequence[Section]) -> dict[_Key, str]:
    seen: Counter[str] = Counter()
    found: dict[_Key, str] = {}
    for section in sections:
        name = section_name(section)
        found[name, seen[name]] = section.text
        seen[name] += 1
    return found


def _names(keys: Iterable[_Key]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in keys))


def section_name(section: Section) -> str:
    """How a section is called: its innermost heading, under the one around it if it has no number.

    Text without a heading goes by its page, or by nothing.
    """
    if section.headings:
        own = section.headings[-1]
        above = section.headings[-2] if len(section.headings) > 1 else ""
        return f"{above} › {own}" if above and section.place.section is None else own
    return f"side {section.place.page}" if section.place.page else "–"
