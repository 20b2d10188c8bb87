"""Notices beside the hits, in Bokmål and Nynorsk: what was corrected, what was not found."""

from __future__ import annotations

from collections.abc import Sequence

from search.analysis.spelling import Correction
from search.values import Notice

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
