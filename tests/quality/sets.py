"""The evaluation sets, how each is run, and the ratchet's command line.

``python tests/quality/sets.py`` runs every set that is here and prints the table;
``--raise`` writes higher floors, ``--lower`` may also lower them (say why in the commit).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from api.evaluate import evaluate
from search.embedding.encoder import Encoder, load
from search.evaluation.gate import raised, verdicts

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BENCH = ROOT.parent / "shared" / "bench"
FLOORS = HERE / "floors.json"


@dataclass(frozen=True)
class Set:
    """A set of questions with how to run it; ``slow`` ones run on request only."""

    name: str
    needs: Path
    options: dict[str, Any]
    slow: bool = False

    def run(self, encoder: Encoder) -> dict[str, Any]:
        """Evaluate on this set."""
        return evaluate(encoder=encoder, **self.options)


SETS = (
    Set(
        "shipped",
        HERE / "questions.jsonl",
        {"queries": HERE / "questions.jsonl", "documents": ROOT / "corpus" / "documents"},
    ),
    Set(
        "norquad-nb",
        BENCH / "norquad",
        {
            "queries": BENCH / "norquad" / "queries.dev.jsonl",
            "passages": BENCH / "norquad" / "corpus.nb.jsonl",
            "query_field": ["nb", "nn"],
        },
    ),
    Set(
        "law",
        BENCH / "law",
        {"queries": BENCH / "law" / "queries.dev.jsonl", "documents": BENCH / "law" / "documents"},
    ),
    Set(
        "pdf",
        BENCH / "pdf",
        {"queries": BENCH / "pdf" / "queries.dev.jsonl", "documents": BENCH / "pdf" / "documents"},
        slow=True,
    ),
)


@cache
def encoder() -> Encoder:
    """The default model, built where the Makefile's data folder is or in a temporary one."""
    home = os.environ.get("KJELDA_HOME") or str(ROOT / "kjelda-data")
    return load(None, Path(home))


def floors() -> dict[str, dict[str, float]]:
    """Floors by set, from floors.json."""
    return json.loads(FLOORS.read_text(encoding="utf-8"))["floors"]


def fingerprint() -> dict[str, str]:
    """Digests of the shipped questions and articles that the floors were measured on."""
    articles = hashlib.blake2b(digest_size=8)
    for path in sorted((ROOT / "corpus" / "documents").iterdir()):
        articles.update(path.name.encode() + path.read_bytes())
    questions = hashlib.blake2b((HERE / "questions.jsonl").read_bytes(), digest_size=8)
    return {"articles": articles.hexdigest(), "questions": questions.hexdigest()}


def main(arguments: list[str], say: Callable[[str], object] = print) -> int:
    """Run the sets that are here; exit 1 where a figure is under its floor."""
    names = [a for a in arguments if not a.startswith("--")]
    held = floors()
    bad = False
    for one in SETS:
        if names and one.name not in names:
            continue
        if not one.needs.exists():
            say(f"{one.name:<14} not run: {one.needs} is missing")
            continue
        report = one.run(encoder())
        say(json.dumps({one.name: report}, ensure_ascii=False))
        for verdict in verdicts(one.name, held.get(one.name, {}), report):
            say(str(verdict))
            bad |= not verdict.ok
        if {"--raise", "--lower"} & set(arguments):
            held[one.name] = raised(held.get(one.name, {}), report, lower="--lower" in arguments)
    if {"--raise", "--lower"} & set(arguments):
        whole = {"fingerprint": fingerprint(), "floors": held}
        with tempfile.NamedTemporaryFile("w", dir=HERE, delete=False, encoding="utf-8") as file:
            file.write(json.dumps(whole, indent=2) + "\n")
        Path(file.name).chmod(0o644)
        Path(file.name).replace(FLOORS)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
