"""What in a text may point out a person: identity numbers, e-mail addresses, phone numbers.

Names can't be told from other words, so the page asks that none be written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_SEPARATOR = r"[ .\u00a0\u202f-]?"
_ELEVEN = re.compile(rf"(?<!\d)(?:\d{_SEPARATOR}){{10}}\d(?!\d)")
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_EMAIL = re.compile(
    r"[\w.+'-]+\s?(?:@|\(at\)|\[at\]|\(krøllalfa\))\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
# With a country code, or eight digits written as people write phone numbers: 12345678,
# 12 34 56 78, 123 45 678. Sums of money (12 000 000) are grouped otherwise.
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:"
    r"(?P<abroad>(?:\+|00)\d{1,3}(?:[\s-]?\d){6,12})"
    r"|(?P<home>[2-9]\d{7}|[2-9]\d(?:[\s-]\d\d){3}|[2-9]\d\d[\s-]\d\d[\s-]\d{3})"
    r")(?![\w/-]|[.,]\d)"
)


@dataclass(frozen=True, slots=True)
class Personal:
    """Something that may point out a person: ``kind`` is identity_number, email or phone."""

    kind: str
    value: str


def find(text: str) -> list[Personal]:
    """What may point out a person, each thing once, in the order of kinds above."""
    found = [
        Personal("identity_number", match.group())
        for match in _ELEVEN.finditer(text)
        if _is_meant_as_identity(re.sub(r"\D", "", match.group()))
    ]
    found += [Personal("email", match.group()) for match in _EMAIL.finditer(text)]
    found += [
        Personal("phone", match.group())
        for match in _PHONE.finditer(text)
        if not _is_day(match.group())
    ]
    numbers = [one.value for one in found if one.kind == "identity_number"]
    # The digits of an identity number are no phone number as well.
    kept = [
        p for p in found if p.kind != "phone" or not any(p.value in number for number in numbers)
    ]
    return list(dict.fromkeys(kept))


def is_identity_number(digits: str) -> bool:
    """Whether eleven digits have the two check digits (mod 11) of a Norwegian identity number.

    D-numbers, H-numbers and synthetic ones have them too.
    """
    if len(digits) != 11 or not digits.isascii() or not digits.isdigit():
        return False
    numbers = [int(digit) for digit in digits]
    first = -sum(w * n for w, n in zip(_FIRST, numbers, strict=False)) % 11
    second = -sum(w * n for w, n in zip(_SECOND, [*numbers[:9], first], strict=True)) % 11
    return (first, second) == (numbers[9], numbers[10])


def _is_meant_as_identity(digits: str) -> bool:
    """Whether eleven digits are an identity number, or one with a digit mistyped."""
    day, month = int(digits[:2]), int(digits[2:4])
    # D-numbers add 40 to the day, synthetic ones 40 or 80 to the month.
    written_as_one = 1 <= day % 40 <= 31 and 1 <= month % 40 <= 12
    return written_as_one or is_identity_number(digits)


def _is_day(value: str) -> bool:
    """Whether eight digits are a day written without hyphens: 20201106."""
    try:
        return 1900 <= date.fromisoformat(value).year < 2100 if value.isdigit() else False
    except ValueError:
        return False
