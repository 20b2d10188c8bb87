"""Acute help: fixed texts and contacts in Nynorsk, Bokmål and English, each with its sources.

``acute.toml`` is written by hand, so it is read strictly: a language that is missing, a source
that does not exist or a number that can't be dialled is an error that names the entry. Every
error is a ValueError.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

ACUTE = Path(__file__).with_name("acute.toml")
LANGUAGES = ("nb", "nn", "en")
INTERFACE = frozenset(
    {
        *("page_title", "link", "all", "small", "lead", "who", "do"),
        *("number", "email", "source", "checked", "languages", "law_note"),
    }
)
_DIALLED = re.compile(r"\+?\d{3,12}")


class Situation(StrEnum):
    """What a call for help is about; it decides which number stands first."""

    DANGER = "danger"
    VIOLENCE = "violence"
    MARRIAGE = "marriage"
    TRAVEL = "travel"
    ABROAD = "abroad"
    FGM = "fgm"
    SUICIDE = "suicide"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands and the day somebody read it.

    A section of an act quotes ``words`` that stand there.
    """

    id: str
    title: str
    url: str
    checked: date
    act: str | None = None
    section: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call, in one language. Without ``number`` the municipality has it."""

    id: str
    language: str
    name: str
    what: str
    sources: tuple[Source, ...]
    hours: str | None = None
    number: str | None = None
    tel: str | None = None
    email: str | None = None
    not_emergency: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A duty or a warning, in one language."""

    id: str
    language: str
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """What is shown in one situation, in one language, in order."""

    situation: Situation
    language: str
    heading: str
    contacts: tuple[Contact, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class AcuteHelp:
    """All of ``acute.toml`` in one language."""

    language: str
    contacts: tuple[Contact, ...]
    texts: tuple[Text, ...]
    situations: Mapping[Situation, Help]
    interface: Mapping[str, str]

    def sources(self) -> tuple[Source, ...]:
        """Every source that a contact or a text rests on, once."""
        cited = [one.sources for one in self.contacts] + [one.sources for one in self.texts]
        those = (source for sources in cited for source in sources)
        return tuple({source.id: source for source in those}.values())


@cache
def acute_help(language: str) -> AcuteHelp:
    """The shipped help in nb, nn or en. Raises ValueError."""
    return load(language)


def load(language: str, path: Path | None = None) -> AcuteHelp:
    """Acute help in one language; the shipped one unless told. Raises ValueError."""
    if language not in LANGUAGES:
        raise ValueError(f"acute help is in {', '.join(LANGUAGES)}, not in {language!r}")
    path = path or ACUTE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
    parts = {"source", "contact", "text", "situation", "interface"}
    if set(table) != parts:
        raise ValueError(f"{path.name}: holds {', '.join(sorted(parts))}, and nothing else")
    # All languages are read, so that a fault in one is found whichever is asked for.
    return {each: _in_language(table, each) for each in LANGUAGES}[language]


def _in_language(table: Mapping[str, Any], language: str) -> AcuteHelp:
    sources = _named(_source(entry) for entry in table["source"])
    contacts = _named(_contact(entry, language, sources) for entry in table["contact"])
    texts = _named(_text(entry, language, sources) for entry in table["text"])
    helps = [_help(entry, language, contacts, texts) for entry in table["situation"]]
    situations = {one.situation: one for one in helps}
    if len(helps) != len(Situation) or len(situations) != len(Situation):
        raise ValueError(f"each situation stands once: {', '.join(Situation)}")
    interface = table["interface"].get(language, {})
    if set(interface) != INTERFACE:
        odd = ", ".join(sorted(INTERFACE ^ set(interface)))
        raise ValueError(f"interface.{language}: lacks or does not know {odd}")
    words = {key: _line(interface, key, f"interface.{language}") for key in interface}
    return AcuteHelp(language, tuple(contacts.values()), tuple(texts.values()), situations, words)


def _source(entry: Mapping[str, Any]) -> Source:
    name = f"source {entry.get('id')!r}"
    _keys(entry, name, {"id", "title", "url", "checked"}, {"act", "section", "words"})
    if type(entry["checked"]) is not date:
        raise ValueError(f"{name}: checked is a date such as 2026-11-25")
    if not _line(entry, "url", name).startswith("https://"):
        raise ValueError(f"{name}: url is an https address")
    quoted = {"act", "section", "words"} & set(entry)
    if quoted and len(quoted) != 3:
        raise ValueError(f"{name}: a section of an act has act, section and words")
    return Source(**entry)


def _contact(entry: Mapping[str, Any], language: str, sources: Mapping[str, Source]) -> Contact:
    name = f"contact {entry.get('id')!r}"
    optional = {"number", "tel", "email", "not_emergency"}
    _keys(entry, name, {"id", "sources", *LANGUAGES}, optional)
    number, tel = entry.get("number"), entry.get("tel")
    if (number is None) != (tel is None):
        raise ValueError(f"{name}: number and tel go together")
    if number and (not _DIALLED.fullmatch(str(tel)) or tel != number.replace(" ", "")):
        raise ValueError(f"{name}: tel {tel!r} is not {number!r} without spaces")
    words = entry[language]
    where = f"{name}, {language}"
    _keys(words, where, {"name", "what"}, {"hours"})
    if ("hours" in words) != ("hours" in entry[LANGUAGES[0]]):
        raise ValueError(f"{where}: hours stand in all languages or in none")
    return Contact(
        entry["id"],
        language,
        _line(words, "name", where),
        _line(words, "what", where),
        _cited(entry, name, sources),
        words.get("hours"),
        number,
        tel,
        entry.get("email"),
        bool(entry.get("not_emergency", False)),
    )


def _text(entry: Mapping[str, Any], language: str, sources: Mapping[str, Source]) -> Text:
    name = f"text {entry.get('id')!r}"
    _keys(entry, name, {"id", "sources", *LANGUAGES}, set())
    cited = _cited(entry, name, sources)
    return Text(entry["id"], language, _line(entry, language, name), cited)


def _help(
    entry: Mapping[str, Any],
    language: str,
    contacts: Mapping[str, Contact],
    texts: Mapping[str, Text],
) -> Help:
    name = f"situation {entry.get('id')!r}"
    _keys(entry, name, {"id", "contacts", "texts", *LANGUAGES}, set())
    for key, known in (("contacts", contacts), ("texts", texts)):
        if missing := [one for one in entry[key] if one not in known]:
            raise ValueError(f"{name}: no such {key}: {', '.join(missing)}")
    if "police" not in entry["contacts"]:
        raise ValueError(f"{name}: the police are among its contacts")
    shown = tuple(contacts[one] for one in entry["contacts"])
    if shown[0].not_emergency or not shown[0].number:
        raise ValueError(f"{name}: an emergency number stands first")
    return Help(
        Situation(entry["id"]),
        language,
        _line(entry, language, name),
        shown,
        tuple(texts[one] for one in entry["texts"]),
    )


def _cited(
    entry: Mapping[str, Any], name: str, sources: Mapping[str, Source]
) -> tuple[Source, ...]:
    missing = [one for one in entry["sources"] if one not in sources]
    if missing or not entry["sources"]:
        raise ValueError(f"{name}: rests on no source, or on one that is not there: {missing}")
    return tuple(sources[one] for one in entry["sources"])


def _named(entries: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in entries:
        if one.id in found:
            raise ValueError(f"{one.id!r} is used twice")
        found[one.id] = one
    return found


def _keys(entry: Mapping[str, Any], name: str, needed: set[str], optional: set[str]) -> None:
    if missing := sorted(needed - set(entry)):
        raise ValueError(f"{name}: lacks {', '.join(missing)}")
    if unknown := sorted(set(entry) - needed - optional):
        raise ValueError(f"{name}: unknown key {', '.join(unknown)}")


def _line(entry: Mapping[str, Any], key: str, name: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value or value != " ".join(value.split()):
        raise ValueError(f"{name}: {key} is a line of text, not {value!r}")
    return value
