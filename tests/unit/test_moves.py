"""Sources that move: a document keeps its id, and no file is in the base twice."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.parts import covers, part_of, place_of, source_in
from ingest.report import Moved, Report
from ingest.sync import ingest
from search.engine import DATABASE
from search.store.truth import Truth

TODAY = date(2026, 11, 25)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with a folder in it."""
    found = tmp_path / "docs"
    (found / "sub").mkdir(parents=True)
    (found / "tolk.md").write_text("# Tolk\n\nBarn skal ikke brukes som tolk.\n")
    (found / "sub" / "plan.md").write_text("# Plan\n\nEn plan for bosetting.\n")
    (found / "sub" / "fravær.txt").write_text("Et notat om fravær.\n")
    return found


@pytest.fixture
def take(tmp_path: Path, encoder: Any) -> Callable[..., Report]:
    """Run an ingest into one base."""
    return lambda *paths: ingest(paths, home=tmp_path / "home", encoder=encoder, today=TODAY)


def rows(tmp_path: Path) -> dict[str, str]:
    """The documents of the base: address -> id."""
    truth = Truth(tmp_path / "home" / DATABASE, read_only=True)
    try:
        found = {document.uri: document.id for document in truth.documents()}
        assert len(found) == truth.counts()["documents"]
        return found
    finally:
        truth.close()


def told(tmp_path: Path) -> list[str]:
    """The kinds of changes that readers see, oldest first."""
    truth = Truth(tmp_path / "home" / DATABASE, read_only=True)
    try:
        return [change.kind for change in truth.history.changes("2000")][::-1]
    finally:
        truth.close()


# -- a file that is renamed ----------------------------------------------------


@pytest.mark.parametrize("new", ["a-tolk.md", "å-tolk.md", "sub/tolk.md", "ny/tolk.md"])
def test_a_renamed_file_keeps_its_id(
    tmp_path: Path, docs: Path, take: Callable[..., Report], encoder: Any, new: str
) -> None:
    """Whether its new name comes before or after the old one; nothing is told, nothing embedded."""
    take(docs)
    before, changes = rows(tmp_path), told(tmp_path)
    encoder.embedded.clear()
    (docs / new).parent.mkdir(exist_ok=True)
    (docs / "tolk.md").rename(docs / new)
    report = take(docs)
    assert report.moved == (Moved(f"file:docs/{new}", "file:docs/tolk.md"),)
    assert (report.added, report.updated, report.deleted) == ((), (), ())
    after = rows(tmp_path)
    assert after[f"file:docs/{new}"] == before["file:docs/tolk.md"]
    assert (len(after), told(tmp_path), encoder.embedded) == (3, changes, [])
    again = take(docs)
    assert (len(again.kept), again.moved) == (3, ())


