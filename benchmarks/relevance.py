"""Relevance of tracuu and its peers on judged sets, side by side in one run.

    python benchmarks/relevance.py SET… [--variants] [--no-peers] [--queries N] [--json FILE]
                                   [--before FILE]

A SET is a folder with ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv`` (see
``relevance_sets.py``). Prints Markdown tables: nDCG@10, MRR@10, recall@10 and recall@100 by
ir-measures, with ``--variants`` for every way of typing the queries (150 of each set unless
``--queries`` is given: six times the searches); and the p value of the difference in nDCG@10 from
tracuu (paired randomisation test, Holm's correction within a table).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from environment import environment
from relevance_measures import MAIN, MEASURES, PerQuery, holm, mean, measure, randomisation_p
from relevance_sets import VARIANTS, RelevanceSet, SetError, read_set
from relevance_systems import DEPTH, System, Tracuu, peers

PACKAGES = ("underthesea", "whoosh3", "whoosh", "bm25s", "tantivy", "ir-measures")
BEFORE = "tracuu, before"
SAMPLE = 150  # queries of a set that are typed in every way


@dataclass
class Row:
    """One system on one set, the queries typed in one way."""

    values: PerQuery
    milliseconds: float | None = None  # median time of a query; None if not measured


@dataclass
class SetResult:
    """The results of one set: variant → system → row."""

    name: str
    documents: int
    queries: int
    index_seconds: dict[str, float] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, with the measures of every query."""
        return {
            "documents": self.documents,
            "queries": self.queries,
            "index_seconds": self.index_seconds,
            "changed": self.changed,
            "notes": self.notes,
            "rows": {
                variant: {
                    system: {
                        "milliseconds": row.milliseconds,
                        **{name: mean(row.values[name]) for name in MEASURES},
                        "per_query": row.values,
                    }
                    for system, row in rows.items()
                }
                for variant, rows in self.rows.items()
            },
        }


def run_set(given: RelevanceSet, systems: Sequence[System], variants: Sequence[str]) -> SetResult:
    """Index one set with every system, and run every query in every way of typing."""
    result = SetResult(given.name, len(given.documents), len(given.queries))
    for system in systems:
        begin = time.perf_counter()
        system.index(given.documents)
        result.index_seconds[system.name] = time.perf_counter() - begin
        found: dict[str, list[str]] = {}
        for variant in variants:
            typed = {query.id: VARIANTS[variant](query) for query in given.queries}
            result.changed[variant] = sum(typed[query.id] != query.text for query in given.queries)
            times: list[float] = []
            for text in typed.values():
                if text not in found:
                    begin = time.perf_counter()
                    found[text] = system.search(text)
                    times.append(time.perf_counter() - begin)
            values = measure(
                given.judgements, {query: found[text] for query, text in typed.items()}
            )
            row = Row(values, 1000 * median(times) if times else None)
            result.rows.setdefault(variant, {})[system.name] = row
        result.notes += system.notes()
        print(f"{given.name}: {system.name} done", file=sys.stderr)
    return result


def add_before(result: SetResult, earlier: dict[str, Any]) -> None:
    """Add a row from the JSON of an earlier run if it has the same queries."""
    kept = earlier.get("sets", {}).get(result.name, {}).get("rows", {})
    for variant, rows in result.rows.items():
        values = kept.get(variant, {}).get("tracuu", {}).get("per_query")
        ours = next(iter(rows.values()))
        if values and values[MAIN].keys() == ours.values[MAIN].keys():
            rows[BEFORE] = Row(values)
        else:
            result.notes.append(f"{variant}: the earlier run did not have the same queries")


# --- printing ------------------------------------------------------------------------------------


def p_texts(values: Sequence[dict[str, float]]) -> list[str]:
    """The p value of every row but the first, compared with the first, as text."""
    corrected = holm(randomisation_p(values[0], others) for others in values[1:])
    return ["", *(f"{p:.4f}" if p >= 0.001 else "< 0.001" for p in corrected)]


def set_tables(result: SetResult) -> list[str]:
    """One Markdown table for each way of typing."""
    lines = [f"## {result.name}: {result.documents:,} documents, {result.queries:,} queries", ""]
    for variant, rows in result.rows.items():
        changed = (
            ""
            if variant == "as typed"
            else f" ({result.changed[variant]:,} queries typed differently)"
        )
        lines += [f"### {variant}{changed}", ""]
        lines += [f"| | {' | '.join(MEASURES)} | p |", "| --- |" + " ---: |" * (len(MEASURES) + 1)]
        chances = p_texts([row.values[MAIN] for row in rows.values()])
        for (name, row), chance in zip(rows.items(), chances, strict=True):
            cells = [f"{mean(row.values[one]):.4f}" for one in MEASURES]
            lines.append(f"| {name} | {' | '.join(cells)} | {chance} |")
        lines.append("")
    seconds = "; ".join(f"{name} {spent:.1f}" for name, spent in result.index_seconds.items())
    medians = "; ".join(
        f"{name} {row.milliseconds:.1f}"
        for name, row in next(iter(result.rows.values())).items()
        if row.milliseconds is not None
    )
    return [
        *lines,
        f"Seconds to index: {seconds}.",
        f"Milliseconds a query as typed, median: {medians} (for {DEPTH} hits; tracuu's come with "
        "texts and highlights).",
        "",
        *(f"Note: {note}\n" for note in result.notes),
    ]


