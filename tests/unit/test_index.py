"""The index as one: filters by two paths against brute force, and following changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest

from corpus.documents import Document, DocumentType, Language, Section, Status
from search import index as indexes
from search.errors import ModelMismatch, StoreError
from search.index import Index, passes, translations
from search.query import parse
from search.values import Filters, Mode

WORDS = [
    "kommune",
    "tolk",
    "norsk",
    "tilskudd",
    "vedtak",
    "barn",
    "skole",
    "plan",
    "råd",
    "klage",
    "frist",
    "rett",
    "plikt",
]
TYPES = list(DocumentType)[:4]
LANGUAGES = [Language.BOKMAL, Language.NYNORSK, Language.ENGLISH]
FILTERS = {
    "type": Filters(types=frozenset({DocumentType.ACT})),
    "two types": Filters(types=frozenset({DocumentType.ACT, DocumentType.CIRCULAR})),
    "language": Filters(languages=frozenset({Language.NYNORSK})),
    "publisher": Filters(publishers=frozenset({"IMDi"})),
    "area": Filters(areas=frozenset({2, 5})),
    "status": Filters(statuses=frozenset({Status.SUPERSEDED})),
    "from year": Filters(year_from=2022),
    "to year": Filters(year_to=2019),
    "years": Filters(year_from=2020, year_to=2020),
    "two fields": Filters(types=frozenset({DocumentType.ACT}), languages=frozenset(LANGUAGES[:1])),
    "nearly all": Filters(year_from=2000),
    "none": Filters(publishers=frozenset({"Ingen"})),
}


def document(id: str = "d", **fields: Any) -> Document:
    return Document(id, f"test:{id}", fields.pop("title", id), (Section((), "t"),), **fields)


@pytest.mark.parametrize(
    ("filters", "fields", "expected"),
    [
        (Filters(), {}, True),
        (FILTERS["type"], {"type": DocumentType.ACT}, True),
        (FILTERS["type"], {"type": DocumentType.NEWS}, False),
        (FILTERS["two types"], {"type": DocumentType.CIRCULAR}, True),
        (FILTERS["language"], {"language": Language.NYNORSK}, True),
        (FILTERS["language"], {}, False),
        (FILTERS["publisher"], {"publisher": "IMDi"}, True),
        (FILTERS["publisher"], {}, False),
        (FILTERS["area"], {"areas": (1, 2)}, True),
        (FILTERS["area"], {"areas": ()}, False),
        (FILTERS["status"], {"status": Status.SUPERSEDED}, True),
        (FILTERS["status"], {}, False),
        (FILTERS["years"], {"published": date(2020, 12, 31)}, True),
        (FILTERS["years"], {"published": date(2021, 1, 1), "valid_from": date(2020, 1, 1)}, False),
        (FILTERS["years"], {"valid_from": date(2020, 1, 1)}, True),
        (FILTERS["years"], {}, False),
        (FILTERS["two fields"], {"type": DocumentType.ACT, "language": Language.BOKMAL}, True),
        (FILTERS["two fields"], {"type": DocumentType.ACT, "language": Language.ENGLISH}, False),
    ],
)
def test_passes(filters: Filters, fields: dict[str, Any], expected: bool) -> None:
    """Values of a field are or, fields are and, and what is unknown meets no condition."""
    assert expected == passes(document(**fields), filters)


def fill(base: Any) -> Any:
    """80 documents of 4 passages, 12 of them newer than the generation, 5 removed."""
    rng = random.Random(1)
    for number in range(80):
        if number == 68:
            base.publish()
        base.put(
            f"d{number}",
            *(" ".join(rng.choices(WORDS, k=12)) for _ in range(4)),
            type=rng.choice(TYPES),
            language=rng.choice(LANGUAGES),
            publisher=rng.choice(["IMDi", "Bufdir", None]),
            areas=tuple(sorted(rng.sample(range(1, 7), 2))),
            status=rng.choice([Status.CURRENT, Status.SUPERSEDED]),
            published=date(rng.randint(2018, 2026), 5, 1),
        )
    for number in (1, 7, 33, 34, 70):
        base.delete(f"d{number}")
    return base


@pytest.fixture
def filled(base: Any) -> Any:
    return fill(base)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, make_base: Any) -> Iterator[Any]:
    """The same, for tests that only read: (base, index)."""
    base = fill(make_base(tmp_path_factory.mktemp("base")))
    yield base, base.index()
    base.close()


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("path", ["exact", "over-fetch"])
def test_filters_find_what_brute_force_finds(
    still: Any, monkeypatch: pytest.MonkeyPatch, name: str, path: str
) -> None:
    """By exact products and by over-fetching, a filter gives the oracle's hits and scores."""
    base, index = still
    monkeypatch.setattr(indexes, "FETCH_COST", 10**9 if path == "exact" else 0)
    if path == "over-fetch":
        monkeypatch.setattr(indexes, "OWNERS_LIMIT", -1)
    filters = FILTERS[name]
    allowed = {d.id for d in base.truth.documents() if passes(d, filters)}
    passages = {k: p for k, p in base.truth.all_passages() if p.document_id in allowed}
    vectors = base.truth.vectors(passages)
    question = "tilskudd til norsk skole for barn"
    query = base.encoder.encode_queries([question])[0]
    oracle = sorted((-float(vectors[key] @ query), key) for key in passages)[:15]
    with index.state() as state:
        near = state.vector(query, 15, filters)
        weights = state.analyse(parse(question)).weights
        lexical = state.lexical(weights, (), 1000, filters)
        everything = state.lexical(weights, (), 1000, Filters())
        few = state.lexical(weights, (), 5, filters)
    assert [round(-far, 4) for far, _ in oracle] == [round(v, 4) for v in near.values()]
    assert set(near) <= set(passages)
    assert {k: v for k, v in everything.items() if k in passages} == pytest.approx(lexical)
    assert list(lexical)[:5] == list(few)


