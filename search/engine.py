"""The searcher: a query in, cited hits out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.documents import Document, Passage
from search import fusion, ranking
from search.embedding.encoder import Encoder
from search.errors import ModelMismatch
from search.excerpt import excerpt
from search.index import Index, State
from search.query import section_key
from search.store.truth import Truth
from search.values import Hit, Mode, Notice, Query, SearchResult

DATABASE = "kjelda.sqlite"
# None of the question's words is in the base: what is shown is only what lies nearest.
NEAREST_ONLY = (
    Notice(
        "nearest_only",
        "small",
        "Ingen av ordene i spørsmålet finnes i basen. Treffene er bare det som ligger nærmest.",
        "nb",
    ),
    Notice(
        "nearest_only",
        "small",
        "Ingen av orda i spørsmålet finst i basen. Treffa er berre det som ligg nærast.",
        "nn",
    ),
)
DEPTH = 200  # candidates from each ranking


class Searcher:
    """Searches one base. Safe from several threads; follows changes by itself."""

    def __init__(self, truth: Truth, index: Index, encoder: Callable[[], Encoder]) -> None:
        self._truth = truth
        self._index = index
        self._load_encoder = encoder
        self._encoder: Encoder | None = None
        self._loading = threading.Lock()

    @classmethod
    def open(cls, home: Path, encoder: Callable[[], Encoder]) -> Searcher:
        """Open the base in a data folder; ``encoder`` is called at the first vector query.

        Raises BaseMissing, BaseNewer or StoreError.
        """
        truth = Truth(home / DATABASE, read_only=True)
        try:
            return cls(truth, Index(home, truth), encoder)
        except BaseException:
            truth.close()
            raise

    @property
    def encoder(self) -> Encoder:
        """The model, loaded at first use. Raises ModelMismatch, ModelError."""
        with self._loading:
            if self._encoder is None:
                encoder = self._load_encoder()
                self._truth.require_model(encoder.model_id)
                self._encoder = encoder
            return self._encoder

    def close(self) -> None:
        """Let go of the index and the database."""
        self._index.close()
        self._truth.close()

    def search(self, query: Query) -> SearchResult:
        """Find passages. Timings in milliseconds: embed, lexical, vector, rank, total."""
        clock = _Clock()
        vector = None
        if query.mode is not Mode.LEXICAL:
            vector = self.encoder.encode_queries([query.text])[0]
        clock.lap("embed")
        with self._index.state() as state:
            if vector is not None and state.model_id not in (None, self.encoder.model_id):
                raise ModelMismatch(state.model_id, self.encoder.model_id)
            lexical, weights = state.lexical(query.text, query.phrases, DEPTH, query.filters)
            referenced = self._referenced(query, state)
            quoted = lexical.keys() if query.phrases else None
            has_words = bool(lexical)
            if query.mode is Mode.VECTOR:
                lexical = {}
            elif referenced:
                top = max(lexical.values(), default=1.0)
                lexical = dict.fromkeys(referenced, top) | {
                    k: v for k, v in lexical.items() if k not in referenced
                }
            clock.lap("lexical")
            near = {} if vector is None else state.vector(vector, DEPTH, query.filters)
            if quoted is not None:
                near = {key: value for key, value in near.items() if key in quoted}
            similarities = dict(near)
            if vector is not None:
                rest = [key for key in lexical if key not in near]
                similarities |= state.similarities(vector, rest)
            clock.lap("vector")
            candidates = fusion.fuse(lexical, near, similarities, query.mode)
            hits = self._hits(candidates, query, state, frozenset(referenced), set(weights))
            clock.lap("rank")
        found = bool(hits) and (has_words or self._is_near(similarities))
        return SearchResult(
            query,
            "found" if found else "nothing_found",
            hits if found else (),
            NEAREST_ONLY if found and not has_words else (),
            timings_ms=clock.total(),
        )

    def _is_near(self, similarities: dict[int, float]) -> bool:
        """Whether anything is near a question none of whose words are in the base."""
        floor = self.encoder.nothing_below
        return floor is None or max(similarities.values(), default=-1.0) >= floor

    def _hits(
        self,
        candidates: list[fusion.Candidate],
        query: Query,
        state: State,
        referenced: frozenset[int],
        terms: set[str],
    ) -> tuple[Hit, ...]:
        # What may reach the page, with room for the rules of order.
        pool = candidates[: max(5 * query.limit, 50)]
        pool += [c for c in candidates[len(pool) :] if c.key in referenced]
        owners = self._truth.owners([c.key for c in pool])
        known = {
            key: state.documents[owner] for key, owner in owners.items() if owner in state.documents
        }
        pool = [c for c in pool if c.key in known]
        page = ranking.rank(pool, known, referenced, query.limit)
        passages = self._truth.passages([ranked.candidate.key for ranked in page])
        # A passage may have gone between the index and the rows: it is not shown.
        page = [ranked for ranked in page if ranked.candidate.key in passages]
        parts = state.generation.splitter.parts
        return tuple(
            Hit(
                rank=number,
                score=round(ranked.candidate.score, 4),
                passage=passages[ranked.candidate.key],
                document=known[ranked.candidate.key],
                excerpt=excerpt(passages[ranked.candidate.key].text, terms, parts),
                lexical_rank=ranked.candidate.lexical_rank,
                vector_rank=ranked.candidate.vector_rank,
                similarity=ranked.candidate.similarity,
                reasons=ranked.reasons,
            )
            for number, ranked in enumerate(page, 1)
        )

    def _referenced(self, query: Query, state: State) -> list[int]:
        """Keys of the passages that the query names by act and section."""
        from search.analysis.words import stem

        allowed = state.scope(query.filters).documents
        found: list[int] = []
        for reference in query.references:
            act = state.acts.get(stem(reference.act or ""))
            if act is None or (allowed is not None and act not in allowed):
                continue
            found += [
                passage.key
                for passage in self._truth.passages_of(act)
                if passage.place.section and section_key(passage.place.section) == reference.section
            ]
        return found

    def document(self, name: str) -> Document | None:
        """A document with its sections, by id, file name or uri."""
        document_id = self._truth.find(name)
        return None if document_id is None else self._truth.document(document_id)

    def passages_of(self, document_id: str) -> list[Passage]:
        """All passages of a document, in order."""
        return self._truth.passages_of(document_id)

    def documents(self) -> list[Document]:
        """All documents, without their sections."""
        return self._truth.documents()

    def publishers(self) -> list[str]:
        """All publishers in the base, in alphabetical order."""
        with self._index.state() as state:
            return sorted({d.publisher for d in state.documents.values() if d.publisher})

    def status(self) -> dict[str, Any]:
        """What is in the base: counts, model, generation, what is newer than it, last run."""
        with self._index.state() as state:
            manifest = state.generation.manifest
            run = self._truth.last_run()
            return {
                **self._truth.counts(),
                "model_id": self._truth.model_id,
                "generation": manifest.id,
                "indexed_passages": manifest.passages,
                "changed_since_indexed": len(state.delta.changed),
                "last_run_started": run[0] if run else None,
                "last_run_finished": run[1] if run else None,
            }


class _Clock:
    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = round((now - self._last) * 1000, 3)
        self._last = now

    def total(self) -> dict[str, float]:
        spent = round((time.perf_counter() - self._start) * 1000, 3)
        return {**self._laps, "total": spent}
