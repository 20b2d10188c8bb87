"""`kjelda evaluate`: how good the search is, on judged questions."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ingest.report import Progress
from ingest.sync import ingest
from search.embedding.encoder import Encoder
from search.engine import Searcher
from search.evaluation.judge import read_judged, score, summary
from search.evaluation.passages import build_base, read_passages
from search.query import parse
from search.values import Mode, SearchResult

Step = Callable[[str, int], None]


def evaluate(
    *,
    encoder: Encoder,
    queries: Path,
    passages: Path | None = None,
    documents: Path | None = None,
    home: Path | None = None,
    query_field: str | Sequence[str] = "query",
    mode: Mode = Mode.HYBRID,
    step: Step | None = None,
) -> dict[str, Any]:
    """Score the search on a set of questions.

    Against ready ``passages`` (JSON lines), against a folder of ``documents`` taken in by
    the ordinary pipeline, or, with neither, against the base in ``home``. ``query_field``
    names the field with the question; several give a report each, on one index. Raises
    SearchError for a set that can't be read.
    """
    fields = [query_field] if isinstance(query_field, str) else list(query_field)
    judged = {field: read_judged(queries, field) for field in fields}
    tell = step or (lambda stage, done: None)
    with tempfile.TemporaryDirectory(prefix="kjelda-evaluate-") as temporary:
        started = time.perf_counter()
        base = home if home and not passages and not documents else Path(temporary)
        if passages:
            build_base(base, read_passages(passages), encoder, lambda n: tell("embed", n))
        elif documents:
            report = ingest(
                [documents],
                home=base,
                encoder=encoder,
                progress=lambda p: _pass_on(p, tell),
            )
        built = time.perf_counter() - started
        searcher = Searcher.open(base, lambda: encoder)
        try:
            searcher.search(parse("oppvarming", mode=mode))

            def ask(text: str) -> SearchResult:
                return searcher.search(parse(text, limit=10, mode=mode))

            reports = [
                summary(score(judged[field], ask, lambda n: tell("ask", n))) for field in fields
            ]
            # Several fields of one set are one report with a part each.
            found = reports[0] if len(fields) == 1 else dict(zip(fields, reports, strict=True))
            found["mode"] = str(mode)
            found["index"] = {
                "passages": searcher.status()["passages"],
                "seconds": round(built, 1),
            }
            if documents:
                found["index"]["failed"] = [f"{f.uri}: {f.reason}" for f in report.failed]
            return found
        finally:
            searcher.close()


def _pass_on(progress: Progress, tell: Step) -> None:
    tell(progress.stage, progress.done)
