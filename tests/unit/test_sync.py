"""Sync: the base follows files, embeds nothing twice, and loses nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest import session, work
from ingest.report import Progress, Report
from ingest.sync import Busy, ingest, rebuild, writing
from search.engine import DATABASE, Searcher
from search.errors import ModelMismatch
from search.query import parse
from search.store import generations
from search.store.truth import Truth
from search.values import Mode

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
        result = searcher.search(parse(query, mode=Mode.LEXICAL))
        return [hit.passage.text for hit in result.hits]
    finally:
        searcher.close()


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
    monkeypatch.setattr(work, "extract", lambda *_, **__: pytest.fail("extracted again"))
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
    run = truth.runs.last()
    truth.close()
    assert run is not None
    assert run[1] is not None


def test_a_file_that_is_another_document_now_takes_the_old_one_along(
    tmp_path: Path, folder: Path, take: Callable[..., Report]
) -> None:
    """New front matter can give a file another identity: the former document goes."""
    page = folder / "tolk.md"
    page.write_text('---\nuri: "https://example.no/en"\n---\n# En\n\nFørste utgave.\n')
    take(folder)
    page.write_text('---\nuri: "https://example.no/to"\n---\n# To\n\nAndre utgave.\n')
    assert take(folder).documents == 3
    assert texts(tmp_path / "home", "utgave") == ["Andre utgave."]


def test_two_files_that_swap_identities_both_stay(
    tmp_path: Path, folder: Path, take: Callable[..., Report]
) -> None:
    """Each document follows to the other file, and none is lost on the way."""
    pages = {}
    for name, text in (("x.md", "Om xylofon."), ("y.md", "Om yoga.")):
        pages[name] = f'---\nuri: "https://example.no/{name[0]}"\n---\n# Side\n\n{text}\n'
        (folder / name).write_text(pages[name])
    take(folder)
    (folder / "x.md").write_text(pages["y.md"])
    (folder / "y.md").write_text(pages["x.md"])
    for _ in range(2):
        report = take(folder)
        assert (report.documents, report.deleted, report.embedded) == (5, (), 0)
    assert texts(tmp_path / "home", "xylofon") == ["Om xylofon."]
    assert texts(tmp_path / "home", "yoga") == ["Om yoga."]


def test_what_lies_in_a_folder_that_cannot_be_read_stays(
    folder: Path, take: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that refuses to be listed is a line in the report, and deletes nothing."""
    below = folder / "under"
    below.mkdir()
    (below / "a.txt").write_text("Noe om tilsyn.\n")
    (folder / "under2.txt").write_text("Noe om klage.\n")
    take(folder)
    (folder / "under2.txt").unlink()
    listed = Path.iterdir

    def refuse(path: Path) -> Any:
        if path.name == "under":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    report = take(folder)
    assert [failure.uri for failure in report.failed] == ["file:docs/under"]
    assert (report.deleted, report.documents) == (("file:docs/under2.txt",), 4)


def test_what_lay_in_an_archive_that_broke_stays(
    tmp_path: Path, take: Callable[..., Report]
) -> None:
    """An archive that is cut short keeps what was taken from it."""
    path = tmp_path / "acts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", "# A\n\nEn paragraf om tolk.\n")
        archive.writestr("b.md", "# B\n\nEn paragraf om fravær.\n")
    take(path)
    path.write_bytes(path.read_bytes()[:90])
    report = take(path)
    assert report.failed
    assert (report.deleted, report.documents) == ((), 2)


def test_a_named_folder_that_is_gone_deletes_nothing(
    folder: Path, take: Callable[..., Report]
) -> None:
    """A path that does not exist (a disk that is not there) leaves its documents alone."""
    take(folder)
    folder.rename(folder.with_name("elsewhere"))
    report = take(folder)
    assert (report.deleted, report.documents) == ((), 3)
    assert report.failed


@pytest.mark.parametrize("where", ["extract", "chunk"])
def test_a_fault_of_ours_in_one_file_is_one_line(
    folder: Path, take: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Even what no extractor foresaw does not end the run, and is told by file."""
    module = {"extract": work, "chunk": session}[where]
    real = getattr(module, where)

    def fail(given: Any, *rest: Any, **options: Any) -> Any:
        if "tolk" in (given.uri or ""):
            raise KeyError("unforeseen")
        return real(given, *rest, **options)

    monkeypatch.setattr(module, where, fail)
    report = take(folder)
    assert len(report.added) == 2
    assert [failure.uri for failure in report.failed] == ["file:docs/tolk.md"]
    assert "KeyError" in report.failed[0].reason


def test_a_new_extractor_reads_all_again_and_embeds_nothing(
    folder: Path, take: Callable[..., Report], encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its version is part of what is compared; equal passages keep their vectors."""
    take(folder)
    encoder.embedded.clear()
    monkeypatch.setattr(session, "EXTRACTOR", "next")
    monkeypatch.setattr(session, "WAITING", 2)
    read: list[str] = []
    real = work.extract

    def extract(item: Any, **options: Any) -> Any:
        read.append(item.uri)
        return real(item, **options)

    monkeypatch.setattr(work, "extract", extract)
    report = take(folder)
    assert (len(read), len(report.kept), encoder.embedded) == (3, 3, [])


@pytest.mark.parametrize("lost", ["keys.npy", "lexical/meta.json", "chroma/chroma.sqlite3"])
def test_a_damaged_index_is_built_anew_by_the_next_ingest(
    tmp_path: Path, folder: Path, take: Callable[..., Report], encoder: Any, lost: str
) -> None:
    """Nothing changed but the index: it is mended from rows, and nothing is embedded."""
    take(folder)
    encoder.embedded.clear()
    old = generations.current(tmp_path / "home" / "index")
    assert old is not None
    (old / lost).unlink()
    take(folder)
    new = generations.current(tmp_path / "home" / "index")
    assert new not in (None, old)
    assert (encoder.embedded, len(texts(tmp_path / "home", "tolk"))) == ([], 1)


def test_a_small_base_that_grows_is_published(
    tmp_path: Path, folder: Path, take: Callable[..., Report]
) -> None:
    """Word frequencies of three texts don't rank thirty: what grew much is built anew."""
    take(folder)
    first = generations.current(tmp_path / "home" / "index")
    for number in range(30):
        (folder / f"ny-{number}.txt").write_text(f"Et notat nummer {number} om noe.\n")
    take(folder)
    assert generations.current(tmp_path / "home" / "index") not in (None, first)


def test_a_rebuild_cut_short_is_told_and_goes_on(
    tmp_path: Path, folder: Path, take: Callable[..., Report], make_encoder: Any
) -> None:
    """Documents without vectors are a warning in each report until rebuild has ended."""

    class Dying(make_encoder):  # type: ignore[misc]
        def encode_passages(self, texts: Any, progress: Any = None) -> Any:
            if self.embedded:
                raise KeyboardInterrupt
            return super().encode_passages(texts, progress)

    home = tmp_path / "home"
    take(folder)
    with pytest.raises(KeyboardInterrupt):
        rebuild(home=home, encoder=Dying("other/1"))
    other = make_encoder("other/1")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.txt").write_text("Noe om tilsyn.\n")
    report = take(elsewhere, encoder=other)
    assert any("2 documents" in line and "kjelda rebuild" in line for line in report.warnings)
    other.embedded.clear()
    assert len(rebuild(home=home, encoder=other).updated) == 2
    assert len(other.embedded) == 2
    assert texts(home, "tolk") == ["Barn skal ikke brukes som tolk."]
    assert take(elsewhere, encoder=other).warnings == ()
