"""The searcher: phrases, references, modes, nothing found, and many threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.documents import DocumentType, Language, Status
from search.embedding.encoder import Encoder
from search.engine import DATABASE, Searcher
from search.errors import BaseMissing, ModelMismatch, StoreError
from search.query import parse
from search.values import Filters, Match, Mode

ACT = {"title": "Lov om integrering (integreringsloven)", "type": DocumentType.ACT}


def never() -> Encoder:
    raise AssertionError("the model is not needed here")


@pytest.fixture
def law(base: Any) -> Any:
    """An act of three sections in one document each passage, and what talks about it."""
    base.put("act", "Fylkeskommunen skal sørge for tilbud.", section="§ 4", **ACT)
    base.put(
        "old",
        "Kommunen skal sørge for introduksjonsprogram.",
        title="Introduksjonsloven (opphevet)",
        section="§ 4",
        type=DocumentType.ACT,
        status=Status.SUPERSEDED,
    )
    for number in range(70):
        base.put(f"talk{number}", f"Integreringsloven § 4 er omtalt i innlegg {number}.")
    base.publish()
    return base


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.LEXICAL])
@pytest.mark.parametrize(
    "question",
    [
        "integreringsloven § 4",
        "§ 4 i integreringslova",
        "integrerinsloven § 4",  # misspelt, and corrected
        # Seventy passages match this better than the section itself does.
        "hva sier integreringsloven § 4 som er omtalt i innlegg?",
    ],
)
def test_a_section_that_is_named_stands_first(law: Any, question: str, mode: Mode) -> None:
    """A reference by act and § leads to that very section, with its reason."""
    hit = law.searcher().search(parse(question, mode=mode)).hits[0]
    assert (hit.passage.document_id, hit.passage.place.section, hit.rank) == ("act", "§ 4", 1)
    assert "reference" in hit.reasons


def test_a_reference_keeps_to_the_filters(law: Any) -> None:
    """A section in a document that the filters leave out is not lifted in."""
    filters = Filters(types=frozenset({DocumentType.NEWS}))
    result = law.searcher().search(parse("integreringsloven § 4", filters=filters))
    assert (result.status, result.hits) == ("nothing_found", ())


@pytest.mark.parametrize("mode", list(Mode))
def test_a_phrase_must_stand_there(base: Any, mode: Mode) -> None:
    """With quotes, only passages with these words in this order are found, in every mode."""
    base.put("a", "Negativ sosial kontroll er et tema.")
    base.put("b", "Sosial kontroll kan være negativ.")
    base.put("c", "Kontroll av negativ sosial adferd.")
    base.publish()
    searcher = base.searcher()
    found = searcher.search(parse('"negativ sosial kontroll"', mode=mode)).hits
    # The stand-in's cosine is what decides in vector mode: a and only a may be there.
    assert {"a"} >= {hit.passage.document_id for hit in found}
    assert found or mode is Mode.VECTOR
    found = searcher.search(parse('"Negativ sosial kontroll er et tema."', mode=mode)).hits
    assert [hit.passage.document_id for hit in found] == ["a"]


def test_lexical_mode_needs_no_model(law: Any) -> None:
    """A lexical search never loads the encoder, and tells no vector figures."""
    searcher = law.searcher(never)
    result = searcher.search(parse("introduksjonsprogram", mode=Mode.LEXICAL))
    hit = result.hits[0]
    assert (
        hit.document.id,
        hit.lexical_rank,
        hit.vector_rank,
        hit.similarity,
    ) == ("old", 1, None, None)
    with pytest.raises(AssertionError, match="not needed"):
        searcher.search(parse("introduksjonsprogram"))


def test_the_model_is_loaded_once(law: Any) -> None:
    """Eight threads that ask at once wait for one load."""
    loads: list[int] = []

    def load() -> Any:
        loads.append(1)
        time.sleep(0.05)
        return law.encoder

    searcher = law.searcher(load)
    threads = [threading.Thread(target=searcher.search, args=(parse("tolk"),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [1]


def test_filters_hold(law: Any) -> None:
    """A filter that nothing passes gives nothing; one that a document passes gives it."""
    searcher = law.searcher()
    acts = Filters(types=frozenset({DocumentType.ACT}))
    hits = searcher.search(parse("kommunen skal sørge for innlegg", filters=acts)).hits
    assert {hit.document.id for hit in hits} == {"act", "old"}
    none = Filters(publishers=frozenset({"Ingen"}))
    assert searcher.search(parse("kommunen", filters=none)).status == "nothing_found"


def test_a_superseded_document_says_so_in_its_reasons(law: Any) -> None:
    """The rule that moved a hit is named."""
    hits = law.searcher().search(parse("introduksjonsprogram")).hits
    moved = [hit.document.id for hit in hits if "status:superseded" in hit.reasons]
    assert moved == ["old"]


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_found(law: Any, mode: Mode) -> None:
    """No word of the question anywhere and nothing near: that is the answer, without hits."""
    law.encoder.nothing_below = 0.8
    result = law.searcher().search(parse("xylofonkvartett", mode=mode))
    assert (result.status, result.hits) == ("nothing_found", ())


def test_a_hit_tells_where_it_is_from(law: Any) -> None:
    """A hit has its document without sections, ranks, cosine, score and marked excerpt."""
    result = law.searcher().search(parse("tilbud fra fylkeskommunen", limit=3))
    hit = result.hits[0]
    assert (1, "act", ACT["title"]) == (hit.rank, hit.document.id, hit.document.title)
    assert hit.document.sections == ()
    assert hit.similarity is not None
    assert -1 <= hit.similarity <= 1
    marked = [hit.excerpt.text[start:end] for start, end in hit.excerpt.marks]
    assert marked == ["Fylkeskommunen", "tilbud"]
    assert [1, 2, 3][: len(result.hits)] == [h.rank for h in result.hits]
    scores = [h.score for h in result.hits]
    assert sorted(scores, reverse=True) == scores
    assert {"analyse", "embed", "lexical", "vector", "rank", "total"} == set(result.timings_ms)


def test_near_duplicates_are_shown_once(base: Any) -> None:
    """Two documents that say the same word for word take one place on the page."""
    for id in ("one", "copy"):
        base.put(id, "Kommunen skal bruke tolk.", title="Tolk")
    base.put("other", "Bruk av tolk i skolen er noe annet.", title="Skole")
    base.publish()
    hits = base.searcher().search(parse("bruke tolk")).hits
    assert [hit.document.id for hit in hits] == ["one", "other"]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    ("question", "expected", "other"),
    [
        ("hva er tilskudd til tolk?", "nb", "nn"),
        ("kva er tilskot til tolk?", "nn", "nb"),
    ],
)
def test_a_document_in_two_forms_is_shown_in_the_reader_s(
    base: Any, question: str, expected: str, other: str, mode: Mode
) -> None:
    """A question in Nynorsk gets the Nynorsk text, and is told of the other one."""
    base.put("nb", "Tilskudd gis til tolk.", language=Language.BOKMAL)
    base.put("nn", "Tilskot vert gjeve til tolk.", language=Language.NYNORSK, translation_of="nb")
    base.put("alone", "Tolk er et yrke.")
    base.publish()
    hits = base.searcher().search(parse(question, mode=mode)).hits
    shown = {hit.document.id: hit.other_form.id if hit.other_form else None for hit in hits}
    assert {expected: other, "alone": None} == shown


def test_what_was_replaced_stands_below(base: Any) -> None:
    """The old rules match better; the new ones stand first, and the old ones say why not."""
    base.put("old", "Tilskudd til tolk søkes innen 1. mai.", replaced_by="new")
    base.put("new", "Frist for tilskudd er 1. mars.")
    base.publish()
    hits = base.searcher().search(parse("tilskudd til tolk innen 1. mai", mode=Mode.LEXICAL)).hits
    assert [(hit.document.id, "replaced" in hit.reasons) for hit in hits] == [
        ("new", False),
        ("old", True),
    ]


def test_a_hit_says_why_it_was_found(law: Any) -> None:
    """Each word as typed, the text's own word, and how they meet; in title and headings too."""
    hit = law.searcher().search(parse("fylkeskommuner og integreringslov")).hits[0]
    assert hit.document.id == "act"
    assert set(hit.matches) == {
        Match("fylkeskommuner", "fylkeskommunen", "word"),
        Match("integreringslov", "integreringsloven", "word"),
    }


