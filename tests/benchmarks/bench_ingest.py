"""How the cost of an ingest grows: documents, passages, processor seconds and memory by number.

    python tests/benchmarks/bench_ingest.py ../shared/documents/norwegian-laws.tar.xz 100 1000

Takes the first files of an archive into a fresh base, once for each number, and then again, when
nothing is to be done. Compare the rows of one run: machines differ. Elapsed time is that of the
machine as it is; processor seconds are the program's own, on all cores together.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path


def first_files(archive: Path, number: int, target: Path) -> int:
    """Copy the first files of an archive into another; how many there were."""
    done = 0
    with tarfile.open(archive, "r|*") as source, tarfile.open(target, "w") as copy:
        for info in source:
            if done >= number:
                break
            if info.isreg():
                copy.addfile(info, source.extractfile(info))
                done += 1
    return done


def run(home: Path, path: Path) -> dict[str, float]:
    """One ingest in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    answer = subprocess.run(
        [sys.executable, "-m", "api.cli", "ingest", str(path), "--json"],
        env={**os.environ, "KJELDA_HOME": str(home)},
        stdout=subprocess.PIPE,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(answer.stdout)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    seconds = time.monotonic() - began
    return {
        "documents": report["documents"],
        "passages": report["passages"],
        "embedded": report["embedded"],
        "lines": len(report["failed"]),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "documents_per_second": round(report["documents"] / seconds, 2),
        "passages_per_second": round(report["embedded"] / seconds, 2),
        # The most that any child has taken so far: numbers ascend, so this is this run's.
        "peak_mb": after.ru_maxrss // 1024,
    }


def main() -> None:
    """Print a line of JSON for each run."""
    archive, numbers = Path(sys.argv[1]), sorted(int(number) for number in sys.argv[2:])
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder:
            home, part = Path(folder, "home"), Path(folder, "part.tar")
            files = first_files(archive, number, part)
            for name in ("first", "again"):
                row = {"files": files, "run": name, **run(home, part)}
                sys.stdout.write(json.dumps(row) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
