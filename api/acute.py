"""Acute help at the rim: what a question calls for, as values for pages and as plain data.

It is read from the question alone, so it is there also when the base is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.acute import LANGUAGES, AcuteHelp, Contact, Help, acute_help
from search.acute import Acute, Level, assess

if TYPE_CHECKING:
    from collections.abc import Iterable

PATH = "/hjelp"


@dataclass(frozen=True, slots=True)
class Box:
    """What stands before everything else: in full, or a line or two."""

    level: Level
    language: str
    help: Help
    words: AcuteHelp

    @property
    def full(self) -> bool:
        """Whether it is the whole box."""
        return self.level is Level.FULL

    @property
    def lead(self) -> str:
        """The first line: the number to call now."""
        return self.help.heading if self.full else self.words.interface["small"]

    @property
    def path(self) -> str:
        """The page with all of it, in this language."""
        return f"{PATH}?lang={self.language}"

    @property
    def texts(self) -> tuple[str, ...]:
        """Warnings and duties, in order; none in the small box."""
        return tuple(text.text for text in self.help.texts) if self.full else ()

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Whom to call, in order; the first alone in the small box."""
        return self.help.contacts if self.full else (_police(self.words),)


def box(question: str, written: str) -> Box | None:
    """The box that a question calls for, in its own language if that is English."""
    found = assess(question)
    return None if found is None else _box(found, "en" if found.english else written)


def notices(question: str, written: str = "nb") -> list[dict[str, Any]]:
    """Acute help as notices of the API, the reader's language first; empty for most questions.

    As with other notices there is one in each written form; English for English questions.
    """
    found = assess(question)
    if found is None:
        return []
    first = "en" if found.english else written
    rest = [one for one in LANGUAGES if one not in (first, "en")]
    return [_notice(found, language) for language in (first, *rest)]


def is_acute(question: str) -> bool:
    """Whether a question must not be kept anywhere."""
    return assess(question) is not None


def plain(question: str) -> list[str]:
    """The box as lines for a terminal, in English for an English question, else in Bokmål."""
    found = box(question, "nb")
    if found is None:
        return []
    lines = [found.lead, *_calls(found.contacts), *found.texts]
    return [*lines, f"{found.words.interface['all']}: {found.path}"]


def _calls(contacts: Iterable[Contact]) -> list[str]:
    return [
        f"  {one.number or '–':<15} {one.name}{f' ({one.hours})' if one.hours else ''}"
        for one in contacts
    ]


def _notice(found: Acute, language: str) -> dict[str, Any]:
    shown = _box(found, language)
    return {
        "kind": "acute",
        "level": str(found.level),
        "text": "\n".join((shown.lead, *shown.texts)),
        "lang": language,
        "situation": str(found.situation),
        "contacts": [_contact(contact) for contact in shown.contacts],
        "url": shown.path,
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "what": contact.what,
        "hours": contact.hours,
        "number": contact.number,
        "tel": contact.tel,
        "email": contact.email,
        "not_emergency": contact.not_emergency,
        "sources": [
            {"title": source.title, "url": source.url, "checked": source.checked.isoformat()}
            for source in contact.sources
        ],
    }


def _box(found: Acute, language: str) -> Box:
    words = acute_help(language)
    return Box(found.level, language, words.situations[found.situation], words)


def _police(words: AcuteHelp) -> Contact:
    return next(contact for contact in words.contacts if contact.id == "police")
