"""Draw the pictures of docs/pictures.md from the sample reports.

python docs/pictures/draw.py
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tracuu import Index
from tracuu.charts import Picture, draw, matrix, shares, timeline
from tracuu.charts.home import spare_home

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent.parent / "corpus" / "samples"


def main() -> None:
    """Write one SVG per picture beside this file."""
    spare_home(os.environ)
    with tempfile.TemporaryDirectory() as folder, Index.create(Path(folder) / "index") as index:
        list(index.update([SAMPLES]))
        pictures: dict[str, Picture] = {
            "matrix": matrix(index),
            "timeline": timeline(index, "cán bộ"),
            "shares": shares(index),
        }
        for name, picture in pictures.items():
            (HERE / f"{name}.svg").write_bytes(draw(picture))


if __name__ == "__main__":
    main()
