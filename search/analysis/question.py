"""A question's terms for the lexical index, each with its weight and where it came from.

Weights were measured on norquad and law dev and on held-out questions of our own
(docs/decisions/0006-analysis.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.documents import Language
from corpus.vocabulary import GroupKind
from search.analysis import synonyms
from search.analysis.compounds import Splitter
from search.analysis.form import written_form
from search.analysis.spelling import Correction, Speller
from search.analysis.stopwords import ENGLISH_COMMON, STOPWORDS
from search.analysis.variants import variants
from search.analysis.words import content_words, stem, words

PART_WEIGHT = 0.3  # a part of a compound, against its whole
VARIANT_WEIGHT = 0.7  # a word of the other written form, against the one that was typed
SYNONYM_WEIGHT = 0.5  # another word for the same
# Of an English question the translations carry the weight: its own words meet annexes in English.
TRANSLATED_WEIGHT = 0.9
ENGLISH_WEIGHT = 0.5


class Via(StrEnum):
    """How a term came from the word that was typed."""

    WORD = "word"
    PART = "part"
    FORM = "form"
    SYNONYM = "synonym"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the index: its weight, the typed word it stands for, and how."""

    weight: float
    word: str
    via: Via


@dataclass(frozen=True, slots=True)
class Analysed:
    """What the lexical index is asked: terms by stem, and what was corrected.

    ``words`` are the question's content words after correction; ``text`` is the question
    with its corrections.
    """

    terms: Mapping[str, Term]
    words: tuple[str, ...]
    corrections: tuple[Correction, ...]
    text: str

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each term."""
        return {stem: term.weight for stem, term in self.terms.items()}


def analyse(
    text: str, splitter: Splitter, speller: Speller | None = None, quoted: Sequence[str] = ()
) -> Analysed:
    """The terms of a normalised question. Words in ``quoted`` phrases are left as typed."""
    found = words(text)
    meant = [word.form for word in found]
    corrections: list[Correction] = []
    form_of_text = written_form(text)
    english = form_of_text is Language.ENGLISH
    idle = STOPWORDS | ENGLISH_COMMON if english else STOPWORDS
    if speller is not None:
        kept = {word for phrase in quoted for word in content_words(phrase)}
        for number, word in enumerate(found):
            # A capital within a sentence is a name, and the base need not know it.
            before = text[: word.start].rstrip()
            name = number and text[word.start].isupper() and before[-1:] not in ".?!:"
            if name or english or word.form in kept:
                continue
            if used := speller.correct(word.form):
                meant[number] = used
                corrections.append(Correction(text[word.start : word.end], used))
    terms: dict[str, Term] = {}
    for typed, form in zip(found, meant, strict=True):
        if form in idle:
            continue
        via = Via.WORD if form == typed.form else Via.SPELLING
        _add(terms, stem(form), Term(ENGLISH_WEIGHT if english else 1.0, typed.form, via))
        for part in splitter.parts(form):
            _add(terms, part, Term(PART_WEIGHT, typed.form, Via.PART))
    others: dict[str, Term] = {}
    for form in dict.fromkeys(meant):
        if form in idle:
            continue
        whole = terms[stem(form)]
        for other in variants(form, splitter.vocabulary):
            _keep(others, other, Term(VARIANT_WEIGHT * whole.weight, whole.word, Via.FORM))
        for part in splitter.parts(form):
            for other in variants(part):
                _keep(others, other, Term(VARIANT_WEIGHT * PART_WEIGHT, whole.word, Via.FORM))
    norwegian = form_of_text in (Language.BOKMAL, Language.NYNORSK)
    for one in synonyms.find(meant):
        if norwegian and one.group.kind is GroupKind.ENGLISH:
            continue  # *fine*, *rent* and *act* are Norwegian words too
        typed_words = " ".join(word.form for word in found[one.start : one.end])
        for group in one.others():
            for term in group:
                weight = (TRANSLATED_WEIGHT if english else SYNONYM_WEIGHT) / len(group) ** 0.5
                _keep(others, term, Term(weight, typed_words, Via.SYNONYM))
    terms |= {key: term for key, term in others.items() if key not in terms}
    return Analysed(
        terms,
        tuple(form for form in meant if form not in idle),
        tuple(corrections),
        _with(
            text, [(w.start, w.end, m) for w, m in zip(found, meant, strict=True) if w.form != m]
        ),
    )


def _add(terms: dict[str, Term], key: str, term: Term) -> None:
    """Add to the weight of a term that is there already: words said twice count twice."""
    if old := terms.get(key):
        lead = term if term.weight > old.weight else old  # a word by itself before a part of one
        term = Term(old.weight + term.weight, lead.word, lead.via)
    terms[key] = term


def _keep(terms: dict[str, Term], key: str, term: Term) -> None:
    """The heavier of two."""
    old = terms.get(key)
    if old is None or old.weight < term.weight:
        terms[key] = term


def _with(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    out, at = [], 0
    for start, end, word in changes:
        out += [text[at:start], word]
        at = end
    return "".join([*out, text[at:]])
