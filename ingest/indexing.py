"""When a run publishes an index: once much is newer than it, and at the end where it is due."""

from __future__ import annotations

from pathlib import Path

from ingest.report import Progress, Tell
from search.store import generations, publishing
from search.store.truth import Truth

# A generation is built when more than this is newer than it, also during a run.
DELTA_PASSAGES = 2_000
DELTA_SHARE = 0.1


class Indexing:
    """How much is newer than the index that is published; ``newer`` counts passages."""

    def __init__(self, truth: Truth, index: Path, tell: Tell) -> None:
        self._truth = truth
        self._index = index
        self._tell = tell
        self.newer = sum(len(truth.passages_of(document)) for document in self._changed())

    def during(self) -> None:
        """Publish where a search would have to go through too much beside the index."""
        manifest = generations.current_manifest(self._index)
        indexed = manifest.passages if manifest else 0
        if self.newer > max(DELTA_PASSAGES, DELTA_SHARE * indexed):
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
        publishing.build(
            self._index,
            self._truth,
            lambda stage, done, total: self._tell(Progress("index", done, total, stage)),
        )
        self.newer = 0

    def _is_due(self) -> bool:
        """Whether the index is damaged, another model's, or has much newer than it."""
        manifest = publishing.sound_manifest(self._index)
        if manifest is None or manifest.model_id != (self._truth.model_id or ""):
            return True
        # A small base is quickly built; its word frequencies say little of what came since.
        most = min(max(DELTA_PASSAGES, DELTA_SHARE * manifest.passages), manifest.passages) / 4
        return bool(self._changed()) and self.newer > most
