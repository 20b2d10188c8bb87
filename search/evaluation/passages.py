"""A base made of ready passages, for sets that judge by passage id."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from corpus.documents import Document, Language, Passage, Place, Section
from corpus.text import normalise
from search.embedding.encoder import Encoder
from search.engine import DATABASE
from search.errors import QueryError
from search.store import publishing
from search.store.truth import Stored, Truth


def read_passages(path: Path) -> list[tuple[Document, tuple[Passage, ...]]]:
    """Documents with their passages from JSON lines of id, doc, title and text.

    The passage's id becomes its anchor. Raises QueryError naming what is wrong.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            rows.append((str(raw["doc"]), str(raw["id"]), str(raw["title"]), str(raw["text"])))
        except (ValueError, KeyError, TypeError) as error:
            raise QueryError(
                f"{path}, line {number}: {error!r}; a passage needs id, doc, title and text"
            ) from error
    rows.sort(key=lambda row: row[0])  # stable: passages keep their order
    found = []
    for doc, group in groupby(rows, key=lambda row: row[0]):
        items = list(group)
        title = items[0][2]
        sections = tuple(Section((), normalise(text), Place(anchor=id)) for _, id, _, text in items)
        document = Document(doc, f"passages:{doc}", title, sections)
        passages = tuple(
            Passage(doc, n, title, (), s.text, s.place, Language.UNDETERMINED, n)
            for n, s in enumerate(sections)
        )
        found.append((document, passages))
    return found


def build_base(
    home: Path,
    found: list[tuple[Document, tuple[Passage, ...]]],
    encoder: Encoder,
    step: Callable[[int], None] | None = None,
) -> int:
    """Embed the passages as they are and publish an index; gives their number."""
    home.mkdir(parents=True, exist_ok=True)
    everything = [passage for _, passages in found for passage in passages]
    vectors = encoder.encode_passages([p.embedded for p in everything], step)
    truth = Truth(home / DATABASE)
    try:
        start = 0
        for document, passages in found:
            end = start + len(passages)
            truth.apply(
                Stored(document, passages, vectors[start:end], document.uri, "passages", ""),
                encoder.model_id,
                "added",
            )
            start = end
        publishing.build(home / "index", truth)
    finally:
        truth.close()
    return len(everything)
