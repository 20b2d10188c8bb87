"""How fast a search is, and how big and slow to build its index, at several sizes.

python tests/benchmarks/bench_search.py [--passages 1000 100000] [--queries 60] [--json]

Texts are sentences of ../shared/bench/norquad (or corpus/documents) put together anew, 100 words
a passage, 16 passages a document. A few hundred passages are embedded by the real model, and the
other vectors are mixtures of those: near each other as real ones are, without an hour's work.
Questions are real and embedded by the real model each time: ``embed`` is that alone, and the
target is that a whole search takes at most three times as long, filters included.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from corpus.documents import Document, DocumentType, Language, Passage, Place, Section, Status
from search.embedding.encoder import Encoder, load
from search.engine import DATABASE, Searcher
from search.evaluation.measures import percentile
from search.query import parse
from search.store import generations, publishing
from search.store.truth import Stored, Truth
from search.values import Filters, Mode

ROOT = Path(__file__).parents[2]
NORQUAD = ROOT.parent / "shared" / "bench" / "norquad"
WORDS = 100  # in a passage
PASSAGES = 16  # in a document
EMBEDDED = 384  # passages that the model itself embeds
TARGET = 3.0
STAGES = ("analyse", "embed", "lexical", "vector", "rank", "total")
# Every publisher has 1 % of the documents, every year 10 %, every written form half of them.
PUBLISHERS = [f"Utgiver {number}" for number in range(100)]
YEARS = range(2017, 2027)
FORMS = (Language.BOKMAL, Language.NYNORSK)


def sentences() -> list[str]:
    """Sentences of real Norwegian text."""
    files = sorted(NORQUAD.glob("corpus.*.jsonl"))
    if files:
        texts = [
            json.loads(line)["text"]
            for file in files
            for line in file.read_text(encoding="utf-8").splitlines()
        ]
    else:
        shipped = sorted((ROOT / "corpus" / "documents").glob("*.md"))
        texts = [file.read_text(encoding="utf-8").partition("\n---\n")[2] for file in shipped]
    found = [part.strip() for text in texts for part in re.split(r"(?<=[.!?])\s+", text)]
    return [part for part in found if 5 <= len(part.split()) <= 40]


def questions(count: int) -> list[str]:
    """Real questions; without the set, the beginnings of sentences."""
    path = NORQUAD / "queries.dev.jsonl"
    if path.is_file():
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found = [row["nb"] for row in rows]
    else:
        found = [" ".join(part.split()[:9]) for part in sentences()]
    return random.Random(3).sample(found, count)


def documents(total: int) -> Iterator[Document]:
    """Documents of 16 sections, one passage each."""
    chosen = random.Random(1)
    pool = sentences()
    for number in range(-(-total // PASSAGES)):
        texts = []
        for _ in range(min(PASSAGES, total - number * PASSAGES)):
            text: list[str] = []
            while len(text) < WORDS:
                text += chosen.choice(pool).split()
            texts.append(" ".join(text))
        title = " ".join(chosen.choice(pool).split()[:6])
        yield Document(
            id=f"d{number}",
            uri=f"bench:{number}",
            title=title,
            sections=tuple(Section((f"Del {n}",), text) for n, text in enumerate(texts, 1)),
            type=chosen.choice(list(DocumentType)),
            language=chosen.choice(FORMS),
            status=Status.CURRENT,
            publisher=chosen.choice(PUBLISHERS),
            published=date(chosen.choice(YEARS), 1, 1),
        )


def passages(document: Document) -> tuple[Passage, ...]:
    """A passage for each section."""
    return tuple(
        Passage(document.id, n, document.title, s.headings, s.text, Place(), document.language, n)
        for n, s in enumerate(document.sections)
    )


def build(home: Path, total: int, encoder: Encoder) -> dict[str, float]:
    """Fill the truth and publish a generation; seconds of both."""
    cut = [(document, passages(document)) for document in documents(total)]
    sample = [p.embedded for _, part in cut[: EMBEDDED // PASSAGES] for p in part]
    real = encoder.encode_passages(sample)
    rng = np.random.default_rng(2)
    truth = Truth(home / DATABASE)
    started = time.perf_counter()
    for number, (document, part) in enumerate(cut):
        if (number + 1) * PASSAGES <= len(real):
            vectors = real[number * PASSAGES : (number + 1) * PASSAGES]
        else:
            # Two real passages in a random share, and a little that is its own.
            one, other = real[rng.integers(len(real), size=(2, len(part)))]
            share = rng.uniform(0.3, 0.7, size=(len(part), 1))
            vectors = share * one + (1 - share) * other
            vectors += 0.01 * rng.normal(size=vectors.shape)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        stored = Stored(document, part, vectors.astype(np.float32), document.id, "bench", "")
        truth.apply(stored, encoder.model_id, "added")
    filled = time.perf_counter()
    publishing.build(home / "index", truth)
    built = time.perf_counter()
    truth.close()
    return {"rows": round(filled - started, 1), "index": round(built - filled, 1)}


def sizes(home: Path) -> dict[str, float]:
    """Megabytes on disk, by part."""

    def size(*paths: Path) -> float:
        files = [f for path in paths for f in ([path] if path.is_file() else path.rglob("*"))]
        return round(sum(f.stat().st_size for f in files if f.is_file()) / 1e6, 1)

    folder = generations.current(home / "index")
    if folder is None:
        raise SystemExit("no index was published")
    return {
        "rows": size(home / DATABASE),
        "chroma": size(folder / "chroma"),
        "lexical": size(folder / "lexical"),
        "arrays": size(*folder.glob("*.npy")),
        "vocabulary": size(
            *(folder / f"{name}.json" for name in ("vocabulary", "words", "manifest"))
        ),
    }


def rss() -> float:
    """Resident memory in megabytes; files that are mapped count once they are touched."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return round(int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1000, 1)


