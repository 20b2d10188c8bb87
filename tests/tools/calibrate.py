"""Fit the estimate of whether the base answers (search/confidence.py), and write its curve.

``python tests/tools/calibrate.py`` asks two bases, of the acts and regulations of
``../shared/bench/law/documents`` and of paragraphs of public documents, questions that were written
by us, none of the bench: such as they answer (of sections held out from training; of every second
paragraph) and tests/quality/unanswerable.jsonl, which neither does. Prints the weights to put into
search/confidence.py and writes tests/quality/calibration.md. ``--home`` keeps the bases.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np

from ingest.sync import ingest
from search import confidence, engine
from search.embedding.encoder import Encoder, load
from search.engine import Searcher
from search.evaluation.passages import build_base, read_passages
from search.query import parse

sys.path.insert(0, str(Path(__file__).with_name("training")))
from data import HERE, held_out, law_questions, paragraphs

ROOT = Path(__file__).parents[2]
LAW = ROOT.parent / "shared" / "bench" / "law" / "documents"
UNANSWERABLE = ROOT / "tests" / "quality" / "unanswerable.jsonl"
GENERAL = HERE / "general.jsonl"
PAGE = ROOT / "tests" / "quality" / "calibration.md"
FOLDS, RIDGE = 5, 5.0  # few questions have some of the figures: their weights must stay small


def unanswerable() -> list[str]:
    """Questions that neither base answers."""
    lines = UNANSWERABLE.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["query"] for line in lines]


def law(home: Path, model: Encoder) -> list[str]:
    """The base of acts, and questions that it answers."""
    if not (home / engine.DATABASE).exists():
        ingest([LAW], home=home, encoder=model)
    names = {path.name for path in LAW.iterdir()}
    return [q for file, section, q in law_questions() if file in names and held_out(file, section)]


def general(home: Path, model: Encoder) -> list[str]:
    """The base of paragraphs, and questions that it answers."""
    texts = paragraphs()
    titles: dict[tuple[str, str], str] = {}
    for document, form, text in texts:
        titles.setdefault((document, form), " ".join(text.split()[:8]))
    if not (home / engine.DATABASE).exists():
        rows = [
            {"id": str(n), "doc": f"{d}-{f}", "title": titles[d, f], "text": text}
            for n, (d, f, text) in enumerate(texts)
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
            file.flush()
            build_base(home, read_passages(Path(file.name)), model)
    asked = [json.loads(line) for line in GENERAL.read_text(encoding="utf-8").splitlines()]
    return [row[key] for row in asked if row["paragraph"] % 2 for key in "abc" if key in row]


def measure(home: Path) -> tuple[np.ndarray, np.ndarray]:
    """The evidence (n, figures) of every question, and whether it is answered (n,)."""
    model = load(None, ROOT / "kjelda-data")
    seen: list[confidence.Evidence] = []
    right: list[bool] = []
    original = engine.evidence

    def remember(*arguments: object) -> confidence.Evidence:
        seen.append(original(*arguments))
        return seen[-1]

    engine.evidence = remember
    engine.confidence = lambda found: 1.0  # the weights may be of other figures
    for name, base in (("law", law), ("general", general)):
        answered = base(home / name, model)
        searcher = Searcher.open(home / name, lambda: model)
        for text, known in [(q, True) for q in answered] + [(q, False) for q in unanswerable()]:
            searcher.search(parse(text))
            right += [known] * (len(seen) - len(right))  # English is not estimated
        searcher.close()
    return np.array([astuple(one) for one in seen]), np.array(right, float)


def fit(figures: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and constant of a ridge-regularised logistic regression, by Newton's method."""
    mean, spread = figures.mean(0), figures.std(0) + 1e-9
    rows = np.c_[(figures - mean) / spread, np.ones(len(figures))]
    penalty = RIDGE * np.r_[np.ones(rows.shape[1] - 1), 0]
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - right) + penalty * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        weights -= np.linalg.solve(curve, slope)
    own = weights[:-1] / spread
    return own, float(weights[-1] - own @ mean)


def main() -> None:
    """Measure, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        figures, right = measure(options.home or Path(temporary))
    weights, constant = fit(figures, right)
    for field, weight in zip(fields(confidence.Evidence), weights, strict=True):
        sys.stdout.write(f"    {weight:.2f},  # {field.name}\n")
    sys.stdout.write(f"CONSTANT = {constant:.2f}\n")
    order = np.random.RandomState(0).permutation(len(right))
    chance = np.empty(len(right))
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        rest = np.setdiff1d(order, test)
        w, c = fit(figures[rest], right[rest])
        chance[test] = 1 / (1 + np.exp(-(figures[test] @ w + c)))
    rows = []
    for threshold in (0.1, confidence.THRESHOLD, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        refused = chance < threshold
        correct = int((refused & (right == 0)).sum())
        wrong = int((refused & (right == 1)).sum())
        rows.append(
            f"| {threshold:g} | {correct / (right == 0).sum():.2f} | "
            f"{correct / max(correct + wrong, 1):.2f} | {wrong / (right == 1).sum():.3f} |"
        )
    bins = []
    for low in np.arange(0, 1, 0.2):
        inside = (chance >= low) & (chance < low + 0.2 + 1e-9)
        if inside.any():
            bins.append(
                f"| {low:.1f}–{low + 0.2:.1f} | {int(inside.sum())} | "
                f"{chance[inside].mean():.2f} | {right[inside].mean():.2f} |"
            )
    PAGE.write_text(
        "### The estimate behind it\n\n"
        f"Two bases (acts; paragraphs of public documents), {int(right.sum())} questions that "
        f"they answer and {int((1 - right).sum())} times one that they don't, of eight kinds, all "
        f"our own, {FOLDS}-fold cross-validated. Refused is what has a lower estimate than the "
        f"threshold; **{confidence.THRESHOLD:g} is used**.\n\n"
        "| threshold | recall of refusals | precision | answerable refused |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n\n| estimate | questions | mean estimate | answered in fact |\n|---|---|---|---|\n"
        + "\n".join(bins)
        + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
