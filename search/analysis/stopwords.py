"""Words that say nothing of the subject, in Bokmål, Nynorsk and English.

Written for Kjelda. *må*, *skal*, *kan* and the like stay out of the lexical index,
though they matter in law: every section has them, so they rank nothing.
"""

_BOKMAL_AND_NYNORSK = """
alle andre at av bare ble blei blir blitt bli bruke både bør da de deg dei deira deires dem den
denne der dere deres dersom desse dessa det dette di din disse dit ditt du dykk dykkar då eg ei ein
eine eit eitt eller elles en enn er et ett etter for fordi fra frå før få får gjennom gjer gjør ha
hadde han hans har hennar henne hennes her hjå ho hos hun hva hvem hver hvilke hvilken hvilket hvis
hvor hvordan hvorfor i ikke ikkje ingen inn inni ja jeg jo kan ka kem ker kom korleis kunne kva kvar
kven kvi kvifor kor man me med medan meg meir mellom men mens mer mi min mine mitt mot mye mykje må
måtte ned no noe noen noka noko nokon nokre nå når og også om opp oss over på samme same seg selv si
sia sidan siden sin sine sitt sjølv skal skulle slik slike so som somme så sånn til um under upp ut
uten utan var vart ved vera vere verte vi vil ville vore vår vært være å åt
"""
_ENGLISH = """
a an and are as at be by can do does for from has have how i if in is it its may must of on or
shall should that the their there they this to was we what when where which who why will with you
"""

STOPWORDS: frozenset[str] = frozenset((_BOKMAL_AND_NYNORSK + _ENGLISH).split())
