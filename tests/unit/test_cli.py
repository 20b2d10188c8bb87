"""The command line: what it prints, its exit codes, and errors without tracebacks."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api import cli
from api.schemas import SearchOut

LAW = """---
title: "Lov om kjelder"
type: act
language: nn
status: current
published: 2020-11-06
---

## § 1. Føremål

Lova skal gje gode kjelder til alle som rettleier.

## § 4. Ansvar

Fylkeskommunen har ansvar for rettleiing om kjelder.
"""
OLD = """---
title: "Gammal rettleiar"
type: guidance
language: nn
status: superseded
---

Gammal tekst om ansvar for rettleiing.
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    encoder: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run ``kjelda`` in this process; gives exit code, stdout and stderr."""
    for name in [name for name in os.environ if name.upper().startswith("KJELDA_")]:
        monkeypatch.delenv(name)
    encoder.max_tokens = 512
    monkeypatch.setattr("search.embedding.encoder.load", lambda *_, **__: encoder)
    monkeypatch.setenv("KJELDA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "lov.md").write_text(LAW)
    (tmp_path / "files" / "gammal.md").write_text(OLD)
    (tmp_path / "files" / "tom.pdf").write_bytes(b"%PDF-1.4 not really")

    def run_it(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kjelda", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run_it


def test_ingest_reports_and_goes_on_after_a_bad_file(run: Run) -> None:
    """The report is one JSON object; a broken file is listed and the exit code is 0."""
    code, out, err = run("ingest", "files", "--json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert (len(report["added"]), len(report["failed"])) == (2, 1)
    assert report["failed"][0]["uri"].endswith("tom.pdf")
    assert report["failed"][0]["reason"]
    again = json.loads(run("ingest", "files", "--json")[1])
    assert (again["added"], again["embedded"]) == ([], 0)


def test_ingest_in_words(run: Run) -> None:
    """Without --json the report is one sentence on stdout, failures on stderr."""
    code, out, err = run("ingest", "files")
    assert code == 0
    assert out.startswith("2 added, 1 failed.")
    assert "tom.pdf" in err


@pytest.mark.parametrize("path", ["nowhere", "https://example.org/x"])
def test_a_misspelt_path_stops_before_anything_is_read(run: Run, path: str) -> None:
    """A path that isn't there, or an address, is written wrongly: exit code 2."""
    code, out, err = run("ingest", "files", path)
    assert (code, out) == (2, "")
    assert path in err
    assert run("status")[0] == 1


def test_search_as_json_has_the_shape_of_the_api(run: Run) -> None:
    """`search --json` prints what GET /api/v1/search gives."""
    run("ingest", "files")
    code, out, err = run("search", "ansvar for rettleiing om kjelder", "--type", "act", "--json")
    assert err == ""
    data = json.loads(out)
    assert code == 0
    assert data == SearchOut.model_validate(data).model_dump(mode="json")
    assert data["hits"][0]["place"]["section"] == "§ 4"


def test_search_in_words_says_place_and_status(run: Run) -> None:
    """A hit says its title, place and status; what is superseded is said aloud."""
    run("ingest", "files")
    code, out, _ = run("search", "ansvar for rettleiing", "--explain")
    assert code == 0
    for part in ("Lov om kjelder", "§ 4", "SUPERSEDED", "words #", "milliseconds"):
        assert part in out


