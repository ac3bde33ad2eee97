"""tracuu on a real OpenSearch cluster, compared with Whoosh.

    python benchmarks/cluster.py [SET…] [--paragraphs 10000] [--nodes 3] [--shards 3]
                                 [--replicas 1] [--out DIR]

Measures indexing, size, response times, and agreement of the results. Without --url it starts a
cluster on this machine (tests/opensearch/cluster.py lists the requirements), which then shares the
machine with the measured processes. The paragraphs are those of scale.py, the 500 queries those of
searching.py. A SET is a folder as for relevance.py. Prints Markdown; ``--out`` also writes it to
``opensearch.md`` in that folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from blocks import put_block
from environment import environment
from relevance_measures import mean, measure
from relevance_sets import read_set
from relevance_systems import as_passages
from scale import DEFAULT, kind, paragraphs
from searching import Query, percentile, queries, timed

from tracuu import Index, Passage
from tracuu.errors import QueryError

PACKAGES = ("underthesea", "whoosh3", "opensearch-py")
_EACH = 100
_STEP = 5000
_SCRIPT = Path(__file__).resolve().parents[1] / "tests" / "opensearch" / "cluster.py"


@contextmanager
def addresses(url: str | None, nodes: int) -> Iterator[list[str]]:
    """The addresses of the cluster; without ``--url``, one is started for this run."""
    if url is not None:
        yield url.split(",")
        return
    spec = importlib.util.spec_from_file_location("opensearch_cluster", _SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    with script.running(nodes) as cluster:
        yield cluster.urls


@contextmanager
def both(place: Path, options: dict[str, Any]) -> Iterator[tuple[Index, Index]]:
    """A new index of each engine; the one on the cluster is deleted afterwards."""
    from opensearchpy import OpenSearch

    own = {**options, "name": f"bench-{token_hex(4)}"}
    try:
        with (
            Index.create(place / "whoosh") as whoosh,
            Index.create(place / "opensearch", engine="opensearch", options=own) as remote,
        ):
            yield whoosh, remote
    finally:
        with OpenSearch(options["url"]) as client:
            client.indices.delete(index=f"{own['name']}-*", ignore_unavailable=True)


def fill(index: Index, passages: Sequence[Passage]) -> float:
    """Add the passages, with a commit every few thousand; return the seconds."""
    start = time.perf_counter()
    for at in range(0, len(passages), _STEP):
        index.add(passages[at : at + _STEP], classify=False)
    return time.perf_counter() - start


def size(options: dict[str, Any], index: Index) -> int:
    """Bytes of the primary shards after merging."""
    from opensearchpy import OpenSearch

    name = index._directory.manifest().options["name"]
    with OpenSearch(options["url"], timeout=300) as client:
        client.indices.forcemerge(index=name, max_num_segments=1)
        return int(client.indices.stats(index=name)["_all"]["primaries"]["store"]["size_in_bytes"])


def ask(index: Index, query: Query) -> tuple[int, list[str]]:
    """The number of matches, and the ids of the ten best."""
    text = " ".join(query.words)
    area = "kinh-te" if query.kind == "area" else None
    found = index.search(f'"{text}"' if query.kind == "phrase" else text, area=area, collapse=False)
    return found.total, [hit.passage.id for hit in found]


def agreement(one: Index, other: Index, sample: Sequence[Query]) -> str:
    """Compare the results of both engines."""
    pairs = [(ask(one, query), ask(other, query)) for query in sample]
    found = sum(len(ours[1]) for ours, _ in pairs)
    same = sum(len(set(ours[1]) & set(theirs[1])) for ours, theirs in pairs)
    totals = sum(ours[0] == theirs[0] for ours, theirs in pairs)
    orders = sum(ours[1] == theirs[1] for ours, theirs in pairs)
    return f"{same / max(found, 1):.2%} | {totals} of {len(pairs)} | {orders} of {len(pairs)}"


def relevance(folder: Path, options: dict[str, Any]) -> str:
    """The row of one relevance set."""
    given = read_set(folder)
    passages, ids = as_passages(given.documents)
    values = []
    with (
        tempfile.TemporaryDirectory(prefix="tracuu-cluster-") as place,
        both(Path(place), options) as indexes,
    ):
        for index in indexes:
            index.add(passages)
            ranked = {
                query.id: [ids[hit] for hit in best(index, query.text)] for query in given.queries
            }
            values.append(mean(measure(given.judgements, ranked)["nDCG@10"]))
    return f"| {folder.name} | {len(given.queries):,} | {values[0]:.4f} | {values[1]:.4f} |"


def best(index: Index, text: str) -> list[str]:
    """The ids of the top ten."""
    try:
        found = index.search(text, collapse=False)
    except QueryError:
        found = index.search(text, literal=True, collapse=False)
    return [hit.passage.id for hit in found]


def measured(given: argparse.Namespace, options: dict[str, Any]) -> Iterator[str]:
    """The rows of speed and agreement for one number of paragraphs."""
    passages = [
        Passage(f"r{at // _EACH:05}", at % _EACH + 1, text)
        for at, text in enumerate(paragraphs(given.paragraphs, given.scale))
    ]
    sample = queries([passage.text for passage in passages])
    count = len(passages)
    with (
        tempfile.TemporaryDirectory(prefix="tracuu-cluster-") as place,
        both(Path(place), options) as (whoosh, remote),
    ):
        slow = fill(whoosh, passages)
        fast = fill(remote, passages)
        room = size(options, remote)
        yield (
            f"Indexing {count:,} {kind(given.scale)} by one process, "
            "the segmentation of words included:"
        )
        yield (
            f"{count / fast:,.0f} passages/s ({count / slow:,.0f} with Whoosh). "
            "On the cluster's disks, copies left"
        )
        yield f"out, {room / count:,.0f} bytes a passage."
        yield ""
        yield "| engine | threads | p50, ms | p95, ms | p99, ms | queries/s |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: |"
        for name, index in (("whoosh", whoosh), ("opensearch", remote)):
            timed(lambda query, index=index: ask(index, query), sample, 1)
            for threads in (1, 8):
                times, rate = timed(lambda query, index=index: ask(index, query), sample, threads)
                p50, p95, p99 = (percentile(times, share) for share in (0.5, 0.95, 0.99))
                yield f"| {name} | {threads} | {p50:.1f} | {p95:.1f} | {p99:.1f} | {rate:,.0f} |"
                print(name, threads, f"{p50:.1f} {p95:.1f}", file=sys.stderr, flush=True)
        yield ""
        yield "| the ten best the same | totals the same | lists the same to the last place |"
        yield "| ---: | ---: | ---: |"
        yield f"| {agreement(whoosh, remote, sample)} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", type=Path, nargs="*")
    parser.add_argument("--paragraphs", type=int, default=10_000)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--shards", type=int, default=3)
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--url")
    parser.add_argument("--scale", type=Path, default=DEFAULT)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with addresses(given.url, given.nodes) as urls:
        options = {"url": urls, "shards": given.shards, "replicas": given.replicas}
        machine = environment(PACKAGES)
        lines = [
            f"Made by `python benchmarks/cluster.py SET…` on {machine}; {len(urls)} nodes on the "
            f"same machine, {given.shards} shards, {given.replicas} replicas.",
            "",
            *measured(given, options),
        ]
        if given.sets:
            lines += [
                "",
                "| set | queries | nDCG@10, whoosh | nDCG@10, opensearch |",
                "| --- | ---: | ---: | ---: |",
            ]
            lines += [relevance(folder, options) for folder in given.sets]
    print("\n".join(lines))
    if given.out is not None:
        put_block(given.out / "opensearch.md", "measured", lines)


if __name__ == "__main__":
    main()
