"""What a search costs at a given size, by part and by filter, against embedding its question.

python tests/benchmarks/bench_search.py [--passages 1000 100000] [--json] [--keep FOLDER]

The base is made: sentences of ../shared/bench/norquad (or corpus/documents) shuffled into
passages of about 100 words, clustered unit vectors, documents of every type, language and year.
The questions and the encoder are real. Every size is built in one process and measured in
another. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from corpus.documents import Document, DocumentType, Language, Passage, Place, Section, Status
from search.embedding.encoder import Encoder, load
from search.engine import DATABASE, Searcher
from search.query import parse
from search.store import generations
from search.store.truth import Stored, Truth
from search.values import Filters

ROOT = Path(__file__).parents[2]
NORQUAD = ROOT.parent / "shared" / "bench" / "norquad"
QUESTIONS = 100
WORDS = 100  # in a passage
PER_DOCUMENT = 50
PER_CLUSTER = 20
SEED = 20261123
PARTS = ("embed", "lexical", "vector", "rank", "total")
TARGET = 3.0  # search, against embedding the question alone
RARE = "Kompetanseteamet"
PUBLISHERS = ["IMDi", "Bufdir", "Udir", "Helsedirektoratet", "Vestland fylkeskommune"]
FILTERS = {
    "none": Filters(),
    "narrow": Filters(publishers=frozenset({RARE})),
    "medium": Filters(areas=frozenset({3})),
    "wide": Filters(languages=frozenset({Language.BOKMAL})),
}


# -- the base ----------------------------------------------------------------


def sentences() -> list[str]:
    """The sentences of the texts at hand."""
    source = NORQUAD / "corpus.nb.jsonl"
    if source.is_file():
        lines = source.read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in lines]
    else:
        files = sorted((ROOT / "corpus" / "documents").rglob("*.md"))
        texts = [path.read_text(encoding="utf-8") for path in files]
    found = re.split(r"(?<=[.!?])\s+|\n+", "\n".join(texts))
    kept = [s for s in map(str.strip, found) if len(s.split()) > 3]
    if not kept:
        raise SystemExit("no texts: neither ../shared/bench/norquad nor corpus/documents")
    return kept


def questions() -> list[str]:
    """QUESTIONS questions that people asked, or else headings of what Kjelda ships."""
    source = NORQUAD / "queries.dev.jsonl"
    if source.is_file():
        found = [json.loads(line)["nb"] for line in source.read_text("utf-8").splitlines()]
    else:
        files = sorted((ROOT / "corpus" / "documents").rglob("*.md"))
        headings = re.compile(r"^#+ (.+)$", re.MULTILINE)
        found = [h for path in files for h in headings.findall(path.read_text("utf-8"))]
    random.Random(SEED).shuffle(found)
    return (found * (QUESTIONS // len(found) + 1))[:QUESTIONS]


def texts(rng: random.Random) -> Iterator[str]:
    """Passages of about WORDS words without end; each pass over the sentences is shuffled."""
    pool = sentences()
    taken: list[str] = []
    count = 0
    while True:
        rng.shuffle(pool)
        for sentence in pool:
            taken.append(sentence)
            count += len(sentence.split())
            if count >= WORDS:
                yield " ".join(taken)
                taken, count = [], 0


def clustered(count: int, around: np.ndarray) -> np.ndarray:
    """Unit vectors in clusters, all in a cone as the model's are: around its mean question."""
    rng = np.random.default_rng(SEED)
    size = around.shape[0]

    def noise(rows: int, length: float) -> np.ndarray:
        return rng.normal(0, length / np.sqrt(size), (rows, size)).astype(np.float32)

    centres = around + noise(max(1, count // PER_CLUSTER), 0.5)
    vectors = centres[rng.integers(0, len(centres), count)] + noise(count, 0.3)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def document(number: int, rng: random.Random, title: str) -> Document:
    """One with metadata such that FILTERS leave 1, 10 and 50 of 100 documents."""
    languages = [Language.BOKMAL, Language.NYNORSK]
    other = [Language.NYNORSK, Language.NYNORSK, Language.NYNORSK, Language.ENGLISH]
    published = date(rng.randint(1998, 2026), rng.randint(1, 12), 1)
    return Document(
        id=f"bench-{number:06d}",
        uri=f"bench:{number}",
        title=title,
        sections=(Section((), title),),
        type=rng.choice(list(DocumentType)),
        language=languages[0] if number % 2 == 0 else rng.choice(other),
        status=rng.choices(list(Status), weights=[80, 10, 5, 3, 2])[0],
        publisher=RARE if number % 100 == 7 else rng.choice(PUBLISHERS),
        file=f"{number}.md",
        published=published,
        areas=(3, rng.choice([1, 2])) if number % 10 == 3 else (rng.choice([1, 2, 4, 5, 6]),),
    )


def build(home: Path, count: int, around: np.ndarray, model_id: str) -> dict[str, float]:
    """Write a base of ``count`` passages and its generation; gives seconds by part."""
    seconds: dict[str, float] = {}
    began = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal began
        now = time.perf_counter()
        seconds[name] = round(seconds.get(name, 0.0) + now - began, 2)
        began = now

    rng = random.Random(SEED)
    stream = texts(rng)
    vectors = clustered(count, around)
    each = max(1, min(PER_DOCUMENT, count // 100))
    truth = Truth(home / DATABASE)
    for number, start in enumerate(range(0, count, each)):
        cut = [next(stream) for _ in range(min(each, count - start))]
        one = document(number, rng, " ".join(cut[0].split()[:6]))
        sections = tuple(Section((f"Del {i + 1}",), text) for i, text in enumerate(cut))
        passages = tuple(
            Passage(one.id, i, one.title, s.headings, s.text, Place(f"{i + 1}"), one.language, i)
            for i, s in enumerate(sections)
        )
        stored = Stored(
            replace(one, sections=sections),
            passages,
            vectors[start : start + len(cut)],
            one.uri,
            "bench",
            str(number),
        )
        lap("make texts")
        truth.apply(stored, model_id, "added")
        lap("truth")
    stage = "vocabulary"

    def step(name: str, _done: int, _total: int) -> None:
        nonlocal stage
        lap(stage)
        stage = name

    generations.build(home / "index", truth, step)
    lap("check and publish")
    truth.close()
    return seconds


# -- the measuring -----------------------------------------------------------


def measure(home: Path, count: int, encoder_home: Path, rounds: int) -> dict[str, Any]:
    """Figures of one base. The conditions take turns, so that noise falls on all alike."""
    encoder = load(None, encoder_home)
    asked = questions()
    encoder.encode_queries(asked[:1])
    before = memory()
    searcher = Searcher.open(home, lambda: encoder)
    first = {}
    for name, filters in FILTERS.items():
        # The first search opens Chroma; the first of a filter works out what it leaves.
        first[name] = searcher.search(parse(asked[-1], filters=filters)).timings_ms["total"]
    shares = share_of(searcher, count)
    laps: dict[str, dict[str, list[float]]] = {f: {p: [] for p in PARTS} for f in FILTERS}
    alone: list[float] = []
    hits = dict.fromkeys(FILTERS, 0)
    for _ in range(rounds):
        for question in asked:
            alone.append(spent(lambda question=question: encoder.encode_queries([question])))
            for name, filters in FILTERS.items():
                result = searcher.search(parse(question, filters=filters))
                hits[name] += len(result.hits)
                for part in PARTS:
                    laps[name][part].append(result.timings_ms[part])
    after = memory()
    searcher.close()
    embed = percentile(alone, 50)
    conditions = {}
    for name in FILTERS:
        row: dict[str, Any] = {"share": shares[name], "first_ms": round(first[name], 1)}
        for part in PARTS:
            row[part] = {"p50": percentile(laps[name][part], 50)}
            row[part]["p95"] = percentile(laps[name][part], 95)
        row["ratio"] = round(row["total"]["p50"] / embed, 2)
        row["ratio_to_its_embed"] = round(row["total"]["p50"] / row["embed"]["p50"], 2)
        row["mean_hits"] = round(hits[name] / (rounds * len(asked)), 1)
        conditions[name] = row
    return {
        "passages": count,
        "questions": len(asked) * rounds,
        "embed_alone": {"p50": embed, "p95": percentile(alone, 95)},
        "conditions": conditions,
        "met": all(row["ratio"] <= TARGET for row in conditions.values()),
        "rss_mb": {"encoder": before, "searching": after},
        "disk_mb": sizes(home),
    }


def share_of(searcher: Searcher, count: int) -> dict[str, float]:
    """What part of the passages each filter leaves."""
    with searcher._index.state() as state:
        left = {name: state.scope(filters).rows for name, filters in FILTERS.items()}
    return {n: 1.0 if rows is None else round(len(rows) / count, 4) for n, rows in left.items()}


def spent(work: Callable[[], object]) -> float:
    """Milliseconds it took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def percentile(values: list[float], which: int) -> float:
    return round(float(np.percentile(values, which)), 2)


def memory() -> dict[str, int]:
    """MB in memory now: all, and what is not mapped from files."""
    found = dict(re.findall(r"^(VmRSS|RssAnon):\s+(\d+) kB", status(), re.MULTILINE))
    return {"all": int(found["VmRSS"]) // 1024, "anonymous": int(found["RssAnon"]) // 1024}


def status() -> str:
    return Path("/proc/self/status").read_text()


def sizes(home: Path) -> dict[str, float]:
    """MB on disk by part."""
    folder = generations.current(home / "index")
    assert folder is not None
    parts = {
        "kjelda.sqlite": [home / DATABASE, home / f"{DATABASE}-wal"],
        "chroma": files(folder / "chroma"),
        "lexical": files(folder / "lexical"),
        "vectors.npy": [folder / "vectors.npy"],
        "other": [p for p in folder.iterdir() if p.is_file() and p.name != "vectors.npy"],
    }
    found = {
        name: round(sum(p.stat().st_size for p in paths if p.exists()) / 1e6, 2)
        for name, paths in parts.items()
    }
    return {**found, "all": round(sum(found.values()), 2)}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# -- one size, and all -------------------------------------------------------


def mean_question(encoder: Encoder) -> np.ndarray:
    """Where the model puts questions, on the whole."""
    mean = encoder.encode_queries(questions()).mean(axis=0)
    return mean / np.linalg.norm(mean)


def build_size(home: Path, count: int, encoder_home: Path) -> None:
    """Build a base unless it is there, and note the seconds beside it."""
    note = home / "build.json"
    if note.is_file():
        return
    home.mkdir(parents=True, exist_ok=True)
    encoder = load(None, encoder_home)
    seconds = build(home, count, mean_question(encoder), encoder.model_id)
    note.write_text(json.dumps(seconds))


def one_size(folder: Path, count: int, encoder_home: Path, rounds: int) -> dict[str, Any]:
    """Build in one process, measure in a fresh one: memory is then of searching alone."""
    home = folder / str(count)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, max_tasks_per_child=1) as pool:
        pool.submit(build_size, home, count, encoder_home).result()
        report = pool.submit(measure, home, count, encoder_home, rounds).result()
    seconds = json.loads((home / "build.json").read_text())
    return {**report, "build_s": {**seconds, "all": round(sum(seconds.values()), 2)}}


def show(report: dict[str, Any]) -> str:
    """One size as aligned lines."""
    alone = report["embed_alone"]
    head = f"{report['passages']} passages, {report['questions']} questions a condition"
    lines = [
        f"{head}; embedding alone p50 {alone['p50']} ms, p95 {alone['p95']} ms",
        f"{'filter':8} {'share':>6} "
        + " ".join(f"{part:>13}" for part in PARTS)
        + f" {'x embed':>8} {'first':>7} {'hits':>5}   (ms, p50/p95)",
    ]
    for name, row in report["conditions"].items():
        cells = (f"{row[p]['p50']:.1f}/{row[p]['p95']:.1f}" for p in PARTS)
        lines.append(
            f"{name:8} {row['share']:6.1%} "
            + " ".join(f"{cell:>13}" for cell in cells)
            + f" {row['ratio']:8.2f} {row['first_ms']:7.0f} {row['mean_hits']:5.1f}"
        )
    for title, values in (
        ("MB on disk", report["disk_mb"]),
        ("seconds to build", report["build_s"]),
    ):
        lines.append(f"{title:18}" + "  ".join(f"{name} {value}" for name, value in values.items()))
    for when, rss in report["rss_mb"].items():
        lines.append(f"{'MB in memory':18}{when}: {rss['all']}, of it anonymous {rss['anonymous']}")
    verdict = "met" if report["met"] else "NOT met"
    lines.append(f"{'target':18}total p50 at most {TARGET:g} x embedding alone: {verdict}\n\n")
    return "\n".join(lines)


def encoder_folder(folder: Path) -> Path:
    """Where a built model is, or where to build one."""
    known = os.environ.get("KJELDA_HOME")
    for home in (Path(known) if known else None, ROOT / "kjelda-data"):
        if home is not None and (home / "models").is_dir():
            return home
    return Path(known) if known else folder


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--rounds", type=int, default=1, help="times every question is asked")
    parser.add_argument("--keep", type=Path, help="keep the bases here, and use those that are")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        encoder_home = encoder_folder(folder)
        reports = []
        for count in options.passages:
            reports.append(one_size(folder, count, encoder_home, options.rounds))
            if not options.json:
                sys.stdout.write(show(reports[-1]))
                sys.stdout.flush()
        if options.json:
            sys.stdout.write(json.dumps(reports, indent=2) + "\n")


if __name__ == "__main__":
    main()