def test_the_model_is_asked_the_corrected_question(law: Any) -> None:
    """The vector is of the words that were meant; the result has the question as typed."""
    asked: list[str] = []
    encode = law.encoder.encode_queries

    def remember(texts: list[str]) -> Any:
        asked.extend(texts)
        return encode(texts)

    searcher = law.searcher()
    law.encoder.encode_queries = remember
    result = searcher.search(parse("omtalt i innleg"))
    assert (asked, result.query.text) == (["omtalt i innlegg"], "omtalt i innleg")
    assert result.corrections == (("innleg", "innlegg"),)


def test_reading_besides_searching(law: Any) -> None:
    """Documents, their passages, publishers and the base's state can be asked for."""
    law.put("pub", "Tekst.", publisher="IMDi", file="pub.md")
    searcher = law.searcher()
    assert searcher.publishers() == ["IMDi"]
    assert searcher.document("pub.md") == searcher.document("pub")
    assert [p.text for p in searcher.passages_of("pub")] == ["Tekst."]
    assert len(searcher.documents()) == 73
    status = searcher.status()
    assert (
        status["documents"],
        status["indexed_passages"],
        status["changed_since_indexed"],
        status["model_id"],
    ) == (73, 72, 1, "hashing/1")


def test_a_base_of_another_model_is_refused(law: Any, make_encoder: Any) -> None:
    """Question and passages never come from different models."""
    searcher = law.searcher(lambda: make_encoder("hashing/2"))
    with pytest.raises(ModelMismatch, match=r"hashing/1.*hashing/2"):
        searcher.search(parse("tolk"))


