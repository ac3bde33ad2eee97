"""Waiting times of searches of the HTTP service during comparisons.

    python benchmarks/comparing_load.py [--size 1000]

Serves an index with two reports of ``--size`` passages (made as in comparing_speed.py) in one
process, and repeats one search: first alone, then while two and eight clients request the
comparison without pause.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from comparing_speed import Chain
from serving import served

from tracuu import Index, Report

SEARCHES = 100
SEARCH = "/api/v1/search?q=" + quote("giải ngân vốn đầu tư")
COMPARE = "/compare?a=then&b=now"


def status(address: str) -> int:
    """The status of one request."""
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def searches(base: str) -> tuple[float, float, int]:
    """Median and 95th percentile of search times in ms, and the number of failures."""
    times, failed = [], 0
    for _ in range(SEARCHES):
        start = time.perf_counter()
        failed += status(base + SEARCH) != 200
        times.append(1000 * (time.perf_counter() - start))
        time.sleep(0.02)
    times.sort()
    return times[SEARCHES // 2], times[int(SEARCHES * 0.95)], failed


def while_comparing(base: str, clients: int) -> tuple[tuple[float, float, int], Counter[int]]:
    """Times of searches, and statuses of comparisons by ``clients`` in the meantime."""
    over, statuses = threading.Event(), Counter[int]()

    def compare() -> None:
        while not over.is_set():
            answered = status(base + COMPARE)
            statuses[answered] += 1
            if answered == 503:
                time.sleep(1)  # the value of Retry-After

    threads = [threading.Thread(target=compare) for _ in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(1 if clients else 0)
    found = searches(base)
    over.set()
    for thread in threads:
        thread.join()
    return found, statuses


def main() -> None:
    """Print one line for each number of comparing clients."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=1000)
    size = parser.parse_args().size
    with tempfile.TemporaryDirectory() as folder:
        path, chain = Path(folder) / "index", Chain(7)
        with Index.create(path) as index:
            for name, term in (("then", (2015, 2020)), ("now", (2020, 2025))):
                index.add(
                    chain.report(name, size),
                    report=Report(name, title=name, term=term),
                    classify=False,
                )
        with served(path) as port:
            base = f"http://127.0.0.1:{port}"
            status(base + SEARCH)
            print(
                f"{'clients that compare':>20}{'search p50, ms':>16}{'p95, ms':>10}{'failed':>8}  "
                "comparisons"
            )
            for clients in (0, 2, 8):
                (median, tail, failed), statuses = while_comparing(base, clients)
                outcomes = ", ".join(
                    f"{number} × {code}" for code, number in sorted(statuses.items())
                )
                print(f"{clients:>20}{median:>16.0f}{tail:>10.0f}{failed:>8}  {outcomes}")


if __name__ == "__main__":
    main()
