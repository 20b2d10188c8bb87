"""An ingest in a process of its own, for tests/crash/test_crash.py to kill.

``python crash_ingest.py HOME FOLDER`` takes a folder in with an encoder that hashes words (what
is asked is whether rows survive, not what they mean), slowed so that there is time to die. It
prints the name of every step as it begins, so that the test can kill it right there.
"""

from __future__ import annotations

import re
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest import indexing, session
from ingest.sync import ingest
from search.store import building, lexical, publishing
from search.store.truth import Truth

DIMENSION = 32


class SlowEncoder:
    """Hashes words; a millisecond a text."""

    model_id = "crash/1"
    dimension = DIMENSION
    max_tokens = 256
    nothing_below: float | None = None

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors (n, 32)."""
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.1
            for word in re.findall(r"\w+", text.lower()):
                code = zlib.crc32(word.encode())
                row[code % DIMENSION] += 1 if code & 0x10000 else -1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """The same, slowly."""
        time.sleep(0.001 * len(texts))
        return self.encode_queries(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, and two marks."""
        return [len(text.split()) + 2 for text in texts]

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Where each word stands."""
        return [match.span() for match in re.finditer(r"\S+", text)]


# Of a document, and of a generation, in the order in which they come.
STEPS = (
    *((SlowEncoder, "encode_passages"), (Truth, "apply"), (Truth, "delete")),
    *((lexical, "build"), (building, "build_chroma"), (building, "check")),
    *((publishing, "_sync_tree"), (publishing, "_publish"), (publishing, "sweep")),
)


def told(place: Any, name: str) -> None:
    """Print the name of a step whenever it begins."""
    real = getattr(place, name)

    def step(*given: Any, **options: Any) -> Any:
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        return real(*given, **options)

    setattr(place, name, step)


def main() -> None:
    """Take the folder in; small batches and an early generation make more moments to die at."""
    for place, name in STEPS:
        told(place, name)
    session.BATCH = 8
    indexing.DELTA_PASSAGES = 40
    home, folder = Path(sys.argv[1]), Path(sys.argv[2])
    ingest([folder], home=home, encoder=SlowEncoder(), today=date(2026, 11, 23))


if __name__ == "__main__":
    main()
