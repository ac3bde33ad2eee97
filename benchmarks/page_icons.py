"""Draw the icon of the web page and the picture of link previews.

    python benchmarks/page_icons.py

Needs the extra ``browser`` and Chromium. Writes ``favicon.ico`` (16, 32 and 48 pixels) and
``preview.png`` (1200 × 630, as recommended for Open Graph) to ``web/page/static``, drawn from
``logo.svg``, ``drum.svg`` and the font there.
"""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path
from typing import Any

from browser import find_chromium, started

STATIC = Path(__file__).resolve().parent.parent / "web" / "page" / "static"
SIZES = (16, 32, 48)
PREVIEW = {"width": 1200, "height": 630}
TITLE = "Tra cứu"
LINE = "Tìm đúng đoạn cần tìm trong báo cáo của cấp ủy, chính quyền"
_TYPES = {".svg": "image/svg+xml", ".woff2": "font/woff2"}


def data_url(name: str) -> str:
    """A file of the page as a data: address."""
    path = STATIC / name
    return f"data:{_TYPES[path.suffix]};base64,{base64.b64encode(path.read_bytes()).decode()}"


def preview_html() -> str:
    """The picture of link previews, as an HTML page of its size."""
    faces = "".join(
        f"@font-face {{ font-family: P; font-weight: {weight};"
        f" src: url({data_url(f'be-vietnam-pro-{subset}-{weight}.woff2')}); unicode-range: "
        f"{part}; }}"
        for weight in (400, 600)
        for subset, part in (("latin", "U+0-FF"), ("vietnamese", "U+100-1EFF"))
    )
    return f"""<!doctype html><meta charset="utf-8"><style>{faces}
      body {{ margin: 0; width: 1200px; height: 630px; overflow: hidden; position: relative;
        background: #3a100d; color: #fbf1df; font-family: P; }}
      .drum {{ position: absolute; width: 860px; right: -420px; top: -115px; opacity: .3; }}
      .name {{ position: absolute; left: 80px; top: 84px; display: flex; gap: 24px;
        align-items: center; color: #f0cd7a; font: 600 64px/1.3 P; }}
      .line {{ position: absolute; left: 80px; top: 250px; width: 720px; margin: 0;
        font: 600 54px/1.4 P; letter-spacing: -.01em; }}
    </style><img class="drum" src="{data_url("drum.svg")}"><div class="name">
      <img src="{data_url("logo.svg")}" width="92">{TITLE}</div><p class="line">{LINE}</p>"""


def main() -> int:
    """Write both files; return 1 if there is no browser."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        print("no Chromium is installed (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    with sync_playwright() as playwright, started(playwright, path) as browser:
        icons = [Image.open(io.BytesIO(_icon(browser, size))) for size in SIZES]
        page = browser.new_page(viewport=PREVIEW)
        page.set_content(preview_html())
        page.evaluate("document.fonts.ready")
        preview = Image.open(io.BytesIO(page.screenshot()))
    icons[-1].save(
        STATIC / "favicon.ico", sizes=[(size, size) for size in SIZES], append_images=icons[:-1]
    )
    few = preview.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(STATIC / "preview.png", optimize=True)
    for name in ("favicon.ico", "preview.png"):
        print(f"{name:12} {(STATIC / name).stat().st_size / 1000:6.1f} KB")
    return 0


def _icon(browser: Any, size: int) -> bytes:
    """The logo in ``size`` pixels, as PNG."""
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(
        f'<style>body {{ margin: 0 }} img {{ display: block }}</style><img width="{size}" '
        f'height="{size}" src="{data_url("logo.svg")}">'
    )
    page.wait_for_function("document.images[0].complete")
    content: bytes = page.screenshot(omit_background=True)
    page.close()
    return content


if __name__ == "__main__":
    sys.exit(main())