def filters() -> dict[str, list[Filters]]:
    """Filters by how much they leave; each kind has several, so that not all are remembered."""
    return {
        "no filter": [Filters()],
        "1 %": [Filters(publishers=frozenset({name})) for name in PUBLISHERS],
        "10 %": [Filters(year_from=year, year_to=year) for year in YEARS],
        "50 %": [Filters(languages=frozenset({form})) for form in FORMS],
    }


def measure(home: Path, models: Path, count: int) -> dict[str, Any]:
    """Latencies of searches in this process, which has built nothing."""
    before = rss()
    encoder = load(None, models)
    encoder.encode_queries(["varm opp"])
    with_model = rss()
    started = time.perf_counter()
    searcher = Searcher.open(home, lambda: encoder)
    searcher.search(parse("varm opp"))
    opened = time.perf_counter() - started
    asked = questions(count)
    alone = []
    for text in asked:
        started = time.perf_counter()
        encoder.encode_queries([text])
        alone.append((time.perf_counter() - started) * 1000)
    found: dict[str, Any] = {}
    for name, kind in filters().items():
        spent: dict[str, list[float]] = {stage: [] for stage in STAGES}
        for number, text in enumerate(asked):
            query = parse(text, mode=Mode.HYBRID, filters=kind[number % len(kind)])
            for stage, value in searcher.search(query).timings_ms.items():
                spent[stage].append(value)
        found[name] = {
            stage: {"p50": round(percentile(v, 0.5), 2), "p95": round(percentile(v, 0.95), 2)}
            for stage, v in spent.items()
        }
        found[name]["ratio"] = round(
            percentile(spent["total"], 0.5) / percentile(spent["embed"], 0.5), 2
        )
    memory = {"python": before, "model": with_model, "after searches": rss()}
    searcher.close()
    return {
        "embed_alone_ms": round(statistics.median(alone), 2),
        "first_search_seconds": round(opened, 2),
        "searches": found,
        "rss_mb": memory,
    }


def bench(total: int, count: int, models: Path) -> dict[str, Any]:
    """One size: built here, measured in a process of its own."""
    home = Path(tempfile.mkdtemp(prefix="kjelda-bench-"))
    try:
        seconds = build(home, total, load(None, models))
        command = [sys.executable, __file__, "--measure", str(home), str(models)]
        done = subprocess.run(
            [*command, "--queries", str(count)], capture_output=True, text=True, check=True
        )
        return {
            "passages": total,
            "build_seconds": seconds,
            "disk_mb": sizes(home),
            **json.loads(done.stdout),
        }
    finally:
        shutil.rmtree(home)


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    seconds = report["build_seconds"]
    head = (
        f"\n{report['passages']} passages: rows in {seconds['rows']} s, index in "
        f"{seconds['index']} s; first search after {report['first_search_seconds']} s; "
        f"a question alone embeds in {report['embed_alone_ms']} ms"
    )
    lines = [
        head,
        "disk, MB:    " + ", ".join(f"{k} {v}" for k, v in report["disk_mb"].items()),
        "memory, MB:  " + ", ".join(f"{k} {v}" for k, v in report["rss_mb"].items()),
        f"{'ms, p50 / p95':<14}" + "".join(f"{stage:>16}" for stage in STAGES) + "   total/embed",
    ]
    for name, row in report["searches"].items():
        cells = "".join(f"{row[s]['p50']:>8.2f} /{row[s]['p95']:>6.1f}" for s in STAGES)
        verdict = "ok" if row["ratio"] <= TARGET else f"over {TARGET:g}"
        lines.append(f"{name:<14}{cells}{row['ratio']:>10.2f} {verdict}")
    return "\n".join(lines)


def main() -> None:
    """Read the options and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--models", type=Path, help="a data folder with the built model")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(measure(*options.measure, options.queries)))
        return
    with tempfile.TemporaryDirectory(prefix="kjelda-model-") as temporary:
        models = options.models or Path(temporary)
        reports = [bench(total, options.queries, models) for total in options.passages]
    if options.json:
        sys.stdout.write(json.dumps(reports, indent=1) + "\n")
        return
    for report in reports:
        sys.stdout.write(table(report) + "\n")


if __name__ == "__main__":
    main()
