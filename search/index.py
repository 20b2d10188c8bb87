"""The search index as one: the published generation and the delta beside it.

Readers take a state, use it, and give it back; a refresh swaps in a new one when the
base has changed, and the old one closes when its last user is done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.cards import with_texts
from corpus.documents import Document
from search.analysis.question import Analysed, Expression, analyse
from search.errors import StoreError
from search.references import Acts, acts
from search.store import delta as deltas
from search.store import generations
from search.store.delta import idf
from search.store.truth import Truth
from search.store.vectors import Floats
from search.values import Filters, Query

Scores = dict[int, float]  # key -> score, in order, best first
FETCH_COST = 90  # exact dot products in the time in which Chroma finds one row
MARGIN = 1.2  # more than the filter's share says: what it leaves may lie unevenly
ENOUGH = 0.75  # of the candidates asked for, from which on Chroma's are not asked for again
ALIKE = 0.995  # cosine from which on two passages say the same
OWNERS_LIMIT = 2_000  # documents named one by one in a lexical query
SCOPES_KEPT = 100  # each is a mask and the numbers of all rows it leaves


@dataclass
class Held:
    """An open generation and how many searches use it now."""

    generation: generations.Generation
    users: int = 0
    retired: bool = False

    def close_if_free(self) -> None:
        """Close a generation that is out of use."""
        if self.retired and not self.users:
            self.generation.close()


@dataclass(frozen=True, slots=True)
class Scope:
    """What filters leave: documents, and of the generation its documents and rows by number.

    None stands for all.
    """

    documents: frozenset[str] | None
    owners: list[int] | None
    mask: NDArray[np.bool_] | None
    rows: NDArray[np.intp] | None


@dataclass
class State:
    """What one search sees: a generation, its delta, and the documents' metadata.

    ``model_id`` is the model of all vectors here, None while there are none.
    """

    held: Held
    delta: deltas.Delta
    seq: int
    model_id: str | None
    documents: dict[str, Document]
    acts: Acts
    families: dict[str, str] = field(default_factory=dict)
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # source card -> the text it stands for
    _scopes: dict[Filters, Scope] = field(default_factory=dict)

    @property
    def generation(self) -> generations.Generation:
        """The published generation that this state reads."""
        return self.held.generation

    def scope(self, filters: Filters) -> Scope:
        """What these filters leave; remembered, as people page and refine."""
        found = self._scopes.get(filters)
        if found is None:
            if len(self._scopes) >= SCOPES_KEPT:
                self._scopes.clear()
            found = self._scopes[filters] = self._scope(filters)
        return found

    def _scope(self, filters: Filters) -> Scope:
        changed = self.delta.changed
        if not filters and not changed:
            return Scope(None, None, None, None)
        allowed = None
        if filters:
            allowed = frozenset(
                id for id, document in self.documents.items() if passes(document, filters)
            )
        names = self.generation.manifest.documents
        keep = np.fromiter(
            ((allowed is None or id in allowed) and id not in changed for id in names),
            dtype=bool,
            count=len(names),
        )
        mask = np.asarray(keep[self.generation.owners], dtype=bool)
        owners = None if allowed is None else np.flatnonzero(keep).tolist()
        return Scope(allowed, owners, mask, np.flatnonzero(mask))

    def analyse(self, query: Query) -> Analysed:
        """The question's terms, by the words that the generation has."""
        generation = self.generation
        return analyse(query.text, generation.splitter, generation.speller, query.phrases)

    def lexical(
        self,
        weights: dict[str, float],
        phrases: tuple[str, ...],
        limit: int,
        filters: Filters,
        forms: tuple[str, ...] = (),
        expressions: Collection[Expression] = (),
    ) -> Scores:
        """BM25 of the best passages for terms with their weights, best first.

        ``forms`` are words as they are written: they count a little beside their stems.
        ``expressions`` count where all their terms stand.
        """
        scope = self.scope(filters)
        found = self._lexical_rows(weights, phrases, limit, scope, forms, expressions)
        found += self.delta.lexical(
            weights, phrases, limit, self.generation.lexical, scope.documents, forms, expressions
        )
        found.sort(key=lambda item: (-item[1], item[0]))
        return dict(found[:limit])

    def _lexical_rows(
        self,
        weights: dict[str, float],
        phrases: tuple[str, ...],
        limit: int,
        scope: Scope,
        forms: tuple[str, ...],
        expressions: Collection[Expression],
    ) -> list[tuple[int, float]]:
        mask = scope.mask
        index = self.generation.lexical
        if mask is None:
            return index.search(weights, phrases, limit, forms=forms, expressions=expressions)
        if not mask.any():
            return []
        owners = scope.owners
        fetch = limit
        if owners is None or len(owners) > OWNERS_LIMIT:
            owners = None
            fetch = _before(limit, scope)
        while True:
            raw = index.search(weights, phrases, fetch, owners, forms, expressions)
            at = self.generation.positions(np.array([key for key, _ in raw], dtype=np.int64))
            found = [hit for hit, row in zip(raw, at, strict=True) if row >= 0 and mask[row]]
            if len(found) >= ENOUGH * limit or len(raw) < fetch:
                return found[:limit]
            fetch *= 4

    def vector(self, query: Floats, limit: int, filters: Filters) -> Scores:
        """Cosines of the nearest passages, best first."""
        scope = self.scope(filters)
        found = self._vector_rows(query, limit, scope)
        fresh = self.delta.exact
        rows = None
        if scope.documents is not None:
            owners = self.delta.owners
            rows = np.array(
                [i for i, key in enumerate(fresh.keys.tolist()) if owners[key] in scope.documents],
                dtype=np.intp,
            )
        found += fresh.search(query, limit, rows)
        found.sort(key=lambda item: (-item[1], item[0]))
        return dict(found[:limit])

    def _vector_rows(self, query: Floats, limit: int, scope: Scope) -> list[tuple[int, float]]:
        generation = self.generation
        total = len(generation.keys)
        if not total:
            return []
        mask, rows = scope.mask, scope.rows
        if mask is None or rows is None:
            wanted = min(limit, total)
            raw = generation.chroma.search(query, wanted)
            # The graph may have vectors out of its reach; a small base then shows it.
            return raw if len(raw) == wanted else generation.exact.search(query, limit)
        if not len(rows):
            return []
        # A filter in Chroma costs 50 ms and more; see docs/decisions/0002-stores.md.
        fetch = min(total, _before(limit, scope))
        if len(rows) <= FETCH_COST * fetch:
            return generation.exact.search(query, limit, rows)
        raw = generation.chroma.search(query, fetch)
        at = generation.positions(np.array([key for key, _ in raw], dtype=np.int64))
        found = [hit for hit, row in zip(raw, at, strict=True) if row >= 0 and mask[row]]
        if len(found) < min(ENOUGH * limit, len(rows)):
            return generation.exact.search(query, limit, rows)
        return found[:limit]

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term in the generation, as BM25 has it."""
        lexical = self.generation.lexical
        return idf(lexical.stats.passages, lexical.frequency(term))

    def other_form(self, document: Document) -> Document | None:
        """The same document in another written form, if the base has it."""
        family = self.families.get(document.id)
        others = [id for id in self.forms.get(family or "", ()) if id != document.id]
        return self.documents.get(others[0]) if others else None

    def owners_of(self, keys: Collection[int]) -> list[Document]:
        """The documents that hold these passages, each once."""
        at = self.generation.positions(np.array(list(keys), dtype=np.int64))
        rows = at[at >= 0]
        names = self.generation.manifest.documents
        found = {names[number] for number in self.generation.owners[rows].tolist()}
        found = found - self.delta.changed
        found |= {self.delta.owners[key] for key in keys if key in self.delta.owners}
        return [self.documents[id] for id in sorted(found) if id in self.documents]

    def alike(self, keys: list[int]) -> Callable[[int, int], bool]:
        """Whether two of these passages say the same, by their vectors."""
        at = self.generation.positions(np.array(keys, dtype=np.int64))
        vectors: dict[int, Floats] = {
            key: self.generation.vectors[row]
            for key, row in zip(keys, at.tolist(), strict=True)
            if row >= 0
        }
        fresh = self.delta.exact
        wanted = set(keys)
        vectors |= {
            key: fresh.matrix[row] for row, key in enumerate(fresh.keys.tolist()) if key in wanted
        }

        def same(one: int, other: int) -> bool:
            if one not in vectors or other not in vectors:
                return False
            return float(vectors[one] @ vectors[other]) >= ALIKE

        return same

    def similarities(self, query: Floats, keys: list[int]) -> Scores:
        """The cosine of each of these passages with the query."""
        wanted = np.array(keys, dtype=np.int64)
        at = self.generation.positions(wanted)
        here = at >= 0
        found: Scores = {}
        if here.any():
            cosines = self.generation.vectors[at[here]] @ query
            found.update(zip(wanted[here].tolist(), cosines.tolist(), strict=True))
        fresh = {key: row for row, key in enumerate(self.delta.exact.keys.tolist())}
        for key in keys:
            if key in fresh:
                found[key] = float(self.delta.exact.matrix[fresh[key]] @ query)
        return found


def _before(limit: int, scope: Scope) -> int:
    """How many to fetch of all, so that about ``limit`` are left by the filter."""
    if scope.mask is None or scope.rows is None or not len(scope.rows):
        return limit
    return int(limit * len(scope.mask) / len(scope.rows) * MARGIN) + 10


def translations(documents: Iterable[Document]) -> dict[str, str]:
    """Document id -> the id that it and its other written forms go by, for those that have any."""
    known = {document.id: document for document in documents}
    found: dict[str, str] = {}
    for id in known:
        chain = [id]  # to the original of the original
        while (original := known[chain[-1]].translation_of) in known and original not in chain:
            chain.append(original)
        if len(chain) > 1:
            around = chain[chain.index(original) :] if original in chain else chain[-1:]
            found[id] = found[min(around)] = min(around)
    return found


class Index:
    """Opens the published generation, follows changes, and hands out states."""

    def __init__(self, home: Path, truth: Truth) -> None:
        self._folder = home / "index"
        self._truth = truth
        self._guard = threading.Lock()
        self._not_before = 0.0
        self._state = self._load()

    @contextmanager
    def state(self) -> Iterator[State]:
        """The present state, kept open while in use."""
        self._refresh()
        with self._guard:
            state = self._state
            state.held.users += 1
        try:
            yield state
        finally:
            with self._guard:
                state.held.users -= 1
                state.held.close_if_free()

    def close(self) -> None:
        """Retire the present state."""
        with self._guard:
            self._state.held.retired = True
            self._state.held.close_if_free()

    def _refresh(self) -> None:
        if time.monotonic() < self._not_before:
            return
        folder = generations.current(self._folder)
        with self._guard:
            old = self._state
            same = folder == old.generation.folder
            if same and (self._truth.seq == old.seq or self._rebuilding(old.generation)):
                return
            started = time.monotonic()
            self._state = self._with_delta(old.held) if same else self._load()
            if not same:
                old.held.retired = True
                old.held.close_if_free()
            # While an ingest writes, spend at most a tenth of the time on following it.
            self._not_before = time.monotonic() + 10 * (time.monotonic() - started)

    def _rebuilding(self, generation: generations.Generation) -> bool:
        """Whether the base is being embedded with another model than the generation's."""
        built_with = generation.manifest.model_id
        return bool(built_with) and self._truth.model_id != built_with

    def _load(self) -> State:
        while True:
            folder = generations.current(self._folder)
            if folder is None:
                raise StoreError(
                    f"{self._folder} holds no search index yet; `kjelda ingest` builds it "
                    "from what is stored, and embeds nothing twice"
                )
            try:
                generation = generations.Generation(folder)
                break
            except StoreError:
                # Another one may have been published, and this one removed, in between.
                if generations.current(self._folder) == folder:
                    raise
        if not generation.manifest.fits():
            generation.close()
            raise StoreError(
                "the search index was built by another version of Kjelda; "
                "`kjelda ingest` builds it anew from what is stored"
            )
        return self._with_delta(Held(generation))

    def _with_delta(self, held: Held) -> State:
        with self._truth.snapshot():
            seq = self._truth.seq
            manifest = held.generation.manifest
            model_id = self._truth.model_id
            # During a rebuild new vectors don't compare with the generation's: it serves alone.
            since = manifest.seq
            if self._rebuilding(held.generation):
                since, model_id = seq, manifest.model_id
            delta = deltas.load(self._truth, since, held.generation.splitter)
            listed, texts = with_texts(self._truth.documents())
            documents = {document.id: document for document in listed}
        families = translations(documents.values())
        forms: dict[str, tuple[str, ...]] = {}
        for id, family in families.items():
            forms[family] = (*forms.get(family, ()), id)
        names = acts(documents.values())
        return State(held, delta, seq, model_id, documents, names, families, forms, texts)


def passes(document: Document, filters: Filters) -> bool:
    """Whether a document meets all conditions."""
    year = document.published or document.valid_from or document.updated
    publishers = {name.casefold() for name in filters.publishers}
    return (
        (not filters.types or document.type in filters.types)
        and (not filters.languages or document.language in filters.languages)
        and (not publishers or (document.publisher or "").casefold() in publishers)
        and (not filters.areas or not filters.areas.isdisjoint(document.areas))
        and (not filters.statuses or document.status in filters.statuses)
        and (filters.year_from is None or (year is not None and year.year >= filters.year_from))
        and (filters.year_to is None or (year is not None and year.year <= filters.year_to))
    )
