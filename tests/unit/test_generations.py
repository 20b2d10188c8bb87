"""Generations: whole or not there, kept while read, never repaired."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from search.errors import StoreError
from search.store import building, generations, lexical, publishing
from search.store.truth import Truth
from search.values import Filters

TEXTS = {
    "a": "Kommunen gir tilskudd til frivillige organisasjoner.",
    "b": "Flyktninger har rett til introduksjonsprogram.",
    "c": "Tolk skal brukes ved behov.",
}


@pytest.fixture
def index(base: Any) -> Path:
    for id, text in TEXTS.items():
        base.put(id, text)
    return Path(base.home / "index")


def folders(index: Path) -> set[str]:
    return {path.name for path in index.iterdir() if path.is_dir()}


def test_a_generation_holds_what_the_truth_holds(base: Any, index: Path) -> None:
    """Keys, owners, vectors, both indexes and the manifest tell of the same passages."""
    manifest = base.publish()
    assert manifest.documents == ("a", "b", "c")
    assert (
        manifest.passages,
        manifest.seq,
        manifest.model_id,
        manifest.dimension,
    ) == (3, 3, "hashing/1", 64)
    assert manifest == generations.current_manifest(index) == publishing.sound_manifest(index)
    generation = generations.Generation(index / manifest.id)
    stored = dict(base.truth.all_passages())
    assert sorted(stored) == generation.keys.tolist()
    assert [stored[key].document_id for key in sorted(stored)] == [
        manifest.documents[owner] for owner in generation.owners
    ]
    assert (generation.lexical.count(), generation.chroma.count()) == (3, 3)
    for row, key in enumerate(generation.keys.tolist()):
        assert generation.vectors[row].tolist() == base.truth.vectors([key])[key].tolist()
    generation.close()


def test_publishing_replaces_and_sweeps(base: Any, index: Path) -> None:
    """The new generation takes over; the old one and half-built ones are removed."""
    first = base.publish()
    (index / "building-00000009-dead").mkdir()
    (index / "building-00000009-dead" / "keys.npy").touch()
    base.put("d", "Nytt.")
    second = base.publish()
    assert {second.id} == folders(index)
    assert first.id != second.id
    assert index / second.id == generations.current(index)


@pytest.mark.parametrize("stage", ["lexical", "vectors", "check", "rename"])
def test_a_build_that_fails_leaves_the_one_before(
    base: Any, index: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """Whatever fails on the way, the published generation stays, and no rest of the other."""
    first = base.publish()
    base.put("d", "Nytt.")

    def fail(*_: Any, **__: Any) -> None:
        raise StoreError(stage)

    name = {
        "lexical": (lexical, "build"),
        "vectors": (building, "build_chroma"),
        "check": (building, "check"),
        "rename": (publishing, "_publish"),
    }[stage]
    with monkeypatch.context() as patch:
        patch.setattr(*name, fail)
        with pytest.raises(StoreError, match=stage):
            base.publish()
    assert first == publishing.sound_manifest(index)
    second = base.publish()
    assert {second.id} == folders(index)
    assert second == publishing.sound_manifest(index)


def test_a_reader_keeps_its_generation(base: Any, index: Path) -> None:
    """A generation in use outlives two publications, and goes when it is let go."""
    first = base.publish()
    reader = generations.Generation(index / first.id)
    base.put("d", "Nytt om tolk.")
    second = base.publish()
    assert {first.id, second.id} == folders(index)
    query = base.encoder.encode_queries([TEXTS["a"]])[0]
    assert len(reader.chroma.search(query, 3)) == 3  # opened after the other was published
    assert len(reader.lexical.search({"tolk": 1.0}, (), 9)) == 1
    base.put("e", "Enda nyere.")
    third = base.publish()
    assert {first.id, third.id} == folders(index)
    reader.close()
    fourth = base.publish()
    assert {fourth.id} == folders(index)


DAMAGE = {
    "manifest cut short": lambda f: (f / "manifest.json").write_text("{"),
    "manifest of another shape": lambda f: (f / "manifest.json").write_text('{"id": "x"}'),
    "keys lost": lambda f: (f / "keys.npy").unlink(),
    "keys cut short": lambda f: (f / "keys.npy").write_bytes(b"\x93NUMPY"),
    "vectors cut short": lambda f: (f / "vectors.npy").write_bytes(
        (f / "vectors.npy").read_bytes()[:-8]
    ),
    "vocabulary lost": lambda f: (f / "vocabulary.json").unlink(),
    "words lost": lambda f: (f / "words.json").unlink(),
    "lexical index lost": lambda f: shutil.rmtree(f / "lexical"),
    "lexical index broken": lambda f: (f / "lexical" / "meta.json").write_text("{"),
    "vector index lost": lambda f: shutil.rmtree(f / "chroma"),
    "vector graph lost": lambda f: [p.unlink() for p in (f / "chroma").rglob("*.bin")],
    "vector database lost": lambda f: [p.unlink() for p in (f / "chroma").glob("*.sqlite3")],
    "vector database broken": lambda f: (f / "chroma" / "chroma.sqlite3").write_bytes(
        b"nonsense" * 512
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_seen_and_told(base: Any, index: Path, damage: str) -> None:
    """Each kind of damage is a StoreError that names the way out, and not sound."""
    manifest = base.publish()
    assert manifest == publishing.sound_manifest(index)
    DAMAGE[damage](index / manifest.id)
    assert publishing.sound_manifest(index) is None
    with (
        pytest.raises(StoreError, match="kjelda ingest"),
        closing(generations.Generation(index / manifest.id)) as generation,
    ):
        assert generation.chroma


def test_a_generation_knows_its_words(base: Any, index: Path) -> None:
    """Misspelt words are corrected by words of two passages and more, as they are written."""
    base.put("d", "Kommunene har introduksjonsprogram og tolker.")
    manifest = base.publish()
    words = json.loads((index / manifest.id / "words.json").read_text("utf-8"))
    assert words == {"introduksjonsprogram": 2}
    with closing(generations.Generation(index / manifest.id)) as generation:
        assert generation.speller.correct("introduksjonsprogam") == "introduksjonsprogram"
        # "tolk" is known by its stem, though no single form of it is there twice.
        assert generation.speller.correct("tolkk") is None


def test_words_that_are_broken_later_are_told(base: Any, index: Path) -> None:
    """They are read at the first unknown word: what was broken since is a StoreError too."""
    manifest = base.publish()
    with closing(generations.Generation(index / manifest.id)) as generation:
        (index / manifest.id / "words.json").write_text("{")
        with pytest.raises(StoreError, match="kjelda ingest"):
            generation.speller.correct("tolkksen")


def test_another_format_or_analysis_is_built_anew(base: Any, index: Path) -> None:
    """A generation that another version built is not read."""
    manifest = base.publish()
    path = index / manifest.id / "manifest.json"
    for name in ("format", "analysis"):
        raw = json.loads(path.read_text())
        path.write_text(json.dumps({**raw, name: 99}))
        assert generations.current_manifest(index) is None
        with pytest.raises(StoreError, match="another version"):
            base.index()
        path.write_text(json.dumps(raw))
    assert manifest == generations.current_manifest(index)


def test_no_index_yet(base: Any, index: Path) -> None:
    """Without a published generation there is nothing to search in, and it is said."""
    assert generations.current(index) is None
    with pytest.raises(StoreError, match=r"no search index yet.*kjelda ingest"):
        base.index()
    index.mkdir()
    (index / "CURRENT").write_text("gone")
    assert generations.current(index) is None
    assert publishing.sound_manifest(index) is None


def test_the_empty_base_has_a_generation(base: Any) -> None:
    """A base without documents can be published and read."""
    manifest = base.publish()
    assert (manifest.passages, manifest.documents) == (0, ())
    assert manifest == publishing.sound_manifest(base.home / "index")
    base.index()


def test_the_check_compares_counts(base: Any, index: Path, tmp_path: Path) -> None:
    """An index that lacks a passage is not published."""
    manifest = base.publish()
    base.put("d", "Nytt.")
    more = base.publish()
    folder = index / more.id
    raw = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**raw, "passages": 5}))
    assert publishing.sound_manifest(index) is None
    assert manifest.id not in folders(index)


def test_near_duplicates_can_be_published(base: Any) -> None:
    """Seventy texts that differ in a number cut no generation off; small bases find all."""
    for number in range(70):
        base.put(f"d{number}", f"Integreringsloven § 4 er omtalt i innlegg {number}.")
    base.put("other", "Noe ganske annet om tolk.")
    for _ in range(8):
        base.publish()
        with base.index().state() as state:
            query = base.encoder.encode_queries(["tolk"])[0]
            assert len(state.vector(query, 100, Filters())) == 71


def test_progress_is_told(base: Any) -> None:
    """A long build tells how far it is, by stage."""
    for n in range(6):
        base.put(f"d{n}", *[f"Tekst {n} {i}" for i in range(100)])
    told: list[tuple[str, int, int]] = []
    publishing.build(base.home / "index", base.truth, lambda *step: told.append(step))
    assert told == [("lexical", 500, 600), ("vectors", 600, 600)]


def test_a_large_index_is_built_apart(
    base: Any, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built in a process of its own it is the same: texts, order, and what is told on the way."""
    for n in range(6):
        base.put(f"e{n}", *[f"Tekst {n} {i} om tolk" for i in range(100)])
    here = base.publish()
    with closing(generations.Generation(index / here.id)) as generation:
        expected = generation.lexical.search({"tolk": 1.0}, (), 20)
    monkeypatch.setattr(publishing, "APART", 1)
    told: list[tuple[str, int, int]] = []
    apart = publishing.build(index, base.truth, lambda *step: told.append(step))
    same = ("seq", "model_id", "dimension", "passages", "documents", "mean_length", "mean_words")
    assert [getattr(here, name) for name in same] == [getattr(apart, name) for name in same]
    assert told == [("lexical", 500, 603), ("vectors", 603, 603)]
    assert apart == publishing.sound_manifest(index)
    with closing(generations.Generation(index / apart.id)) as generation:
        assert expected == generation.lexical.search({"tolk": 1.0}, (), 20)
        generation.exact.matrix.sum()


