"""The lexical index: BM25 by tantivy over terms that our own analysis made.

Tantivy's Norwegian analysis is not used: it strips *-lov*, drops ``§``, and knows
neither Nynorsk nor compounds by the collection. It gets terms parted by spaces.
Fields: ``body`` holds the analysed terms of title, headings and text; ``exact`` holds
plain lower-case words of the text with their positions, for quoted phrases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.documents import Passage
from corpus.text import normalise
from search.analysis.compounds import Splitter
from search.analysis.question import Expression
from search.analysis.words import content_words, stem, words

_ADDRESS = re.compile(r"\bhttps?://\S+")
EXACT_WEIGHT = 0.3  # a word as it is written, beside its stem: names and inflected words
K1, B = 1.2, 0.75  # tantivy's, which can't be set; the delta must score alike


@dataclass(frozen=True, slots=True)
class Terms:
    """A passage as the lexical index sees it."""

    key: int
    owner: int
    body: list[str]
    exact: list[str]


TermsStream = Iterator[Terms]


@dataclass(frozen=True, slots=True)
class LexicalStats:
    """What scoring needs besides the index: passages, their mean number of terms and of words."""

    passages: int
    mean_length: float
    mean_words: float


def analyse(key: int, owner: int, passage: Passage, splitter: Splitter) -> Terms:
    """The terms of a passage; ``owner`` numbers its document within the generation.

    Title and headings count into the body: they are what the passage is about.
    """
    body = splitter.terms(content_words(_prose(passage)))
    return Terms(key, owner, body, [w.form for w in words(normalise(passage.text))])


def _prose(passage: Passage) -> str:
    """Title, headings and text without web addresses: a list of links is no text on its words."""
    return _ADDRESS.sub(" ", " ".join((passage.title, *passage.headings, passage.text)))


def vocabulary(passages: Iterable[Passage]) -> tuple[Counter[str], Counter[str]]:
    """In how many passages each stem occurs, and each word as it is written, in lower case.

    Compounds are split by the stems; misspelt words are corrected by the words.
    """
    stems: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    for passage in passages:
        found = set(content_words(_prose(passage)))
        forms.update(found)
        stems.update({stem(word) for word in found})
    return stems, forms


def phrase_forms(phrase: str) -> tuple[str, ...]:
    """The words of a quoted phrase as they stand in the text."""
    return tuple(w.form for w in words(normalise(phrase)))


def build(folder: Path, terms: Iterable[Terms]) -> LexicalStats:
    """Write an index of these passages into an empty folder."""
    import tantivy

    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    total = length = plain = 0
    for item in terms:
        document = tantivy.Document()
        document.add_unsigned("key", item.key)
        document.add_unsigned("owner", item.owner)
        document.add_text("body", " ".join(item.body))
        document.add_text("exact", " ".join(item.exact))
        writer.add_document(document)
        total += 1
        length += len(item.body)
        plain += len(item.exact)
    writer.commit()
    writer.wait_merging_threads()
    return LexicalStats(total, length / max(total, 1), plain / max(total, 1))


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", stored=False, indexed=False, fast=True)
    builder.add_unsigned_field("owner", stored=False, indexed=True, fast=False)
    builder.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(
        "exact", stored=False, tokenizer_name="whitespace", index_option="position"
    )
    return builder.build()


class LexicalIndex:
    """A published index, opened for reading; safe from several threads."""

    def __init__(self, folder: Path, stats: LexicalStats) -> None:
        import tantivy

        self._tantivy = tantivy
        self._schema = _schema()
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self.stats = stats

    def count(self) -> int:
        """Passages in the index."""
        return int(self._searcher.num_docs)

    def frequency(self, term: str, field: str = "body") -> int:
        """In how many passages a term occurs; of ``exact`` a word as it is written."""
        return int(self._searcher.doc_freq(field, term))

    def search(
        self,
        weights: dict[str, float],
        phrases: Sequence[str],
        limit: int,
        owners: Sequence[int] | None = None,
        forms: Sequence[str] = (),
        expressions: Iterable[Expression] = (),
    ) -> list[tuple[int, float]]:
        """(key, score) of the best passages, best first.

        Phrases must all occur; ``owners`` keeps to these documents. ``forms`` are the
        question's words as they are written; ``expressions`` count where all their terms stand.
        """
        clauses = self._clauses(weights, forms, expressions)
        t = self._tantivy
        # A phrase must be there but adds no score: all that is found has it, and the delta
        # must score alike.
        must = [
            (t.Occur.Must, t.Query.const_score_query(self._phrase(forms), 0.0))
            for forms in map(phrase_forms, phrases)
            if forms
        ]
        if not clauses and not must:
            return []
        if owners is not None:
            within = t.Query.term_set_query(self._schema, "owner", list(owners))
            clauses = [(t.Occur.Must, t.Query.boolean_query(clauses))] if clauses else []
            must.append((t.Occur.Must, t.Query.const_score_query(within, 0.0)))
        query = t.Query.boolean_query([*clauses, *must])
        found = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _, address in found]
        keys = self._searcher.fast_field_values("key", addresses) if addresses else []
        return [(int(key), float(score)) for key, (score, _) in zip(keys, found, strict=True)]

    def _clauses(
        self,
        weights: dict[str, float],
        forms: Sequence[str],
        expressions: Iterable[Expression],
    ) -> list[tuple[Any, Any]]:
        t = self._tantivy
        should, must = t.Occur.Should, t.Occur.Must

        def term(field: str, text: str, weight: float) -> Any:
            query = t.Query.term_query(self._schema, field, text, index_option="freq")
            return t.Query.boost_query(query, weight)

        alone = [term("body", text, weight) for text, weight in weights.items()]
        alone += [term("exact", form, EXACT_WEIGHT) for form in dict.fromkeys(forms)]

        def any_of(forms: Sequence[str], weight: float) -> Any:
            return t.Query.boolean_query([(should, term("body", text, weight)) for text in forms])

        together = [
            t.Query.boolean_query([(must, any_of(forms, one.weight)) for forms in one.words])
            for one in expressions
        ]
        return [(should, query) for query in (*alone, *together)]

    def _phrase(self, forms: tuple[str, ...]) -> Any:
        if len(forms) == 1:
            return self._tantivy.Query.term_query(self._schema, "exact", forms[0])
        return self._tantivy.Query.phrase_query(self._schema, "exact", list(forms))
