"""The interface's words: complete in both written forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest

import api
from api.packs import texts as packs
from api.places import place_english, place_words
from api.texts import Written, catalogue, choose, text
from corpus.documents import DocumentType, Language, Place, Status

Catalogue = Callable[[Written], dict[str, str]]
TEMPLATES = Path(api.__file__).parent / "templates"


@pytest.mark.parametrize("catalogue", [catalogue, packs.catalogue])
def test_both_written_forms_have_the_same_keys_and_fields(catalogue: Catalogue) -> None:
    """Each key has a text in Bokmål and in Nynorsk, with the same fields to fill in."""
    nb, nn = catalogue("nb"), catalogue("nn")
    assert nb.keys() == nn.keys()
    for key, value in nb.items():
        assert value, key
        assert nn[key], key
        assert _fields(value) == _fields(nn[key]), key


def _fields(value: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(value) if name}


@pytest.mark.parametrize("catalogue", [catalogue, packs.catalogue])
def test_nynorsk_texts_hold_no_bokmal_words(catalogue: Catalogue) -> None:
    """Words that only Bokmål has don't stand in a Nynorsk text."""
    bokmal = re.compile(
        r"\b(ikke|fra|hva|hvem|hvorfor|noe|noen|jeg|kilde\w*|flere|gjelder)\b", re.IGNORECASE
    )
    assert [(k, v) for k, v in catalogue("nn").items() if bokmal.search(v)] == []


def test_every_type_status_and_language_has_words() -> None:
    """What a document can be is said in words, never as a code."""
    keys = catalogue("nb").keys()
    for prefix, values in (("type", DocumentType), ("status", Status), ("language", Language)):
        assert {f"{prefix}_{value}" for value in values} <= keys
    assert {f"area_{number}" for number in range(7)} <= keys


def test_templates_use_only_known_keys() -> None:
    """A literal key in a template is one of the catalogue."""
    keys = catalogue("nb").keys()
    for template in TEMPLATES.rglob("*.html"):
        used = re.findall(r"\bt\('([a-z_]+)'[,)]", template.read_text())
        assert set(used) <= keys, template.name


def test_templates_of_packs_use_only_known_keys() -> None:
    """The same for the words of packs; no key is in both catalogues with another text."""
    own, others = packs.catalogue("nb"), catalogue("nb")
    own_meaning = {"back", "copy", "copied"}
    for template in TEMPLATES.rglob("*.html"):
        found = template.read_text()
        used = re.findall(r"\bp\('([a-z_]+)'[,)]", found)
        used += re.findall(r"pack_text\(written, '([a-z_]+)'[,)]", found)
        assert set(used) <= own.keys() | others.keys(), template.name
    assert packs.text("nn", "doc_status") == text("nn", "doc_status")
    assert {key for key in own.keys() & others.keys() if own[key] != others[key]} <= own_meaning


@pytest.mark.parametrize(
    ("asked", "header", "expected"),
    [
        ("nn", "nb", "nn"),
        (None, "nn-NO,nn;q=0.9,nb;q=0.8", "nn"),
        (None, "nb-NO,nn;q=0.9", "nb"),
        (None, "no", "nb"),
        (None, "en,nn;q=0.5", "nn"),
        (None, "nb;q=0.4,nn;q=0.5", "nn"),
        (None, "", "nb"),
        ("xx", "de;q=wrong,*", "nb"),
    ],
)
def test_choice_of_written_form(asked: str | None, header: str, expected: str) -> None:
    """What was asked for, else the browser's first of the two, else Bokmål."""
    assert expected == choose(asked, header)


def test_an_unknown_key_raises() -> None:
    """A key that isn't there fails in a test rather than showing on a page."""
    with pytest.raises(KeyError):
        text("nb", "no_such_key")


@pytest.mark.parametrize(
    ("place", "norwegian", "english"),
    [
        (Place(), "", ""),
        (Place(section="§ 4"), "§ 4", "§ 4"),
        (Place(page=12), "side 12", "page 12"),
        (Place(page=12, page_label="12"), "side 12", "page 12"),
        (Place(page=12, page_label="10"), "side 12 (trykt 10)", "page 12 (printed 10)"),
        (Place(page=3, page_end=5), "side 3–5", "pages 3–5"),
        (Place(page=3, page_end=5, page_label="3–5"), "side 3–5", "pages 3–5"),
        (
            Place(page=112, page_end=113, page_label="96–97"),
            "side 112–113 (trykt 96–97)",
            "pages 112–113 (printed 96–97)",
        ),
        (Place(section="2.1", page=3, page_end=3), "2.1, side 3", "2.1, page 3"),
    ],
)
def test_places_in_words(place: Place, norwegian: str, english: str) -> None:
    """A place is said in words, the printed label only where it differs."""
    assert norwegian == place_words(place, "nn")
    assert english == place_english(place)


@pytest.mark.parametrize("reason", ["reference", "duty", "replaced", "crowded", "apparatus"])
def test_every_rule_of_order_has_words(reason: str) -> None:
    """What moved a hit is told to the reader; test_ranking names the same rules."""
    assert text("nb", f"reason_{reason}") != text("nn", f"reason_{reason}")
