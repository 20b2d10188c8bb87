"""Where packs are kept: links, order, undo, limits, and what the file gives away."""

from __future__ import annotations

import sqlite3
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.packs.errors import PackMissing, PackRefused
from api.packs.model import (
    LONGEST_NOTE,
    MOST_ITEMS,
    Heading,
    Note,
    heading_of,
    note_of,
    title_of,
)
from api.packs.rows import content_of, row_of
from api.packs.store import DATABASE, KEPT_REMOVED, PackStore, read_token
from search.errors import StoreError
from tests.unit.packs import ACT, BILL, LANGUAGE_ACT, PDF

DAY = date(2026, 11, 25)


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return PackStore(tmp_path, lambda: DAY)


def texts(store: PackStore, token: str) -> list[str]:
    return [item.content.text for item in store.open(token).pack.items]


def test_a_pack_comes_back_by_its_link_as_it_was(store: PackStore) -> None:
    """Every value of every kind of item is kept, in order."""
    contents = (Heading("Først"), ACT, LANGUAGE_ACT, PDF, BILL, Note("Til slutt"))
    token = store.create("Kurs", contents)
    opened = store.open(token)
    assert contents == tuple(item.content for item in opened.pack.items)
    assert (
        opened.pack.title,
        opened.pack.created,
        opened.pack.changed,
        opened.editable,
    ) == ("Kurs", DAY, DAY, True)


def test_the_read_link_opens_and_changes_nothing(store: PackStore) -> None:
    """It follows from the edit link, and can't change, delete or see what was taken out."""
    token = store.create("Kurs", (Heading("a"), Heading("b")))
    store.remove(token, store.open(token).pack.items[0].id)
    reading = store.open(token).read_token
    assert reading == read_token(token) != token
    opened = store.open(reading)
    assert (opened.editable, opened.pack.removed, texts(store, reading)) == (False, (), ["b"])
    for change in (
        lambda: store.add(reading, Heading("c")),
        lambda: store.rename(reading, "x"),
        lambda: store.move(reading, 1, 0),
        lambda: store.remove(reading, 2),
        lambda: store.delete(reading),
    ):
        with pytest.raises(PackMissing):
            change()
    assert texts(store, token) == ["b"]


def test_the_file_holds_no_token(store: PackStore) -> None:
    """Who reads the file can open no pack, and nobody else may read it."""
    token = store.create("Kurs", (ACT,))
    for path in store.path.parent.glob(f"{DATABASE}*"):
        raw = path.read_bytes()
        assert token.encode() not in raw
        assert read_token(token).encode() not in raw
    assert store.path.stat().st_mode & 0o077 == 0


def test_nothing_is_written_by_reading(store: PackStore) -> None:
    """Asking for a pack that isn't there makes no file."""
    with pytest.raises(PackMissing):
        store.open("x" * 32)
    with pytest.raises(PackMissing):
        store.rename("x" * 32, "a")
    assert not store.path.exists()


def test_items_move_and_stay_in_the_pack(store: PackStore) -> None:
    """To any place; beyond the ends is the end."""
    token = store.create("Kurs", tuple(Heading(c) for c in "abcd"))
    ids = {i.content.text: i.id for i in store.open(token).pack.items}
    store.move(token, ids["a"], 2)
    assert texts(store, token) == ["b", "c", "a", "d"]
    store.move(token, ids["d"], 0)
    assert texts(store, token) == ["d", "b", "c", "a"]
    store.move(token, ids["d"], 99)
    assert texts(store, token) == ["b", "c", "a", "d"]


def test_what_is_taken_out_can_be_put_back_where_it_stood(store: PackStore) -> None:
    """Also after others have been added and moved."""
    token = store.create("Kurs", tuple(Heading(c) for c in "abc"))
    middle = store.open(token).pack.items[1].id
    store.remove(token, middle)
    assert texts(store, token) == ["a", "c"]
    assert [i.id for i in store.open(token).pack.removed] == [middle]
    store.put_back(token, middle)
    assert texts(store, token) == ["a", "b", "c"]
    with pytest.raises(PackMissing):
        store.put_back(token, middle)


