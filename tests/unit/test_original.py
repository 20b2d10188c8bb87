"""The bytes a document was read from: found again, or why not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.original import Missing, is_at_hand, original
from ingest.plan import content_digest
from search.store.truth import Known

DATA = b"%PDF-1.4 the very bytes"


def known(root: Path | str, data: bytes = DATA) -> Known:
    return Known("d", "s", str(root), content_digest(data))


def test_a_file_in_a_folder_is_found(tmp_path: Path) -> None:
    """Also where its name has what a uri escapes."""
    folder = tmp_path / "docs"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "års rapport#1.pdf").write_bytes(DATA)
    source = f"{folder}|file:docs/sub/års%20rapport%231.pdf"
    assert original(tmp_path, source, known(folder)) == DATA
    assert is_at_hand(tmp_path, source, known(folder))


def test_a_single_file_is_found(tmp_path: Path) -> None:
    """A collection may be one file."""
    file = tmp_path / "a.pdf"
    file.write_bytes(DATA)
    assert original(tmp_path, f"{file}|file:{tmp_path.name}/a.pdf", known(file)) == DATA


def test_a_member_of_an_archive_is_found(tmp_path: Path) -> None:
    """In an archive in a folder, and in one that was named itself."""
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("in ner/b.pdf", DATA)
    inside = f"file:{tmp_path.name}/a.zip!/in%20ner/b.pdf"
    for root in (tmp_path, archive):
        assert original(tmp_path, f"{root}|{inside}", known(root)) == DATA
        assert is_at_hand(tmp_path, f"{root}|{inside}", known(root))


def test_a_fetched_page_is_found_by_its_digest(tmp_path: Path) -> None:
    """The shelf names bodies by their digest."""
    (tmp_path / "fetched").mkdir()
    (tmp_path / "fetched" / content_digest(DATA)).write_bytes(DATA)
    assert original(tmp_path, "register|x", known("register")) == DATA


@pytest.mark.parametrize(
    ("content", "reason"), [(b"changed", "changed"), (None, "gone")], ids=["changed", "gone"]
)
def test_other_bytes_are_never_given(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """A file that changed or went since it was read has no picture, and is said to have."""
    if content is not None:
        (tmp_path / "a.pdf").write_bytes(content)
    source = f"{tmp_path}|file:{tmp_path.name}/a.pdf"
    with pytest.raises(Missing) as raised:
        original(tmp_path, source, known(tmp_path))
    assert raised.value.reason == reason
    assert not is_at_hand(tmp_path, source, known(tmp_path))


def test_a_changed_file_is_noticed_the_next_time(tmp_path: Path) -> None:
    """What was the same once is looked at again when the file has changed."""
    file = tmp_path / "a.pdf"
    source = f"{tmp_path}|file:{tmp_path.name}/a.pdf"
    file.write_bytes(DATA)
    assert is_at_hand(tmp_path, source, known(tmp_path))
    file.write_bytes(DATA + b" and more")
    assert not is_at_hand(tmp_path, source, known(tmp_path))


def test_no_path_leads_out_of_the_collection(tmp_path: Path) -> None:
    """A uri with .. in it names no file, whatever lies there."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "a.pdf").write_bytes(DATA)
    for uri in ("file:docs/../a.pdf", "file:docs/%2e%2e/a.pdf"):
        with pytest.raises(Missing):
            original(tmp_path, f"{tmp_path / 'docs'}|{uri}", known(tmp_path / "docs"))


@pytest.mark.parametrize("content", [None, "../kjelda.sqlite", ""])
def test_an_unknown_digest_names_nothing(tmp_path: Path, content: str | None) -> None:
    """A base that was made before digests were kept has no pictures; a strange one neither."""
    with pytest.raises(Missing) as raised:
        original(tmp_path, "register|x", Known("d", "s", "register", content))
    assert raised.value.reason == "unknown"
