"""Words, stems, compounds: Norwegian as the lexical index sees it."""

from __future__ import annotations

import re
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Language, Passage, Place
from search.analysis.compounds import Splitter
from search.analysis.words import ANALYSIS_VERSION, content_words, stem, words, words_with
from search.store.lexical import analyse


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("straffeloven", "straffelov"),
        ("straffelova", "straffelov"),
        ("straffelovens", "straffelov"),
        ("kommuneloven", "kommunelov"),
        ("programmet", "program"),  # no Norwegian word ends in mm
        ("kommunelov", "kommunelov"),
        ("barnehageloven", "barnehagelov"),
        ("integreringslova", "integreringslov"),
        ("kommuner", "kommun"),
        ("kommunene", "kommun"),
        ("bosetting", "bosetting"),
        ("bosettinga", "bosetting"),
        ("lov", "lov"),
    ],
)
def test_stem_takes_endings_and_keeps_names_of_acts(word: str, expected: str) -> None:
    """Forms of one word meet in a stem, and -lov is never taken for an ending."""
    assert expected == stem(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [("lån", "lan"), ("på", "pa"), ("mål", "mal"), ("råd", "rad"), ("før", "for"), ("lær", "lar")],
)
def test_norwegian_letters_are_letters_of_their_own(one: str, other: str) -> None:
    """å, ø and æ are not a, o and a with marks: lån is not lan."""
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hva er tilskudd?", ["tilskudd"]),
        ("Kva er tilskot?", ["tilskot"]),
        ("NAV-kontor", ["nav", "kontor"]),
        ("C++", ["c"]),
        ("§ 14 a", ["14"]),
        ("integrerings\u00adloven", ["integreringsloven"]),
        ("a\u030a rettleie", ["rettleie"]),
        ('"', []),
        ("", []),
    ],
)
def test_content_words(text: str, expected: list[str]) -> None:
    """Words without marks and stop words of both forms; soft hyphens and parts of å mended."""
    assert expected == content_words(text)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    """Offsets of every word lie in the text, in order, and cut out that word."""
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.end - word.start == len(word.form)
        end = word.end


@settings(deadline=None)
@given(
    st.text(st.sampled_from("abå_-. AÅİ1"), max_size=60), st.sampled_from(["a", "b|å", "ab", "1a"])
)
def test_words_with_a_pattern_are_those_of_all_words(text: str, pattern: str) -> None:
    """The short way to a few words gives what a look at every word gives."""
    hint = re.compile(pattern)
    assert [w for w in words(text) if hint.search(w.form)] == list(words_with(text, hint))


def test_stems_and_parts_stand_in_their_word() -> None:
    """What excerpts rely on to pass over most words: a stem is a beginning of its word."""
    splitter = Splitter({stem(root): 5 for root in _ROOTS})
    for form in {f"{one}{other}ene" for one in _ROOTS for other in _ROOTS} | set(_ROOTS):
        assert form.startswith(stem(form))
        assert all(part in form for part in splitter.parts(form))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("tilskuddsordning", ("tilskudd", "ordning")),
        ("tilskuddsordninger", ("tilskudd", "ordning")),
        ("bosettingskommune", ("bosetting", "kommun")),
        ("kommuneplan", ("kommun", "plan")),
        ("tilskudd", ()),
        ("ordbok", ()),  # "bok" has under four letters
        ("sjeldenordning", ()),  # "sjelden" occurs in one passage only
        ("12345678", ()),
    ],
)
def test_compounds_split_by_the_collections_words(word: str, expected: tuple[str, ...]) -> None:
    """A compound is split where both parts occur by themselves; a linking s goes."""
    found = {"tilskudd": 9, "ordning": 7, "bosetting": 5, "kommun": 20, "plan": 4, "sjelden": 1}
    assert expected == Splitter(found).parts(word)


def test_the_split_with_the_more_frequent_rarer_part_wins() -> None:
    """Barnevern + tjeneste (12, 30) beats barne + vernstjeneste (50, 2)."""
    splitter = Splitter({"barn": 50, "vern": 8, "barnever": 2, "vernstjenest": 2, "tjenest": 30})
    splitter.vocabulary |= {stem("barnevern"): 12}
    assert (stem("barnevern"), "tjenest") == splitter.parts("barnevernstjeneste")


def test_terms_are_stems_with_their_parts() -> None:
    """What stands in the index: each stem, and the compound's parts after it."""
    splitter = Splitter({"tilskudd": 3, "ordning": 3})
    assert splitter.terms(["ny", "tilskuddsordning"]) == [
        "ny",
        "tilskuddsordning",
        "tilskudd",
        "ordning",
    ]


def test_stem_is_right_from_many_threads() -> None:
    """The stemmer keeps its state in itself; eight threads at once still stem right."""
    forms = [f"{root}{ending}" for root in _ROOTS for ending in ("en", "ene", "er", "ing", "ane")]
    expected = {form: stem(form) for form in forms}
    wrong: list[str] = []

    def work(shift: int) -> None:
        for form in forms[shift:] + forms[:shift]:
            try:
                if stem(form) != expected[form]:
                    wrong.append(form)
            except IndexError as error:
                wrong.append(f"{form}: {error}")

    stem.cache_clear()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(n * len(forms) // 8,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
        stem.cache_clear()
    assert wrong == []


_ROOTS = [
    f"{first}{second}"
    for first in ("kommun", "fylk", "barn", "skul", "arbeid", "flyktning", "bustad", "språk")
    for second in ("", "kontor", "ordning", "plan", "råd", "hjelp", "tilskot", "vedtak", "rett")
]


def test_other_terms_need_a_new_version() -> None:
    """Who changes what a text's terms are must raise ANALYSIS_VERSION: old indexes don't fit."""
    seen = (
        "Fylkeskommunens ansvar for introduksjonsprogrammet, straffeloven, barnevernstjenesten, "
        "busetjing av einslege mindreårige flyktningar og tilskotsordningar på ein NAV-kontor"
    )
    terms = [stem(word) for word in content_words(seen)]
    expected = (
        "fylkeskommun ansv introduksjonsprogram straffelov barnevernstjenest busetjing eins "
        "mindreår flyktning tilskotsordning nav kontor"
    )
    assert (4, expected) == (ANALYSIS_VERSION, " ".join(terms))


def test_web_addresses_are_no_prose() -> None:
    """The words in a link are not what a passage is about; the text around it is."""
    passage = Passage(
        "d",
        0,
        "Kjelder",
        (),
        "IMDi: https://www.imdi.no/bosetting/enslige-mindrearige/ (lese i mai)",
        Place(),
        Language.NYNORSK,
    )
    assert analyse(1, 1, passage, Splitter({})).body == ["kjeld", "imdi", "les", "mai"]


def test_letters_without_end_are_no_word() -> None:
    """A million letters in a row (a damaged file) must not hold the index up."""
    text = "a" * 1_000_000 + " tolk"
    assert content_words(text) == ["tolk"]
    assert [word.form for word in words(text)] == ["tolk"]
