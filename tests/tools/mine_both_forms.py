"""Which stems of search/analysis/nb_nn.tsv are usual in both written forms, for both_forms.tsv.

``python tests/tools/mine_both_forms.py`` counts stems in the acts and regulations of
``../shared/documents/norwegian-laws.tar.xz`` and in the parallel documents of
``../shared/bench/nb-nn``, each text in its own form. A stem that stands on one side of the list and
is at least a tenth as frequent in the other form's texts, tells nothing of a question's form:
*vedtak* is Nynorsk too, though *avgjerd* is more so. Only counts leave the texts.
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from search.analysis.stopwords import STOPWORDS
from search.analysis.words import stem

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
PAIRS = ROOT / "search" / "analysis" / "nb_nn.tsv"
OUT = PAIRS.with_name("both_forms.tsv")
SHARE, LEAST, MILLION = 0.1, 5, 1_000_000
_WORD = re.compile(r"[^\W\d_]{3,}")
_MARKS = {
    "nn": re.compile(r"\b(?:ikkje|frå|eit|ein)\b"),
    "nb": re.compile(r"\b(?:ikke|fra|et|en)\b"),
}


def texts() -> Iterator[tuple[str, str]]:
    """(form, text in lower case) of every text whose form is plain."""
    with tarfile.open(SHARED / "documents" / "norwegian-laws.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".md") else None
            if file is not None:
                text = file.read().decode("utf-8").lower()
                nn, nb = (len(_MARKS[form].findall(text)) for form in ("nn", "nb"))
                if max(nn, nb) > 3 * min(nn, nb):
                    yield ("nn" if nn > nb else "nb"), text
    path = SHARED / "bench" / "nb-nn" / "regjeringen-doc-pairs.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for form in ("nn", "nb"):
            whole = row[form] if isinstance(row[form], str) else "\n".join(row[form])
            yield form, whole.lower()


def main() -> None:
    """Count, compare, write."""
    seen: dict[str, Counter[str]] = {"nn": Counter(), "nb": Counter()}
    for form, text in texts():
        seen[form].update(stem(w) for w in _WORD.findall(text) if w not in STOPWORDS)
    per = {form: MILLION / counts.total() for form, counts in seen.items()}
    rows = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()[1:]]
    sides = {"nn": {row[0] for row in rows}, "nb": {row[1] for row in rows}}
    lines = ["stem\tper million nn\tper million nb"]
    for one in sorted(sides["nn"] ^ sides["nb"]):
        own, other = ("nn", "nb") if one in sides["nn"] else ("nb", "nn")
        often = {form: seen[form][one] * per[form] for form in per}
        if seen[other][one] >= LEAST and often[other] >= SHARE * often[own]:
            lines.append(f"{one}\t{often['nn']:.0f}\t{often['nb']:.0f}")
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines) - 1} stems in {OUT}\n")


if __name__ == "__main__":
    main()
