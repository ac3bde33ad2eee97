"""Number of calls of a search from one module of tracuu into another.

    python benchmarks/crossings.py [PATH…] [--top N]

Counted by ``sys.setprofile``: calls whose caller is in another file of the package, including
resumed generators; calls through other libraries are not counted. The index is made from the given
files (default: the sample reports), and each search runs three times first, so that caches are
filled. The count is the same in every run. ``--top`` adds the most frequent pairs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

import tracuu
from tracuu import Index

ROOT = os.path.dirname(os.path.realpath(tracuu.__file__)) + os.sep
SAMPLES = Path(ROOT, "corpus", "samples")
WARM = 3  # searches before the one that is counted
SEARCHES: dict[str, dict[str, Any]] = {
    "one word": {"query": "ngân sách"},
    "a question": {"query": "hạn chế trong quản lý đất đai là gì"},
    "filters and facets": {
        "query": "quản lý",
        "area": ["kinh-te", "do-thi"],
        "assessment": "shortcoming",
        "year": (2000, 2030),
    },
}


def count(call: Callable[[], object]) -> Counter[tuple[str, str]]:
    """Number of calls from one module into another: (caller, callee) → calls."""
    crossings: Counter[tuple[str, str]] = Counter()

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or frame.f_back is None:
            return
        caller, callee = (_module(one.f_code.co_filename) for one in (frame.f_back, frame))
        if caller and callee and caller != callee:
            crossings[caller, callee] += 1

    sys.setprofile(profile)
    try:
        call()
    finally:
        sys.setprofile(None)
    return crossings


@cache
def _module(file: str) -> str:
    """The relative path of a file of the package; empty for others and generated code."""
    path = os.path.realpath(file)
    return path.removeprefix(ROOT) if not file.startswith("<") and path.startswith(ROOT) else ""


def measure(paths: Sequence[str | os.PathLike[str]]) -> dict[str, Counter[tuple[str, str]]]:
    """The crossings of each of ``SEARCHES`` in an index of the files ``paths``."""
    found = {}
    with (
        tempfile.TemporaryDirectory(prefix="tracuu-crossings-") as folder,
        Index.create(Path(folder, "index")) as index,
    ):
        for _ in index.update(paths, jobs=1):
            pass
        for name, arguments in SEARCHES.items():
            search = partial(index.search, **arguments)
            for _ in range(WARM):
                search()
            found[name] = count(search)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, default=[SAMPLES])
    parser.add_argument("--top", type=int, default=0)
    given = parser.parse_args()
    print("| search | calls between modules | pairs of modules |\n| --- | ---: | ---: |")
    for name, crossings in measure(given.paths).items():
        print(f"| {name} | {crossings.total()} | {len(crossings)} |")
        for (caller, callee), calls in crossings.most_common(given.top):
            print(f"    {calls:4} {caller} → {callee}")


if __name__ == "__main__":
    main()
