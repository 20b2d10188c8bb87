"""Compounds, split against the collection's own words.

*tilskuddsordning* is found by *tilskudd* where both *tilskudd* and *ordning* occur in
the collection by themselves. Both the index and the query add the parts to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from search.analysis.words import stem

MIN_PART = 4  # letters; shorter parts split words that are no compounds
MIN_FREQUENCY = 2  # documents a part must occur in
# Endings that are words as well (*inga*, *enda*, *skap*): behandling-en is no compound.
_ENDING_WORDS = "aren end enes ent ing kap ran red ren seiast sen skap ten"
_ENDINGS = frozenset(_ENDING_WORDS.split())
# overføre and fastsette are no kind of før and sett.
_PARTICLE_WORDS = "bort fast for fram frem før inn midl over sam"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# *-lege* is a doctor after these, and else the ending of Nynorsk adjectives (offentlege).
_DOCTOR_WORDS = """
barn bedrift distrikt fast helsestasjon kommun kontakt skol skul spesialist sjukehus sykehus
tann turnus vakt øy
"""
_DOCTORS = frozenset(_DOCTOR_WORDS.split())
_REMEMBERED = 500_000  # words; users' words too, so there is an end to it


class Splitter:
    """Splits words by a vocabulary: stem -> number of passages it occurs in."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self.vocabulary = {t: n for t, n in vocabulary.items() if n >= MIN_FREQUENCY}
        self._known: dict[str, tuple[str, ...]] = {}

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems of a compound's two parts, or nothing.

        Of several ways to split, the one whose rarer part is most frequent wins.
        """
        found = self._known.get(word)
        if found is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            found = self._known[word] = self._split(word)
        return found

    def terms(self, words: Iterable[str]) -> list[str]:
        """What stands in the index for these words: each stem, and its parts after it."""
        out: list[str] = []
        for word in words:
            out.append(stem(word))
            out.extend(self.parts(word))
        return out

    def _split(self, word: str) -> tuple[str, ...]:
        if len(word) < 2 * MIN_PART or word.isdigit():
            return ()
        best: tuple[int, str, str] | None = None
        for cut in range(MIN_PART, len(word) - MIN_PART + 1):
            tail = stem(word[cut:])
            weight = self.vocabulary.get(tail, 0)
            if not weight or tail in _ENDINGS:
                continue
            # A linking s or e belongs to neither part.
            heads = [word[:cut]]
            if word[cut - 1] in "se" and cut > MIN_PART:
                heads.append(word[: cut - 1])
            for head in map(stem, heads):
                if head not in _DOCTORS if tail == "leg" else head in _PARTICLES:
                    continue
                score = min(weight, self.vocabulary.get(head, 0))
                if score and (best is None or score > best[0]):
                    best = (score, head, tail)
        return () if best is None else best[1:]
