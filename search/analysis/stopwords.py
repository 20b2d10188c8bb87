"""Words that say nothing of the subject, in Bokmål, Nynorsk and English.

Written for Kjelda. *må*, *skal*, *kan* and the like stay out of the lexical index,
though they matter in law: every section has them, so they rank nothing.
"""

from __future__ import annotations

import re

_BOKMAL_AND_NYNORSK = """
alle andre at av bare ble blei blir blitt bli bruke både bør da de deg dei deira deires dem den
denne der dere deres dersom desse dessa det dette di din disse dit ditt du dykk dykkar då eg ei ein
eine eit eitt eller elles en enn er et ett etter for fordi fra frå før få får gjennom gjer gjør ha
hadde han hans har hennar henne hennes her hjå ho hos hun hva hvem hver hvilke hvilken hvilket hvis
hvor hvordan hvorfor i ikke ikkje ingen inn inni ja jeg jo kan ka kem ker kom korleis kunne kva kvar
kven kvi kvifor kor man me med medan meg meir mellom men mens mer mi min mine mitt mot mye mykje må
måtte ned no noe noen noka noko nokon nokre nå når og også om opp oss over på samme same seg selv si
sia sidan siden sin sine sitt sjølv skal skulle slik slike so som somme så sånn til um under upp ut
uten utan var vart ved ver vera vere vert verta verte vi vil ville vore vår vær vært være å åt
"""
_ENGLISH = """
a an and are as at be by can do does for from has have how i if in is it its may must of on or
shall should that the their there they this to was we what when where which who why will with you
"""

STOPWORDS: frozenset[str] = frozenset((_BOKMAL_AND_NYNORSK + _ENGLISH).split())

# Left out of English questions only: the index keeps them, as some are Norwegian words too.
_COMMON = """
about after again all allowed already also always am another any anyone around away back
because been before being between both bring bringing but came come comes coming could
decide did different doing done during each either else even ever every everyone find
first following get gets getting give given gives go goes going gone good got had happen
happens have having he her here hers him his into just keep know last least less let like
little long look made make makes making many me mean means might more most much my myself
need needed needs never new next nobody none nor not nothing now often old once one only
other others our out over own per please possible put quite rather really said say says
see she since so some someone something soon still such sure take taken takes taking tell
than them then these they thing things think those though through time times too towards
under until up upon us use used using usually want wants way ways well went were while
whole whose without would yes yet your yours
"""
ENGLISH_COMMON: frozenset[str] = frozenset(_COMMON.split())

# *lov* that means leave, not law: får jeg lov, er det lov å, har ikkje lov til.
_LEAVE = re.compile(
    r"\b(?:få|får|fått|ha|har|hadde|er|blir|gi|gir|gav|ga)\s(?:\w+\s){0,3}?(?<!\ben\s)(?<!\bein\s)(?<!\bny\s)(?<!\beigen\s)(?<!\begen\s)"
    r"(?P<idle>lov)\b(?!\s+om\b)"
    r"|\b(?P<also>lov)\s+(?:til\s+)?å\b"
)


def idle_places(text: str) -> frozenset[int]:
    """Where words begin in a lower-case text that are no law there: *lov* in *er det lov å*."""
    return frozenset(
        match.start(group)
        for match in _LEAVE.finditer(text)
        for group in ("idle", "also")
        if match[group]
    )
