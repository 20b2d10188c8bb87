"""`kjelda forget`, and that every advice names a command that works."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    encoder: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run ``kjelda`` on a base of two folders; gives exit code, stdout and stderr."""
    for name in [name for name in os.environ if name.upper().startswith("KJELDA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("search.embedding.encoder.load", lambda *_, **__: encoder)
    monkeypatch.setattr("ingest.extract.ocr.is_installed", lambda: True)
    monkeypatch.setenv("KJELDA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for folder in ("ein", "to"):
        (tmp_path / folder / "sub").mkdir(parents=True)
        for name in ("p.md", "sub/q.md"):
            (tmp_path / folder / name).write_text(f"# {name}\n\nTekst i {folder} {name}.\n")

    def run_it(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kjelda", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    assert run_it("ingest", "ein", "to")[0] == 0
    return run_it


def left(run: Run) -> int:
    """How many documents there are."""
    return int(json.loads(run("status", "--json")[1])["documents"])


def test_a_folder_that_is_gone_is_forgotten(run: Run, tmp_path: Path) -> None:
    """The way that ingest names works; --dry-run removes nothing."""
    (tmp_path / "ein").rename(tmp_path / "borte")
    for file in (tmp_path / "borte").rglob("*.md"):
        file.unlink()
    code, _, err = run("ingest", "ein")
    assert code == 2
    assert "2 documents came from it" in err
    assert "kjelda forget ein" in err
    code, out, _ = run("forget", "ein", "--dry-run")
    assert (code, out.count("would go")) == (0, 2)
    assert left(run) == 4
    code, out, err = run("forget", "ein")
    assert (code, out.count("removed  "), err) == (0, 2, "")
    assert str(tmp_path / "ein" / "sub" / "q.md") in out
    assert left(run) == 2
    assert run("forget", "ein")[0] == 1
    assert json.loads(run("search", "ein", "--mode", "lexical", "--json")[1])["hits"] == []


def test_a_document_or_a_vanished_file_is_forgotten(run: Run, tmp_path: Path) -> None:
    """By id, by path; a name of two is refused and nothing goes; what comes back is told."""
    code, _, err = run("forget", "p.md")
    assert (code, left(run)) == (2, 4)
    assert "2 documents have a file of the name p.md" in err
    assert run("forget", "ein/p.md", "finnes-ikke")[0] == 1
    assert left(run) == 4
    code, out, err = run("forget", "ein/p.md", "--json")
    assert [one["returns"] for one in json.loads(out)["removed"]] == [True]
    code, out, err = run("forget", "p.md")
    assert (code, left(run)) == (0, 2)
    assert "come back with the next ingest" in err
    (tmp_path / "to" / "sub" / "q.md").unlink()
    code, out, err = run("forget", "to/sub/q.md")
    assert (code, err, left(run)) == (0, "", 1)


def test_an_emptied_folder_names_a_command_that_works(run: Run, tmp_path: Path) -> None:
    """The advice of the report, taken literally."""
    for file in (tmp_path / "ein").rglob("*.md"):
        file.unlink()
    (tmp_path / "ein" / "sub").rmdir()
    report = json.loads(run("ingest", "ein", "--json")[1])
    (failure,) = report["failed"]
    command = failure["reason"].split("`")[1].split()
    assert command[:2] == ["kjelda", "forget"]
    assert json.loads(run("status", "--json")[1])["failed_files"] == 1
    assert run(*command[1:])[0] == 0
    assert json.loads(run("status", "--json")[1])["failed_files"] == 0
    assert left(run) == 2


def test_failures_are_told_until_they_are_mended(run: Run, tmp_path: Path) -> None:
    """By status and doctor; a run elsewhere changes nothing, one over the file does."""
    (tmp_path / "ein" / "sub" / "tom.md").write_text("")
    run("ingest", "ein")
    run("ingest", "to")
    assert "files not read          1" in run("status")[1]
    code, out, _ = run("doctor")
    assert code == 0
    assert "1 file could not be read" in out
    assert "file:ein/sub/tom.md: the file is empty" in out
    assert f"kjelda ingest {tmp_path / 'ein'}" in out
    (tmp_path / "ein" / "sub" / "tom.md").write_text("Nå er det tekst.\n")
    run("ingest", "ein/sub")
    assert "files not read          0" in run("status")[1]
    (tmp_path / "ein" / "sub" / "tom.md").write_text("")
    run("ingest", "ein")
    (tmp_path / "ein" / "sub" / "tom.md").unlink()
    run("ingest", "ein")
    assert "could not be read" not in run("doctor")[1]


def test_duplicates_tell_where_they_lie(run: Run, tmp_path: Path) -> None:
    """Paths, what is not there, and no advice that deletes the only copy."""
    (tmp_path / "to" / "p.md").write_text((tmp_path / "ein" / "p.md").read_text())
    run("ingest", "to")
    (tmp_path / "ein" / "p.md").unlink()
    out = run("doctor")[1]
    assert f"({tmp_path / 'to' / 'p.md'})" in out
    assert f"{tmp_path / 'ein' / 'p.md'}, which is not there now" in out
    assert "kjelda forget" in out
