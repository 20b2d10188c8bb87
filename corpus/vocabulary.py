"""The field's words: which forms mean the same, what acts are called for short, and named duties.

``vocabulary.tsv`` is written by hand, a group a line, and read strictly. Columns: forms, parted
by ``|``; kind; target (for ``act`` the act's own name, for ``duty`` the act and section where it
stands); source of the entry. ``everyday.tsv`` leads from what people say to what acts say, one
way only: columns forms and terms, each parted by ``|``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

VOCABULARY = Path(__file__).with_name("vocabulary.tsv")
EVERYDAY = Path(__file__).with_name("everyday.tsv")


class GroupKind(StrEnum):
    """How the forms of a group belong together."""

    SYNONYM = "synonym"
    ABBREVIATION = "abbreviation"
    OLD_NAME = "old name"
    ENGLISH = "english"
    ACT = "act"
    DUTY = "duty"
    EVERYDAY = "everyday"


@dataclass(frozen=True, slots=True)
class Group:
    """Forms that mean the same; ``target`` is an act, or an act and its section.

    ``means`` is what everyday forms lead to; the forms of other groups lead to each other.
    """

    forms: tuple[str, ...]
    kind: GroupKind
    target: str
    source: str
    means: tuple[str, ...] = ()


@cache
def groups(path: Path = VOCABULARY) -> tuple[Group, ...]:
    """All groups, in the file's order. Raises ValueError naming the line that is wrong."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        columns = line.split("\t")
        if len(columns) != 4:
            raise ValueError(f"{path.name}, line {number}: {len(columns)} columns instead of 4")
        forms = tuple(form.strip() for form in columns[0].split("|"))
        if columns[1] not in set(GroupKind):
            raise ValueError(f"{path.name}, line {number}: {columns[1]!r} is no kind of group")
        kind = GroupKind(columns[1])
        pointed = kind in (GroupKind.ACT, GroupKind.DUTY)
        if not all(forms) or len(set(forms)) != len(forms) or (len(forms) < 2 and not pointed):
            raise ValueError(f"{path.name}, line {number}: empty, single or doubled forms")
        if pointed != bool(columns[2]) or not columns[3]:
            raise ValueError(f"{path.name}, line {number}: target or source is wrong")
        found.append(Group(forms, kind, columns[2], columns[3]))
    return tuple(found)


@cache
def everyday(path: Path = EVERYDAY) -> tuple[Group, ...]:
    """What people say, with what acts say. Raises ValueError naming the line that is wrong."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        columns = [tuple(form.strip() for form in part.split("|")) for part in line.split("\t")]
        if len(columns) != 2:
            raise ValueError(f"{path.name}, line {number}: {len(columns)} columns instead of 2")
        forms, means = columns
        if not all(forms) or not all(means) or len({*forms, *means}) < len(forms) + len(means):
            raise ValueError(f"{path.name}, line {number}: empty or doubled forms")
        found.append(Group(forms, GroupKind.EVERYDAY, "", "ours", means))
    return tuple(found)
