"""When a run publishes an index."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ingest import indexing
from ingest.indexing import Indexing


def test_building_takes_a_fifth_of_a_run_at_most(
    base: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that takes long is built seldom, unless half of the base is newer than it."""
    now = [0.0]
    built: list[float] = []
    for number in range(10):
        base.put(f"d{number}", "Tekst.")
    base.publish()

    def build(*_: Any) -> None:
        built.append(now[0])
        now[0] += 60  # seconds that it takes

    monkeypatch.setattr(indexing.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(indexing.publishing, "build", build)
    monkeypatch.setattr(indexing, "DELTA_PASSAGES", 0)
    run = Indexing(base.truth, base.home / "index", lambda _: None)
    for _ in range(1000):
        now[0] += 1
        run.newer += 2 if run.newer < 4 else 0  # a tenth at once, never half
        run.during()
    assert len(built) == 4
    assert all(two - one > 300 for one, two in pairwise(built))
    run.newer = 6
    now[0] += 1
    run.during()
    assert built[-1] == now[0] - 60