def test_over_fetch_that_finds_too_few_falls_back(still: Any, monkeypatch: Any) -> None:
    """When the over-fetched hits hold too few that pass, exact products make up for it."""
    base, index = still
    monkeypatch.setattr(indexes, "FETCH_COST", 0)
    filters = FILTERS["language"]
    query = base.encoder.encode_queries(["tolk"])[0]
    with index.state() as state:
        expected = state.vector(query, 20, filters)
        chroma = state.generation.chroma
        monkeypatch.setattr(chroma, "search", lambda query, limit: [])
        assert expected == pytest.approx(state.vector(query, 20, filters))
        assert len(expected) == 20


def test_similarities_are_cosines(still: Any) -> None:
    """Of passages in the generation and in the delta; a key that is nowhere has none."""
    base, index = still
    query = base.encoder.encode_queries(["tolk og vedtak"])[0]
    keys = [base.truth.passages_of(id)[2].key for id in ("d5", "d75")]
    with index.state() as state:
        found = state.similarities(query, [*keys, 12345])
    assert {
        key: pytest.approx(float(np.dot(vector, query)), abs=1e-6)
        for key, vector in base.truth.vectors(keys).items()
    } == found


def test_an_index_follows_publications(filled: Any) -> None:
    """A state in use stays as it is; the next one sees the new generation."""
    index = filled.index()
    with index.state() as before:
        manifest = filled.publish()
        index._not_before = 0.0  # as if a moment had passed
        with index.state() as after:
            assert manifest.id == after.generation.manifest.id
            assert before.generation is not after.generation
            assert not after.delta.changed
        query = filled.encoder.encode_queries(["tolk"])[0]
        assert before.vector(query, 3, Filters())  # still open
        assert before.generation.folder.is_dir()
    filled.publish()
    assert not before.generation.folder.exists()


