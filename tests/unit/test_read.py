"""Finding files: folders, links, archives, bombs and broken things."""

import io
import os
import tarfile
import zipfile
from datetime import date
from pathlib import Path

import pytest

from ingest.read import Failure, Limits, SourceFile, iter_sources


def found(*paths: Path, limits: Limits | None = None) -> tuple[dict[str, bytes], dict[str, str]]:
    """What is read, by uri, and what fails, by uri."""
    read: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    for item in iter_sources(paths, limits):
        if isinstance(item, SourceFile):
            read[item.uri] = item.data
        else:
            failed[item.uri] = item.reason
    return read, failed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = tmp_path / "lover"
    (base / "del å").mkdir(parents=True)
    (base / "b.md").write_text("B")
    (base / "a.txt").write_text("A")
    (base / "del å" / "c #1.html").write_text("C")
    (base / ".skjult.md").write_text("x")
    (base / "bilde.png").write_bytes(b"x")
    (base / "gammel.doc").write_bytes(b"x")
    (base / "tom.md").write_text("")
    return base


def test_folders_are_walked_by_name_with_stable_uris(folder: Path) -> None:
    """Uris start with the folder's name; letters stay, what ends a path is escaped."""
    ignored: list[str] = []
    items = list(iter_sources([folder], ignored=ignored.append))
    assert [item.uri for item in items] == [
        "file:lover/a.txt",
        "file:lover/b.md",
        "file:lover/del%20å/c%20%231.html",
        "file:lover/gammel.doc",
        "file:lover/tom.md",
    ]
    assert ignored == ["file:lover/bilde.png"]
    assert isinstance(items[3], Failure)
    assert ".doc file is not read here" in items[3].reason
    assert isinstance(items[4], Failure)
    assert "empty" in items[4].reason


def test_a_file_has_the_same_uri_alone_and_in_its_folder(folder: Path) -> None:
    """And it is read once where both are given."""
    read, _ = found(folder / "b.md", folder)
    assert list(read) == ["file:lover/b.md", "file:lover/a.txt", "file:lover/del%20å/c%20%231.html"]
    items = list(iter_sources([folder / "b.md"]))
    assert isinstance(items[0], SourceFile)
    assert items[0].modified is not None
    assert items[0].name == "b.md"


def test_a_named_file_is_tried_whatever_its_name(folder: Path) -> None:
    """A missing one is a line of its own."""
    read, failed = found(folder / "bilde.png", folder / "finnes-ikke.pdf")
    assert list(read) == ["file:lover/bilde.png"]
    assert failed == {"file:finnes-ikke.pdf": "cannot be opened: No such file or directory"}


def test_loops_and_dead_links_do_not_stop_the_walk(folder: Path) -> None:
    """A link back to the folder is followed once; a dead one is a line."""
    (folder / "runde").symlink_to(folder)
    (folder / "død.md").symlink_to(folder / "borte.md")
    (folder / "selv.md").symlink_to(folder / "selv.md")
    read, failed = found(folder)
    assert len(read) == 3
    assert {"file:lover/død.md", "file:lover/selv.md"} <= set(failed)


def test_same_address_twice_is_a_line(tmp_path: Path) -> None:
    """Two folders of one name hold two files: the second is not taken for the first."""
    for parent in ("x", "y"):
        (tmp_path / parent / "lover").mkdir(parents=True)
        (tmp_path / parent / "lover" / "a.md").write_text(parent)
    read, failed = found(tmp_path / "x" / "lover", tmp_path / "y" / "lover")
    assert read == {"file:lover/a.md": b"x"}
    assert "same address" in failed["file:lover/a.md"]


def test_unreadable_and_too_large_files(folder: Path) -> None:
    """The size is known before anything is read."""
    _, failed = found(folder / "b.md", limits=Limits(file_bytes=0))
    assert "over the limit" in failed["file:lover/b.md"]
    os.mkfifo(folder / "rør.md")
    _, failed = found(folder)
    assert "not a regular file" in failed["file:lover/rør.md"]


