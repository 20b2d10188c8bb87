"""Numbers in headings: §, articles, chapters and decimal numbers, as printed."""

from __future__ import annotations

import re

from corpus.identity import slug

# § 14, § 14 a, § 3b, § 3-15, § 13A-1, § 3-3 a, § 3-4 A: a lone letter belongs to the number
# when a full stop, the end or a capital follows ("§ 14 a Innhold", not "§ 5 i loven"), or what
# an amending act does to it ("§ 14 a oppheves", "§ 14 a andre ledd skal lyde").
_PARAGRAPH = re.compile(
    r"§§?\s*\d+[A-Z]?(?:[-‑–.]\d+[A-Z]?)*"
    r"(?:\s[A-HJ-Z](?=\.?\s+[A-ZÆØÅ(«])|\s?[a-zæøå](?=\s*(?:[.:]|$|\s[A-ZÆØÅ(«]"
    r"|\s(?:oppheves|opphevast|vert|blir|skal|nytt?|nye|overskrift\w*|bokstav|nr\.|nåværende|"
    r"noverande|første|andre|annet|tredje|fjerde|femte|sjette|sjuende|syvende|åttende)\b)))?"
)
_NAMED = re.compile(
    r"(?:Art(?:ikkel|icle|\.)?|Kapit(?:tel|el)|KAPITTEL|Kap\.|Chapter|Vedlegg|Annex|Avsnitt|Punkt|Pkt\.)"
    r"\s+(?:\d+\s?[A-Za-z]?|[IVXL]+[A-Z]?)(?=[\s.:–¹²³⁴-⁹-]|$)"
)
# 2.1 Tittel, 4.1.1 Tittel, 3. Tittel, 3 Tittel; not "17. mai", not "2023 Rapport".
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d{1,3})*(?=\.?\s+[«\"(]?[A-ZÆØÅ])")


def section_number(heading: str) -> str | None:
    """The number a heading starts with, as printed: ``"§ 14 a"``, ``"Art 5"``, ``"2.1"``."""
    for pattern in (_PARAGRAPH, _NAMED, _DECIMAL):
        if match := pattern.match(heading):
            return match[0].strip()
    return None


def anchor(heading: str, section: str | None) -> str:
    """A fragment for a heading: ``paragraf-14-a``, or a slug of its words."""
    return slug((section or heading).replace("§", "paragraf ")) or "del"
