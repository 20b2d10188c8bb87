"""Notices beside the hits, in Bokmål and Nynorsk: what was corrected, what was not found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from corpus.currency import disagree
from corpus.documents import Status
from search.analysis.spelling import Correction
from search.values import Filters, Hit, LawReference, Notice

# None of the question's words is in the base: what is shown is only what lies nearest.
NEAREST_ONLY = (
    Notice(
        "nearest_only",
        "small",
        "Ingen av ordene i spørsmålet finnes i basen. Treffene er bare det som ligger nærmest.",
        "nb",
    ),
    Notice(
        "nearest_only",
        "small",
        "Ingen av orda i spørsmålet finst i basen. Treffa er berre det som ligg nærast.",
        "nn",
    ),
)


def corrected(corrections: Sequence[Correction]) -> tuple[Notice, ...]:
    """That words were taken for other words, and how to search for them as typed."""
    if not corrections:
        return ()
    pairs = [f"«{c.typed}» → «{c.used}»" for c in corrections]
    said = ", ".join(dict.fromkeys(pairs))
    return (
        Notice(
            "did_you_mean",
            "small",
            f"Ikke i basen, søker etter det nærmeste: {said}. Sett ordet i hermetegn «…» "
            "for å søke nøyaktig slik det er skrevet.",
            "nb",
        ),
        Notice(
            "did_you_mean",
            "small",
            f"Ikkje i basen, søkjer etter det nærmaste: {said}. Set ordet i hermeteikn «…» "
            "for å søkje nøyaktig slik det er skrive.",
            "nn",
        ),
    )


class Lacking(NamedTuple):
    """A reference whose § is not in the base, and whether the act is."""

    reference: LawReference
    act_is_here: bool


def not_in_the_base(lacking: Sequence[Lacking]) -> tuple[Notice, ...]:
    """That a § that was asked for is not there: the hits are something else."""
    found: list[Notice] = []
    for reference, act_is_here in lacking:
        name = f"«{reference.act} § {reference.section}»"
        if act_is_here:
            nb = f"{name} finnes ikke i lovteksten i basen. Treffene er andre steder som ligner."
            nn = f"{name} finst ikkje i lovteksta i basen. Treffa er andre stader som liknar."
        else:
            nb = f"Lovteksten til {name} er ikke i basen. Treffene er det som ligner mest."
            nn = f"Lovteksta til {name} er ikkje i basen. Treffa er det som liknar mest."
        found += _both("not_in_the_base", nb, nn)
    return tuple(found)


def filtered(filters: Filters, publishers: Collection[str]) -> tuple[Notice, ...]:
    """That nothing in the base is from a publisher that was asked for, and who there is."""
    known = {name.casefold() for name in publishers}
    wrong = sorted(name for name in filters.publishers if name.casefold() not in known)
    if not wrong:
        return ()
    names = ", ".join(f"«{name}»" for name in wrong)
    there = ", ".join(sorted(publishers)) or "–"
    return _both(
        "unknown_publisher",
        f"Ingen dokumenter i basen er fra {names}. Utgivere i basen: {there}.",
        f"Ingen dokument i basen er frå {names}. Utgjevarar i basen: {there}.",
    )


_NOT_IN_FORCE = {
    Status.SUPERSEDED: (
        "superseded",
        "er erstattet og gjelder ikke lenger",
        "er erstatta og gjeld ikkje lenger",
    ),
    Status.EXPIRED: ("superseded", "gjelder ikke lenger", "gjeld ikkje lenger"),
    Status.PROPOSAL: (
        "proposal",
        "er et forslag, ikke vedtatt rett",
        "er eit framlegg, ikkje vedteken rett",
    ),
}
_CURRENCY_HITS = 5  # hits that a reader takes in at once


def currency(hits: Sequence[Hit], titles: Mapping[str, str]) -> tuple[Notice, ...]:
    """What among the first hits is not in force, by which document it is replaced, and doubt.

    ``titles`` gives the title of a document in the base by its id. One notice a document.
    """
    found: tuple[Notice, ...] = ()
    for document in {hit.document.id: hit.document for hit in hits[:_CURRENCY_HITS]}.values():
        if disagree(document.claims):
            found += _both(
                "conflict",
                f"Kildene er uenige om «{document.title}» gjelder. Undersøk det før bruk.",
                f"Kjeldene er usamde om «{document.title}» gjeld. Undersøk det før bruk.",
            )
        if document.status not in _NOT_IN_FORCE:
            continue
        kind, nb, nn = _NOT_IN_FORCE[document.status]
        heir = titles.get(document.replaced_by or "")
        found += _both(
            kind,
            f"«{document.title}» {nb}." + (f" Se «{heir}»." if heir else ""),
            f"«{document.title}» {nn}." + (f" Sjå «{heir}»." if heir else ""),
        )
    return found


def _both(kind: str, nb: str, nn: str) -> tuple[Notice, ...]:
    return (Notice(kind, "small", nb, "nb"), Notice(kind, "small", nn, "nn"))
