"""The whole way: type two words, see them by term, follow a bar, land on the sentence, open the PDF at its page."""

from __future__ import annotations

import re

import pytest

from tracuu import Index

pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")

REPORT = """<h1>BÁO CÁO</h1><p>tổng kết nhiệm kỳ 2015 – 2020 của Huyện ủy Suối Mơ</p>
<h2>I. KINH TẾ, NGÂN SÁCH</h2><h3>1. Ưu điểm</h3><p>Thu ngân sách tăng đều qua các năm, giải ngân đạt kế hoạch.</p>
<h3 style="break-before: page">2. Tồn tại, hạn chế</h3>
<p>Công tác giải ngân vốn đầu tư công còn chậm, nhiều công trình kéo dài sang năm sau.</p>"""


def test_from_two_words_to_the_page_of_the_pdf(chromium, serve, root, tmp_path):
    sheet = chromium.new_page()
    sheet.set_content(REPORT)
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "suoi-mo.pdf").write_bytes(sheet.pdf(format="A4"))
    sheet.close()
    with Index.create(tmp_path / "index") as index:
        list(index.update([folder, root / "corpus" / "samples"], jobs=1))
    with serve(tmp_path / "index", originals=True) as address:
        page = chromium.new_page(
            base_url=address, viewport={"width": 1280, "height": 860}, reduced_motion="reduce"
        )
        page.goto("/")
        page.fill("#q", "giai ngan")
        page.press("#q", "Enter")
        page.wait_for_selector(".short")
        term = page.locator(".short li", has_text="2015–2020")
        bar = term.locator(".bar-link.tone-shortcoming")
        count = int(bar.locator(".bar-n").inner_text())
        bar.click()
        page.wait_for_selector(".chip:has-text('2015–2020')")
        assert page.locator(".hit").count() == count > 0
        page.click(".hit:has-text('kéo dài sang năm sau') h3 a")
        page.wait_for_selector("#found")
        box = page.locator("#found").bounding_box()
        assert 0 < box["y"] < 860
        assert page.inner_text("#found").lower() == "giải ngân"
        link = page.get_attribute("a:has-text('Mở bản gốc')", "href")
        assert re.fullmatch(r"/originals/[\w-]+#page=2", link)
        answer = page.request.get(link)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF")
        page.click(".page-picture summary")
        page.wait_for_function(
            "() => { const image = document.querySelector('.page-picture img'); return image.complete && image.naturalWidth > 500; }"
        )
        page.close()
