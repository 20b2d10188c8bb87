"""What the question encoder is trained on: questions with the passages that answer them.

Questions are ours and lie beside this file; passages come from ../shared/documents (acts and
regulations) and ../shared/bench/nb-nn (paragraphs of public documents in both written forms), cut
by the ordinary pipeline, embedded with the untrained model. One section in eight is held out: its
questions are never trained on, and tune fusion and calibration.
"""

from __future__ import annotations

import csv
import json
import random
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from corpus.text import normalise
from ingest.chunk import chunk
from ingest.extract import extract
from ingest.read import SourceFile

HERE = Path(__file__).parent
SHARED = HERE.parents[3] / "shared"
LAWS = SHARED / "documents" / "norwegian-laws.tar.xz"
PAIRS = SHARED / "bench" / "nb-nn"
GENERAL_TWICE = 2  # law must not crowd out what the model knew of other texts


@dataclass
class Data:
    """Passages, their vectors (n, 384), and questions with the rows that answer them."""

    passages: list[str] = field(default_factory=list)
    places: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    vectors: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.float32))
    questions: list[tuple[str, list[int]]] = field(default_factory=list)
    held: list[tuple[str, str, str]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)


def section_key(section: str | None) -> str:
    """A § without its spaces."""
    return re.sub(r"\s", "", section or "")


def held_out(file: str, section: str) -> bool:
    """Whether a section's questions are kept from training: one in eight."""
    return zlib.crc32((file + section_key(section)).encode()) % 8 == 0


def law_questions() -> Iterator[tuple[str, str, str]]:
    """(file, section, question) of both lists."""
    for name in ("questions.jsonl", "questions2.jsonl"):
        for line in (HERE / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for key in ("nb", "nn", "a", "b", "c", "d"):
                if key in row:
                    yield row["file"], row["section"], row[key]


def read(encoder: object, bench: Path | None = None) -> Data:
    """Everything, embedded; takes about eight minutes on two cores.

    All passages of the files in ``bench`` and of other files those that answer, their neighbours
    and eight more: negatives from everywhere.
    """
    data = Data()
    wanted: dict[str, set[str]] = {}
    for file, section, _ in law_questions():
        wanted.setdefault(file, set()).add(section_key(section))
    whole = {path.name for path in (bench or SHARED / "bench" / "law" / "documents").iterdir()}
    chance = random.Random(1)
    with tarfile.open(LAWS) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            name = Path(member.name).name
            if member.isfile() and name in wanted.keys() | whole:
                content = archive.extractfile(member)
                assert content is not None
                source = SourceFile(f"file:{name}", name, content=content.read())
                _passages(data, source, wanted.get(name, set()), encoder, chance, name in whole)
    for file, section, question in law_questions():
        rows = data.places.get((file, section_key(section)), [])
        if rows and held_out(file, section):
            data.held.append((file, section, question))
        elif rows:
            data.questions.append((question, rows))
    _general(data, encoder)
    data.vectors = encoder.encode_passages(data.passages)
    data.pairs = list(_pairs())
    return data


def _passages(data, source, wanted, encoder, chance, everything) -> None:
    document = extract(source).document
    found = chunk(document, encoder.count_tokens, encoder.max_tokens)
    kept = set(range(len(found)))
    if not everything:
        gold = {n for n, p in enumerate(found) if section_key(p.place.section) in wanted}
        kept = {n + step for n in gold for step in (-2, -1, 0, 1, 2)} & kept
        kept |= set(chance.sample(range(len(found)), min(len(found), 8)))
    for number in sorted(kept):
        place = (source.name, section_key(found[number].place.section))
        data.places.setdefault(place, []).append(len(data.passages))
        data.passages.append(found[number].embedded)


def paragraphs() -> list[tuple[str, str, str]]:
    """(document, form, text): about 90 words each, in the order that general.jsonl counts."""
    found = []
    for line in (PAIRS / "regjeringen-doc-pairs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for form in ("nb", "nn"):
            current = ""
            whole = row[form] if isinstance(row[form], str) else "\n".join(row[form])
            for part in filter(None, map(str.strip, re.split(r"\n+", whole))):
                current = f"{current} {part}".strip()
                if len(current.split()) >= 90:
                    if len(current.split()) <= 260:
                        found.append((row["id"], form, current))
                    current = ""
            if len(current.split()) > 50:
                found.append((row["id"], form, current))
    return found


def _general(data: Data, encoder: object) -> None:
    """Questions on general public texts; the same paragraph in the other form answers too."""
    texts = paragraphs()
    vectors = encoder.encode_passages([normalise(text) for _, _, text in texts])
    twins: dict[int, int] = {}
    for document in {document for document, _, _ in texts}:
        nb, nn = (
            [n for n, (d, f, _) in enumerate(texts) if (d, f) == (document, form)]
            for form in ("nb", "nn")
        )
        if nb and nn:
            cosines = vectors[nb] @ vectors[nn].T
            for row, best in enumerate(cosines.argmax(axis=1)):
                if cosines[:, best].argmax() == row and cosines[row, best] > 0.93:
                    twins[nb[row]], twins[nn[best]] = nn[best], nb[row]
    start = len(data.passages)
    data.passages += [normalise(text) for _, _, text in texts]
    for line in (HERE / "general.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        number = row["paragraph"]
        rows = sorted({start + number, start + twins.get(number, number)})
        asked = [row[key] for key in ("a", "b", "c") if key in row]
        data.questions += [(question, rows) for question in asked] * GENERAL_TWICE


def _pairs() -> Iterator[tuple[str, str]]:
    """Short sentences in both forms, without the rows from a GPL repository."""
    for name in ("navikt-pairs.tsv", "sentence-pairs.tsv"):
        with (PAIRS / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                nb, nn = row["nb"] or "", row["nn"] or ""
                if "noreg" not in row["source"] and 12 < len(nb) < 110 and nb != nn:
                    yield nb, nn
