"""Which written form a question is in, by words that exist in one form only.

A few words decide: questions are too short for a detector of languages.
"""

from __future__ import annotations

from corpus.documents import Language
from search.analysis.variants import is_bokmal_only, is_nynorsk_only
from search.analysis.words import stem, words


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NYNORSK = _set(
    """
    ikkje kva kven kvar kvifor korleis eg me dykk dykkar ho eit ein ei nokon noko nokre frå
    berre vere vert kjem gjer dei deira mykje òg korkje heim sjølv då ka kem koffer korsen æ
    dokker
    """
)
_BOKMAL = _set(
    """
    ikke hva hvem hvor hvorfor hvordan hvilken hvilke hvilket jeg dere hun noen noe fra bare
    være kommer gjør deres mye en et hjem selv
    """
)
# Words of both forms that share the stem of a word of one.
_BOTH = frozenset(map(stem, _set("for men inn med både gi tak munn skog")))
_ENGLISH = _set(
    """
    the of and is are what who how when where does can must for with which a an to from has
    that this you your they be not if
    """
)


def written_form(text: str) -> Language:
    """Bokmål, Nynorsk or English; undetermined where no word tells."""
    forms = [word.form for word in words(text)]
    english = sum(form in _ENGLISH for form in forms)
    stems = [(form, "" if stem(form) in _BOTH else stem(form)) for form in forms]
    nynorsk = sum(form in _NYNORSK or is_nynorsk_only(one) for form, one in stems)
    bokmal = sum(form in _BOKMAL or is_bokmal_only(one) for form, one in stems)
    if english >= 2 and english > max(nynorsk, bokmal):
        return Language.ENGLISH
    if nynorsk == bokmal:
        return Language.UNDETERMINED
    return Language.NYNORSK if nynorsk > bokmal else Language.BOKMAL