def test_no_base_and_no_index_are_told(base: Any, tmp_path: Path) -> None:
    """Each says what is missing and the command that mends it."""
    with pytest.raises(BaseMissing, match="kjelda ingest"):
        Searcher.open(tmp_path / "none", never)
    base.put("a", "Tekst.")
    with pytest.raises(StoreError, match="kjelda ingest"):
        Searcher.open(base.home, never)
    assert (base.home / DATABASE).exists()


def test_eight_threads_search_while_an_ingest_publishes(law: Any) -> None:
    """Documents come and go and generations change; every search is whole and right."""
    searcher = law.searcher()
    stop = threading.Event()
    faults: list[BaseException | str] = []
    asked = [0] * 8

    def ask(number: int) -> None:
        questions = ["integreringsloven § 4", "introduksjonsprogram", '"er omtalt i innlegg"']
        while not stop.is_set():
            mode = list(Mode)[asked[number] % 3]
            question = questions[asked[number] % 3]
            try:
                result = searcher.search(parse(question, mode=mode))
            except BaseException as error:  # noqa: BLE001 - told by the test
                faults.append(error)
                return
            if question == questions[0] and result.hits[0].document.id != "act":
                faults.append(f"{mode}: {result.hits[0].document.id} stands first")
            if question == questions[1] and mode is not Mode.VECTOR and not result.hits:
                faults.append(f"{mode}: nothing found")
            for hit in result.hits:
                if hit.passage.document_id != hit.document.id:
                    faults.append("a hit of two documents")
            asked[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    published = set()
    try:
        for turn in range(5):
            law.put(f"new{turn}", f"Nytt innlegg {turn} om noe annet.")
            if turn:
                law.delete(f"new{turn - 1}")
            published.add(law.publish().id)
            time.sleep(0.1)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert faults == []
    assert min(asked) > 3
    assert len(published) == 5
    searcher.close()
    law.publish()
    left = [path.name for path in (law.home / "index").iterdir() if path.is_dir()]
    assert len(left) == 1, "a reader that closed holds nothing"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, make_base: Any, model: Any) -> Iterator[Any]:
    """Ten short texts with the real model: here it matters what they mean."""
    base = make_base(tmp_path_factory.mktemp("real"))
    base.encoder = model
    for id, text in {
        "tolk": "Offentlige organer skal bruke kvalifisert tolk når det er nødvendig.",
        "bustad": "Kommunen skaffar bustad til flyktningar som er busette.",
        "tilskot": "Fristen for å søkje om tilskot er 1. mars.",
        "ekteskap": "Ingen kan bli gift mot sin vilje. Tvangsekteskap er straffbart.",
        "norsk": "Deltakerne har rett til opplæring i norsk og samfunnskunnskap.",
        "klage": "Vedtaket kan påklages til statsforvalteren innen tre uker.",
        "barn": "Den som arbeider i skolen, skal melde fra til barnevernet.",
        "plan": "Integreringsplanen skal evalueres jevnlig.",
        "stønad": "Introduksjonsstønaden er to ganger grunnbeløpet i året.",
        "reise": "Passet kan trekkes tilbake ved fare for kjønnslemlestelse i utlandet.",
    }.items():
        base.put(id, text)
    base.publish()
    yield base.searcher()
    base.close()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("kor lenge kan eg vente med å klage?", "klage"),
        ("kan nokon tvingast til å gifte seg?", "ekteskap"),
        ("When is the application deadline for grants?", "tilskot"),
        ("can someone be forced to marry?", "ekteskap"),
    ],
)
def test_meaning_finds_what_words_do_not(real: Any, question: str, expected: str) -> None:
    """The real model is asked, across written forms and languages.

    How well it finds is for tests/quality to say; this shows that it is the one that answers.
    """
    for mode in (Mode.VECTOR, Mode.HYBRID):
        assert real.search(parse(question, mode=mode)).hits[0].document.id == expected, mode