def zip_of(path: Path, members: dict[str, bytes], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2025, 3, 4, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def tar_of(path: Path, members: dict[str, bytes], mode: str) -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mtime = 1_741_046_400
            archive.addfile(info, io.BytesIO(data))
    return path


MEMBERS = {
    "lover/a.md": b"A" * 2000,
    "../../etc/passwd.txt": b"x",
    "/rot.txt": b"x",
    "__MACOSX/._a.md": b"x",
    "bilde.png": b"x",
    "inne.zip": b"PK",
    "gammel.doc": b"x",
    "tom.md": b"",
    "lover/b.md": os.urandom(3000),
}


@pytest.mark.parametrize("name", ["t.zip", "t.tar", "t.tar.gz", "t.tar.bz2", "t.tar.xz", "t.tgz"])
def test_archives_are_read_in_memory(tmp_path: Path, name: str) -> None:
    """Members that point out of the archive, or nest one, are lines; nothing is written."""
    path = tmp_path / name
    if name.endswith(".zip"):
        zip_of(path, MEMBERS)
    else:
        tar_of(path, MEMBERS, "w:" + {"tgz": "gz", "tar": ""}.get(path.suffix[1:], path.suffix[1:]))
    before = sorted(tmp_path.rglob("*"))
    lead = f"file:{tmp_path.name}/{name}!/"
    read, failed = found(path)
    assert {uri.removeprefix(lead): data for uri, data in read.items()} == {
        "lover/a.md": MEMBERS["lover/a.md"],
        "lover/b.md": MEMBERS["lover/b.md"],
    }
    assert {uri.removeprefix(lead) for uri in failed} == {
        "passwd.txt",
        "rot.txt",
        "inne.zip",
        "gammel.doc",
        "tom.md",
    }
    assert sorted(tmp_path.rglob("*")) == before
    first = next(iter(iter_sources([path])))
    assert isinstance(first, SourceFile)
    assert first.modified == date(2025, 3, 4)


def test_zip_bombs_are_stopped(tmp_path: Path) -> None:
    """By the ratio, by a member's size, by the archive's size and by the count."""
    bomb = zip_of(tmp_path / "b.zip", {"a.txt": b"0" * 12_000_000, "b.txt": b"ok"})
    read, failed = found(bomb)
    assert not read
    assert "zip bomb" in failed[f"file:{tmp_path.name}/b.zip"]
    read, failed = found(bomb, limits=Limits(member_bytes=1000))
    assert list(read.values()) == [b"ok"]
    assert "over the limit" in failed[f"file:{tmp_path.name}/b.zip!/a.txt"]
    tar = tar_of(tmp_path / "b.tar.xz", {"a.txt": b"0" * 12_000_000}, "w:xz")
    assert "zip bomb" in found(tar)[1][f"file:{tmp_path.name}/b.tar.xz"]
    many = zip_of(tmp_path / "m.zip", {f"{n}.txt": b"x" for n in range(9)})
    read, failed = found(many, limits=Limits(members=5))
    assert len(read) == 5
    assert "over 5 members" in failed[f"file:{tmp_path.name}/m.zip"]
    _, failed = found(many, limits=Limits(archive_bytes=3))
    assert "the rest is left out" in failed[f"file:{tmp_path.name}/m.zip"]


@pytest.mark.parametrize("name", ["t.zip", "t.tar", "t.tar.gz", "t.tar.bz2", "t.tar.xz"])
def test_members_before_a_break_are_kept(tmp_path: Path, name: str) -> None:
    """A cut archive is one line, and what stands before the cut is read."""
    members = {f"{n}.txt": os.urandom(200_000) for n in range(9)}
    path = tmp_path / name
    if name.endswith(".zip"):
        zip_of(path, members)
    else:
        tar_of(path, members, "w:" + path.suffix[1:].replace("tar", ""))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    read, failed = found(path)
    assert list(read.values())[:2] == [members["0.txt"], members["1.txt"]]
    assert 2 <= len(read) < 9
    assert list(failed) == [f"file:{tmp_path.name}/{name}"]


def test_encrypted_and_damaged_members_leave_the_others(tmp_path: Path) -> None:
    """One bad member is one line."""
    path = zip_of(tmp_path / "t.zip", {"a.txt": b"hemmelig" * 50, "b.txt": b"b", "c.txt": b"ccc"})
    data = bytearray(path.read_bytes())
    # The encryption flag of the first member, in its local header and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    read, failed = found(path)
    assert sorted(read.values()) == [b"b", b"ccc"]
    assert "password" in failed[f"file:{tmp_path.name}/t.zip!/a.txt"]


def test_names_without_the_utf8_flag(tmp_path: Path) -> None:
    """Old Nordic DOS names come out right."""
    path = zip_of(tmp_path / "t.zip", {"XXXX.txt": b"x"})
    path.write_bytes(path.read_bytes().replace(b"XXXX", "blåø".encode("cp865")))
    read, _ = found(path)
    assert [uri.rpartition("/")[2] for uri in read] == ["blåø.txt"]


@pytest.mark.parametrize("name", ["t.zip", "t.tar.gz", "t.tar"])
def test_what_is_no_archive_is_one_line(tmp_path: Path, name: str) -> None:
    """Whatever the name says."""
    path = tmp_path / name
    path.write_bytes(b"dette er ikke et arkiv " * 100)
    read, failed = found(path)
    assert not read
    assert len(failed) == 1
