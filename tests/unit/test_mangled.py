"""Two hundred mangled files in one run: no crash, no hang, bounded memory, a clear line each."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

import corpus
from ingest.intake import collection
from ingest.names import uri_path
from ingest.readers import Readers
from ingest.session import Session
from ingest.sync import writing
from tests.unit.test_extract import PAGE, STATUTE
from tests.unit.test_extract_pdf import pdf

SHIPPED = Path(corpus.__file__).parent / "documents"
LIMIT = 60.0  # seconds for a file here; as shipped it is more
MEMORY = 2_500_000  # kilobytes that any reader took at most


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Rutine", 1)
    for number in range(30):
        document.add_paragraph(f"Avsnitt {number} om plikta til å melde frå.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name), body, method)
    return out.getvalue()


def tarred(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, body in members:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return out.getvalue()


def sound() -> dict[str, bytes]:
    """A sound file of each kind that is read."""
    text = "\n\n".join(
        f"## § {n}. Plikt\n\nKommunen skal melde frå, nr. {n}." for n in range(1, 40)
    )
    return {
        "pdf": next(SHIPPED.rglob("*.pdf")).read_bytes(),
        "docx": word(),
        "html": (PAGE * 3).encode(),
        "xml": STATUTE.format(base="NL").encode(),
        "md": f"---\ntitle: Lov\n---\n\n# Lov\n\n{text}\n".encode(),
        "txt": text.encode(),
        "zip": packed(("a.md", text.encode()), ("b.html", PAGE.encode())),
        "tar.gz": gzip.compress(tarred(("a.md", text.encode()))),
    }


def mangled() -> Iterator[tuple[str, bytes]]:
    """Names and bytes."""
    whole = sound()
    dice = random.Random(20261125)
    for kind, body in whole.items():
        for percent in (1, 10, 35, 60, 85, 99):
            yield f"cut-{percent}.{kind}", body[: len(body) * percent // 100]
        for number in range(10):
            flipped = bytearray(body)
            for _ in range(1 + 3**number % 400):
                flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
            yield f"flip-{number}.{kind}", bytes(flipped)
        yield f"zeros.{kind}", b"\0" * 5000
        yield f"noise.{kind}", dice.randbytes(20_000)
        yield f"doubled.{kind}", body + body
        for other in ("pdf", "html", "docx", "txt", "xml", "zip"):
            if other != kind and dice.random() < 0.35:
                yield f"really-{other}.{kind}", whole[other]
    text = "Kommunen skal gje opplæring på førespurnad. " * 40
    for encoding in ("utf-16", "utf-16-be", "utf-32", "latin-1", "cp437", "cp037", "shift_jis"):
        yield f"{encoding}.txt", text.encode(encoding, "replace")
        yield f"{encoding}.html", PAGE.encode(encoding, "replace")
    yield "lone-surrogates.md", ("# \ud800 tittel\n\n" + text).encode("utf-8", "surrogatepass")
    yield "controls.md", b"# T\x07\x1b[31m\n\n" + text.encode() + b"\x00\x01\x02"
    yield "one-line.txt", b"ord " * 500_000
    yield "no-spaces.txt", b"a" * 1_000_000
    yield "deep.html", b"<html><body>" + b"<div>" * 100_000 + b"Djupt" + b"</div>" * 100_000
    yield "deep-lists.html", b"<html><body>" + b"<ul><li>x" * 20_000
    yield "deep-tables.html", b"<html><body>" + b"<table><tr><td>x" * 5_000
    yield "unclosed.html", b"<html><body><p " + b"a='1' " * 100_000
    yield "deep.md", b"> " * 20_000 + b"x"
    yield "deep-list.md", b"\n".join(b" " * 2 * n + b"- x" for n in range(900))
    yield "brackets.md", b"[" * 50_000 + b"](" * 50_000
    yield "laughs.xml", _laughs()
    yield "laughs.html", _laughs()
    yield "yaml-bomb.md", _yaml_bomb()
    yield "pages.pdf", pdf(*[[f"Side {n} om plikta."] for n in range(10_000)])
    yield "loop.pdf", _loop()
    yield "inflated.pdf", _inflated()
    yield "operators.pdf", _stream(b"q 1 0 0 1 0 0 cm " * 400_000)
    yield (
        "boxes.pdf",
        _stream(b"".join(b"%d %d 9 9 re f " % (n % 600, n // 600) for n in range(60_000))),
    )
    yield "letters.pdf", _stream(b"BT /F1 9 Tf " + b"1 0 0 1 9 9 Tm (x) Tj " * 60_000 + b"ET")
    yield "bomb.zip", packed(*[(f"{n}.txt", b"\0" * 20_000_000) for n in range(20)])
    yield "nested.zip", packed(("inner.zip", packed(("a.txt", b"x" * 1000))))
    yield (
        "many.zip",
        packed(*[(f"{n}.bin", b"") for n in range(120_000)], method=zipfile.ZIP_STORED),
    )
    yield "bomb.tar.gz", gzip.compress(b"\0" * 300_000_000)
    yield "bomb.tar.bz2", bz2.compress(b"\0" * 100_000_000)
    yield (
        "bomb.docx",
        packed(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b" " * 300_000_000)),
    )
    yield "lies.zip", _lies()
    names = [
        "../../ut.md",
        "/etc/rot.md",
        "C:\\x.md",
        "a\\..\\b.md",
        "x" * 3000 + ".md",
        "\u202egod.md",
    ]
    yield "names.zip", packed(*[(name, b"# T\n\nTekst her.\n") for name in names])
    yield "names.tar", tarred(*[(name, b"# T\n\nTekst.\n") for name in names if len(name) < 99])
    yield "twice.tar", tarred(("a.md", b"# En\n\nx y z.\n"), ("a.md", b"# To\n\nx y z.\n"))


def _laughs() -> bytes:
    lines = ['<!ENTITY l0 "ha">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    head = f"<?xml version='1.0'?><!DOCTYPE html [{''.join(lines)}]>"
    return f'{head}<html><dl class="data-document-key-info"/><body>&l9;</body></html>'.encode()


def _yaml_bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 9):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]")
    return ("---\n" + "\n".join(lines) + "\n---\n\n# T\n\nTekst.\n").encode()


def _stream(content: bytes) -> bytes:
    """A PDF of one page with this content, packed."""
    body = zlib.compress(content)
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    return _objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(body), body),
    )


def _inflated() -> bytes:
    return _stream(b"% " + b"\0" * 400_000_000)


def _loop() -> bytes:
    return _objects(
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 3 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>",
        b"<< /First 3 0 R /Next 3 0 R /Title (x) /Dest [2 0 R /Fit] >>",
    )


def _objects(*objects: bytes) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def _lies() -> bytes:
    """A ZIP whose headers tell other sizes than its members have."""
    body = bytearray(packed(("a.txt", b"x" * 100_000)))
    at = body.index(b"PK\x01\x02")
    body[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(body)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them in a folder, with names that are hostile too."""
    folder = tmp_path_factory.mktemp("mangled")
    for name, body in mangled():
        (folder / name).write_bytes(body)
    good = b"# Tittel\n\nTekst som er heil.\n"
    for name in (
        "\u202egod.md",
        "ord\nlinje.md",
        "%2e%2e%2f.md",
        "🙂.md",
        "-rf.md",
        "a" * 240 + ".md",
    ):
        (folder / name).write_bytes(good + name[:3].encode())
    return folder


