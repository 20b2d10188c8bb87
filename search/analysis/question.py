"""A question's terms for the lexical index, each with its weight and where it came from.

Weights were measured on norquad and law dev and on held-out questions of our own
(docs/decisions/0006-analysis.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from corpus.documents import Language
from corpus.vocabulary import GroupKind
from search.analysis import synonyms
from search.analysis.compounds import Splitter
from search.analysis.form import written_form
from search.analysis.spelling import Correction, Speller
from search.analysis.stopwords import ENGLISH_COMMON, STOPWORDS, idle_places
from search.analysis.variants import variants
from search.analysis.words import content_words, stem, words

PART_WEIGHT = 0.3  # a part of a compound, against its whole
VARIANT_WEIGHT = 0.7  # a word of the other written form, against the one that was typed
SYNONYM_WEIGHT = 0.5  # another word for the same
# Of an expression of several words: each of them where all stand, and where only some do.
WHOLE, LOOSE = 0.7, 0.5
SURE = 0.5  # power of the number of words that were typed: expressions are more certain than words
YEAR_WEIGHT = 0.5  # rare, and yet it tells little of the subject
# Of an English question the translations carry the weight: its own words meet annexes in English.
TRANSLATED_WEIGHT = 0.9
ENGLISH_WEIGHT = 0.5


_YEAR = re.compile(r"(?:19|20)\d\d")


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


class Expression(NamedTuple):
    """The words of one expression (*mot sin vilje*): each has the weight where all of them stand.

    ``words`` has the stems of each word, in both written forms: one of them is enough.
    """

    words: tuple[tuple[str, ...], ...]
    weight: float

    @property
    def terms(self) -> tuple[str, ...]:
        """All stems."""
        return tuple(stem for forms in self.words for stem in forms)


@dataclass(frozen=True, slots=True)
class Analysed:
    """What the lexical index is asked: terms by stem, and what was corrected.

    ``words`` are the question's content words after correction; ``text`` is the question
    with its corrections. ``expressions`` are other words for the same that are several, with
    the typed word that each stands for; ``loose`` are their words, which count a little by
    themselves but prove nothing.
    """

    terms: Mapping[str, Term]
    words: tuple[str, ...]
    corrections: tuple[Correction, ...]
    text: str
    expressions: Mapping[Expression, str] = field(default_factory=dict)
    loose: Mapping[str, float] = field(default_factory=dict)

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each term, and of the words of expressions by themselves."""
        return {**self.loose, **{stem: term.weight for stem, term in self.terms.items()}}

    def standing_in(self, terms: Collection[str]) -> dict[str, Term]:
        """The terms that a passage with these stems answers: of expressions only whole ones."""
        found = dict(self.terms)
        for expression, word in self.expressions.items():
            if all(any(stem in terms for stem in forms) for forms in expression.words):
                for term in expression.terms:
                    found.setdefault(term, Term(expression.weight, word, Via.SYNONYM))
        return found


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
    leave = idle_places(text.lower())
    terms: dict[str, Term] = {}
    for typed, form in zip(found, meant, strict=True):
        if form in idle or typed.start in leave:
            continue
        via = Via.WORD if form == typed.form else Via.SPELLING
        weight = YEAR_WEIGHT if _YEAR.fullmatch(form) else ENGLISH_WEIGHT if english else 1.0
        _add(terms, stem(form), Term(weight, typed.form, via))
        for part in splitter.parts(form):
            _add(terms, part, Term(PART_WEIGHT, typed.form, Via.PART))
    others: dict[str, Term] = {}
    for form in dict.fromkeys(meant):
        whole = terms.get(stem(form))
        if form in idle or whole is None:
            continue
        for other in variants(form, splitter.vocabulary):
            _keep(others, other, Term(VARIANT_WEIGHT * whole.weight, whole.word, Via.FORM))
        for part in splitter.parts(form):
            for other in variants(part):
                _keep(others, other, Term(VARIANT_WEIGHT * PART_WEIGHT, whole.word, Via.FORM))
    expressions: dict[Expression, str] = {}
    loose: dict[str, float] = {}
    norwegian = form_of_text in (Language.BOKMAL, Language.NYNORSK)
    for one in synonyms.find(meant):
        if norwegian and one.group.kind is GroupKind.ENGLISH:
            continue  # *fine*, *rent* and *act* are Norwegian words too
        if one.end == one.start + 1 and found[one.start].start in leave:
            continue
        typed_words = " ".join(word.form for word in found[one.start : one.end])
        weight = TRANSLATED_WEIGHT if english else SYNONYM_WEIGHT
        said = sum(form not in idle for form in meant[one.start : one.end])
        weight *= max(said, 1) ** SURE
        for group in one.others():
            share = weight / len(group) ** 0.5
            if len(group) == 1:
                for term in group[0]:
                    _keep(others, term, Term(share, typed_words, Via.SYNONYM))
                continue
            expressions.setdefault(Expression(group, WHOLE * share), typed_words)
            for term in (term for forms in group for term in forms):
                loose[term] = max(loose.get(term, 0.0), LOOSE * share)
    terms |= {key: term for key, term in others.items() if key not in terms}
    return Analysed(
        terms,
        tuple(
            form
            for typed, form in zip(found, meant, strict=True)
            if form not in idle and typed.start not in leave
        ),
        tuple(corrections),
        _with(
            text, [(w.start, w.end, m) for w, m in zip(found, meant, strict=True) if w.form != m]
        ),
        expressions,
        loose,
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
