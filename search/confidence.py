"""Whether the base answers a question at all: evidence of words and of meaning, calibrated.

A fused score says which passage is best, not whether any is good: the best cosine of questions
that the base can't answer is hardly lower than of others. So the evidence is what stands in the
best hits: which of the question's words, weighed by how rare they are, whether names and years
that are asked about are there, and whether a question for a telephone number, a sum or a person
meets a text that has one. The weights are fitted by tests/tools/calibrate.py on questions of our
own, and the curve is in docs/quality.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass

from search.analysis.question import Analysed, Via
from search.analysis.words import stem, words
from search.values import Hit

HITS = 5  # best hits that are looked at
REST = 20  # candidates by meaning after which the rest begins: with no rest there is no peak
_WORTH: Mapping[str, float] = {Via.PART: 0.5, Via.SYNONYM: 0.8}

_ASKED: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    # what the question asks for: how it is asked, and what a text that answers has
    "contact": (
        re.compile(
            r"\b(telefon\w*|tlf|mobil\w*|e-?post\w*|mail\w*|åpningstid\w*|opningstid\w*|adress\w*|"
            r"phone|kontaktinfo\w*|nettsid\w*)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b\d{3} ?\d{2} ?\d{3}\b|\b\d{3} \d{3} \d{2}\b|\b\d\d \d\d \d\d \d\d\b|"
            r"\b\d{5,8}\b|\b116 ?\d{3}\b|\b11[0-3]\b|@"
        ),
    ),
    "sum": (
        re.compile(
            r"\b(hvor mye|kor mykje|hvor mange kroner|kor mange kroner|hva koster|kva kostar|"
            r"pris\w*|sats\w*|timepris\w*|timelønn?\w*|kostnad\w*|kroner|kr|"
            r"how much)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\d[\d ]*\s?(?:kroner|kr|prosent|%)|\bkr\s?\d|grunnbeløp|"
            r"\b\d+ (?:ganger|gonger)?\s?G\b"
        ),
    ),
    "person": (
        re.compile(
            r"\b(hvem leder|kven leiar|hvem er (?:leder|sjef)|kven er (?:leiar|sjef)|hva heter|"
            r"kva heiter|navnet på|namnet på|hvem jobber|kven jobbar|kontaktperson\w*)\b",
            re.IGNORECASE,
        ),
        re.compile(r"(?<![.!?:] )(?<!^)\b[A-ZÆØÅ][a-zæøå]+ [A-ZÆØÅ][a-zæøå]+\b"),
    ),
}
# A time that acts and articles have seldom caught up with: a year, or, where a figure or a date
# is asked for, a time that is counted from today.
_NEW_YEAR = re.compile(r"\b20(?:2[4-9]|3\d)\b")
_FROM_TODAY = re.compile(r"\b(?:i år|neste år|denne uka|denne veka|hittil)\b", re.IGNORECASE)
_FIGURE = re.compile(
    r"\b(?:(?:hvor|kor) (?:mye|mykje|mange|stor|stort)|kroner|sats\w*|tall|tal|når|\w*frist\w*)\b",
    re.IGNORECASE,
)
# Where someone is from or was sent is seldom what is asked about, and few texts name the country.
_COUNTRY_NAMES = """
afghanistan albania algerie bangladesh bosnia burundi colombia danmark djibouti dubai egypt
emiratene england eritrea etiopia filippinene frankrike gambia gaza ghana india irak iran israel
italia jemen jordan kenya kina kongo kosovo kurdistan kuwait libanon libya makedonia mali
marokko moldova myanmar nepal nigeria noreg norge pakistan palestina polen qatar romania
russland rwanda saudi senegal serbia somalia spania storbritannia sudan sverige syria
tanzania thailand tsjetsjenia tunisia tyrkia tyskland uganda ukraina usa venezuela vietnam yemen
"""
_COUNTRIES = frozenset(_COUNTRY_NAMES.split())
_COUNTRY_WEIGHT = 0.2
_YEAR = re.compile(r"\b20[12]\d\b")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against an answer; every figure is from 0 to 1, or a cosine."""

    cosine: float  # of the best hit by meaning
    peak: float  # how far the best rise above the rest
    coverage: float  # share of the question's words, by rarity, in the best covered hit
    joint: float  # the same in all the best hits together
    names: float  # 1 when a name that is asked about is not in the best hits
    missing: float  # 1 when the kind of thing that is asked for is not in the best hits
    field: float  # 1 when a word of ours for the same is in the best hits: the field is ours
    dated: float  # 1 when a time is asked about that is not in the best hits