def test_a_build_apart_that_fails_tells_why(
    base: Any, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went wrong there is told here, and the generation before stays in use."""
    first = base.publish()
    monkeypatch.setattr(publishing, "APART", 1)
    (index / first.id / "lexical" / "meta.json").write_text("{}")
    assert publishing.sound_manifest(index) is None
    missing = Truth(base.home / "other.sqlite")
    monkeypatch.setattr(missing, "counts", lambda: {"vectors": 1})
    missing.path = base.home / "nowhere.sqlite"
    with pytest.raises(StoreError, match="kjelda ingest"):
        publishing.build(index, missing)
    missing.close()
    assert {first.id} == folders(index)


def test_a_builder_that_is_killed_is_told(
    base: Any, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A builder that the system ends, for want of memory say, is an error with a way out."""
    monkeypatch.setattr(publishing, "APART", 1)
    monkeypatch.setattr(publishing.sys, "executable", "/bin/false")
    with pytest.raises(StoreError, match="too little memory"):
        base.publish()
    assert folders(index) == set()


def test_a_builder_ends_with_its_run(base: Any, index: Path) -> None:
    """When the run is gone the builder ends too, and leaves nothing that is in use."""
    base.put("e", *[f"Tekst {i} om tolk" for i in range(5_000)])
    folder = index / "building-00000001-x"
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "search.store.building", "make", str(folder), "x"]
    builder = subprocess.Popen([*command, str(base.truth.path)], stdin=subprocess.PIPE)
    assert builder.stdin is not None
    builder.stdin.close()
    assert builder.wait(60) == 1
    assert generations.current(index) is None
