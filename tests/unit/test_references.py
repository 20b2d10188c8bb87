"""References to sections of law: every way to write them, and the document that they mean."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Document, DocumentType, Language, Section
from corpus.vocabulary import GroupKind, groups
from search.query import parse
from search.references import acts, find, section_key
from search.values import Filters, LawReference, Mode


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # by name, in either order and either form
        ("integreringsloven § 4", [("integreringsloven", "4")]),
        ("Integreringslova §4", [("integreringslova", "4")]),
        ("INTEGRERINGSLOVEN § 4", [("integreringsloven", "4")]),
        ("integreringslovens paragraf 4", [("integreringslovens", "4")]),
        ("barnevernlova 13-2", [("barnevernlova", "13-2")]),
        ("barnevernloven, § 13-2", [("barnevernloven", "13-2")]),
        ("barnevernsloven § 13–2", [("barnevernsloven", "13-2")]),
        ("§ 196 straffeloven", [("straffeloven", "196")]),
        ("§ 4 i integreringsloven", [("integreringsloven", "4")]),
        ("paragraf 14 a i integreringsloven", [("integreringsloven", "14a")]),
        ("integreringsloven § 14 A", [("integreringsloven", "14a")]),
        ("integreringsloven § 14a.", [("integreringsloven", "14a")]),
        ("integreringsloven § 4 i praksis", [("integreringsloven", "4")]),
        ("integreringsloven § 4 og 5", [("integreringsloven", "4")]),
        ("integreringsloven § 4.", [("integreringsloven", "4")]),
        ("utlendingsforskriften § 8-3", [("utlendingsforskriften", "8-3")]),
        (
            "straffeloven § 196 og barnevernloven § 13-2",
            [("straffeloven", "196"), ("barnevernloven", "13-2")],
        ),
        # names of several words
        (
            "pasient- og brukerrettighetsloven § 4-3",
            [("pasient- og brukerrettighetsloven", "4-3")],
        ),
        ("helse- og omsorgstjenesteloven 3-1", [("helse- og omsorgstjenesteloven", "3-1")]),
        (
            "forskrift om foreldrebetaling i barnehager § 5",
            [("forskrift om foreldrebetaling i barnehager", "5")],
        ),
        ("lova om integrering § 4", [("lova om integrering", "4")]),
        # abbreviations, with and without the full stop
        ("intl. § 4", [("intl", "4")]),
        ("intl §4", [("intl", "4")]),
        ("strl 196", [("strl", "196")]),
        ("§ 196 strl.", [("strl", "196")]),
        ("§ 13-2 i bvl", [("bvl", "13-2")]),
        ("utf. 8-3", [("utf", "8-3")]),
        ("ukjentl. § 7", [("ukjentl", "7")]),  # one that we do not know: the base may
        # two letters are a word as well: they are an act before a § only
        ("bl § 42", [("bl", "42")]),
        ("kl. § 5-3", [("kl", "5-3")]),
        ("møte kl 10 i kommunen", []),
        ("møte kl. 10", []),
        ("§ 4 el 5", []),
        ("§ 4 bl.a. om tolk", []),
        # no act, or no section
        ("hva sier loven om tolk?", []),
        ("lov § 4", []),
        ("forskriften § 3", []),
        ("§ 4", []),
        ("gjelder loven til 18 år?", []),
        ("navl og 3 andre", []),
        ("intl", []),
    ],
)
def test_law_references(text: str, expected: list[tuple[str, str]]) -> None:
    """An act beside a number is a reference: by name, by what it is short for, by its title."""
    assert [LawReference(act, section) for act, section in expected] == list(find(text))


@pytest.mark.parametrize(
    ("text", "act", "section"),
    [
        ("avvergeplikt", "straffeloven", "196"),
        ("hva er avvergeplikten?", "straffeloven", "196"),
        ("kva er avverjeplikta", "straffeloven", "196"),
        ("har jeg plikt til å avverge vold?", "straffeloven", "196"),
        ("melding til barnevernet", "barnevernsloven", "13-2"),
        ("meldeplikten til barnevernet", "barnevernsloven", "13-2"),
        ("utreiseforbod", "barnevernsloven", "5-13"),
    ],
)
def test_duties_that_are_known_by_name(text: str, act: str, section: str) -> None:
    """A duty is a reference to where it stands, and is told apart from a § that was named."""
    assert find(text) == (LawReference(act, section, named=True),)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("§ 14 a", "14a"),
        ("§14 A.", "14a"),
        ("13-2", "13-2"),
        ("§ 13–2", "13-2"),
        ("paragraf 4", "4"),
        ("§ 4.", "4"),
    ],
)
def test_section_key(printed: str, expected: str) -> None:
    """A § is compared without its mark, spaces, capitals and full stop."""
    assert expected == section_key(printed)


@given(
    st.text(max_size=200)
    | st.text(st.sampled_from("§ 14a-–.,lovintkbeæøå\u00a0"), max_size=200)
    | st.lists(st.sampled_from(["lov om ", "forskrift ", "a- og ", "§ ", "4 ", "kl. "]))
    .map("".join)
    .map(lambda text: text[:1000])
)
def test_no_text_raises(text: str) -> None:
    """Whatever is typed: each reference has an act and a § as they are compared."""
    for reference in find(text):
        assert reference.act
        assert reference.section == section_key(reference.section)


def document(id: str, title: str, short: str | None = None) -> Document:
    return Document(
        id, f"test:{id}", title, (Section((), "t"),), DocumentType.ACT, short_title=short
    )


LAWS = acts(
    [
        document("intl", "Lov om integrering gjennom opplæring (integreringsloven)"),
        document("bvl", "Lov om barnevern", "Barnevernsloven – bvl"),
        document("strl", "Lov om straff (straffeloven)"),
        document("opp", "Lov om grunnskoleopplæringa (opplæringslova)"),
        document("krise", "Lov om kommunale krisesentertilbod (krisesenterlova)"),
        document("pbrl", "Lov om pasientrettigheter (pasient- og brukerrettighetsloven)"),
        document("pay", "Forskrift om foreldrebetaling i barnehager"),
        document("one", "Den eine (tvillinglova)"),
        document("other", "Den andre (tvillingloven)"),
        document("same", "Forskrift om rammeplan for barnehagen"),
        document("same2", "Forskrift om rammeplan for skolen"),
    ]
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("integreringsloven", "intl"),
        ("integreringslova", "intl"),
        ("integreringslovens", "intl"),
        ("Integreringsloven.", "intl"),
        ("intl", "intl"),
        ("barnevernsloven", "bvl"),
        ("barnevernloven", "bvl"),  # as people write it
        ("barnevernlova", "bvl"),
        ("bvl", "bvl"),
        ("bvernl", "bvl"),
        ("strl", "strl"),
        ("straffelova", "strl"),
        ("opplæringsloven", "opp"),
        ("oppll", "opp"),
        ("krisesenterloven", "krise"),
        ("pasient- og brukerrettighetsloven", "pbrl"),
        ("pasient-  og brukerrettighetslova", "pbrl"),
        ("brukerrettighetsloven", "pbrl"),
        ("pbrl", "pbrl"),
        ("forskrift om foreldrebetaling i barnehager", "pay"),
        ("forskrift om foreldrebetaling", "pay"),  # as far as it is the only one
        ("lov om integrering", "intl"),
        ("forskrift om rammeplan", None),
        ("tvillingloven", "one other"),  # an act in both forms, or an old and a new one
        ("utlendingsloven", None),  # the base lacks it
        ("utl", None),
        ("ukjentl", None),
    ],
)
def test_the_document_that_a_name_means(name: str, expected: str | None) -> None:
    """An act goes by its names, in both forms, by its abbreviations, by how its title begins."""
    assert LAWS.find(name) == set((expected or "").split())


def test_what_a_document_calls_itself_comes_before_the_vocabulary() -> None:
    """An abbreviation that one of the base's acts has in its title is that act's."""
    found = acts([document("x", "Lov om noe (intl)"), document("y", "Lov (integreringsloven)")])
    assert (found.find("intl"), found.find("integreringsloven")) == ({"x"}, {"y"})


def test_duties_and_abbreviations_point_to_acts_that_can_be_found() -> None:
    """The act of every entry of the vocabulary is found by its own name and by each short form."""
    wanted = {
        group.target.rpartition(" § ")[0] if group.kind is GroupKind.DUTY else group.target
        for group in groups()
        if group.kind in (GroupKind.ACT, GroupKind.DUTY)
    }
    found = acts(document(name, f"Lov om noe ({name})") for name in wanted)
    for group in groups():
        if group.kind is GroupKind.ACT:
            assert {found.find(form) for form in group.forms} == {frozenset({group.target})}
        elif group.kind is GroupKind.DUTY:
            (reference,) = find(group.forms[0])
            assert found.find(reference.act) == {reference.act}


@pytest.fixture
def law(base: Any) -> Any:
    base.put(
        "bvl",
        "Enhver offentlig ansatt skal melde fra.",
        title="Lov om barnevern (barnevernsloven)",
        section="§ 13-2",
        type=DocumentType.ACT,
    )
    base.put(
        "strl",
        "Den som unnlater å hindre straffbare handlinger, straffes.",
        title="Lov om straff (straffeloven)",
        section="§ 196",
        type=DocumentType.ACT,
    )
    for number in range(20):
        base.put(f"talk{number}", f"Avvergeplikt og meldeplikt til barnevernet, innlegg {number}.")
    base.publish()
    return base.searcher()


@pytest.mark.parametrize("mode", list(Mode)[:2])
@pytest.mark.parametrize(
    ("question", "first", "reason"),
    [
        ("barnevernlova 13-2", "bvl", "reference"),
        ("bvl. § 13-2", "bvl", "reference"),
        ("strl 196", "strl", "reference"),
        ("hva er avvergeplikt?", "strl", "duty"),
        ("meldeplikt til barnevernet", "bvl", "duty"),
    ],
)
def test_what_is_named_stands_first(
    law: Any, question: str, first: str, reason: str, mode: Mode
) -> None:
    """Though twenty passages match the words better: the section itself, with the reason."""
    hit = law.search(parse(question, mode=mode)).hits[0]
    assert (hit.document.id, reason in hit.reasons) == (first, True)


def test_an_act_in_both_forms_is_named_in_both(base: Any) -> None:
    """Two documents share the name: the section goes first in the reader's form."""
    for id, language, text in (
        ("nb", Language.BOKMAL, "Ingen skal oversette for sine foreldre her."),
        ("nn", Language.NYNORSK, "Ingen skal omsetje for foreldra sine her."),
    ):
        base.put(
            id,
            text,
            title="Lov om tolk (tolkeloven)",
            section="§ 4",
            type=DocumentType.ACT,
            language=language,
            translation_of="nb" if id == "nn" else None,
        )
    base.publish()
    for question, first in (("hva sier tolkeloven § 4", "nb"), ("kva seier tolkelova § 4", "nn")):
        hit = base.searcher().search(parse(question)).hits[0]
        assert (hit.document.id, "reference" in hit.reasons) == (first, True)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("barnevernsloven § 99", "finnes ikke i lovteksten"),
        ("tolkelova § 4", "Lovteksten til «tolkelova § 4» er ikke i basen"),
        ("strl 196", None),
        ("hva er avvergeplikt?", None),
    ],
)
def test_that_a_section_is_not_there_is_said(law: Any, question: str, said: str | None) -> None:
    """What is shown instead of a § that the base lacks must not pass for it; in both forms."""
    told = [n for n in law.search(parse(question)).notices if n.kind == "not_in_the_base"]
    assert [n.lang for n in told] == (["nb", "nn"] if said else [])
    assert not said or said in told[0].text


def test_a_filter_that_leaves_the_act_out_is_no_lack(law: Any) -> None:
    """The § is in the base, and the reader has chosen not to see acts."""
    found = law.search(parse("strl 196", filters=Filters(types=frozenset({DocumentType.GUIDANCE}))))
    assert not [n for n in found.notices if n.kind == "not_in_the_base"]


def test_a_named_section_is_read_from_its_beginning(base: Any) -> None:
    """Of a long § its first passage goes first, and the excerpt is its first words."""
    rule = "Den som ikke melder fra, straffes. " + "Dette er en lang regel om straff. " * 20
    base.put(
        "strl",
        rule,
        "Oppregning av straff straff straff.",
        "Tilføyd ved lov 7 mars 2008 nr. 4 om straff.",
        title="Lov om straff (straffeloven)",
        section="§ 196",
        type=DocumentType.ACT,
    )
    base.publish()
    hits = base.searcher().search(parse("strl 196 straff")).hits
    assert [hit.passage.number for hit in hits] == sorted(hit.passage.number for hit in hits)
    assert hits[0].excerpt.text.startswith("Den som ikke melder fra")