def _peak(pid: int) -> int:
    """The most memory that a process of ours has had, in kilobytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def test_two_hundred_mangled_files(files: Path, tmp_path: Path, encoder: Any) -> None:
    """Each is taken in or is one line; none ends the run, or outlasts its limit."""
    number = sum(1 for _ in files.iterdir())
    assert number >= 200
    began = time.monotonic()
    with writing(tmp_path / "home") as truth, Readers(seconds=LIMIT) as readers:
        session = Session(truth, tmp_path / "home", encoder, None, date(2026, 11, 25))
        collection(session, readers, files)
        peak = max(_peak(worker.pid) for worker in readers._started if worker.poll() is None)
        report = session.finish()
    spent = time.monotonic() - began
    told = {f.uri.partition("!/")[0] for f in report.failed}
    told |= {uri.partition("!/")[0] for uri in (*report.added, *report.kept, *report.ignored)}
    assert told == {f"file:{files.name}/{uri_path(path.name)}" for path in files.iterdir()}
    for failure in report.failed:
        assert "\n" not in failure.reason
        assert len(failure.reason) < 400
        assert "Kjelda has a fault" not in failure.reason, failure
    slow = [failure.uri for failure in report.failed if "takes more than" in failure.reason]
    assert spent < LIMIT * (len(slow) + 3)
    assert peak < MEMORY
    assert len(report.added) > 30
