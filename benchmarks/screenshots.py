"""Take screenshots of the web page, for README and docs or for a review.

For example::

    python benchmarks/screenshots.py
    python benchmarks/screenshots.py --review DIR [--index INDEX]

Needs the extras ``web``, ``plot``, ``pdf`` and ``browser``, and Chromium. Without options it serves
an index of invented reports and writes one PNG per picture to ``docs/images``, each reduced to 256
colours and at most 200 KB. ``--review`` writes every kind of page to DIR instead: for a desktop
(1440 points wide), for a phone (390), in dark mode, and the first printed sheet.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator
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
TERMS = "&".join(f"r=bao-cao-kiem-diem-quan-uy-nhiem-ky-{term}" for term in ("xi", "xii"))
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "page-home": ("/", DESKTOP),
    "page-results": (f"/?q={CADRES}", DESKTOP),
    "page-results-dark": (
        f"/?q={CADRES}&assessment=shortcoming&lang=en",
        {**DESKTOP, "color_scheme": "dark"},
    ),
    "page-passage": (f"{REPORT}/5?q={QUERY}", DESKTOP),
    "page-charts": ("/charts", DESKTOP),
    "page-compare": (f"/compare?{TERMS}#kinh-te", DESKTOP),
    "page-phone": (f"/?q={QUERY}&assessment=achievement", PHONE),
    "page-phone-charts": ("/charts", PHONE),
}
PRINTED = {"page-print": f"/compare?{TERMS}"}
REVIEWED = {
    "home": "/",
    "results": f"/?q={CADRES}",
    "filtered": f"/?q={CADRES}&assessment=shortcoming",
    "nothing": f"/?q={QUERY}&year=1950",
    "wrong-query": "/?q=NOT",
    "reports": "/reports",
    "report": REPORT,
    "passage": f"{REPORT}/5?q={QUERY}",
    "charts": f"/charts?q={CADRES}",
    "compare-choose": "/compare",
    "compare": f"/compare?{TERMS}",
    "help": "/help",
    "upload": "/upload",
}
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {**PHONE, "viewport": {"width": 390, "height": 844}},
}


def main() -> int:
    """Write the pictures; return 1 if one is too large or there is no browser."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--review", type=Path, metavar="DIR", help="all pages, to DIR")
    parser.add_argument("--index", type=Path, help="an index to serve instead")
    given = parser.parse_args()
    path = find_chromium()
    if path is None:
        print("no Chromium is installed (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    folder = given.review or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as temporary:
        index = given.index or made(Path(temporary) / "index")
        with (
            served(index, token="a-token-for-pictures" if given.review else None) as address,
            sync_playwright() as playwright,
            started(playwright, path) as browser,
        ):
            for name, content in (reviewed if given.review else pictures)(browser, address):
                (folder / f"{name}.png").write_bytes(content)
                sizes[name] = len(content)
    for name, size in sizes.items():
        print(f"{name:20} {size / 1000:6.0f} KB")
    return int(not given.review and any(size > MOST for size in sizes.values()))


def made(path: Path) -> Path:
    """Make an index of the samples and of invented reports on other terms."""
    from tracuu import Index

    terms = sorted((ROOT / "tests" / "data" / "terms").glob("*.txt"))
    with Index.create(path) as index:
        list(index.update([ROOT / "corpus" / "samples", *terms]))
    return path


def pictures(browser: Any, address: str) -> Iterator[tuple[str, bytes]]:
    """The pictures of README and docs, by name."""
    for name, (page, options) in PICTURES.items():
        yield name, reduced(shot(browser, address + page, options))
    for name, page in PRINTED.items():
        yield name, reduced(sheet(browser, address + page))


def reviewed(browser: Any, address: str) -> Iterator[tuple[str, bytes]]:
    """Take every kind of page in every mode."""
    for name, page in REVIEWED.items():
        for look, options in LOOKS.items():
            yield f"{name}-{look}", shot(browser, address + page, options)
        yield f"{name}-print", sheet(browser, address + page)


def shot(browser: Any, page: str, options: dict[str, Any]) -> bytes:
    """The visible part of ``page``, as PNG."""
    context = browser.new_context(reduced_motion="reduce", locale="vi-VN", **options)
    tab = context.new_page()
    tab.goto(page, wait_until="networkidle")
    tab.evaluate("document.fonts.ready")
    content: bytes = tab.screenshot()
    context.close()
    return content


def sheet(browser: Any, page: str) -> bytes:
    """The first printed sheet of ``page``, as PNG."""
    import pypdfium2

    context = browser.new_context(locale="vi-VN")
    tab = context.new_page()
    tab.goto(page, wait_until="networkidle")
    printed = pypdfium2.PdfDocument(tab.pdf(prefer_css_page_size=True, format="A4"))
    context.close()
    content = io.BytesIO()
    printed[0].render(scale=1.3).to_pil().save(content, format="PNG")
    printed.close()
    return content.getvalue()


def reduced(png: bytes) -> bytes:
    """The picture in 256 colours at most; no visible loss for text and flat colours."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    content = io.BytesIO()
    few.save(content, format="PNG", optimize=True)
    return content.getvalue()


if __name__ == "__main__":
    sys.exit(main())
