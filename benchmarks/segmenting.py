"""Compare tracuu's decoding of underthesea's model with underthesea's own words.

    python benchmarks/segmenting.py [--count 100620] [--step 1] [--scale FILE]

Segments every paragraph in both ways, and measures the speed. Exit code 1 if one differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from scale import DEFAULT, kind, paragraphs


def main() -> None:
    """Compare and print."""
    from tracuu.vietnamese import Segmenter
    from tracuu.vietnamese.tokens import columns_of

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--step", type=int, default=1, help="take every N-th paragraph")
    parser.add_argument("--scale", type=Path, default=DEFAULT)
    given = parser.parse_args()
    segmenter = Segmenter()
    segmenter.warm_up()
    cutter = Segmenter._cutter
    if cutter is None:
        sys.exit(
            "this version of underthesea has a model of another kind, so that it is used every time"
        )
    seconds, cut, different, words = [0.0, 0.0], 0, 0, 0
    for number, text in enumerate(paragraphs(given.count, given.scale)):
        if number % given.step:
            continue
        columns, found = columns_of(text), []
        for way, chosen in enumerate((cutter, None)):
            Segmenter._cutter = chosen
            start = time.process_time()
            found.append(segmenter.segment_columns(text, columns))
            seconds[way] += time.process_time() - start
        cut += 1
        words += len(found[1])
        if found[0] != found[1]:
            different += 1
            print(f"differs: {text[:200]!r}")
    print(f"{cut:,} {kind(given.scale)}, {words:,} words: {different:,} differ")
    print(f"ours {seconds[0]:.1f} s, underthesea {seconds[1]:.1f} s of processor time")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
