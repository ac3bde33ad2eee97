"""nDCG@10 with parts of the ranking switched off, on the same index.

    python benchmarks/ablation.py SET…

The rows go from BM25 over syllables to the full ranking; each row adds one part. The last
column is the p value of a paired randomisation test against the row above, over all queries of all
sets.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import relevance_systems
from environment import environment
from relevance_measures import MAIN, mean, measure, randomisation_p
from relevance_sets import RelevanceSet, read_set
from relevance_systems import Tracuu

from tracuu.search import tuning

# name of a part → its switches: (module, constant, value when off)
OFF: list[tuple[str, list[tuple[object, str, float]]]] = [
    (
        "+ neighbouring pairs",
        [(tuning, "SHORT_PAIR_WEIGHT", 0.0), (tuning, "LONG_PAIR_WEIGHT", 0.0)],
    ),
    (
        "+ pairs weigh more in longer queries",
        # constant at the middle
        [(tuning, "SHORT_PAIR_WEIGHT", 0.42), (tuning, "LONG_PAIR_WEIGHT", 0.42)],
    ),
    (
        "+ function and question words damped",
        [(tuning, "QUESTION_WEIGHT", 1.0), (tuning, "FUNCTION_WEIGHT", 1.0)],
    ),
    ("+ substitutes for words that are not there (all)", [(tuning, "FORGIVEN_WEIGHT", 0.0)]),
]


@contextmanager
def switched_off(parts: list[tuple[str, list[tuple[object, str, float]]]]) -> Iterator[None]:
    """The ranking without ``parts``."""
    # The first part that sets a constant wins: without pairs there is no weight to raise.
    changes = [change for _, part in reversed(parts) for change in part]
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in reversed(before):
            setattr(module, name, value)


def scores(given: RelevanceSet, system: Tracuu) -> dict[str, float]:
    """nDCG@10 of every query with the current constants."""
    ranked = {query.id: system.search(query.text) for query in given.queries}
    return {
        f"{given.name}/{query}": value
        for query, value in measure(given.judgements, ranked)[MAIN].items()
    }


def main(folders: list[str]) -> None:
    """Index each set once and print the table."""
    relevance_systems.DEPTH = 10  # enough for nDCG@10
    sets = [read_set(Path(folder)) for folder in folders]
    systems = []
    for given in sets:
        system = Tracuu()
        system.index(given.documents)
        systems.append(system)
    print(environment(["tracuu", "underthesea", "whoosh3"]), end="\n\n")
    names = [given.name for given in sets]
    print("| | " + " | ".join(names) + " | mean | p |")
    print("| --- |" + " --- |" * (len(names) + 2))
    above: dict[str, float] | None = None
    for kept in range(len(OFF) + 1):
        with switched_off(OFF[kept:]):
            rows = [scores(given, system) for given, system in zip(sets, systems, strict=True)]
        both = {query: value for row in rows for query, value in row.items()}
        means = [mean(row) for row in rows]
        p = f"{randomisation_p(both, above):.3f}" if above is not None else ""
        label = OFF[kept - 1][0] if kept else "BM25 over syllables"
        cells = [f"{value:.4f}" for value in (*means, sum(means) / len(means))]
        print(f"| {label} | " + " | ".join(cells) + f" | {p} |", flush=True)
        above = both


if __name__ == "__main__":
    main(sys.argv[1:])
