"""Whether a question tells of danger: fixed rules over its words, never a model.

A false alarm costs a glance, a miss may cost a life: where in doubt, the full box.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from corpus.acute import Situation
from corpus.documents import Language
from search.acute.words import Tag, known_tags, tags, tokens
from search.analysis.form import written_form

RULES = Path(__file__).with_name("rules.toml")
_OPENING = 3  # words
_BRIEF = 4  # words: *jeg er redd*
_ADULT = 18
_HISTORY = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_AGE = re.compile(r"(\d{1,2})(?:år|års|åring|åringen|årig|yo)?")
_AGE_WORDS = frozenset(("år", "åring", "aar", "yo", "years", "year", "gammel", "gammal", "gml"))
_IS = frozenset(("er", "på", "is", "aged", "im", "fyller", "fylt", "blir", "alder"))
# Tags that are read from the question as a whole, not from one word.
_OF_ALL = frozenset({"ALONE", "BRIEF", "HISTORY", "MINOR", "NARRATIVE"})


class Level(StrEnum):
    """How much is shown."""

    FULL = "full"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Acute:
    """That a question may be about danger: how much to show, and what about.

    ``english`` when the question is in English: then the help is, too.
    """

    level: Level
    situation: Situation
    english: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """All of ``needs`` and none of ``without`` make a question of this situation."""

    situation: Situation
    level: Level
    needs: tuple[frozenset[str], ...]
    without: frozenset[str]

    def holds(self, found: frozenset[str]) -> bool:
        """Whether it holds for these tags."""
        return not self.without & found and all(any_of & found for any_of in self.needs)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in order; frames that make a question general, and what overrules them."""

    frames: frozenset[str]
    alarm: frozenset[str]
    rules: tuple[Rule, ...]


def assess(text: str) -> Acute | None:
    """Whether acute help must be shown with the answer to a question, and which."""
    words = tokens(text)
    tagged = tags(words)
    found = frozenset(tag.name for tag in tagged if tag.name != "ASK")
    # *When* begins a question; later in it, it tells of a moment.
    found |= _names(words[:_OPENING]) & {"ASK"}
    found |= _of_all(text, words)
    rules = _rules()
    general = bool(rules.frames & found)
    if rules.alarm & found:
        general = False  # somebody is in it now, whatever else is asked
    if rules.alarm & found or "NARRATIVE" in found:
        found -= {"PAST"}  # what has happened goes on
    for rule in rules.rules:
        if rule.holds(found):
            level = Level.SMALL if general else rule.level
            return Acute(level, rule.situation, _is_english(text, tagged))
    return None


def _names(words: list[str]) -> frozenset[str]:
    return frozenset(tag.name for tag in tags(words))


def _of_all(text: str, words: list[str]) -> frozenset[str]:
    found = set()
    if len(words) <= _BRIEF:
        found.add("BRIEF")
    if len(words) <= 1:
        found.add("ALONE")
    # A text that does not begin as a question, and has no question mark, tells something.
    asks = _names(words[:1]) & {"OPENER"} and not _names(words[1:2]) & {"TOLD"}
    if len(words) > 2 and "?" not in text and not asks:
        found.add("NARRATIVE")
    if any(_HISTORY.fullmatch(word) for word in words):
        found.add("HISTORY")
    if any(map(_is_minors_age, words, ["", *words], [*words[1:], ""])):
        found.add("MINOR")
    return frozenset(found)


def _is_minors_age(word: str, before: str, after: str) -> bool:
    """Whether a number is the age of somebody under 18: *15 år*, *ho e 15*, *15åring*."""
    age = _AGE.fullmatch(word)
    if not age or not 3 <= int(age[1]) < _ADULT:
        return False
    return not word.isdigit() or after in _AGE_WORDS or before in _IS


def _is_english(text: str, tagged: set[Tag]) -> bool:
    form = written_form(text)
    if form is not Language.UNDETERMINED:
        return form is Language.ENGLISH
    english = {tag.name for tag in tagged if tag.language == "en"}
    norwegian = {tag.name for tag in tagged if tag.language == "no"}
    return len(english - norwegian) > len(norwegian - english)


@cache
def _rules() -> Rules:
    """The shipped rules. Raises ValueError for a tag or a situation that nobody knows."""
    return read_rules(RULES.read_text(encoding="utf-8"), known_tags() | _OF_ALL)


def read_rules(text: str, tags: frozenset[str]) -> Rules:
    """Rules from their table. Raises ValueError, naming the rule."""
    table = tomllib.loads(text)

    def known(names: list[str], where: str) -> frozenset[str]:
        if unknown := sorted(set(names) - tags):
            raise ValueError(f"rules.toml, {where}: no such tag: {', '.join(unknown)}")
        return frozenset(names)

    rules = tuple(
        Rule(
            Situation(entry["situation"]),
            Level(entry.get("level", "full")),
            tuple(known(line.split("|"), f"rule {n}") for line in entry["needs"]),
            known(entry.get("without", []), f"rule {n}"),
        )
        for n, entry in enumerate(table["rule"], 1)
    )
    return Rules(known(table["frames"], "frames"), known(table["alarm"], "alarm"), rules)