def test_editions_of_a_renamed_document_open(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """What was cited before the text changed and the file moved is there."""
    take(docs)
    (docs / "tolk.md").write_text("# Tolk\n\nKvalifisert tolk er et krav.\n")
    take(docs)
    (docs / "tolk.md").rename(docs / "tolking.md")
    take(docs)
    (docs / "tolking.md").write_text("# Tolk\n\nKvalifisert tolk er et krav i helsetjenesten.\n")
    take(docs)
    identity = rows(tmp_path)["file:docs/tolking.md"]
    truth = Truth(tmp_path / "home" / DATABASE, read_only=True)
    assert [number for number, _ in truth.history.editions(identity)] == [1, 2]
    truth.close()
    assert told(tmp_path)[3:] == ["changed", "changed"]


def test_a_run_that_dies_while_a_file_moves_is_gone_on_with(
    tmp_path: Path, docs: Path, take: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the new source and the new text: the id is kept, nothing is told."""
    take(docs)
    before, changes = rows(tmp_path), told(tmp_path)
    (docs / "sub").rename(docs / "ny")

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Truth, "apply", die)
        with pytest.raises(KeyboardInterrupt):
            take(docs)
    assert take(docs).deleted == ()
    assert rows(tmp_path) == {u.replace("docs/sub", "docs/ny"): i for u, i in before.items()}
    assert told(tmp_path) == changes


def test_another_file_under_the_old_name_is_another_document(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """The moved one keeps the id that was cited."""
    take(docs)
    before = rows(tmp_path)["file:docs/tolk.md"]
    (docs / "tolk.md").rename(docs / "tolking.md")
    take(docs)
    (docs / "tolk.md").write_text("# Noe annet\n\nEn helt annen tekst.\n")
    take(docs)
    after = rows(tmp_path)
    assert after["file:docs/tolking.md"] == before
    assert after["file:docs/tolk.md"] not in (before, None)
    assert take(docs).documents == 4


def test_a_copy_is_no_move(tmp_path: Path, docs: Path, take: Callable[..., Report]) -> None:
    """The old file is there still: two documents."""
    take(docs)
    (docs / "a.md").write_text((docs / "tolk.md").read_text())
    report = take(docs)
    assert (report.moved, report.added) == ((), ("file:docs/a.md",))


def test_two_files_of_one_text_move_by_name(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """A folder that is renamed takes each document along under its own name."""
    for name in ("a", "b"):
        (docs / "sub" / f"{name}.md").write_text("# Lik\n\nLik tekst.\n")
    take(docs)
    before = rows(tmp_path)
    (docs / "sub").rename(docs / "ny")
    report = take(docs)
    assert len(report.moved) == 4
    assert rows(tmp_path) == {u.replace("docs/sub", "docs/ny"): i for u, i in before.items()}


def test_members_of_an_archive_move_too(tmp_path: Path, take: Callable[..., Report]) -> None:
    """An archive is a folder."""
    for name in ("a.md", "b/a.md"):
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
            archive.writestr(name, "# A\n\nEn paragraf om tolk.\n")
            archive.writestr("z.md", "# Z\n\nEn paragraf om fravær.\n")
        report = take(tmp_path / "x.zip")
    assert [moved.uri.rpartition("!")[2] for moved in report.moved] == ["/b/a.md"]
    assert report.documents == 2


def test_a_document_with_its_own_address_just_follows(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """Its id never hung on the file."""
    (docs / "x.md").write_text('---\nuri: "https://example.no/x"\n---\n# X\n\nOm x.\n')
    take(docs)
    before = rows(tmp_path)
    (docs / "x.md").rename(docs / "y.md")
    report = take(docs)
    assert (report.moved, report.deleted, rows(tmp_path)) == ((), (), before)


def test_a_folder_that_moved_whole_is_the_same_documents(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """Taken in where it is now, under whatever name, it is not there twice."""
    take(docs)
    before = rows(tmp_path)
    docs.rename(tmp_path / "dokument")
    report = take(tmp_path / "dokument")
    assert (len(report.moved), report.documents) == (3, 3)
    assert rows(tmp_path) == {u.replace("docs/", "dokument/"): i for u, i in before.items()}


# -- parts of what is known ----------------------------------------------------


def test_a_part_of_a_known_folder_is_brought_in_line_alone(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """A subfolder or a file: nothing is doubled, nothing outside of it is touched."""
    take(docs)
    before = rows(tmp_path)
    (docs / "sub" / "ny.md").write_text("# Ny\n\nEn ny tekst.\n")
    (docs / "sub" / "plan.md").unlink()
    (docs / "tolk.md").write_text("# Tolk\n\nEndret.\n")
    report = take(docs / "sub")
    assert (report.added, report.deleted) == (("file:docs/sub/ny.md",), ("file:docs/sub/plan.md",))
    assert (report.updated, report.documents) == ((), 3)
    assert "which is known" in report.notes[0]
    report = take(docs / "tolk.md")
    assert (report.updated, report.documents) == (("file:docs/tolk.md",), 3)
    assert rows(tmp_path)["file:docs/tolk.md"] == before["file:docs/tolk.md"]
    report = take(docs)
    assert (len(report.kept), report.deleted) == (3, ())


def test_a_file_that_moved_into_the_part_is_recognised(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """Though its old place is not walked: there is no file any more."""
    take(docs)
    before = rows(tmp_path)["file:docs/tolk.md"]
    (docs / "tolk.md").rename(docs / "sub" / "tolk.md")
    assert len(take(docs / "sub").moved) == 1
    assert rows(tmp_path)["file:docs/sub/tolk.md"] == before


@pytest.mark.parametrize("once", [True, False])
def test_a_folder_adopts_what_was_taken_in_before_it(
    tmp_path: Path, docs: Path, take: Callable[..., Report], encoder: Any, once: bool
) -> None:
    """Its subfolder, an archive and a file become parts of it and keep their ids."""
    with zipfile.ZipFile(docs / "x.zip", "w") as archive:
        archive.writestr("a.md", "# A\n\nEn paragraf om tilsyn.\n")
    take(docs / "sub", docs / "tolk.md", docs / "x.zip")
    before = set(rows(tmp_path).values())
    encoder.embedded.clear()
    report = take(docs / "sub", docs) if once else take(docs)
    assert (report.documents, report.added, report.deleted) == (4, (), ())
    after = rows(tmp_path)
    assert set(after.values()) == before
    assert set(after) == {
        "file:docs/tolk.md",
        "file:docs/sub/plan.md",
        "file:docs/sub/fravær.txt",
        "file:docs/x.zip!/a.md",
    }
    assert encoder.embedded == []
    assert told(tmp_path) == ["new"] * 4
    (docs / "sub" / "plan.md").unlink()
    assert take(docs).deleted == ("file:docs/sub/plan.md",)


def test_a_base_that_holds_a_folder_twice_is_mended(
    tmp_path: Path, docs: Path, take: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As earlier versions of Kjelda left it: once more, and each file is there once."""
    take(docs)
    before = rows(tmp_path)
    with monkeypatch.context() as earlier:
        earlier.setattr("ingest.intake.part_of", lambda path, _: part_of(path, ()))
        assert take(docs / "sub").documents == 5
    report = take(docs)
    assert (report.documents, rows(tmp_path)) == (3, before)
    assert "there twice" in report.notes[0]
    assert "gone" not in told(tmp_path)


def test_a_link_to_a_known_folder_is_that_folder(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """Paths are compared where they really lie."""
    take(docs)
    (tmp_path / "lenke").symlink_to(docs)
    assert take(tmp_path / "lenke").documents == 3
    assert take(tmp_path / "lenke" / "sub").documents == 3


def test_what_the_walk_of_a_folder_leaves_out_stands_by_itself(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """A hidden file or one of an odd name, named by itself, is not dropped by its folder."""
    take(docs)
    (docs / ".skjult.md").write_text("# Skjult\n\nEn skjult tekst.\n")
    (docs / "notat.xyz").write_text("Et notat med rart navn.\n")
    assert take(docs / ".skjult.md", docs / "notat.xyz").documents == 5
    assert take(docs).documents == 5


def test_a_collection_on_a_disk_that_is_missing_is_not_adopted(
    tmp_path: Path, docs: Path, take: Callable[..., Report]
) -> None:
    """An empty mount point empties nothing."""
    take(docs / "sub")
    for file in (docs / "sub").iterdir():
        file.unlink()
    assert (take(docs).documents, take(docs).deleted) == (3, ())


@pytest.mark.parametrize(
    ("root", "uri", "place"),
    [
        ("/x/docs", "file:docs/a/b.md", "/x/docs/a/b.md"),
        ("/x/docs", "file:docs", "/x/docs"),
        ("/x/docs/a.md", "file:docs/a.md", "/x/docs/a.md"),
        ("/x/docs/docs", "file:docs/docs", "/x/docs/docs"),
        ("/x/a.zip", "file:x/a.zip!/b/c.md", "/x/a.zip!/b/c.md"),
        ("/x/my docs", "file:my%20docs/ø.md", "/x/my%20docs/ø.md"),
        ("/", "file:x/a.md", "/x/a.md"),
        ("register", "https://example.no/", None),
    ],
)
def test_sources_and_places_are_two_names_of_one_thing(
    root: str, uri: str, place: str | None
) -> None:
    """A place leads back to its source."""
    assert place_of(root, uri) == place
    if place and "a.md" not in root and "zip" not in root and root != "/x/docs/docs":
        assert source_in(root, place) == f"{root}|{uri}"
    assert not covers("c|file:docs/sub", "c|file:docs/sub2")