def test_nothing_found_is_an_answer(run: Run) -> None:
    """No hit is no error."""
    run("ingest", "files")
    code, out, _ = run("search", "qwxz", "--mode", "lexical")
    assert code == 0
    assert out.startswith("Nothing found")
    assert (
        json.loads(run("search", "qwxz", "--mode", "lexical", "--json")[1])["status"]
        == "nothing_found"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("search", "ord"), 1, "kjelda ingest"),
        (("status",), 1, "kjelda ingest"),
        (("rebuild",), 1, "kjelda ingest"),
        (("show", "lov.md"), 1, "kjelda ingest"),
        (("search", " "), 1, "empty"),
        (("search", "x", "--limit", "51"), 2, "limit"),
        (("search", "x", "--type", "poem"), 2, "poem"),
        (("no-such-command",), 2, "no-such-command"),
        (("show", "files/tom.pdf"), 1, "broken"),
        (("evaluate", "--queries", "none"), 2, "none"),
    ],
)
def test_known_errors_are_one_clear_text(
    run: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """What a user can act on is said on stderr, without a traceback."""
    found, out, err = run(*arguments)
    assert (code, "") == (found, out)
    assert said in err
    assert "Traceback" not in err


def test_a_misspelt_setting_stops(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown KJELDA_ variable is told with the name that was meant."""
    monkeypatch.setenv("KJELDA_HOEM", "x")
    code, _, err = run("status")
    assert code == 1
    assert "did you mean KJELDA_HOME" in err


def test_an_unknown_fault_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in Kjelda itself keeps its traceback: nobody can act on less."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    run("ingest", "files")
    monkeypatch.setattr("search.engine.Searcher.search", broken)
    monkeypatch.setattr(sys, "argv", ["kjelda", "search", "x"])
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_show_finds_by_name_and_on_disk(run: Run) -> None:
    """A document is shown by its file name in the base, its id, or a path on disk."""
    run("ingest", "files")
    by_name = json.loads(run("show", "lov.md", "--json")[1])
    by_id = json.loads(run("show", by_name["id"], "--json")[1])
    on_disk = json.loads(run("show", "files/lov.md", "--json")[1])
    assert by_name == by_id
    assert by_name["sections"] == on_disk["sections"]
    assert by_name["sections"][1]["place"]["section"] == "§ 4"
    code, out, _ = run("show", "lov.md")
    assert code == 0
    assert "§ 4. Ansvar" in out
    text = run("show", "files/lov.md", "--text")[1]
    assert text.index("gode kjelder") < text.index("§ 4. Ansvar")
    assert text.index("§ 4. Ansvar") < text.index("Fylkeskommunen har ansvar")
    assert json.loads(run("show", "files/lov.md", "--pages", "--json")[1]) == {"pages": []}


def test_a_name_of_two_documents_lists_both(run: Run, tmp_path: Path) -> None:
    """Exit code 2 and both ids; a folder is said to be one."""
    (tmp_path / "files" / "sub").mkdir()
    (tmp_path / "files" / "sub" / "lov.md").write_text(LAW.replace("kjelder", "bøker"))
    run("ingest", "files")
    code, out, err = run("show", "lov.md")
    assert (code, out) == (2, "")
    assert "2 documents" in err
    assert str(tmp_path / "files" / "sub" / "lov.md") in err
    identity = err.split("by its id:")[1].split()[0]
    assert run("show", identity)[0] == 0
    code, _, err = run("show", "files")
    assert code == 2
    assert "files is a folder" in err


def test_show_opens_an_earlier_edition(run: Run, tmp_path: Path) -> None:
    """As a citation names it; one that is not kept says which are."""
    run("ingest", "files")
    (tmp_path / "files" / "lov.md").write_text(LAW.replace("gode kjelder", "betre kjelder"))
    run("ingest", "files")
    assert "gode kjelder" in run("show", "lov.md", "--edition", "1", "--text")[1]
    assert "betre kjelder" in run("show", "lov.md", "--edition", "2", "--text")[1]
    assert json.loads(run("show", "lov.md", "--edition", "1", "--json")[1])["edition"] == 1
    assert "replaced on" in run("show", "lov.md", "--edition", "1")[1]
    code, _, err = run("show", "lov.md", "--edition", "9")
    assert (code, "there are 1, 2" in err) == (1, True)
    assert run("show", "files/lov.md", "--edition", "1")[0] == 2


def test_what_is_piped_is_neither_wrapped_nor_padded(run: Run, tmp_path: Path) -> None:
    """A long line and a long link stay whole, and no line ends in spaces."""
    long = "Rettleiing om kjelder " * 20
    (tmp_path / "files" / "lang.md").write_text(
        f'---\nuri: "https://example.no/{"lang/" * 40}"\n---\n# {long}\n\n{long}.\n'
    )
    run("ingest", "files")
    for arguments in (("search", "rettleiing kjelder", "--explain"), ("show", "lang.md")):
        lines = run(*arguments)[1].splitlines()
        assert any("https://example.no/" + "lang/" * 40 in line for line in lines)
        assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize(("locale", "said"), [("nn_NO.UTF-8", "gjeld"), ("en_GB.UTF-8", "gjelder")])
def test_notices_are_in_one_language(
    run: Run, monkeypatch: pytest.MonkeyPatch, locale: str, said: str
) -> None:
    """Nynorsk where the locale is, else Bokmål."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    run("ingest", "files")
    lines = [line for line in run("search", "gammal tekst")[1].splitlines() if "«Gammal" in line]
    assert len(lines) == 1
    assert f" {said} ikk" in lines[0]


def test_changes_say_what_replaces_and_where(run: Run, tmp_path: Path) -> None:
    """Superseded by which document, and the address; days as Norwegians write them."""
    (tmp_path / "files" / "gammal.md").write_text(OLD.replace("superseded", "current"))
    (tmp_path / "files" / "ny.md").write_text('---\nuri: "https://example.no/ny"\n---\n# Ny\n\nNy.')
    run("ingest", "files")
    replaced = 'status: superseded\nreplaced_by: "https://example.no/ny"'
    (tmp_path / "files" / "gammal.md").write_text(OLD.replace("status: superseded", replaced))
    run("ingest", "files")
    out = run("changes", "--since", "1.11.2020")[1]
    assert "superseded by: Ny, https://example.no/ny" in out
    assert "kjelda show file-files-gammal-md" in out
    assert "since 2099-11-25" in run("changes", "--since", "25.11.2099")[1]
    assert run("changes", "--since", "31.11.2026")[0] == 2


def test_ctrl_c_in_ingest_says_how_to_go_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was taken in is kept."""

    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.sync.ingest", stop)
    code, _, err = run("ingest", "files")
    assert code == 130
    assert "stopped; run the same again to go on" in err


def test_headings_are_in_the_text_of_pages(run: Run, tmp_path: Path) -> None:
    """A PDF in the base: its pages' text holds each heading once, before what stands under it."""
    from reportlab.pdfgen import canvas

    paper = canvas.Canvas(str(tmp_path / "files" / "plan.pdf"), invariant=1)
    for n, name in ((1, "Ansvar i fylket"), (2, "Gjennomføring")):
        paper.drawString(70, 780, f"2.{n} {name}")
        paper.drawString(70, 740, "Kommunen busetter flyktningar etter avtale med staten.")
        paper.showPage()
    paper.save()
    run("ingest", "files/plan.pdf")
    pages = json.loads(run("show", "plan.pdf", "--pages", "--json")[1])["pages"]
    assert [page["text"].splitlines()[0] for page in pages] == [
        "2.1 Ansvar i fylket",
        "2.2 Gjennomføring",
    ]


def test_status_and_rebuild(run: Run) -> None:
    """`status` counts what is there; `rebuild` embeds from the base and changes no document."""
    run("ingest", "files")
    before = json.loads(run("status", "--json")[1])
    assert (before["documents"], before["model_id"]) == (2, "hashing/1")
    assert run("rebuild", "--json")[0] == 0
    assert before["passages"] == json.loads(run("status", "--json")[1])["passages"]
    assert "embedded with" in run("status")[1]


def test_serve_warns_when_others_can_reach_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listening on all addresses is allowed, and said aloud."""
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    assert "WARNING: 0.0.0.0" in run("serve", "--host", "0.0.0.0", "--port", "0")[2]
    assert "WARNING" not in run("serve", "--port", "0")[2]


def test_serve_on_a_port_in_use(run: Run) -> None:
    """A port that is taken is told in one line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = run("serve", "--port", str(taken.getsockname()[1]))
    assert code == 1
    assert "--port 0" in err


def test_ctrl_c_ends_the_server_cleanly(tmp_path: Path) -> None:
    """SIGINT stops the server with exit code 0 and no traceback."""
    import signal

    server = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0"],
        cwd=Path(cli.__file__).parents[1],
        env={**os.environ, "KJELDA_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        assert "Not ready" in server.stderr.readline()
        assert "http://127.0.0.1:" in server.stderr.readline()
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=20)
    finally:
        server.kill()
        server.wait()
    assert server.returncode == 0
    assert "Traceback" not in err
