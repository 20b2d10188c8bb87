"""Mine pairs of Nynorsk and Bokmål stems from parallel sentences, for search/analysis/nb_nn.tsv.

``python tests/tools/mine_nb_nn.py [FOLDER]`` reads navikt-pairs.tsv and sentence-pairs.tsv of
``../shared/bench/nb-nn`` and writes the list. Only word pairs (facts) leave the sentences. Rows
from noreg.no come out of a GPL repository and are left out.

A second list, nn_nb_written.tsv beside this file, was written by us from language knowledge over
the Nynorsk words of the acts and regulations (norwegian-laws.tar.xz); only pairs whose both stems
occur in those texts, each in its own form, are kept there. A third, nn_nb_general.tsv, was written
by us for general prose; pairs whose Nynorsk side is a usual word of Bokmål texts were left out.

Two sentences are laid side by side; words that differ at the same place between equal words are
a pair. Kept: pairs seen often enough, whose Nynorsk side is rare in the Bokmål text.
"""

from __future__ import annotations

import csv
import difflib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from search.analysis.stopwords import STOPWORDS
from search.analysis.words import stem

ROOT = Path(__file__).parents[2]
OUT = ROOT / "search" / "analysis" / "nb_nn.tsv"
WRITTEN = {
    "written": Path(__file__).with_name("nn_nb_written.tsv"),
    "written-general": Path(__file__).with_name("nn_nb_general.tsv"),
}
LEAST = 3  # times a pair is seen
SHARE = 0.34  # of the Nynorsk word's occurrences
SURE = 0.6  # of the pairs that the Nynorsk word is in
FOREIGN = 0.35  # occurrences in Bokmål text, against those in Nynorsk
_WORD = re.compile(r"[^\W\d_]+")


def sentences(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(source, Bokmål, Nynorsk), without what must not be used."""
    for name in ("navikt-pairs.tsv", "sentence-pairs.tsv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if "noreg" not in row["source"]:
                    yield row["source"].partition("/")[0], row["nb"] or "", row["nn"] or ""


def mine(folder: Path) -> list[tuple[str, str, int, str]]:
    """(nn stem, nb stem, times seen, sources), by nn stem."""
    seen: Counter[tuple[str, str]] = Counter()
    sources: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    in_nn: Counter[str] = Counter()
    in_nb: Counter[str] = Counter()
    for source, nb, nn in sentences(folder):
        bokmal, nynorsk = _WORD.findall(nb.lower()), _WORD.findall(nn.lower())
        in_nn.update({stem(word) for word in nynorsk})
        in_nb.update({stem(word) for word in bokmal})
        aligned = difflib.SequenceMatcher(None, nynorsk, bokmal, autojunk=False)
        for kind, a, b, c, d in aligned.get_opcodes():
            if kind != "replace" or not b - a == d - c <= 3:
                continue
            for one, other in zip(nynorsk[a:b], bokmal[c:d], strict=True):
                pair = (stem(one), stem(other))
                if pair[0] == pair[1] or min(map(len, pair)) < 2:
                    continue
                if not {one, other} & STOPWORDS:
                    seen[pair] += 1
                    sources[pair].add(source)
    found = []
    for nn in sorted({nn for nn, _ in seen}):
        pairs = {pair: count for pair, count in seen.items() if pair[0] == nn}
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        count = pairs[best]
        if (
            count >= LEAST
            and count / in_nn[nn] >= SHARE
            and count / sum(pairs.values()) >= SURE
            and in_nb[nn] <= FOREIGN * in_nn[nn]
        ):
            found.append((nn, best[1], count, ",".join(sorted(sources[best]))))
    return found


def main() -> None:
    """Write the list."""
    default = ROOT.parent / "shared" / "bench" / "nb-nn"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    lines = ["nn\tnb\tseen\tsources"]
    found = {(nn, nb): (seen, sources) for nn, nb, seen, sources in mine(folder)}
    for source, path in WRITTEN.items():
        for row in path.read_text(encoding="utf-8").splitlines()[1:]:
            nn, nb, seen, _ = row.split("\t")
            old = found.get((nn, nb))
            found[nn, nb] = (old[0], f"{old[1]},{source}") if old else (int(seen), source)
    lines += [
        f"{nn}\t{nb}\t{seen}\t{sources}" for (nn, nb), (seen, sources) in sorted(found.items())
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines) - 1} pairs in {OUT}\n")


if __name__ == "__main__":
    main()
