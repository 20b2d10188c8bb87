"""What to do with what was read: pure comparisons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.documents import Document, Language, Passage, Place, Section
from ingest.plan import Action, action, gone, source_digest, unchanged
from search.store.truth import Known

DOCUMENT = Document("d", "test:d", "Tittel", (Section((), "Tekst."),))
PASSAGES = (Passage("d", 0, "Tittel", (), "Tekst.", Place(), Language.BOKMAL),)
DIGESTS = [PASSAGES[0].digest]


@pytest.mark.parametrize(
    ("new", "passages", "old", "digests", "expected"),
    [
        (DOCUMENT, PASSAGES, None, [], Action.ADD),
        (DOCUMENT, PASSAGES, DOCUMENT, DIGESTS, Action.KEEP),
        (replace(DOCUMENT, title="Ny"), PASSAGES, DOCUMENT, DIGESTS, Action.UPDATE),
        (replace(DOCUMENT, areas=(1,)), PASSAGES, DOCUMENT, DIGESTS, Action.UPDATE),
        (DOCUMENT, (replace(PASSAGES[0], text="Ny."),), DOCUMENT, DIGESTS, Action.UPDATE),
        (DOCUMENT, (), DOCUMENT, DIGESTS, Action.UPDATE),
        (DOCUMENT, PASSAGES * 2, DOCUMENT, DIGESTS, Action.UPDATE),
    ],
)
def test_action(
    new: Document,
    passages: tuple[Passage, ...],
    old: Document | None,
    digests: list[str],
    expected: Action,
) -> None:
    """Unknown is added, equal in every field and passage is kept, all else is updated."""
    assert expected is action(new, passages, old, digests)


def test_a_digest_is_of_the_bytes_and_of_what_reads_them() -> None:
    """Another byte, version or order of versions is another digest."""
    found = {
        source_digest(b"a", "1", "2"),
        source_digest(b"b", "1", "2"),
        source_digest(b"a", "1", "3"),
        source_digest(b"a", "2", "1"),
        source_digest(b"a", "12"),
        source_digest(b"a1", "2"),
    }
    assert len(found) == 6
    assert source_digest(b"a", "1") == source_digest(b"a", "1")


def test_unchanged() -> None:
    """Only a source that is known by this very digest needs no look."""
    assert unchanged(Known("d", "x", "c"), "x")
    assert not unchanged(Known("d", "x", "c"), "y")
    assert not unchanged(None, "x")


def test_gone() -> None:
    """Of one collection, what was not met; other collections are not asked."""
    known = {
        "c|b": Known("b", "x", "c"),
        "c|a": Known("a", "x", "c"),
        "c|met": Known("met", "x", "c"),
        "other|a": Known("z", "x", "other"),
    }
    assert gone(known, "c", {"c|met"}) == [("c|a", "a"), ("c|b", "b")]