def test_only_the_last_that_were_taken_out_are_kept(store: PackStore) -> None:
    """Undo reaches back so far and no further."""
    token = store.create("Kurs", tuple(Heading(str(n)) for n in range(KEPT_REMOVED + 3)))
    for item in store.open(token).pack.items:
        store.remove(token, item.id)
    removed = store.open(token).pack.removed
    assert len(removed) == KEPT_REMOVED
    assert removed[0].content == Heading(str(KEPT_REMOVED + 2))


def test_a_full_pack_refuses_and_loses_nothing(store: PackStore) -> None:
    """The error says how many there is room for."""
    token = store.create("Kurs", tuple(Heading(str(n)) for n in range(MOST_ITEMS)))
    with pytest.raises(PackRefused) as caught:
        store.add(token, Heading("one more"))
    assert (caught.value.key, caught.value.values) == ("refused_items", {"most": MOST_ITEMS})
    assert len(store.open(token).pack.items) == MOST_ITEMS
    last = store.open(token).pack.items[-1].id
    store.remove(token, last)
    store.add(token, Heading("in its place"))
    with pytest.raises(PackRefused):
        store.put_back(token, last)


def test_an_item_of_another_pack_is_out_of_reach(store: PackStore) -> None:
    """A link reaches its own items only."""
    mine, other = store.create("a", (Heading("x"),)), store.create("b", (Heading("y"),))
    item = store.open(other).pack.items[0].id
    for change in (
        lambda: store.move(mine, item, 0),
        lambda: store.remove(mine, item),
        lambda: store.put_back(mine, item),
        lambda: store.replace(mine, item, Heading("z")),
    ):
        with pytest.raises(PackMissing):
            change()
    assert texts(store, other) == ["y"]


def test_an_item_keeps_its_kind(store: PackStore) -> None:
    """A note can't become a quote: quotes come from the base only."""
    token = store.create("a", (Note("x"),))
    item = store.open(token).pack.items[0].id
    with pytest.raises(PackMissing):
        store.replace(token, item, ACT)
    store.replace(token, item, Note("y"))
    assert texts(store, token) == ["y"]


def test_a_deleted_pack_is_gone(store: PackStore) -> None:
    """With its items; its text is not left in the file."""
    token = store.create("Kurs", (Note("eit heilt særeige ord: kjeldeskrekk"),))
    store.delete(token)
    with pytest.raises(PackMissing):
        store.open(token)
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT count(*) FROM items").fetchone() == (0,)
    db.close()


def test_many_at_once_lose_nothing(store: PackStore) -> None:
    """Eight that add at the same time all get their item in."""
    token = store.create("Kurs")
    threads = [
        threading.Thread(target=lambda n=n: [store.add(token, Heading(f"{n}")) for _ in range(5)])
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts(store, token)) == 40


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """Not as a missing pack."""
    (tmp_path / DATABASE).write_bytes(b"no database at all, but long enough to be one" * 30)
    with pytest.raises(StoreError, match="can't be used"):
        PackStore(tmp_path).open("x" * 32)


def test_a_newer_file_is_refused(store: PackStore) -> None:
    """An older Kjelda does not write into it."""
    token = store.create("Kurs")
    with sqlite3.connect(store.path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer Kjelda"):
        store.open(token)


@pytest.mark.parametrize(
    ("make", "given", "key"),
    [
        (title_of, "  ", "refused_empty"),
        (title_of, "x" * 201, "refused_title"),
        (heading_of, "\n", "refused_empty"),
        (heading_of, "x" * 201, "refused_heading"),
        (note_of, " \r\n ", "refused_empty"),
        (note_of, "x" * (LONGEST_NOTE + 1), "refused_note"),
    ],
)
def test_what_is_too_long_or_empty_is_refused(make: object, given: str, key: str) -> None:
    """The error names its text."""
    with pytest.raises(PackRefused) as caught:
        make(given)  # type: ignore[operator]
    assert caught.value.key == key


@given(st.text(max_size=300))
def test_every_text_is_kept_as_it_is_written(text: str) -> None:
    """Whatever a note holds, its row gives it back."""
    try:
        note = note_of(text)
    except PackRefused:
        return
    assert note == content_of(*row_of(note))
