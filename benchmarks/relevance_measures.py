"""Measures of a ranking, by ir-measures, and significance of differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

# name in the table → measure
MEASURES = {"nDCG@10": nDCG @ 10, "MRR@10": RR @ 10, "recall@10": R @ 10, "recall@100": R @ 100}
MAIN = "nDCG@10"
DRAWS = 10_000
_AT_ONCE = 500

PerQuery = dict[str, dict[str, float]]  # measure → query → value


def measure(
    judgements: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]
) -> PerQuery:
    """Every measure for every judged query; 0 for a query without hits."""
    qrels = [
        ir_measures.Qrel(query, document, grade)
        for query, grades in judgements.items()
        for document, grade in grades.items()
    ]
    # Scores are made from ranks, so that ties stay in the system's order.
    run = [
        ir_measures.ScoredDoc(query, document, -float(rank))
        for query, documents in ranked.items()
        for rank, document in enumerate(documents)
    ]
    values: PerQuery = {name: dict.fromkeys(judgements, 0.0) for name in MEASURES}
    names = {str(measure): name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, run) if run else ():
        values[names[str(metric.measure)]][metric.query_id] = float(metric.value)
    return values


def mean(values: Mapping[str, float]) -> float:
    """The mean over queries."""
    return sum(values.values()) / len(values)


def randomisation_p(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """Two-sided p value of the paired randomisation test on the means' difference.

    Under the null hypothesis either value of a query could come from either system (Smucker, Allan
    & Carterette, 2007). ``DRAWS`` draws with a fixed seed.
    """
    difference = np.array([ours[query] - theirs[query] for query in ours])
    difference = difference[np.abs(difference) > 1e-12]
    if not difference.size:
        return 1.0
    observed = abs(difference.sum()) - 1e-9
    chance = np.random.default_rng(0)
    extreme = 0
    for _ in range(DRAWS // _AT_ONCE):
        signs = chance.integers(0, 2, size=(_AT_ONCE, difference.size), dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ difference) >= observed).sum())
    return (extreme + 1) / (DRAWS + 1)


def holm(p_values: Iterable[float]) -> list[float]:
    """p values corrected for multiple comparisons (Holm, 1979)."""
    given = list(p_values)
    corrected = [1.0] * len(given)
    highest = 0.0
    for place, at in enumerate(sorted(range(len(given)), key=given.__getitem__)):
        highest = max(highest, min(1.0, given[at] * (len(given) - place)))
        corrected[at] = highest
    return corrected
