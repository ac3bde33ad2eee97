"""Time of a search in a new process.

    python benchmarks/indexing.py --keep DIR
    python benchmarks/cold_start.py DIR [--sizes 10000 100000] [--runs 15]

Compared with a process that only imports click and Whoosh. The commands alternate; files are in the
disk cache, and all modules have bytecode, as after pip install (an uncounted first round ensures
both, in any environment). Wall-clock medians. ``searching.py`` prints the same lines.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

RUNS = 15
_SEARCH = "import sys; from tracuu.cli import main; main(sys.argv[1:])"
_QUERY = "giải ngân vốn"
_LEAST = "import click, whoosh.index"


def measure(folders: Sequence[Path], runs: int = RUNS) -> list[float]:
    """Seconds of the minimal process, and of a search in each of the indexes."""
    commands = [[sys.executable, "-c", _LEAST]]
    commands += [
        [sys.executable, "-c", _SEARCH, "search", _QUERY, "--index", str(folder)]
        for folder in folders
    ]
    times: list[list[float]] = [[] for _ in commands]
    with tempfile.TemporaryDirectory(prefix="tracuu-bytecode-") as bytecode:
        environ = os.environ | {"PYTHONUTF8": "1", "PYTHONPYCACHEPREFIX": bytecode}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(runs + 1):
            for command, mine in zip(commands, times, strict=True):
                start = time.perf_counter()
                subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environ)
                mine.append(time.perf_counter() - start)
    return [median(mine[1:]) for mine in times]


def lines(folder: Path, sizes: Sequence[int], runs: int = RUNS) -> list[str]:
    """The measurements, one sentence per size.

    ``folder`` contains the indexes of indexing.py.
    """
    least, *ours = measure([folder / str(count) / "tracuu" for count in sizes], runs)
    return [
        f"Cold: `tracuu search` in a new process takes {seconds * 1000:.0f} ms on {count:,} "
        "paragraphs, "
        f'`python -c "{_LEAST}"` {least * 1000:.0f} ms: {seconds / least:.1f} ×.'
        for count, seconds in zip(sizes, ours, strict=True)
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    print("\n".join(lines(given.folder, given.sizes, given.runs)))


if __name__ == "__main__":
    main()
