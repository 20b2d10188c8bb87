"""Measures of retrieval on one ranked list. Pure functions, binary relevance.

``ranks`` are the 1-based positions at which relevant things were found, each relevant
thing once (its best position); ``relevant`` is how many there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def ndcg(ranks: Sequence[int], relevant: int, depth: int = 10) -> float:
    """Normalised discounted cumulative gain at ``depth`` (Järvelin and Kekäläinen 2002)."""
    if not relevant:
        return 0.0
    gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= depth)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, depth) + 1))
    return gain / ideal


def reciprocal_rank(ranks: Sequence[int], depth: int = 10) -> float:
    """One over the best position, 0 when that is below ``depth``."""
    best = min(ranks, default=depth + 1)
    return 1 / best if best <= depth else 0.0


def hit(ranks: Sequence[int], depth: int) -> float:
    """1 when anything relevant stands at ``depth`` or above."""
    return float(any(rank <= depth for rank in ranks))


def recall(ranks: Sequence[int], relevant: int, depth: int = 10) -> float:
    """The share of relevant things at ``depth`` or above."""
    return sum(rank <= depth for rank in ranks) / relevant if relevant else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of them lie, by nearest rank; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
