"""Names that are not UTF-8 are mended at the border: shown as text, opened as they are."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.names import escaped, readable, readable_among, uri_path
from ingest.read import LEADS_OUT, Failure, SourceFile, iter_sources
from ingest.sync import ingest
from search.store.truth import Truth

LATIN = os.fsdecode(b"latin\xe6.md")


@pytest.mark.parametrize(
    ("name", "shown", "uri"),
    [
        ("æ.md", "æ.md", "æ.md"),
        (LATIN, "latinæ.md", "latin%E6.md"),
        (os.fsdecode(b"\x96.md"), "–.md", "%96.md"),
        (os.fsdecode("å".encode() + b"\xe5"), "åå", "å%E5"),
        (os.fsdecode(b"\x81x"), os.fsdecode(b"\x81x"), "%81x"),
        ("100 %.md", "100 %.md", "100%20%25.md"),
    ],
)
def test_a_name_is_shown_as_it_was_meant(name: str, shown: str, uri: str) -> None:
    """Windows and Latin-1 first; what no reading makes text of is escaped."""
    assert readable(name) == shown
    assert uri_path(name) == uri
    escaped(name).encode()


def test_no_two_names_of_a_folder_are_alike() -> None:
    """The mangled one is escaped where its reading is another file's name."""
    both = readable_among(["latinæ.md", LATIN])
    assert both == {"latinæ.md": "latinæ.md", LATIN: LATIN}


def test_files_with_such_names_are_read_by_their_real_path(tmp_path: Path) -> None:
    """Alone, in their folder and beside a file of the same reading."""
    (tmp_path / LATIN).write_text("A")
    (alone,) = iter_sources([tmp_path / LATIN])
    (item,) = iter_sources([tmp_path])
    assert isinstance(item, SourceFile)
    assert (item.uri, item.name, item.data) == (
        f"file:{tmp_path.name}/latinæ.md",
        "latinæ.md",
        b"A",
    )
    assert alone == item
    (tmp_path / "latinæ.md").write_text("B")
    uris = {
        item.uri: item.data for item in iter_sources([tmp_path]) if not isinstance(item, Failure)
    }
    assert uris == {
        f"file:{tmp_path.name}/latin%E6.md": b"A",
        f"file:{tmp_path.name}/latinæ.md": b"B",
    }


@pytest.mark.parametrize(
    "order", [(b"a\xe6.md", "aæ.md".encode()), ("aæ.md".encode(), b"a\xe6.md")]
)
def test_members_of_a_tar_with_such_names(tmp_path: Path, order: tuple[bytes, ...]) -> None:
    """Each member is there once, whichever comes first."""
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as archive:
        for name in order:
            info = tarfile.TarInfo(os.fsdecode(name))
            info.size = len(name)
            archive.addfile(info, io.BytesIO(name))
    items = list(iter_sources([path]))
    assert all(isinstance(item, SourceFile) for item in items)
    assert len({item.uri for item in items}) == 2
    for item in items:
        item.uri.encode()


def test_such_a_name_does_not_stop_the_run(
    tmp_path: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files, folders and roots: all are taken in, and the report is text."""
    root = tmp_path / os.fsdecode(b"dokument \xf8")
    below = root / os.fsdecode(b"m\xe5l")
    below.mkdir(parents=True)
    (root / LATIN).write_text("# Notat\n\nTekst om tolk.")
    (below / "a.md").write_text("# A\n\nTekst om fravær.")
    (below / os.fsdecode(b"tom\xe5.md")).write_text("")
    for _ in range(2):
        report = ingest([root], home=tmp_path / "home", encoder=encoder)
        json.dumps(report.as_json(), ensure_ascii=False).encode()
        assert (report.documents, len(report.failed)) == (2, 1)
    assert report.kept == ("file:dokument%20ø/latinæ.md", "file:dokument%20ø/mål/a.md")


@pytest.fixture
def take(tmp_path: Path, encoder: Any) -> Callable[..., Any]:
    """Take two documents in."""
    (tmp_path / "docs").mkdir()
    for name in ("a", "b"):
        (tmp_path / "docs" / f"{name}.md").write_text(f"# {name}\n\nTekst om {name}.")
    return lambda: ingest([tmp_path / "docs"], home=tmp_path / "home", encoder=encoder)


def test_a_fault_while_applying_one_document_is_one_line(
    take: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw in one document costs that one; the next run takes it in."""
    real = Truth.apply

    def apply(self: Truth, stored: Any, *rest: Any) -> None:
        if stored.document.file == "a.md":
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")
        real(self, stored, *rest)

    monkeypatch.setattr(Truth, "apply", apply)
    report = take()
    assert (report.added, [f.uri for f in report.failed]) == (
        ("file:docs/b.md",),
        ["file:docs/a.md"],
    )
    assert "UnicodeEncodeError" in report.failed[0].reason
    monkeypatch.undo()
    assert take().added == ("file:docs/a.md",)


def test_a_full_disk_ends_the_run_with_a_clear_error(
    take: Callable[..., Any], tmp_path: Path
) -> None:
    """No document can be written then: one error, and what was there is kept."""
    take()
    from search.errors import StoreError
    from search.store.connection import Connection

    full = Connection(tmp_path / "home" / "kjelda.sqlite")
    (pages,) = full._db.execute("PRAGMA page_count").fetchone()
    full._db.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        with full.transaction() as db:
            db.execute("CREATE TABLE big AS SELECT zeroblob(10000000)")

    with pytest.raises(StoreError, match=r"full.*make room"):
        fill()
    full.close()


def test_links_that_lead_outside_are_not_followed(tmp_path: Path) -> None:
    """A file, a folder and an archive elsewhere are a line each; a link within is followed."""
    root, other = tmp_path / "docs", tmp_path / "other"
    root.mkdir()
    other.mkdir()
    (other / "hemmeleg.md").write_text("x")
    (root / "inne.md").write_text("y")
    (root / "lenke.md").symlink_to(other / "hemmeleg.md")
    (root / "mappe").symlink_to(other)
    (root / "bilde.png").symlink_to(other / "hemmeleg.md")
    (root / "runde").symlink_to(root)
    (root / "død.md").symlink_to(other / "borte.md")
    items = list(iter_sources([root]))
    assert [item.uri for item in items if isinstance(item, SourceFile)] == ["file:docs/inne.md"]
    failed = {item.uri: item.reason for item in items if isinstance(item, Failure)}
    assert failed.pop("file:docs/død.md").startswith("cannot be opened")
    assert failed == {"file:docs/lenke.md": LEADS_OUT, "file:docs/mappe": LEADS_OUT}
    (by_link,) = iter_sources([root / "lenke.md"])
    assert isinstance(by_link, SourceFile)