def test_a_generation_removed_while_opening_is_no_error(
    filled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the writer publishes another between a reader's two looks, the reader takes that."""
    real = indexes.generations.Generation
    opened: list[str] = []

    def late(folder: Any) -> Any:
        opened.append(folder.name)
        if len(opened) == 1:
            filled.publish()  # and sweeps the one that was about to be opened
        return real(folder)

    monkeypatch.setattr(indexes.generations, "Generation", late)
    monkeypatch.setattr("search.store.building.check", lambda folder, manifest: None)
    index = Index(filled.home, filled.truth)
    with index.state() as state:
        assert len(opened) == 2
        assert opened[1] == state.generation.folder.name
    index.close()


def test_damage_under_a_reader_is_an_error(filled: Any) -> None:
    """A damaged index is told when it is opened; nothing is searched in part."""
    manifest = filled.publish()
    (filled.home / "index" / manifest.id / "keys.npy").unlink()
    with pytest.raises(StoreError, match=r"keys.npy.*kjelda ingest"):
        filled.index()


def test_during_a_rebuild_the_old_generation_serves_alone(filled: Any, make_encoder: Any) -> None:
    """New vectors don't compare with the old ones: they wait for their own generation."""
    filled.publish()
    index = filled.index()
    filled.truth.forget_model("hashing/2")
    other = make_encoder("hashing/2")
    filled.encoder = other
    filled.put("new", "Noe om tolk.")
    for found in (index, filled.index()):
        with found.state() as state:
            assert state.model_id == "hashing/1"
            assert not state.delta.changed
    searcher = filled.searcher(lambda: other)
    with pytest.raises(ModelMismatch, match=r"hashing/1.*hashing/2"):
        searcher.search(parse("tolk"))
    assert searcher.search(parse("tolk", mode=Mode.LEXICAL)).hits


def test_passages_that_say_the_same(base: Any) -> None:
    """Two passages are alike by their vectors, in the generation and in the delta."""
    base.put("a", "Kommunen skal bruke tolk.", title="Tolk")
    base.put("b", "Kommunen skal bruke tolk!", title="Tolk")
    base.put("c", "Noe ganske annet om barnehage.", title="Tolk")
    base.publish()
    base.put("d", "Kommunen skal bruke tolk.", title="Tolk")
    one, same, other, new = [base.truth.passages_of(id)[0].key for id in "abcd"]
    with base.index().state() as state:
        alike = state.alike([one, same, other, new])
    assert alike(one, same)
    assert not alike(one, other)
    assert alike(one, new)  # not published yet


def test_forms_of_one_document_are_a_family(base: Any) -> None:
    """A translation and its original go by one id; alone, or without its original, by none."""
    documents = [
        document("nb"),
        document("nn", translation_of="nb"),
        document("en", translation_of="nn"),
        document("alone"),
        document("lost", translation_of="elsewhere"),
    ]
    assert translations(documents) == {"nb": "nb", "nn": "nb", "en": "nb"}
    chain = [document("z"), document("b", translation_of="z"), document("c", translation_of="b")]
    assert translations(chain) == {"z": "z", "b": "z", "c": "z"}
    each_other = [document("a", translation_of="b"), document("b", translation_of="a")]
    assert translations(each_other) == {"a": "a", "b": "a"}
    assert translations([document("a", translation_of="a")]) == {}
    base.put("nb", "Tekst.")
    base.put("nn", "Tekst.", translation_of="nb")
    base.put("alone", "Tekst.")
    base.publish()
    with base.index().state() as state:
        others = {id: state.other_form(one) for id, one in state.documents.items()}
    assert {id: other.id for id, other in others.items() if other} == {"nb": "nn", "nn": "nb"}


def test_rarity(base: Any) -> None:
    """A word of few passages weighs more than one of many, and one that is nowhere most."""
    for number in range(4):
        base.put(f"d{number}", "Kommunen." if number else "Kommunen og tolk.")
    base.publish()
    with base.index().state() as state:
        assert 0 < state.rarity("kommun") < state.rarity("tolk") < state.rarity("xylofon")
