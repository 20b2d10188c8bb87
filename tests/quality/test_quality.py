"""The quality gate: every set's figures stand at their floors or above."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from search.evaluation.gate import TOLERANCE, Verdict, look_up, raised, verdicts

_spec = importlib.util.spec_from_file_location("quality_sets", Path(__file__).parent / "sets.py")
assert _spec is not None
assert _spec.loader is not None
sets = importlib.util.module_from_spec(_spec)
sys.modules["quality_sets"] = sets
_spec.loader.exec_module(sets)

ALL = bool(os.environ.get("TESTS_ALL_SETS"))


@pytest.mark.parametrize(
    "name",
    [pytest.param(s.name, marks=[pytest.mark.slow] if s.slow else []) for s in sets.SETS],
)
@pytest.mark.bench
@pytest.mark.timeout(3000)  # embeds thousands of passages; slow machines are slow
def test_figures_stand_at_their_floors(name: str) -> None:
    """No figure of a set falls under its floor."""
    one = next(s for s in sets.SETS if s.name == name)
    if one.slow and not ALL:
        pytest.skip(f"{name} takes minutes; run it with `make quality`")
    if not one.needs.exists():
        pytest.skip(f"{one.needs} is not here; the set is for development and CI")
    found = verdicts(name, sets.floors()[name], one.run(sets.encoder()))
    sys.stdout.write("\n".join(map(str, found)) + "\n")
    assert [str(v) for v in found if not v.ok] == []


def test_floors_belong_to_these_questions_and_articles() -> None:
    """A changed question set or corpus is measured anew before its floors count."""
    import json

    held = json.loads(sets.FLOORS.read_text(encoding="utf-8"))["fingerprint"]
    assert held == sets.fingerprint(), "run `python tests/quality/sets.py shipped --raise`"


def test_a_figure_under_its_floor_fails() -> None:
    """Below the floor by more than the tolerance is a failure, within it is not."""
    assert not Verdict("s", "hit@10", 0.5, 0.5 - 2 * TOLERANCE).ok
    assert Verdict("s", "hit@10", 0.5, 0.5 - TOLERANCE / 2).ok


def test_what_did_not_run_is_no_score() -> None:
    """A set without a report is neither OK nor 0."""
    (verdict,) = verdicts("s", {"hit@10": 0.0}, None)
    assert (verdict.ok, verdict.measured) == (False, None)
    assert "NOT RUN" in str(verdict)


def test_figures_are_found_by_path() -> None:
    """Figures of groups have dotted paths; an absent one is None, not 0."""
    report = {"hit@10": 0.5, "by_form": {"cross": {"hit@10": 0.25}}}
    assert look_up(report, "by_form.cross.hit@10") == 0.25
    assert look_up(report, "by_form.same.hit@10") is None


def test_floors_only_rise() -> None:
    """A worse run leaves a floor where it is; a better one raises it, less the slack."""
    assert raised({"a": 0.5, "b": 0.5}, {"a": 0.4, "b": 0.6}) == {"a": 0.5, "b": 0.595}
    assert raised({"a": 0.5}, {"a": 0.4}, lower=True) == {"a": 0.395}
