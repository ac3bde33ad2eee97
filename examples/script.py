"""Index a folder, then print the shortcomings of one leadership area.

python script.py reports/ --index reports.idx --area kinh-te "giải ngân vốn"
"""

from __future__ import annotations

import argparse
import os
import sys

from tracuu import Index, TracuuError
from tracuu.errors import IndexNotFound


def open_or_create(path: str) -> Index:
    """Open the index at ``path``, or create it."""
    try:
        return Index.open(path)
    except IndexNotFound:
        return Index.create(path)


def main() -> int:
    """Parse the command line, index, search and print."""
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("query")
    options.add_argument("--index", default="reports.idx")
    options.add_argument("--area")
    given = options.parse_args()
    try:
        with open_or_create(given.index) as index:
            # a generator: iterate over it to run the update
            for change in index.update([given.folder]):
                if change.kind == "failed":
                    print(f"not read: {change.path}", file=sys.stderr)
            results = index.search(given.query, area=given.area, assessment="shortcoming", limit=5)
            print(f"shortcomings: {results.total}")
            for hit in results:
                print(f"\n{hit.passage.id}  {' › '.join(hit.passage.heading_path)}\n{hit.snippet}")
    except TracuuError as error:  # the message explains the error and the next step
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    if os.name == "nt":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