def summary(results: Sequence[SetResult]) -> list[str]:
    """nDCG@10 of every system: one column per set, and the mean.

    One table for each way of typing.
    """
    lines = [f"## {MAIN}, all sets", ""]
    first = results[0]
    for variant in first.rows:
        names = [
            name
            for name in first.rows[variant]
            if all(name in result.rows[variant] for result in results)
        ]
        lines += [
            f"### {variant}",
            "",
            f"| | {' | '.join(result.name for result in results)} | mean | p |",
        ]
        lines.append("| --- |" + " ---: |" * (len(results) + 2))
        # The test uses the queries of all sets together.
        pooled = [
            {
                f"{result.name} {query}": value
                for result in results
                for query, value in result.rows[variant][name].values[MAIN].items()
            }
            for name in names
        ]
        for name, chance in zip(names, p_texts(pooled), strict=True):
            means = [mean(result.rows[variant][name].values[MAIN]) for result in results]
            cells = [f"{value:.4f}" for value in [*means, sum(means) / len(means)]]
            lines.append(f"| {name} | {' | '.join(cells)} | {chance} |")
        lines.append("")
    return lines


def costs(results: Sequence[SetResult]) -> list[str]:
    """The loss of nDCG@10 in tracuu by each way of typing."""
    lines = [
        f"## What typing costs tracuu, {MAIN}",
        "",
        f"| | {' | '.join(result.name for result in results)} |",
        "| --- |" + " ---: |" * len(results),
    ]
    name = next(iter(results[0].rows["as typed"]))
    for variant in results[0].rows:
        if variant == "as typed":
            continue
        base = [mean(result.rows["as typed"][name].values[MAIN]) for result in results]
        now = [mean(result.rows[variant][name].values[MAIN]) for result in results]
        cells = [f"{after - before:+.4f}" for before, after in zip(base, now, strict=True)]
        lines.append(f"| {variant} | {' | '.join(cells)} |")
    return [*lines, ""]


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="relevance.py", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("sets", metavar="SET", nargs="+", type=Path, help="a folder with a set")
    parser.add_argument(
        "--variants",
        action="store_true",
        help="type every query in every way, not only as the set has it; of each set "
        f"{SAMPLE} queries unless --queries is given",
    )
    parser.add_argument(
        "--peers", action=argparse.BooleanOptionalAction, default=True, help="run the peers too"
    )
    parser.add_argument(
        "--queries", metavar="N", type=int, help="draw N queries of each set, with a fixed seed"
    )
    parser.add_argument(
        "--literal", action="store_true", help="one more row: tracuu with literal=True"
    )
    parser.add_argument(
        "--titles", choices=("heading", "report"), default="heading", help="where tracuu has titles"
    )
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help="write everything, each query's values too"
    )
    parser.add_argument(
        "--before", metavar="FILE", type=Path, help="one more row, from an earlier run's --json"
    )
    options = parser.parse_args(given)
    if options.queries is not None and options.queries < 1:
        parser.error("--queries: at least 1")
    if options.variants and options.queries is None:
        options.queries = SAMPLE
    return options


def main(given: Sequence[str] | None = None) -> None:
    """Run the benchmark and print it."""
    options = arguments(given)
    begin = time.perf_counter()
    try:
        sets = [read_set(folder, queries=options.queries) for folder in options.sets]
        earlier = json.loads(options.before.read_text(encoding="utf-8")) if options.before else None
    except (SetError, OSError, ValueError) as error:
        sys.exit(f"relevance.py: {error}")
    variants = list(VARIANTS) if options.variants else ["as typed"]
    machine = environment(PACKAGES)
    print(f"# Relevance\n\n{machine}\n", flush=True)
    results: list[SetResult] = []
    for one in sets:
        systems: list[System] = [Tracuu(titles=options.titles)]
        if options.literal:
            systems.append(Tracuu(titles=options.titles, literal=True))
        others, missing = peers() if options.peers else ([], [])
        result = run_set(one, [*systems, *others], variants)
        result.notes += missing
        if one.unjudged:
            result.notes.append(f"{one.unjudged} queries without a relevant document are left out")
        if earlier is not None:
            add_before(result, earlier)
        results.append(result)
        print("\n".join(set_tables(result)), flush=True)
    if len(results) > 1:
        print("\n".join(summary(results)))
    if options.variants:
        print("\n".join(costs(results)))
    print(f"The whole run took {time.perf_counter() - begin:.0f} s.")
    if options.json:
        data = {
            "environment": machine,
            "sets": {result.name: result.to_dict() for result in results},
        }
        options.json.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
