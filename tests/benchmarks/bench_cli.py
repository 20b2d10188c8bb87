"""What the command line costs a person who waits: time to the first hit, and help at once.

python tests/benchmarks/bench_cli.py [--rounds 5] [--json]

Takes the shipped corpus into a temporary data folder (with the model that KJELDA_HOME has, if it
has one), then runs ``kjelda`` as people do: one process a question. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
HELP_TARGET = 0.5  # CPU seconds
QUESTION = "Hvem har ansvar for norskopplæring i mottak?"
RUNS = {
    "--help": ["--help"],
    "search --help": ["search", "--help"],
    "status": ["status"],
    "search, by words": ["search", QUESTION, "--mode", "lexical"],
    "search": ["search", QUESTION],
    "search --json": ["search", QUESTION, "--json"],
    "search, filtered": ["search", QUESTION, "--language", "nb", "--status", "current"],
}


def command() -> str:
    """The ``kjelda`` beside this Python."""
    found = Path(sys.executable).with_name("kjelda")
    if not found.exists():
        raise SystemExit(f"{found} is missing; install the project: pip install -e .")
    return str(found)


def run(arguments: list[str], home: Path) -> dict[str, float]:
    """Seconds of one process: to its first line of output, to its end, and of CPU."""
    environment = {**os.environ, "KJELDA_HOME": str(home)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(
            [command(), *arguments], env=environment, cwd=home, stdout=subprocess.PIPE, stderr=told
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        first = time.perf_counter() - start
        process.stdout.read()
        code = process.wait()
        wall = time.perf_counter() - start
        told.seek(0)
        errors = told.read().decode(errors="replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code or not line:
        raise SystemExit(f"kjelda {' '.join(arguments)} failed ({code})\n{errors}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"first": first, "wall": wall, "cpu": cpu}


def prepare(home: Path) -> dict[str, float]:
    """The shipped corpus in a new base; gives the seconds it took."""
    known = os.environ.get("KJELDA_HOME")
    models = Path(known) / "models" if known else ROOT / "kjelda-data" / "models"
    if models.is_dir():
        (home / "models").symlink_to(models.absolute(), target_is_directory=True)
    built = run(["model"], home)
    taken = run(["ingest"], home)
    return {
        "model_s": round(built["wall"], 1),
        "ingest_s": round(taken["wall"], 1),
        "ingest_cpu_s": round(taken["cpu"], 1),
    }


def measure(home: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Median and best of every command; they take turns, so that noise falls on all alike."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in RUNS}
    for _ in range(rounds):
        for name, arguments in RUNS.items():
            taken[name].append(run(arguments, home))
    rows = {}
    for name, runs in taken.items():
        row = {}
        for figure in ("first", "wall", "cpu"):
            values = sorted(one[figure] for one in runs)
            row[f"{figure}_s"] = round(values[len(values) // 2], 3)
            row[f"{figure}_best_s"] = round(values[0], 3)
        rows[name] = row
    return rows


def show(report: dict[str, Any]) -> str:
    """The report as aligned lines."""
    base = report["base"]
    lines = [
        "shipped corpus: " + ", ".join(f"{name} {value}" for name, value in base.items()),
        f"{'kjelda':18} {'first line':>15} {'wall':>15} {'CPU':>15}   (seconds, median/best)",
    ]
    for name, row in report["commands"].items():
        cells = (f"{row[f'{f}_s']:.2f}/{row[f'{f}_best_s']:.2f}" for f in ("first", "wall", "cpu"))
        lines.append(f"{name:18} " + " ".join(f"{cell:>15}" for cell in cells))
    verdict = "met" if report["help_met"] else "NOT met"
    lines.append(f"target: CPU of kjelda --help under {HELP_TARGET} s: {verdict}\n")
    return "\n".join(lines)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        base = prepare(home)
        commands = measure(home, options.rounds)
    report: dict[str, Any] = {
        "rounds": options.rounds,
        "base": base,
        "commands": commands,
        "help_met": commands["--help"]["cpu_s"] < HELP_TARGET,
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n" if options.json else show(report))


if __name__ == "__main__":
    main()
