"""The six areas that moved to the counties in 2020, and 0 for what spans them all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """A field of work, with its name in both written forms and in English."""

    number: int
    nb: str
    nn: str
    en: str


AREAS: tuple[Area, ...] = (
    Area(1, "Bosetting", "Busetjing", "Settlement"),
    Area(
        2,
        "Veiledning og kompetanseheving av kommunene",
        "Rettleiing og kompetanseheving av kommunane",
        "Guidance and competence raising of municipalities",
    ),
    Area(
        3,
        "Samarbeid med regionale myndigheter",
        "Samarbeid med regionale styresmakter",
        "Cooperation with regional authorities",
    ),
    Area(
        4,
        "Negativ sosial kontroll, tvangsekteskap og kjønnslemlestelse",
        "Negativ sosial kontroll, tvangsekteskap og kjønnslemlesting",
        "Negative social control, forced marriage and FGM",
    ),
    Area(5, "Tilskuddsordninger", "Tilskotsordningar", "Grant schemes"),
    Area(6, "Frivillig sektor og deltakelse", "Frivillig sektor og deltaking", "Voluntary sector"),
)
