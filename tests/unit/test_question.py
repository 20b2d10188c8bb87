"""What a question's word finds: one table, from what is typed to what stands in the text.

The base below is searched by words only, so that each row shows the analysis and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Language
from search.analysis.compounds import Splitter
from search.analysis.form import written_form
from search.analysis.question import (
    LOOSE,
    PART_WEIGHT,
    SYNONYM_WEIGHT,
    VARIANT_WEIGHT,
    WHOLE,
    Term,
    Via,
    analyse,
)
from search.analysis.spelling import Correction, Speller
from search.analysis.variants import is_bokmal_only, is_nynorsk_only, variants
from search.analysis.words import stem
from search.query import parse
from search.values import Match, Mode

# Each text is there twice: what stands in one passage only is neither split nor corrected to.
TEXTS = {
    "refugees": "En flyktning møter en tjeneste. Flyktningtjenesten bosetter. Flyktningtjeneste.",
    "nynorsk": "Ei busetjing krev ein kommune. Busetjingskommunen gjev rettleiing.",
    "money": "Et tilskudd og en ordning til integrering. Tilskuddsordningen er ny.",
    "control": "Negativ sosial kontroll rammer unge.",
    "minors": "Enslige mindreårige får omsorg.",
    "mutilation": "Kjønnslemlestelse er forbudt.",
    "programme": "Introduksjonsprogrammet varer i to år. Introduksjonsstønad er inntekt.",
    "parts": "En introduksjon er kort. En stønad er penger. Et program og et kurs.",
    "governor": "Statsforvalteren fører tilsyn.",
    "nurse": "En helsesykepleier møter elever. Mange helsesykepleiere gjør det.",
    "tribunal": "Barneverns- og helsenemnda avgjør saken.",
    "adviser": "En mangfoldsrådgiver arbeider i opplæringa.",
    "decision": "Vedtaket er ugyldig. Vedtak kan klages inn.",
    "kindergarten": "Barnehagen er åpen for barn. Foreldrebetaling i barnehager er regulert.",
    "language": "Norskkurs og norskopplæring gis på asylmottak. Hvert mottak ligger avsides.",
    "marriage": "Tvangsekteskap er straffbart. Familiegjenforening er noe annet.",
    "school": "Skuleeigaren har ansvaret for elevane. Ein skule har ein eigar.",
}

# typed, what stands in the text, how they meet
TABLE = [
    # inflection: every form of a word finds every other
    ("kommuner", "kommune", Via.WORD),
    ("vedtakene", "vedtaket", Via.WORD),
    ("flyktninger", "flyktning", Via.WORD),
    ("barnehagene", "barnehagen", Via.WORD),
    # the other written form, a word and a compound of both
    ("tilskot", "tilskudd", Via.FORM),
    ("skole", "skule", Via.FORM),
    ("bosetting", "busetjing", Via.FORM),
    ("flyktningtenesta", "flyktningtjenesten", Via.FORM),
    ("flyktningteneste", "flyktningtjenesten", Via.FORM),
    ("tilskotsordning", "tilskuddsordningen", Via.FORM),
    ("tilskotsordningar", "tilskuddsordningen", Via.FORM),
    ("bosettingskommune", "busetjingskommunen", Via.FORM),
    ("veiledning", "rettleiing", Via.FORM),
    ("ekteskap", "tvangsekteskap", None),  # its parts do not stand by themselves: not split
    # compounds: a part finds the whole, and the whole its parts
    ("stønad", "introduksjonsstønad", Via.WORD),
    ("introduksjonskurs", "introduksjon", Via.PART),
    ("introduksjonskurs", "kurs", Via.PART),
    # abbreviations of the field, in capitals or not
    ("NSK", "negativ", Via.SYNONYM),
    ("nsk", "kontroll", Via.SYNONYM),
    ("EM", "mindreårige", Via.SYNONYM),
    ("hvem er EM?", "enslige", Via.SYNONYM),
    ("KLL", "kjønnslemlestelse", Via.SYNONYM),
    ("FGM", "kjønnslemlestelse", Via.SYNONYM),
    ("intro", "introduksjonsprogrammet", Via.SYNONYM),
    ("introstønad", "introduksjonsstønad", Via.SYNONYM),
    ("TVE", "tvangsekteskap", Via.SYNONYM),
    # synonyms, several words for one, and English
    ("omskjæring", "kjønnslemlestelse", Via.SYNONYM),
    ("kan jeg bli gift bort?", "tvangsekteskap", Via.SYNONYM),
    ("familiesameining", "familiegjenforening", Via.SYNONYM),
    ("opplæring i norsk", "norskkurs", Via.SYNONYM),
    ("forced marriage", "tvangsekteskap", Via.SYNONYM),
    ("grants", "tilskudd", Via.SYNONYM),
    ("refugees", "flyktning", Via.SYNONYM),
    # names that were changed
    ("fylkesmannen", "statsforvalteren", Via.SYNONYM),
    ("helsesøster", "helsesykepleier", Via.SYNONYM),
    ("fylkesnemnda", "helsenemnda", Via.SYNONYM),
    ("minoritetsrådgiver", "mangfoldsrådgiver", Via.SYNONYM),
    # slips, in words and in parts of compounds, with æ, ø and å typed otherwise
    ("barnehgen", "barnehagen", Via.SPELLING),
    ("ugyldi", "ugyldig", Via.SPELLING),
    ("norskkrus", "norskkurs", Via.SPELLING),
    ("motak", "mottak", Via.SPELLING),
    ("kjonnslemlestelse", "kjønnslemlestelse", Via.SPELLING),
    ("kjoennslemlestelse", "kjønnslemlestelse", Via.SPELLING),
    ("opplaeringa", "opplæringa", Via.SPELLING),
    ("introduksjosstønad", "introduksjonsstønad", Via.SPELLING),
    ("tilskuddsordnig", "tilskuddsordningen", Via.SPELLING),
    ("tvangsektekap", "tvangsekteskap", Via.SPELLING),
    ("hva er intrdouksjonsprogrammet?", "introduksjonsprogrammet", Via.SPELLING),
    ("Vi lurer. Barnehgen er stengt?", "barnehagen", Via.SPELLING),  # a capital after a full stop
    # a slip in the other form's word, or in one that has another name
    ("flyktnigteneste", "flyktningtjenesten", Via.SPELLING),
    ("busetjinskommune", "busetjingskommunen", Via.SPELLING),
    ("norskkrus", "norskopplæring", Via.SYNONYM),
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, make_base: Any) -> Iterator[Any]:
    base = make_base(tmp_path_factory.mktemp("question"))
    for id, text in TEXTS.items():
        base.put(id, text, text)
    base.publish()
    yield base.searcher()
    base.close()


def found(searcher: Any, question: str) -> set[tuple[str, str]]:
    result = searcher.search(parse(question, mode=Mode.LEXICAL, limit=50))
    return {(match.found, match.via) for hit in result.hits for match in hit.matches}


@pytest.mark.parametrize(("typed", "stands", "via"), TABLE)
def test_what_a_word_finds(searcher: Any, typed: str, stands: str, via: Via | None) -> None:
    """Each row of the table: the question finds the word that stands there, and tells how."""
    ways = {way for word, way in found(searcher, typed) if word == stands}
    assert ways == ({via} if via else set())


@pytest.mark.parametrize(
    ("question", "translated"),
    [
        ("who pays the fine?", True),
        ("fine", True),  # a word alone may be of any language
        ("hva gjør vi med fine barn?", False),
        ("kva gjer vi med fine barn?", False),
    ],
)
def test_english_is_not_read_into_norwegian(question: str, translated: bool) -> None:
    """English words are translated, unless the question is Norwegian: *fine* is a word there."""
    assert ("bot" in analyse(question, Splitter({})).terms) == translated


@pytest.mark.parametrize(
    "question",
    [
        "Hva gjør Barnehgen?",  # a name
        'Hva er "barnehgen"?',  # in quotes
        "is the barnehgen open for children?",  # English
        "ugy motta",  # too short, and a word of Norwegian though the base lacks it
        "bestemor",
        "barnehgen2",
        "asylmottaksbestemor",  # two words of Norwegian
    ],
)
def test_what_is_left_as_typed(searcher: Any, question: str) -> None:
    """Names, quotes, English, short words, figures and words of Norwegian are not corrected."""
    assert searcher.search(parse(question, mode=Mode.LEXICAL)).corrections == ()


def test_corrections_are_told_and_leave_the_question(searcher: Any) -> None:
    """The question stays as typed; what is searched for in its place is told in both forms."""
    query = parse("Barnehgen på motak", mode=Mode.LEXICAL)
    result = searcher.search(query)
    assert result.query is query
    assert query.text == "Barnehgen på motak"
    assert result.corrections == (("Barnehgen", "barnehagen"), ("motak", "mottak"))
    told = {notice.lang: notice for notice in result.notices}
    assert {"nb", "nn"} == told.keys()
    for notice in told.values():
        assert notice.kind == "did_you_mean"
        assert "«Barnehgen» → «barnehagen», «motak» → «mottak»" in notice.text
    assert "Ikkje i basen" in told["nn"].text
    assert "Ikke i basen" in told["nb"].text
    assert searcher.search(parse("barnehagen", mode=Mode.LEXICAL)).notices == ()


def test_a_question_of_unknown_words_says_that_hits_are_only_near(searcher: Any) -> None:
    """Where no word is in the base, hits by meaning are shown with a notice in both forms."""
    result = searcher.search(parse("xylofon"))
    kinds = [(notice.kind, notice.lang) for notice in result.notices]
    assert (result.status, kinds) == ("found", [("nearest_only", "nb"), ("nearest_only", "nn")])


SPLITTER = Splitter({"tilskudd": 5, "tilskot": 5, "ordning": 5, "kommun": 9})


def test_the_weights_of_a_question() -> None:
    """The typed word weighs most, then the other form, another word, and parts."""
    assert analyse("tilskuddsordning", SPLITTER).terms == {
        "tilskuddsordning": Term(1.0, "tilskuddsordning", Via.WORD),
        "tilskudd": Term(PART_WEIGHT, "tilskuddsordning", Via.PART),
        "ordning": Term(PART_WEIGHT, "tilskuddsordning", Via.PART),
        "tilskotsordning": Term(VARIANT_WEIGHT, "tilskuddsordning", Via.FORM),
        "tilskot": Term(PART_WEIGHT * VARIANT_WEIGHT, "tilskuddsordning", Via.FORM),
    }
    asked = analyse("NSK", SPLITTER)
    assert asked.terms["nsk"] == Term(1.0, "nsk", Via.WORD)
    # Three words stand for one: together they weigh as much, not three times as much.
    share = SYNONYM_WEIGHT / 3**0.5
    (expression,) = asked.expressions
    assert expression.weight == pytest.approx(WHOLE * share)
    assert [forms[0] for forms in expression.words] == ["negativ", "sosial", "kontroll"]
    assert asked.weights["kontroll"] == pytest.approx(LOOSE * share)


def test_an_expression_is_answered_by_all_its_words() -> None:
    """*kontroll* alone is no answer to NSK; words that were typed are by themselves."""
    asked = analyse("NSK i kommunen", SPLITTER)
    assert asked.standing_in({"kontroll", "kommun"}).keys() == asked.terms.keys()
    whole = asked.standing_in({"negativ", "sosial", "kontroll"})
    assert whole["kontroll"].word == "nsk"
    assert whole["kontroll"].via is Via.SYNONYM


def test_what_was_typed_twice_counts_twice() -> None:
    """Weights of a repeated word add up, and a word by itself stands before a part of one."""
    assert analyse("kommune kommuner", SPLITTER).terms["kommun"].weight == 2.0
    for question in ("tilskudd tilskuddsordning", "tilskuddsordning tilskudd"):
        term = analyse(question, SPLITTER).terms["tilskudd"]
        assert term == Term(1.0 + PART_WEIGHT, "tilskudd", Via.WORD)


def test_a_question_with_its_corrections() -> None:
    """Only the misspelt word is changed in the text that the model is asked."""
    speller = Speller(lambda: {"tilskudd": 5, "kommune": 9}, SPLITTER)
    asked = analyse("Hva er  tilskud – i «kommne»?", SPLITTER, speller)
    assert asked.text == "Hva er  tilskudd – i «kommune»?"
    assert asked.words == ("tilskudd", "kommune")
    assert asked.corrections == (
        Correction("tilskud", "tilskudd"),
        Correction("kommne", "kommune"),
    )
    assert asked.weights["tilskudd"] == 1.0


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("skole", (), {"skul"}),
        ("skule", (), {"skol"}),
        ("tenesta", (), {"tjenest"}),
        ("flyktningtenesta", (), set()),  # put together only where the base has it
        ("flyktningtenesta", ("flyktningtjenest",), {"flyktningtjenest"}),
        ("tilskotsordning", ("tilskuddsordning",), {"tilskuddsordning"}),
        ("busetjingskommune", ("bosettingskommun",), {"bosettingskommun"}),
        ("xylofon", ("xylofon",), set()),
        ("åå", ("åå",), set()),
    ],
)
def test_variants(word: str, known: tuple[str, ...], expected: set[str]) -> None:
    """Listed words have their other form; compounds have those that the base knows."""
    assert expected <= set(variants(word, known))
    assert expected or not variants(word, known)


def test_a_stem_stands_on_one_side_or_on_both() -> None:
    """Words that exist in one form only tell of it; none that is usual in both tells."""
    assert is_nynorsk_only(stem("tilskot"))
    assert is_bokmal_only(stem("tilskudd"))
    assert not is_bokmal_only(stem("tilskot"))
    assert not is_bokmal_only(stem("vedtak"))
    assert not is_nynorsk_only(stem("grunn"))
    assert not is_nynorsk_only("tolk")
    assert not is_bokmal_only("tolk")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hva er tilskudd?", Language.BOKMAL),
        ("Kva er tilskot?", Language.NYNORSK),
        ("hvordan søker jeg", Language.BOKMAL),
        ("korleis søkjer eg", Language.NYNORSK),
        ("kem har ansvaret", Language.NYNORSK),
        ("tilskot", Language.NYNORSK),
        ("tilskudd", Language.BOKMAL),
        ("What is the deadline for grants?", Language.ENGLISH),
        ("can my employer demand that I take off my hijab?", Language.ENGLISH),
        ("who is responsible", Language.ENGLISH),
        ("hva er kva", Language.UNDETERMINED),  # one of each
        ("integreringsloven § 4", Language.UNDETERMINED),
        ("rett til tolk", Language.UNDETERMINED),
        # words of both forms, though the list has another word for them or for their stem
        ("ansvar for barn", Language.UNDETERMINED),
        ("men først med begge", Language.UNDETERMINED),
        ("vedtak krav behandling unntak frist", Language.UNDETERMINED),
        ("kva er krav til vedtak", Language.NYNORSK),
        ("kven har ansvar for arbeid med barn", Language.NYNORSK),
        ("hvem har helse og hus", Language.BOKMAL),
        ("NAV", Language.UNDETERMINED),
        ("", Language.UNDETERMINED),
    ],
)
def test_the_written_form_of_a_question(question: str, expected: Language) -> None:
    """Words of one form only decide; without any, or with as many of each, none is said."""
    assert expected is written_form(question)


_ANY = st.text(max_size=200) | st.text(
    st.sampled_from("abcdefghijklmnoprstuvyæøåÆİß §-.«»\"\u00ad\u030a1٣ß'"), max_size=200
)


@settings(max_examples=200)
@given(_ANY, _ANY)
def test_no_text_raises(text: str, quoted: str) -> None:
    """Any question has terms with weights, and a text that only corrections changed."""
    speller = Speller(lambda: {"tilskudd": 5, "kommune": 9, "ordning": 3}, SPLITTER)
    asked = analyse(text, SPLITTER, speller, (quoted,))
    assert all(term and " " not in term for term in asked.terms)
    assert all(term.weight > 0 for term in asked.terms.values())
    assert asked.corrections or asked.text == text
    written_form(text)


def test_matches_name_the_word_as_typed(searcher: Any) -> None:
    """A hit says which typed word it answers, through which of its own, each pair once."""
    hits = searcher.search(parse("tilskot og Ordningen", mode=Mode.LEXICAL)).hits
    matches = next(hit.matches for hit in hits if hit.document.id == "money")
    assert Match("tilskot", "tilskudd", "form") in matches
    assert {match.typed for match in matches} == {"tilskot", "ordningen"}
    assert len(matches) == len(set(matches))


@pytest.mark.parametrize(
    ("question", "is_law"),
    [
        ("får jeg lov å ha ansiktet dekket", False),
        ("er det lov å slå", False),
        ("har eg ikkje lov til å nekte", False),
        ("har kommunen lov å kreve det", False),
        ("hvilken lov gjelder", True),
        ("er det ny lov om utreiseforbud", True),
        ("har Noreg ein lov mot tvangsekteskap", True),
    ],
)
def test_leave_is_no_law(question: str, is_law: bool) -> None:
    """*lov* as in *er det lov å* is neither searched for nor a word of the question."""
    asked = analyse(question, SPLITTER)
    assert ("lov" in asked.terms, "lov" in asked.words) == (is_law, is_law)


def test_a_year_weighs_little() -> None:
    """It is rare, and a passage with the year alone is no answer."""
    assert analyse("sats 2027", SPLITTER).terms["2027"].weight < 1.0


def test_an_expression_in_the_other_form() -> None:
    """*dekkjer ansiktet* is whole too."""
    asked = analyse("nikab", SPLITTER)
    assert "dekkj" in asked.standing_in({"plagg", "dekkj", "ansikt"})
