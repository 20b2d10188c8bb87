"""Sync: the base follows files, embeds nothing twice, and loses nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest import sync
from ingest.plan import Action, action, gone, source_digest, unchanged
from ingest.report import Progress, Report
from ingest.sync import Busy, ingest, rebuild, writing
from search.engine import DATABASE, Searcher
from search.errors import ModelMismatch
from search.query import parse
from search.store.truth import Known, Truth

TODAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three small documents."""
    found = tmp_path / "docs"
    found.mkdir()
    (found / "bosetting.md").write_text("# Bosetting\n\nKommunen bosetter flyktninger.\n")
    (found / "tolk.md").write_text("# Tolk\n\nBarn skal ikke brukes som tolk.\n")
    (found / "notat.txt").write_text("Et notat om introduksjonsprogrammet og fravær.\n")
    return found


@pytest.fixture
def take(tmp_path: Path, encoder: Any) -> Callable[..., Report]:
    """Run an ingest into one base."""

    def run(*paths: Path, **options: Any) -> Report:
        home = options.pop("home", tmp_path / "home")
        options.setdefault("encoder", encoder)
        return ingest(paths, home=home, today=TODAY, **options)

    return run


def texts(home: Path, query: str) -> list[str]:
    """The passages that a word search finds."""
    searcher = Searcher.open(home, lambda: pytest.fail("a word search needs no model"))
    try:
        result = searcher.search(parse(query, mode=sync_mode()))
        return [hit.passage.text for hit in result.hits]
    finally:
        searcher.close()


def sync_mode() -> Any:
    """Word search: what is asked is whether the document is there."""
    from search.values import Mode

    return Mode.LEXICAL


def test_a_first_run_adds_and_can_be_searched(
    tmp_path: Path, folder: Path, take: Callable[..., Report]
) -> None:
    """After one run every document is added, and found."""
    report = take(folder)
    assert (
        len(report.added),
        len(report.updated),
        len(report.kept),
        len(report.failed),
    ) == (3, 0, 0, 0)
    assert texts(tmp_path / "home", "bosetter flyktninger") == ["Kommunen bosetter flyktninger."]


def test_a_second_run_embeds_and_extracts_nothing(
    folder: Path, take: Callable[..., Report], encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has not changed is not even opened by an extractor."""
    take(folder)
    encoder.embedded.clear()
    monkeypatch.setattr(sync, "extract", lambda *_, **__: pytest.fail("extracted again"))
    report = take(folder)
    assert (encoder.embedded, len(report.kept), report.embedded) == ([], 3, 0)


def test_only_what_changed_in_a_document_is_embedded(
    folder: Path, take: Callable[..., Report], encoder: Any
) -> None:
    """A new section embeds itself; the old one keeps its vector."""
    long = "Fylkeskommunen har ansvar for regionalt integreringsarbeid. " * 12
    page = folder / "to.md"
    page.write_text(f"# To\n\n## En\n\n{long}\n")
    take(folder)
    encoder.embedded.clear()
    page.write_text(f"# To\n\n## En\n\n{long}\n\n## Ny\n\n{long.replace('regionalt', 'lokalt')}\n")
    report = take(folder)
    assert report.updated == ("file:docs/to.md",)
    assert encoder.embedded
    assert all("lokalt" in text for text in encoder.embedded)


def test_changed_and_deleted_files_follow(
    tmp_path: Path, folder: Path, take: Callable[..., Report]
) -> None:
    """A changed file shows its new text only, a deleted one is gone."""
    take(folder)
    (folder / "tolk.md").write_text("# Tolk\n\nKvalifisert tolk er et krav.\n")
    (folder / "notat.txt").unlink()
    report = take(folder)
    assert (report.updated, report.deleted) == (("file:docs/tolk.md",), ("file:docs/notat.txt",))
    assert texts(tmp_path / "home", "barn") == []
    assert texts(tmp_path / "home", "fravær") == []
    assert texts(tmp_path / "home", "kvalifisert") == ["Kvalifisert tolk er et krav."]


def test_a_renamed_file_is_there_once(
    tmp_path: Path, folder: Path, take: Callable[..., Report]
) -> None:
    """Under its new name a document is found once, not twice."""
    take(folder)
    (folder / "tolk.md").rename(folder / "tolking.md")
    take(folder)
    assert texts(tmp_path / "home", "barn tolk") == ["Barn skal ikke brukes som tolk."]


def test_another_folder_deletes_nothing_of_the_first(
    tmp_path: Path, folder: Path, take: Callable[..., Report]
) -> None:
    """Deletions follow within the folder that was named."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "ny.txt").write_text("Noe helt annet om frivilligheten i fylket.\n")
    take(folder)
    report = take(other)
    assert (report.deleted, report.documents) == ((), 4)


def test_the_same_file_name_in_two_folders_is_two_documents(
    tmp_path: Path, take: Callable[..., Report]
) -> None:
    """/a/docs/notat.txt and /b/docs/notat.txt don't overwrite each other."""
    for name, text in (("a", "Om tolk i helsetjenesten."), ("b", "Om tilskudd i fylket.")):
        (tmp_path / name / "docs").mkdir(parents=True)
        (tmp_path / name / "docs" / "notat.txt").write_text(text)
    take(tmp_path / "a" / "docs")
    report = take(tmp_path / "b" / "docs")
    assert report.documents == 2
    assert take(tmp_path / "a" / "docs", tmp_path / "b" / "docs").documents == 2
    assert len(texts(tmp_path / "home", "helsetjenesten")) == 1
    assert len(texts(tmp_path / "home", "tilskudd")) == 1


def test_two_files_of_one_identity_are_one_document(
    folder: Path, take: Callable[..., Report]
) -> None:
    """The first file keeps the document, and the second is a line in the report."""
    for name in ("x.md", "y.md"):
        (folder / name).write_text(f'---\nuri: "https://example.no/en"\n---\n# En\n\n{name}\n')
    report = take(folder)
    assert report.documents == 4
    assert ["y.md" in warning for warning in report.warnings] == [True]


def test_bad_files_are_a_line_each_and_the_rest_is_taken_in(
    folder: Path, take: Callable[..., Report]
) -> None:
    """Broken, empty and wrongly named files never stop the run."""
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    (folder / "empty.docx").write_bytes(b"")
    (folder / "wrong.pdf").write_bytes(b"<!doctype html><html><body><p>Hei</p></body></html>")
    report = take(folder)
    assert len(report.added) == 3
    assert sorted(failure.uri.rpartition("/")[2] for failure in report.failed) == [
        "broken.pdf",
        "empty.docx",
        "wrong.pdf",
    ]
    assert all(failure.reason and "\n" not in failure.reason for failure in report.failed)


def test_a_file_that_breaks_keeps_its_old_version(
    tmp_path: Path, folder: Path, take: Callable[..., Report]
) -> None:
    """What was taken in stays until it can be read again."""
    take(folder)
    (folder / "tolk.md").write_bytes(b"\x00\x01\x02" * 50)
    report = take(folder)
    assert (len(report.failed), report.deleted) == (1, ())
    assert texts(tmp_path / "home", "barn") == ["Barn skal ikke brukes som tolk."]


def test_an_emptied_folder_deletes_nothing(folder: Path, take: Callable[..., Report]) -> None:
    """A disk that is not mounted must not empty the base."""
    take(folder)
    for file in folder.iterdir():
        file.unlink()
    report = take(folder)
    assert (report.deleted, report.documents) == ((), 3)
    assert "none was deleted" in report.failed[0].reason


def test_an_archive_is_a_folder(tmp_path: Path, take: Callable[..., Report]) -> None:
    """Members of an archive come, change and go as files do."""
    path = tmp_path / "acts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", "# A\n\nEn paragraf om tolk.\n")
        archive.writestr("b.md", "# B\n\nEn paragraf om fravær.\n")
    assert len(take(path).added) == 2
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", "# A\n\nEn paragraf om tolk.\n")
    report = take(path)
    assert (len(report.kept), len(report.deleted)) == (1, 1)


