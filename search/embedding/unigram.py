"""The tokeniser of the fast path: tokenizer.json's Unigram model, ready in a fraction of a second.

tokenizers takes most of a second to load the 250 002 pieces, far more than a question takes to
embed. This reads them as one text and remembers the words it has cut; a test holds the two
together. Lone surrogates are text like any other here and become ``<unk>``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from search.embedding.q4file import Pieces

META: Final = "▁"
UNKNOWN_PENALTY: Final = 10.0  # below the lowest score, as in SentencePiece
_SPACES: Final = re.compile(" {2,}")
_REMEMBERED: Final = 100_000  # words


@dataclass(frozen=True, slots=True)
class Unigram:
    """Cuts text into the ids of pieces. ``words`` is a cache; all else is constant."""

    pieces: dict[str, int]
    scores: list[float]
    normal: dict[int, str]
    bos: int
    eos: int
    unk: int
    unk_score: float
    longest: int
    words: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict, repr=False)

    def ids(self, text: str) -> list[int]:
        """The ids of ``text``, without specials."""
        normal = _SPACES.sub(" ", text.translate(self.normal))
        if not normal:
            return []
        return [
            piece
            for word in normal.removeprefix(" ").split(" ")
            for piece, _ in self._word(META + word)
        ]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the piece of each id of ``ids(text)`` stands, [start, end) in ``text``.

        The mark before a word has the place of the space it stands for; characters that fall
        away belong to the token before them (at the start to the first), so the spans leave no gap.
        """
        normal: list[str] = []
        places: list[int] = []
        for place, character in enumerate(text):
            for mapped in self.normal.get(ord(character), character):
                if mapped != " " or normal[-1:] != [" "]:
                    normal.append(mapped)
                    places.append(place)
        joined = "".join(normal)
        if not joined:
            return []
        if not joined.startswith(" "):
            joined = " " + joined
            places.insert(0, 0)
        places[0] = 0  # what falls away before the first token belongs to it
        ends = [*places[1:], len(text)]
        spans: list[tuple[int, int]] = []
        at = 0
        for word in joined[1:].split(" "):
            for _, length in self._word(META + word):
                last = at + length - 1
                # A character that became several ends where it began: take it whole.
                spans.append((places[at], max(ends[last], min(places[last] + 1, len(text)))))
                at += length
        return spans

    def _word(self, word: str) -> tuple[tuple[int, int], ...]:
        """The pieces of one word, (id, characters): the cut with the highest sum of scores."""
        known = self.words.get(word)
        if known is not None:
            return known
        if len(self.words) >= _REMEMBERED:
            self.words.clear()
        found = self._cut(word)
        self.words[word] = found
        return found

    def _cut(self, word: str) -> tuple[tuple[int, int], ...]:
        size = len(word)
        best = [0.0] + [float("-inf")] * size
        start_of = [0] * (size + 1)
        piece_of = [self.unk] * (size + 1)
        for start in range(size):
            here = best[start]
            for end in range(start + 1, min(size, start + self.longest) + 1):
                piece = self.pieces.get(word[start:end])
                if piece is not None and here + self.scores[piece] > best[end]:
                    best[end] = here + self.scores[piece]
                    start_of[end], piece_of[end] = start, piece
            if here + self.unk_score > best[start + 1]:
                best[start + 1] = here + self.unk_score
                start_of[start + 1], piece_of[start + 1] = start, self.unk
        found: list[tuple[int, int]] = []
        end = size
        while end:
            piece, length = piece_of[end], end - start_of[end]
            if piece == self.unk and found and found[-1][0] == self.unk:
                # Unknown neighbours are one token, as SentencePiece has it.
                length += found.pop()[1]
            found.append((piece, length))
            end = start_of[end]
        return tuple(reversed(found))


def write(source: Pieces, folder: Path) -> None:
    """Write ``source`` to ``folder`` as ``pieces.txt``, ``scores.npy`` and ``pieces.json``."""
    if any("\n" in piece for piece in source.pieces):
        raise ValueError("a piece holds a line feed, which parts the pieces")
    (folder / "pieces.txt").write_text("\n".join(source.pieces), encoding="utf-8", newline="\n")
    np.save(folder / "scores.npy", source.scores)
    (folder / "pieces.json").write_text(
        json.dumps(
            {
                "bos": source.bos,
                "eos": source.eos,
                "unk": source.unk,
                "longest": max(map(len, source.pieces)),
                "normal": source.normal,
            }
        ),
        encoding="utf-8",
    )


def read(folder: Path) -> Unigram:
    """The tokeniser that ``write`` left. Raises OSError, ValueError or KeyError if it is broken."""
    names = (folder / "pieces.txt").read_text(encoding="utf-8").split("\n")
    scores = np.load(folder / "scores.npy")
    rest = json.loads((folder / "pieces.json").read_text(encoding="utf-8"))
    if len(names) != len(scores):
        raise ValueError(f"{len(names)} pieces but {len(scores)} scores in {folder}")
    pieces = dict(zip(names, range(len(names)), strict=True))
    # The unknown piece is never matched by its name.
    del pieces[names[rest["unk"]]]
    return Unigram(
        pieces=pieces,
        scores=scores.tolist(),
        normal={ord(character): text for character, text in rest["normal"].items()},
        bos=rest["bos"],
        eos=rest["eos"],
        unk=rest["unk"],
        unk_score=float(scores.min()) - UNKNOWN_PENALTY,
        longest=rest["longest"],
    )
