"""Make api/feedback/ordinary.txt.gz: the words of the lexicon that texts write in lower case.

The lexicon is in lower case and holds surnames and places; of a search that found nothing only
ordinary words may be kept. Norwegian writes names with a capital, so the texts that the lexicon
was made of tell them apart: a word is ordinary if it is seen in lower case, in running text, on
LINES lines or more, and within a sentence hardly ever with a capital.

    python tests/tools/make_ordinary.py TEXT ...

TEXT is a .tsv of pairs, a .jsonl with nb and nn, or a base (.sqlite).
"""

from __future__ import annotations

import collections
import gzip
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from search.analysis.spelling import lexicon

TARGET = Path(__file__).parents[2] / "api" / "feedback" / "ordinary.txt.gz"
LINES = 4
CAPITALS = 0.02  # the share of sightings with a capital from which on a word may be a name
# A word after another word of the same sentence, with nothing but a space between.
RUNNING = re.compile(
    r"(?<=[a-zæøå,] )([A-ZÆØÅ]?[a-zæøåéèêòóôäöü]{2,39})(?=[\s,;:)»?!]|\.?(?:\s|$))"
)


def lines(path: Path) -> Iterator[str]:
    if path.suffix == ".sqlite":
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            for (text,) in db.execute("SELECT text FROM passages"):
                yield from text.split("\n")
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        if path.suffix == ".jsonl":
            record = json.loads(line)
            for form in ("nb", "nn"):
                yield from str(record.get(form, "")).split("\n")
        else:
            yield from line.split("\t")


def main() -> None:
    small: collections.Counter[str] = collections.Counter()
    capital: collections.Counter[str] = collections.Counter()
    for name in sys.argv[1:]:
        for line in dict.fromkeys(lines(Path(name))):
            for word in set(RUNNING.findall(line)):
                (capital if word[0].isupper() else small)[word.lower()] += 1
    known = lexicon()
    found = sorted(
        word
        for word, seen in small.items()
        if word in known and seen >= LINES and capital[word] <= CAPITALS * (seen + capital[word])
    )
    # mtime 0: the same words give the same bytes.
    TARGET.write_bytes(gzip.compress("\n".join(found).encode(), 9, mtime=0))
    left = sorted(w for w in known if w not in set(found) and capital[w] > 3)
    print(f"{len(found)} of {len(known)} words; left out as names: {', '.join(left[:40])} ...")


if __name__ == "__main__":
    main()