def test_few_passages_give_no_estimate(real: Any) -> None:
    """Where nothing is left to stand out from, no chance is told, rather than a sure one."""
    result = real.search(parse("hvem har ansvar for opplæring i norsk?"))
    assert (result.status, result.confidence) == ("found", None)


def test_the_estimate_is_the_same_for_any_limit(law: Any) -> None:
    """It is of the best hits, however many the reader wants to see."""
    searcher = law.searcher()
    law.encoder.calibrated = True
    for number in range(30):
        law.put(f"more{number}", f"Fylkeskommunen og kommunen, innlegg nummer {number}.")
    found = [searcher.search(parse("tilbud fra fylkeskommunen", limit=n)) for n in (1, 3, 10)]
    assert [len(result.hits) for result in found] == [1, 3, 10]
    assert len({result.confidence for result in found}) == 1


def test_a_publisher_by_any_case_and_one_that_is_not_there(base: Any) -> None:
    """*imdi* is IMDi; of one that nothing is from, the reader is told who there is."""
    base.put("one", "Tilskudd til kommunen.", publisher="IMDi")
    base.publish()
    searcher = base.searcher()
    for name, hits, told in (("imdi", 1, []), ("IMDI", 1, []), ("Udi", 0, ["nb", "nn"])):
        filters = Filters(publishers=frozenset({name}))
        result = searcher.search(parse("tilskudd", filters=filters))
        assert len(result.hits) == hits
        notices = [n for n in result.notices if n.kind == "unknown_publisher"]
        assert [n.lang for n in notices] == told
        assert all("«Udi»" in n.text and "IMDi" in n.text for n in notices)


def test_what_lies_far_off_and_has_no_word_is_not_shown(base: Any) -> None:
    """A narrow filter leaves few passages: the farthest of them are no hits."""
    base.put("near", "Tilskudd til kommunen.")
    base.put("far", "Noe helt annet om vaffelrøre.")
    base.publish()
    searcher = base.searcher()
    assert len(searcher.search(parse("tilskudd")).hits) == 2
    base.encoder.nothing_below = 0.99
    assert [hit.document.id for hit in searcher.search(parse("tilskudd")).hits] == ["near"]


def test_what_a_document_took_the_place_of_is_known(base: Any) -> None:
    """Both ways: the old one names its heir, and the heir is asked what it replaces."""
    base.put("ny", "Ny tekst.")
    base.put("gammal", "Gammal tekst.", replaced_by="ny")
    base.put("anna", "Anna tekst.", replaced_by="borte")
    base.publish()
    searcher = base.searcher()
    assert [document.id for document in searcher.replaces("ny")] == ["gammal"]
    assert searcher.replaces("gammal") == []


def test_where_a_document_was_read_from_is_known(base: Any) -> None:
    """Its source and collection, as ingest named them; nothing of one that isn't there."""
    base.put("d", "Tekst.")
    base.publish()
    source, known = base.searcher().provenance("d")
    assert (source, known.collection, known.document_id) == ("test|d", "test", "d")
    assert base.searcher().provenance("none") is None
