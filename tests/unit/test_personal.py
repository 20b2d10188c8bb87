"""What may point out a person is seen, and what only looks like it is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.personal import find, is_identity_number


def numbers() -> st.SearchStrategy[str]:
    """Nine digits with the two check digits of an identity number, made by trying."""

    def complete(nine: str) -> str | None:
        return next(
            (f"{nine}{n:02}" for n in range(100) if is_identity_number(f"{nine}{n:02}")), None
        )

    made = st.text("0123456789", min_size=9, max_size=9).map(complete)
    return made.filter(lambda number: number is not None).map(str)


@given(numbers(), st.sampled_from(["{0}{1}", "{0} {1}", "{0}-{1}", "{0}.{1}"]))
def test_every_identity_number_is_found(number: str, how: str) -> None:
    """Also with a space or a hyphen after the day, and within a sentence."""
    text = f"Gjeld fnr {how.format(number[:6], number[6:])}."
    assert "identity_number" in {found.kind for found in find(text)}


@given(numbers(), st.integers(1, 9))
def test_another_check_digit_is_no_identity_number(number: str, step: int) -> None:
    """One digit changed, and the number is only a number."""
    changed = number[:10] + str((int(number[10]) + step) % 10)
    assert not is_identity_number(changed)


@pytest.mark.parametrize("text", ["0101018011", "a1010180111", "", "١٢٣٤٥٦٧٨٩٠١"])
def test_what_has_not_eleven_digits_is_none(text: str) -> None:
    """Length and kind of digit count."""
    assert not is_identity_number(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("skriv til kari.nordmann@example.no no", "email"),
        ("KARI+x@ex-ample.co.uk", "email"),
        ("kari (at) example.no", "email"),
        ("kari[at]example.no", "email"),
        ("ring 91234567", "phone"),
        ("ring 91 23 45 67.", "phone"),
        ("ring 912 34 567", "phone"),
        ("ring 22-33-44-55", "phone"),
        ("(+47) eller +47 91 23 45 67", "phone"),
        ("0047 91234567", "phone"),
        ("+46701234567", "phone"),
    ],
)
def test_addresses_and_phone_numbers_are_found(text: str, kind: str) -> None:
    """However people write them."""
    assert [kind] == [found.kind for found in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "integreringsloven § 14 a, jf. § 9",
        "lov 2020-11-06-127",
        "LOV-2003-07-04-80",
        "endra 20201106",
        "summen er 12 000 000 kroner, ikkje 25000000,50",
        "Meld. St. 6 (2018–2019)",
        "id2616180 og side 12 345",
        "2021 22 23",
        "https://lovdata.no/dokument/NL/lov/2020-11-06-127/§14",
        "org.nr. 974 760 673",
        "ring 112, 116 111 eller 55 55",
        "12345678901",
        "@ og a@b",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    """Sections, dates, sums, ids and emergency numbers are what reports are about."""
    assert find(text) == []


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is written, each thing is found once."""
    found = find(text)
    assert len(found) == len(set(found))
