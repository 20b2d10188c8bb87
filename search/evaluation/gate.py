"""The quality gate: a ratchet. Figures are held to floors, and floors only rise.

Pure arithmetic over reports of `kjelda evaluate`; tests/quality runs it. What could not
run is never a score: a set that is missing is *not run*, not 0 and not OK.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What a figure may vary by between machines: int8 sums differ in their last bits.
TOLERANCE = 0.005
# A floor is set this much under what was measured when it is raised.
SLACK = 0.005


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure of one set against its floor; ``measured`` is None when it did not run."""

    name: str
    figure: str
    floor: float
    measured: float | None

    @property
    def ok(self) -> bool:
        """Whether the figure stands at its floor or above, within the tolerance."""
        return self.measured is not None and self.measured >= self.floor - TOLERANCE

    def __str__(self) -> str:
        said = "not run" if self.measured is None else f"{self.measured:.4f}"
        state = "OK" if self.ok else "NOT RUN" if self.measured is None else "FAIL"
        return f"{self.name:<14} {self.figure:<24} floor {self.floor:.4f}  measured {said}  {state}"


def look_up(report: Mapping[str, Any], figure: str) -> float | None:
    """A figure of a report by its dotted path, such as ``by_form.cross.hit@10``."""
    value: Any = report
    for step in figure.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return float(value)


def verdicts(
    name: str, floors: Mapping[str, float], report: Mapping[str, Any] | None
) -> list[Verdict]:
    """Each floor of a set against the report, or against nothing when it did not run."""
    return [
        Verdict(name, figure, floor, look_up(report, figure) if report is not None else None)
        for figure, floor in floors.items()
    ]


def raised(
    floors: Mapping[str, float], report: Mapping[str, Any], *, lower: bool = False
) -> dict[str, float]:
    """New floors after a run: each at what was measured less the slack, never lower.

    With ``lower`` a floor may also sink; that is a decision and needs its reason written.
    Raises KeyError for a figure that the report lacks.
    """
    found = {}
    for figure, floor in floors.items():
        measured = look_up(report, figure)
        if measured is None:
            raise KeyError(f"the report has no {figure}")
        wanted = round(measured - SLACK, 4)
        found[figure] = wanted if lower else max(floor, wanted)
    return found
