"""References to sections of law: how they are written, and which document they mean.

``integreringsloven § 4``, ``§ 4 i integreringsloven``, ``intl. § 4``, ``strl 196``,
``barnevernlova 13-2``, ``forskrift om foreldrebetaling i barnehager § 5``; and duties that are
known by a name (*avvergeplikt*), which stand in one section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from corpus.documents import Document
from corpus.vocabulary import GroupKind, groups
from search.analysis import synonyms
from search.analysis.variants import variants
from search.analysis.words import stem, words
from search.values import LawReference

# A letter set apart may be one (§ 14 a), but "i" is the word: § 4 i integreringsloven.
_SECTION = r"(?P<section>\d+(?:[-–]\d+)*(?:(?:[a-z]|\s[a-hj-z])(?!\w|\.\w))?)"
_MARK = r"(?:§+\s*|paragraf(?:en)?\s+)"
_ENDING = r"(?:lov(?:a|en|ens)?|forskrift(?:a|en)?)"
_NAME = rf"(?:[a-zæøå]+-\s?og\s)?[a-zæøå][a-zæøå-]{{2,}}{_ENDING}"
_TITLE = r"(?:lov|forskrift)a?(?:en)?\s+om\s+[^§\d]{3,120}?"
_WORDLIKE = 2  # letters of an abbreviation that is a word as well
_PARENTHESIS = re.compile(r"\(([^()]+)\)\s*$")
_NONE: frozenset[str] = frozenset()
_DASH = re.compile(r"\s+[–-]\s+")


def find(text: str) -> tuple[LawReference, ...]:
    """References in a text, in order: the act as it is written, in lower case, and the §."""
    found: dict[LawReference, None] = {}
    for pattern in _patterns():
        for match in pattern.finditer(text):
            act = re.sub(r"\s+", " ", match["act"].lower()).rstrip(". ,")
            found[LawReference(act, section_key(match["section"]))] = None
    for one in synonyms.find([word.form for word in words(text)]):
        if one.group.kind is GroupKind.DUTY:
            act, _, section = one.group.target.rpartition(" § ")
            found[LawReference(act, section_key(section), named=True)] = None
    return tuple(found)


def section_key(section: str) -> str:
    """A § in the form references are compared in: ``§ 14 A`` -> ``14a``."""
    return re.sub(r"[§\s]|^paragraf", "", section.lower()).replace("–", "-").rstrip(".")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    forms = {form for g in groups() if g.kind is GroupKind.ACT for form in g.forms}
    short = sorted(forms, key=lambda form: (-len(form), form))
    # el, kl and bl are words as well (møte kl 10, § 4 el 5): these stand before a § only.
    sure = "|".join(re.escape(form) for form in short if len(form) > _WORDLIKE)
    wordlike = "|".join(re.escape(form) for form in short if len(form) <= _WORDLIKE)
    act = rf"(?P<act>{_NAME}|(?:{sure})\b\.?)"
    marked = rf"(?P<act>(?:{wordlike})\b\.?|[a-zæøå]{{2,}}l\.)"
    return (
        re.compile(rf"\b{act}\s*,?\s*{_MARK}?{_SECTION}", re.IGNORECASE),
        re.compile(rf"\b{marked}\s*,?\s*{_MARK}{_SECTION}", re.IGNORECASE),
        re.compile(rf"{_MARK}{_SECTION}\s+(?:i\s+)?{act}(?!\w)", re.IGNORECASE),
        re.compile(rf"\b(?P<act>{_TITLE})\s*,?\s*{_MARK}{_SECTION}", re.IGNORECASE),
    )


@dataclass(frozen=True, slots=True)
class Acts:
    """What the base's acts and regulations are called: name -> document ids.

    An act in both written forms, or an old and a new one, share a name.
    """

    names: Mapping[str, frozenset[str]]
    titles: Mapping[str, frozenset[str]]

    def find(self, name: str) -> frozenset[str]:
        """The documents that go by a name, in either written form; empty if it is unclear."""
        direct = self.names.get(_key(name), _NONE)
        if direct or " om " in name:
            return direct or self._by_title(name)
        others = {self.names[key] for key in _other_keys(name) if key in self.names}
        return others.pop() if len(others) == 1 else _NONE

    def _by_title(self, name: str) -> frozenset[str]:
        wanted = tuple(stem(word.form) for word in words(name))
        found = {ids for title, ids in self.titles.items() if _starts(title, wanted)}
        return found.pop() if len(found) == 1 else _NONE


def acts(documents: Iterable[Document]) -> Acts:
    """The names of acts among documents.

    Names are the short title (``Barnehageloven – bhl`` has two), what stands in parentheses
    at the title's end, and what the vocabulary calls those.
    """
    found: dict[str, frozenset[str]] = {}
    titles: dict[str, frozenset[str]] = {}
    for document in documents:
        names = set(_DASH.split(document.short_title or ""))
        if match := _PARENTHESIS.search(document.title):
            names |= set(_DASH.split(match[1]))
        for name in {_key(n) for n in names if n.strip()}:
            found[name] = found.get(name, _NONE) | {document.id}
        title = " ".join(stem(word.form) for word in words(document.title))
        titles[title] = titles.get(title, _NONE) | {document.id}
    known = dict(found)
    for group in groups():
        if group.kind is GroupKind.ACT and (ids := _called(group.target, known)):
            known |= {_key(form): ids for form in group.forms if _key(form) not in found}
    return Acts(known, titles)


def _called(name: str, known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    keys = (_key(name), *_other_keys(name))
    return next((known[key] for key in keys if key in known), _NONE)


def _key(name: str) -> str:
    """``Barnevernlova`` and ``barnevernsloven`` are one name."""
    plain = re.sub(r"\s+", " ", name.strip().lower()).rstrip(".")
    return re.sub(r"(?<=\w{3})s?-?(?=lov$)", "", stem(plain))


def _other_keys(name: str) -> list[str]:
    """Names of the other written form, and the last part of one with *og*."""
    plain = name.strip().lower().rstrip(".")
    last = re.split(r"-\s?og\s", plain)[-1]
    return [_key(other) for word in {plain, last} for other in variants(word, _Anything())] + (
        [_key(last)] if last != plain else []
    )


class _Anything:
    """Holds every word: a name is looked up afterwards."""

    def __contains__(self, _word: object) -> bool:
        return True


def _starts(title: str, wanted: tuple[str, ...]) -> bool:
    return title.split()[: len(wanted)] == list(wanted)
