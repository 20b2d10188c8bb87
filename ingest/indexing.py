"""When a run publishes an index: once much is newer than it, and at the end where it is due."""

from __future__ import annotations

import time
from pathlib import Path

from ingest.report import Progress, Tell
from search.store import generations, publishing
from search.store.truth import Truth

# A generation is built when more than this is newer than it, also during a run.
DELTA_PASSAGES = 2_000
DELTA_SHARE = 0.1
# But a large one takes minutes: during a run no more than a fifth of the time goes to building,
# as long as less than half of the base is newer.
BUILD_SHARE = 0.2
DELTA_MOST = 0.5


class Indexing:
    """How much is newer than the index that is published; ``newer`` counts passages."""

    def __init__(self, truth: Truth, index: Path, tell: Tell) -> None:
        self._truth = truth
        self._index = index
        self._tell = tell
        self._built = time.monotonic()
        self._took = 0.0
        self.newer = sum(len(truth.passages_of(document)) for document in self._changed())

    def during(self) -> None:
        """Publish where a search would have to go through too much beside the index."""
        manifest = generations.current_manifest(self._index)
        indexed = manifest.passages if manifest else 0
        soon = time.monotonic() - self._built < self._took / BUILD_SHARE
        share = DELTA_MOST if soon else DELTA_SHARE
        if self.newer > max(DELTA_PASSAGES, share * indexed):
            self._publish()

    def finish(self) -> None:
        """Publish where it is due, and clear away what a killed run or a reader left."""
        if self._is_due():
            self._publish()
        else:
            publishing.sweep(self._index)

    def _changed(self) -> list[str]:
        manifest = generations.current_manifest(self._index)
        return self._truth.changed_since(manifest.seq) if manifest else []

    def _publish(self) -> None:
        began = time.monotonic()
        publishing.build(
            self._index,
            self._truth,
            lambda stage, done, total: self._tell(Progress("index", done, total, stage)),
        )
        self._built = time.monotonic()
        self._took = self._built - began
        self.newer = 0

    def _is_due(self) -> bool:
        """Whether the index is damaged, another model's, or has much newer than it."""
        manifest = publishing.sound_manifest(self._index)
        if manifest is None or manifest.model_id != (self._truth.model_id or ""):
            return True
        # A small base is quickly built; its word frequencies say little of what came since.
        most = min(max(DELTA_PASSAGES, DELTA_SHARE * manifest.passages), manifest.passages) / 4
        return bool(self._changed()) and self.newer > most