def evidence(
    asked: Analysed, hits: Sequence[Hit], cosines: Sequence[float], idf: Callable[[str], float]
) -> Evidence:
    """The evidence in the best hits; ``cosines`` are all candidates', highest first.

    It can be judged only where there are more than REST of them.
    """
    best = hits[:HITS]
    weight = {word: _rarity(word, asked, idf) for word in _typed(asked)}
    total = sum(weight.values()) or 1.0
    covered = [_covered(hit, weight) for hit in best]
    shares = [sum(one.values()) / total for one in covered]
    union = {w: max((one.get(w, 0.0) for one in covered), default=0.0) for w in weight}
    texts = "\n".join(f"{hit.passage.title}\n{hit.passage.text}" for hit in best)
    return Evidence(
        cosine=cosines[0] if cosines else 0.0,
        peak=_mean(cosines[:HITS]) - _mean(cosines[REST:]),
        coverage=max(shares, default=0.0),
        joint=sum(union.values()) / total,
        names=float(any(not _has(texts, name) for name in _names(asked.text))),
        missing=float(_kind_is_missing(asked.text, texts)),
        field=float(any(m.via == Via.SYNONYM for hit in best for m in hit.matches)),
        dated=float(_time_is_missing(asked.text, texts)),
    )


# Fitted by tests/tools/calibrate.py on the default model: one weight for each figure of Evidence,
# and a constant.
WEIGHTS: tuple[float, ...] = (
    15.27,  # cosine
    21.19,  # peak
    4.95,  # coverage
    0.14,  # joint
    -1.75,  # names
    -1.49,  # missing
    0.83,  # field
    -8.51,  # dated
)
CONSTANT = -10.80
THRESHOLD = 0.15
# Where none of the question's words is in the best hits: so it was with none of 1 973 questions of
# ours that are answered. Questions in other languages may still be found by meaning.
THRESHOLD_WITHOUT_WORDS = 0.8


def confidence(found: Evidence) -> float:
    """The estimated chance that the base answers, 0 to 1."""
    total = CONSTANT + sum(w * x for w, x in zip(WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-total))


def is_likely(found: Evidence, sure: float) -> bool:
    """Whether the base is held to answer, by the evidence and its estimate."""
    return sure >= (THRESHOLD if found.joint else THRESHOLD_WITHOUT_WORDS)


def _typed(asked: Analysed) -> list[str]:
    """The question's content words as typed, each once."""
    return list(
        dict.fromkeys(t.word for t in asked.terms.values() if t.via in (Via.WORD, Via.SPELLING))
    )


def _rarity(word: str, asked: Analysed, idf: Callable[[str], float]) -> float:
    own = [
        s for s, t in asked.terms.items() if t.word == word and t.via in (Via.WORD, Via.SPELLING)
    ]
    if word in _COUNTRIES:
        return _COUNTRY_WEIGHT * max((idf(s) for s in own), default=1.0)
    return max((idf(s) for s in own), default=idf(stem(word)))


def _covered(hit: Hit, weight: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for match in hit.matches:
        for word in match.typed.split():
            if word in weight:
                worth = weight[word] * _WORTH.get(match.via, 1.0)
                found[word] = max(found.get(word, 0.0), worth)
    return found


def _names(text: str) -> list[str]:
    """Words with a capital within the question, but for countries."""
    found = words(text)
    return [
        text[w.start : w.end]
        for n, w in enumerate(found)
        if n
        and w.form not in _COUNTRIES
        and text[w.start].isupper()
        and not text[: w.start].rstrip().endswith((".", "?", "!"))
    ]


def _has(texts: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}", texts, re.IGNORECASE) is not None


def _kind_is_missing(question: str, texts: str) -> bool:
    return any(
        asked.search(question) and not answer.search(texts) for asked, answer in _ASKED.values()
    )


def _time_is_missing(question: str, texts: str) -> bool:
    if _NEW_YEAR.search(question):
        return any(year not in texts for year in _YEAR.findall(question))
    return bool(_FROM_TODAY.search(question) and _FIGURE.search(question))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