def test_only_one_process_writes(tmp_path: Path, folder: Path, take: Callable[..., Report]) -> None:
    """The second writer is told so, at once."""
    with writing(tmp_path / "home"), pytest.raises(Busy, match="another process"):
        take(folder)


def test_another_model_is_refused_until_the_base_is_rebuilt(
    tmp_path: Path, folder: Path, take: Callable[..., Report], make_encoder: Any
) -> None:
    """Vectors of two models never mix; rebuild takes the other one, from what is stored."""
    take(folder)
    other = make_encoder("other/1")
    with pytest.raises(ModelMismatch, match="kjelda rebuild"):
        take(folder, encoder=other)
    searcher = Searcher.open(tmp_path / "home", lambda: other)
    with pytest.raises(ModelMismatch):
        searcher.search(parse("tolk"))
    searcher.close()
    for file in folder.iterdir():
        file.unlink()
    report = rebuild(home=tmp_path / "home", encoder=other)
    assert (len(report.updated), report.documents) == (3, 3)
    searcher = Searcher.open(tmp_path / "home", lambda: other)
    assert searcher.search(parse("tolk")).status == "found"
    searcher.close()


def test_progress_is_told_with_its_total(folder: Path, take: Callable[..., Report]) -> None:
    """Reading counts files of a known number, and every stage is told."""
    told: list[Progress] = []
    take(folder, progress=told.append)
    assert {"read", "embed", "index"} >= {p.stage for p in told} >= {"read", "embed"}
    assert [(p.done, p.total) for p in told if p.stage == "read"] == [(1, 3), (2, 3), (3, 3)]


def test_a_run_is_remembered(tmp_path: Path, folder: Path, take: Callable[..., Report]) -> None:
    """When the last ingest began and ended stands in the base."""
    take(folder)
    truth = Truth(tmp_path / "home" / DATABASE, read_only=True)
    run = truth.last_run()
    truth.close()
    assert run is not None
    assert run[1] is not None


# -- the pure parts -----------------------------------------------------------


def test_a_digest_covers_bytes_and_versions() -> None:
    """New bytes, another extractor or another model are a change."""
    digests = {
        source_digest(b"a", "1", "m"),
        source_digest(b"b", "1", "m"),
        source_digest(b"a", "2", "m"),
        source_digest(b"a", "1", "n"),
    }
    assert len(digests) == 4


def test_what_is_unknown_is_never_unchanged() -> None:
    """A source that is not in the base is looked at."""
    assert not unchanged(None, "d")
    assert unchanged(Known("id", "d", "c"), "d")


def test_gone_is_what_the_collection_had_and_was_not_seen() -> None:
    """Other collections and seen sources stay."""
    known = {
        "a|1": Known("one", "d", "a"),
        "a|2": Known("two", "d", "a"),
        "b|1": Known("three", "d", "b"),
    }
    assert gone(known, "a", {"a|1"}) == [("a|2", "two")]


def test_a_document_without_an_older_self_is_added(base: Any) -> None:
    """Added, updated and kept are told apart by value and digests."""
    document = base.put("x", "tekst")
    whole = base.truth.document("x")
    passages = base.truth.passages_of("x")
    digests = [passage.digest for passage in passages]
    assert action(whole, passages, None, []) == Action.ADD
    assert action(whole, passages, whole, digests) == Action.KEEP
    assert action(whole, passages, document, digests) == Action.UPDATE
    assert action(whole, passages, whole, ["other"]) == Action.UPDATE
