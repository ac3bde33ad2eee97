"""Take the pictures of the web page for README and docs.

    python benchmarks/screenshots.py

Needs the extras ``web``, ``plot`` and ``browser``, and Chromium. It serves an index of the sample
reports and writes one PNG per picture to ``docs/images``, each reduced to 256 colours and at most
200 KB.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from browser import find_chromium, served, started

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images"
MOST = 200_000
QUERY = quote("giải ngân vốn đầu tư")
CADRES = quote("công tác cán bộ")
REPORT = "/reports/bao-cao-kiem-diem-quan-uy-nhiem-ky-xi"
DESKTOP = {"viewport": {"width": 1280, "height": 860}}
PHONE = {
    "viewport": {"width": 375, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "page-home": ("/", DESKTOP),
    "page-results": (f"/?q={CADRES}", DESKTOP),
    "page-results-dark": (
        f"/?q={CADRES}&assessment=shortcoming&lang=en",
        {**DESKTOP, "color_scheme": "dark"},
    ),
    "page-passage": (f"{REPORT}/5?q={QUERY}", DESKTOP),
    "page-phone": (f"/?q={QUERY}&assessment=achievement", PHONE),
}


def main() -> int:
    """Write the pictures; 1 where one is too large or there is no browser."""
    from playwright.sync_api import sync_playwright

    from tracuu import Index

    path = find_chromium()
    if path is None:
        print("no Chromium is installed (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        with Index.create(index) as made:
            list(made.update([ROOT / "corpus" / "samples"]))
        with (
            served(index) as address,
            sync_playwright() as playwright,
            started(playwright, path) as browser,
        ):
            for name, (page, options) in PICTURES.items():
                context = browser.new_context(
                    base_url=address, reduced_motion="reduce", locale="vi-VN", **options
                )
                tab = context.new_page()
                tab.goto(page, wait_until="networkidle")
                content = reduced(tab.screenshot())
                context.close()
                (FOLDER / f"{name}.png").write_bytes(content)
                sizes[name] = len(content)
    for name, size in sizes.items():
        print(f"{name:20} {size / 1000:6.0f} KB")
    return int(any(size > MOST for size in sizes.values()))


def reduced(png: bytes) -> bytes:
    """The picture in 256 colours at most: no visible loss in letters and flat colours."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    content = io.BytesIO()
    few.save(content, format="PNG", optimize=True)
    return content.getvalue()


if __name__ == "__main__":
    sys.exit(main())
