"""Misspelt words: what is put in their place, what is left, and how long it may take."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.compounds import Splitter
from search.analysis.question import analyse
from search.analysis.slips import cost
from search.analysis.spelling import LEXICON, Speller, lexicon
from search.analysis.words import stem
from search.query import MAX_LENGTH

FORMS = {
    "barnehage": 20,
    "barnehagen": 9,
    "introduksjon": 5,
    "introduksjonsprogram": 9,
    "stønad": 8,
    "introduksjonsstønad": 4,
    "tvangsekteskap": 9,
    "kjønnslemlestelse": 9,
    "flyktning": 9,
    "tjeneste": 9,
    "teneste": 9,
    "opplæring": 9,
    "bosetting": 9,
    "kommune": 30,
    "tolk": 9,
    "ugyldig": 4,
    "æresvold": 4,
    "år": 9,
    "2021": 9,
}


def speller(forms: dict[str, int] = FORMS) -> Speller:
    return Speller(lambda: forms, Splitter({stem(form): 9 for form in forms}))


SPELLER = speller()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("barnehgen", "barnehagen"),
        ("banrehage", "barnehage"),
        ("barnehagge", "barnehage"),
        ("ugyldi", "ugyldig"),
        ("tollk", "tolk"),
        ("tvangektesap", "tvangsekteskap"),  # two slips in a long word
        ("introduksjosstønad", "introduksjonsstønad"),
        # æ, ø and å otherwise
        ("kjonnslemlestelse", "kjønnslemlestelse"),
        ("kjoennslemlestelse", "kjønnslemlestelse"),
        ("kjönnslemlestelse", "kjønnslemlestelse"),
        ("opplaring", "opplæring"),
        ("opplaering", "opplæring"),
        ("aeresvold", "æresvold"),
        # one part of a compound that the base does not have as a whole
        ("flyktnigtjeneste", "flyktningtjeneste"),
        ("flyktningteneeste", "flyktningteneste"),
        ("bosetingskommune", "bosettingskommune"),
        ("bosettingskommmune", "bosettingskommune"),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    """The nearest word of the base, or the compound with its wrong part mended."""
    assert SPELLER.correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "barnehage",
        "barnehagene",  # a form of it that the base does not have
        "bosettingskommune",  # made of two words of the base
        "bestemor",  # a word that the base does not have
        "hvordan",  # a stop word
        "tlk",  # too short
        "barnehge2",
        "2021",
        "xylofonkvartett",  # near nothing
        "barnvognxx",  # too far
        "kristoffersen",
        "",
    ],
)
def test_what_is_left(typed: str) -> None:
    """Words of the base and of Norwegian, short ones, figures, and what is near nothing."""
    assert SPELLER.correct(typed) is None


def test_of_words_equally_near_the_frequent_one_is_meant() -> None:
    """One slip from two words of the base: the one that stands in more passages."""
    assert speller({"blavett": 2, "blivett": 40}).correct("blevett") == "blivett"
    assert speller({"blavett": 40, "blivett": 2}).correct("blevett") == "blavett"


def test_the_base_s_words_are_read_at_the_first_unknown_word() -> None:
    """Most questions have none: the list of words is not read for them, and then once."""
    reads: list[int] = []

    def read() -> dict[str, int]:
        reads.append(1)
        return FORMS

    lazy = Speller(read, Splitter({stem(form): 9 for form in FORMS}))
    assert lazy.correct("barnehage") is None
    assert reads == []
    lazy.correct("barnehgen")
    lazy.correct("ugyldi")
    assert reads == [1]


def test_an_empty_base_corrects_nothing_of_its_own() -> None:
    """Without words there is nothing to correct to but small words."""
    assert speller({}).correct("barnehgen") is None


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("mottak", "mottak", 0.0),
        ("", "", 0.0),
        # from the likeliest slip to the least likely one
        ("motak", "mottak", 0.5),  # a doubled letter
        ("mottakk", "mottak", 0.5),
        ("barnehgaen", "barnehagen", 0.7),  # a swap
        ("skule", "skole", 0.8),  # a vowel for a vowel
        ("barnehgen", "barnehagen", 1.0),  # a letter left out
        ("barnehagsen", "barnehagen", 1.0),  # one too many
        ("tilskydd", "tilskudd", 0.8),
        ("tirskudd", "tilskudd", 1.6),  # another consonant
        ("tilskuff", "tilskudd", 2.0),  # two keys beside the right ones
        # the first letter is dearer
        ("arnehage", "barnehage", 1.6),
        ("abrnehage", "barnehage", 1.3),
        ("varnehage", "barnehage", 1.6),
        ("larnehage", "barnehage", 2.2),
        ("ugde", "agde", 1.4),
        # two slips cost what both cost
        ("motaek", "mottak", 1.5),
    ],
)
def test_the_cost_of_a_slip(typed: str, meant: str, expected: float) -> None:
    """Each row: what was typed, what was meant, and what it costs, either way."""
    assert cost(typed, meant) == pytest.approx(expected)
    assert cost(meant, typed) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "likelier", "other"),
    [
        ("motak", "mottak", "motiv"),  # a doubled letter before two others
        ("barnehgaen", "barnehagen", "barnehagens"),  # a swap before two letters more
        ("forelder", "foreldre", "forelser"),  # a swap before another letter
        ("tart", "tast", "kart"),  # another letter within before one at the beginning
        ("tilskudo", "tilskudi", "tilskudv"),  # a key beside before one far away
        ("rattleiing", "rettleiing", "rottfeiing"),  # a vowel for a vowel
    ],
)
def test_how_people_slip(one: str, likelier: str, other: str) -> None:
    """Of two words, the one that a hasty writer would have meant costs less."""
    assert cost(one, likelier) < cost(one, other)


_WORD = st.text(st.sampled_from("abestrøæådnk"), max_size=12)


@given(_WORD, _WORD)
def test_cost_is_a_distance_from_0(one: str, other: str) -> None:
    """Nothing for equals, something for all else, and never more than to write it anew."""
    assert (cost(one, other) == 0) == (one == other)
    assert cost(one, other) <= 1.6 * (len(one) + len(other)) + 1.2


def test_the_lexicon_is_clean() -> None:
    """Lower case, without figures; words that people often misspell stand there right only."""
    words = lexicon()
    assert len(words) > 50_000
    assert all(word.isalpha() and word == word.lower() for word in words)
    assert {"bestemor", "mottak", "kjøkken", "samfunnskunnskap", "tillatelse"} <= words
    wrong = {"motak", "kjøken", "kjonnslemlestelse", "samfunskunnskap", "tilatelse", "opplaring"}
    assert not wrong & words
    assert LEXICON.stat().st_size < 300_000


@pytest.fixture(scope="module")
def large() -> Speller:
    """A base with half of all Norwegian words that we know."""
    forms = dict.fromkeys(sorted(lexicon())[::2], 3)
    found = Speller(lambda: forms, Splitter({stem(form): 3 for form in forms}))
    found.correct("barnehgen")  # reads and orders the words
    return found


def _long_questions() -> dict[str, str]:
    rng = random.Random(1)
    words = sorted(word for word in lexicon() if len(word) > 8)
    slips = [word[:3] + word[4:] for word in rng.sample(words, 150)]
    return {
        "slips": " ".join(slips),
        "one letter": "a" * MAX_LENGTH,
        "one compound": "barnehagetilbudetsordning" * 40,
        "nonsense of five letters": " ".join(
            "".join(rng.choices("abdefgiklmnoprstuvy", k=5)) for _ in range(170)
        ),
        "nonsense of 18 letters": " ".join(
            "".join(rng.choices("adegiklnorst", k=18)) for _ in range(60)
        ),
    }


@pytest.mark.parametrize(("kind", "text"), _long_questions().items())
def test_the_longest_question_is_corrected_in_bounded_time(
    large: Speller, kind: str, text: str
) -> None:
    """A thousand characters of misspelt words take a second or so, whatever they are."""
    splitter = large._splitter
    started = time.process_time()
    analyse(text[:MAX_LENGTH], splitter, large)
    assert time.process_time() - started < 5, kind  # some ten times what it takes


@settings(max_examples=200)
@given(st.text(max_size=40) | st.text(st.sampled_from("abdeghiknoprstuvæøåÆßİ1 "), max_size=40))
def test_no_word_raises(word: str) -> None:
    """Any text: a word of letters in its place, or nothing; never the word itself."""
    meant = SPELLER.correct(word)
    assert meant is None or (meant != word and meant.isalpha())
