"""How long a user waits at the command line.

python tests/benchmarks/bench_cli.py [--home FOLDER] [--rounds 5] [--json]

Time from the start of ``kjelda search`` to its first line of output, by mode, and the CPU time of
``kjelda --help`` (target: under half a second), each as a process of its own. Without --home the
shipped documents are taken in first, into a temporary folder; a --home must hold a base already.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

KJELDA = [sys.executable, "-m", "api.cli"]
ROOT = Path(__file__).parents[2]
QUESTION = "hvem har ansvar for bosetting?"
TARGET = 0.5  # CPU seconds of --help


def run(arguments: list[str], home: Path) -> dict[str, float]:
    """Seconds to the first line of output and to the end, and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(
        [*KJELDA, *arguments],
        cwd=ROOT,
        env={**os.environ, "KJELDA_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    first = time.perf_counter() - started
    _, errors = process.communicate()
    whole = time.perf_counter() - started
    if process.returncode or not line:
        raise SystemExit(f"kjelda {' '.join(arguments)} failed: {errors.strip() or 'no output'}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"first_line": first, "end": whole, "cpu": cpu}


def median(arguments: list[str], home: Path, rounds: int) -> dict[str, float]:
    """The median of some runs, after one that fills the file cache."""
    run(arguments, home)
    found = [run(arguments, home) for _ in range(rounds)]
    return {key: round(statistics.median(one[key] for one in found), 3) for key in found[0]}


def measure(home: Path, rounds: int) -> dict[str, Any]:
    """All commands that are measured."""
    commands = {
        "--help": ["--help"],
        "search --help": ["search", "--help"],
        "search, lexical": ["search", QUESTION, "--mode", "lexical"],
        "search, vector": ["search", QUESTION, "--mode", "vector"],
        "search, hybrid": ["search", QUESTION],
    }
    return {name: median(arguments, home, rounds) for name, arguments in commands.items()}


def main() -> None:
    """Read the options and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, help="a data folder with a base")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kjelda-bench-") as temporary:
        home = options.home or Path(temporary)
        if options.home is None:
            run(["ingest", "--json"], home)
        report = measure(home, options.rounds)
    if options.json:
        sys.stdout.write(json.dumps(report, indent=1) + "\n")
        return
    sys.stdout.write(f"{'seconds':<18}{'first line':>12}{'end':>8}{'CPU':>8}\n")
    for name, row in report.items():
        cells = f"{row['first_line']:>12.2f}{row['end']:>8.2f}{row['cpu']:>8.2f}"
        sys.stdout.write(f"{name:<18}{cells}\n")
    verdict = "ok" if report["--help"]["cpu"] < TARGET else f"over {TARGET:g}"
    sys.stdout.write(f"--help, CPU seconds: {verdict}\n")


if __name__ == "__main__":
    main()
