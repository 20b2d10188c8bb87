"""The searcher: a query in, cited hits out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from corpus.currency import disagree
from corpus.documents import Document, Language, Passage
from search import facets, fusion, notes, ranking, references
from search.analysis.form import written_form
from search.analysis.question import Analysed
from search.confidence import HITS, REST, confidence, evidence, is_likely
from search.embedding.encoder import Encoder
from search.errors import ModelMismatch
from search.excerpt import cut, marks, matches
from search.index import Index, Scores, State
from search.store.history import Change, Edition
from search.store.truth import Known, Truth
from search.store.vectors import Floats
from search.survey import Treated, survey
from search.values import Filters, Hit, LawReference, Mode, Query, SearchResult

DATABASE = "kjelda.sqlite"
WORD_DEPTH, MEANING_DEPTH = 200, 100  # candidates from each ranking
NEAREST = 3  # passages shown beside "nothing found"


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
        """Find passages. Timings in milliseconds: analyse, embed, lexical, vector, rank, total."""
        clock = _Clock()
        with self._index.state() as state:
            publishers = {d.publisher for d in state.documents.values() if d.publisher}
            asked = state.analyse(query)
            clock.lap("analyse")
            vector = self._embedded(asked.text, query.mode, state)
            clock.lap("embed")
            lexical = _by_words(state, query, asked, query.filters)
            # A name of an act may have been misspelt: what was corrected is read again.
            cited = references.find(asked.text) if asked.corrections else query.references
            named, lacking = self._named(cited, query.filters, state)
            quoted = lexical.keys() if query.phrases else None
            words = lexical
            if query.mode is Mode.VECTOR:
                lexical = {}
            elif named:
                top = max(lexical.values(), default=1.0)
                lexical = dict.fromkeys(named, top) | {
                    k: v for k, v in lexical.items() if k not in named
                }
            clock.lap("lexical")
            depth = max(MEANING_DEPTH, 2 * query.limit)
            near = {} if vector is None else state.vector(vector, depth, query.filters)
            if quoted is not None:
                near = {key: value for key, value in near.items() if key in quoted}
            similarities = dict(near)
            if vector is not None:
                rest = [key for key in lexical if key not in near]
                similarities |= state.similarities(vector, rest)
            clock.lap("vector")
            candidates = fusion.fuse(lexical, near, similarities, query.mode)
            hits = self._hits(candidates, query, state, named, asked)
            sure, likely = None, None
            # An English question meets Norwegian text by meaning alone: words prove nothing.
            # Few candidates (a small base, a narrow filter) have no rest to stand out from.
            weighed = query.mode is Mode.HYBRID and self.encoder.calibrated and len(near) > REST
            if weighed and written_form(query.text) is not Language.ENGLISH:
                cosines = sorted(near.values(), reverse=True)
                found_there = evidence(asked, hits, cosines, state.rarity)
                sure = confidence(found_there)
                likely = is_likely(found_there, sure)
            titles = {
                heir: state.documents[heir].title
                for hit in hits
                if (heir := hit.document.replaced_by) in state.documents and heir
            }
            counts: facets.Facets = {}
            if query.facets:
                pool = {candidate.key for candidate in candidates}
                if query.filters:  # what the filters leave out is counted too
                    pool |= _unfiltered(state, query, asked, vector)
                counts = facets.count(state.owners_of(pool), query.filters)
            clock.lap("rank")
        # What is named by its section, or stands there word for word, needs no estimate.
        certain = bool(named or query.phrases)
        if likely is None:
            likely = bool(words) or self._is_near(near)
        hits = self._worth_showing(hits, vector is not None)[: query.limit]
        found = bool(hits) and (certain or likely)
        notices = notes.corrected(asked.corrections) if hits else ()
        notices += notes.not_in_the_base(lacking)
        notices += notes.filtered(query.filters, publishers)
        if found and not words:
            notices = (*notices, *notes.NEAREST_ONLY)
        if found:
            notices += notes.currency(hits, titles)
        return SearchResult(
            query,
            "found" if found else "nothing_found",
            hits if found else (),
            notices,
            nearest=() if found else hits[:NEAREST],
            confidence=sure,
            corrections=tuple((c.typed, c.used) for c in asked.corrections),
            facets=counts if found else {},
            timings_ms=clock.total(),
        )

    def _embedded(self, text: str, mode: Mode, state: State) -> Floats | None:
        """The question's vector, unless only words are asked for. Raises ModelMismatch."""
        if mode is Mode.LEXICAL:
            return None
        if state.model_id not in (None, self.encoder.model_id):
            raise ModelMismatch(state.model_id, self.encoder.model_id)
        vector: Floats = self.encoder.encode_queries([text])[0]
        return vector

    def _worth_showing(self, hits: tuple[Hit, ...], compared: bool) -> tuple[Hit, ...]:
        """Without what has none of the words and lies as far off as any text."""
        floor = self.encoder.nothing_below if compared else None
        if floor is None:
            return hits
        return tuple(
            hit for hit in hits if hit.matches or hit.reasons or (hit.similarity or 0.0) >= floor
        )

    def _is_near(self, near: dict[int, float]) -> bool:
        """Whether anything is near a question none of whose words are in the base."""
        floor = self.encoder.nothing_below if near else None
        return floor is None or max(near.values()) >= floor

    def _hits(
        self,
        candidates: list[fusion.Candidate],
        query: Query,
        state: State,
        named: dict[int, str],
        asked: Analysed,
    ) -> tuple[Hit, ...]:
        # What may reach the page, with room for the rules of order.
        pool = candidates[: max(5 * query.limit, 50)]
        pool += [c for c in candidates[len(pool) :] if c.key in named]
        standing = self._truth.standing([c.key for c in pool])
        known = {
            key: state.documents[one.document]
            for key, one in standing.items()
            if one.document in state.documents
        }
        form = written_form(query.text)
        pool = ranking.one_form([c for c in pool if c.key in known], known, state.families, form)
        alike = state.alike([c.key for c in pool])
        page = ranking.rank(pool, known, named, max(query.limit, HITS), alike, standing)
        passages = self._truth.passages([ranked.candidate.key for ranked in page])
        # A passage may have gone between the index and the rows: it is not shown.
        page = [ranked for ranked in page if ranked.candidate.key in passages]
        return tuple(
            self._hit(
                number,
                ranked,
                passages[ranked.candidate.key],
                known[ranked.candidate.key],
                state,
                asked,
            )
            for number, ranked in enumerate(page, 1)
        )

    def _hit(
        self,
        number: int,
        ranked: ranking.Ranked,
        passage: Passage,
        document: Document,
        state: State,
        asked: Analysed,
    ) -> Hit:
        parts = state.generation.splitter.parts
        lead = " ".join((passage.title, *passage.headings))
        possible = asked.terms.keys() | {t for one in asked.expressions for t in one.terms}
        found, above = (marks(text, possible, parts) for text in (passage.text, lead))
        terms = asked.standing_in({mark.term for mark in (*found, *above)})
        found, above = ([mark for mark in those if mark.term in terms] for those in (found, above))
        return Hit(
            rank=number,
            score=round(ranked.candidate.score, 4),
            passage=passage,
            document=document,
            excerpt=cut(passage.text, found, from_start=ranking.is_named(ranked)),
            lexical_rank=ranked.candidate.lexical_rank,
            vector_rank=ranked.candidate.vector_rank,
            similarity=ranked.candidate.similarity,
            reasons=ranked.reasons,
            matches=matches(terms, ((passage.text, found), (lead, above))),
            other_form=state.other_form(document),
            marks=tuple((mark.start, mark.term, state.rarity(mark.term)) for mark in found),
        )

    def _named(
        self, cited: Sequence[LawReference], filters: Filters, state: State
    ) -> tuple[dict[int, str], list[notes.Lacking]]:
        """Keys of the passages that the query names, by act and section or by duty.

        And the references that are not in the base: an act that is there may lack the section.
        """
        allowed = state.scope(filters).documents
        found: dict[int, str] = {}
        lacking = []
        for reference in cited:
            acts = state.acts.find(reference.act)
            how = "duty" if reference.named else "reference"
            keys = [
                passage.key
                for act in sorted(acts)
                for passage in self._truth.passages_of(act)
                if references.section_key(passage.place.section or "") == reference.section
                and (allowed is None or act in allowed)
            ]
            for key in keys:
                found.setdefault(key, how)
            # A filter may have left the act out: then it is no news that the § is not found.
            if not keys and not reference.named and (not acts or allowed is None):
                lacking.append(notes.Lacking(reference, bool(acts)))
        return found, lacking

    def survey(self, query: Query) -> tuple[Treated, ...]:
        """All documents that treat a topic, those that treat it most first (search.survey)."""
        with self._index.state() as state:
            return survey(query, state, self._truth, self._embedded(query.text, query.mode, state))

    def document(self, name: str) -> Document | None:
        """A document with its sections, by id, file name or uri."""
        document_id = self._truth.find(name)
        return None if document_id is None else self._truth.document(document_id)

    def passages_of(self, document_id: str) -> list[Passage]:
        """All passages of a document, in order."""
        return self._truth.passages_of(document_id)

    def edition(self, document_id: str, number: int) -> Edition | None:
        """An earlier edition of a document, or None if it is not kept."""
        return self._truth.history.edition(document_id, number)

    def editions(self, document_id: str) -> list[tuple[int, str]]:
        """(number, until) of a document's earlier editions, oldest first."""
        return self._truth.history.editions(document_id)

    def changes(self, since: date) -> list[Change]:
        """What changed on or after a day, newest first."""
        return self._truth.history.changes(since.isoformat())

    def documents(self) -> list[Document]:
        """All documents, without their sections; a card gives way to the text it stands for."""
        with self._index.state() as state:
            return list(state.documents.values())

    def text_of(self, card: str) -> Document | None:
        """The text that a source card stands for, where it is in the base."""
        with self._index.state() as state:
            return state.documents.get(state.texts.get(card, ""))

    def replaces(self, document_id: str) -> list[Document]:
        """The documents that this one takes the place of, without their sections, by id."""
        with self._index.state() as state:
            heirs = ((id, one.replaced_by) for id, one in state.documents.items())
            return [state.documents[id] for id, heir in sorted(heirs) if heir == document_id]

    def provenance(self, document_id: str) -> tuple[str, Known] | None:
        """(source, what is known of it): where a document was read from, or None."""
        found = self._truth.provenance(document_id)
        if found is None:
            return None
        source, collection, digest, content = found
        return source, Known(document_id, digest, collection, content)

    def publishers(self) -> list[str]:
        """All publishers in the base, in alphabetical order."""
        with self._index.state() as state:
            return sorted({d.publisher for d in state.documents.values() if d.publisher})

    def status(self) -> dict[str, Any]:
        """What is in the base: counts, model, generation, what is newer than it, last run."""
        with self._index.state() as state:
            manifest = state.generation.manifest
            run = self._truth.runs.last()
            return {
                **self._truth.counts(),
                "model_id": self._truth.model_id,
                "generation": manifest.id,
                "indexed_passages": manifest.passages,
                "changed_since_indexed": len(state.delta.changed),
                "last_run_started": run[0] if run else None,
                "last_run_finished": run[1] if run else None,
                "failed_files": len(self._truth.runs.unmended()),
            }

    def currency(self) -> dict[str, Any]:
        """How current the base is: documents by status, in conflict, and when they were seen."""
        fetched = self._truth.fetched_between()
        return {
            "by_status": self._truth.by_status(),
            "in_conflict": sum(disagree(d.claims) for d in self.documents()),
            "fetched_first": fetched[0] if fetched else None,
            "fetched_last": fetched[1] if fetched else None,
        }


def _by_words(state: State, query: Query, asked: Analysed, filters: Filters) -> Scores:
    return state.lexical(
        asked.weights,
        query.phrases,
        WORD_DEPTH,
        filters,
        asked.words,
        asked.expressions.keys(),
    )


def _unfiltered(state: State, query: Query, asked: Analysed, vector: Floats | None) -> set[int]:
    """The candidates of the question as if it had no filters."""
    everything = Filters()
    by_words = set(_by_words(state, query, asked, everything))
    if vector is None or query.phrases:  # a phrase must stand in what is found
        return by_words
    near = set(state.vector(vector, MEANING_DEPTH, everything))
    return near if query.mode is Mode.VECTOR else by_words | near


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
