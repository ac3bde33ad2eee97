"""Adding a report and correcting a passage in the browser, with the token."""

from __future__ import annotations

import pytest

from tracuu import Index

TOKEN = "a-token-for-tests-only"
TEXT = "BÁO CÁO\nkết quả năm 2023 của xã Suối Mơ\n\nI. KINH TẾ\n\nTrồng mới 12 ha sầu riêng, đạt kế hoạch.\n"


@pytest.fixture
def kept(root, tmp_path):
    with Index.create(tmp_path / "index") as index:
        list(index.update([root / "corpus" / "samples"], jobs=1))
    return tmp_path / "index"


def test_a_report_is_shown_as_it_is_understood_before_it_is_kept(chromium, serve, kept):
    with serve(kept, token=TOKEN) as address:
        page = chromium.new_page(base_url=address)
        page.goto("/reports")
        page.click("text=Thêm báo cáo")
        page.fill("#upload-token", TOKEN)
        # the browser's own words for "Choose File" are not shown, and the whole box takes a click
        assert (
            page.evaluate("getComputedStyle(document.getElementById('upload-file')).opacity") == "0"
        )
        boxes = [page.locator(name).bounding_box() for name in (".drop", "#upload-file")]
        assert boxes[1]["height"] > 0.9 * boxes[0]["height"]
        file = {"name": "suoi mo 2023.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
        page.set_input_files("#upload-file", file)
        page.wait_for_selector("#upload-keep:visible")
        outline = page.inner_text(".upload-outline").split("\n")
        assert outline[:2] == ["I. KINH TẾ", "1"]
        with Index.open(kept) as index:
            assert len(index.reports()) == 3
        assert not list(kept.glob("preview-*"))
        page.click("#upload-keep")
        page.click("#upload-outline a")
        assert "sầu riêng" in page.inner_text(".sheet")
        page.close()


def test_a_wrong_token_keeps_nothing_and_says_so(chromium, serve, kept):
    with serve(kept, token=TOKEN) as address:
        page = chromium.new_page(base_url=address)
        page.goto("/upload")
        page.fill("#upload-token", "wrong-token-wrong-token")
        file = {"name": "a.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
        page.set_input_files("#upload-file", file)
        page.wait_for_selector("#upload-outline:has-text('Authorization')")
        assert page.is_hidden("#upload-keep")
        page.close()


def test_what_the_api_refuses_is_wanted_in_the_language_of_the_page(chromium, serve, kept):
    broken = {"name": "hong.docx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 no zip"}
    with serve(kept, token=TOKEN) as address:
        for lang, wanted in (("vi", "bị cụt hoặc hỏng"), ("en", "truncated or damaged")):
            page = chromium.new_page(base_url=address)
            page.goto(f"/upload?lang={lang}")
            page.fill("#upload-token", TOKEN)
            page.set_input_files("#upload-file", broken)
            page.wait_for_selector(f"#upload-outline:has-text('{wanted}')")
            page.close()


def test_a_passage_is_corrected_in_place(chromium, serve, kept):
    address_of = "/reports/bao-cao-kiem-diem-quan-uy-nhiem-ky-xi/6"
    with serve(kept, token=TOKEN) as address:
        page = chromium.new_page(base_url=address, viewport={"width": 1280, "height": 900})
        page.goto(address_of)
        page.click(".correct summary")
        page.select_option("#correct-assessment", "achievement")
        page.fill("#correct-who", "Lan")
        page.fill("#correct-token", TOKEN)
        page.click("#correct button")
        page.wait_for_selector(".now .tone-achievement")
        assert "Lan" in page.inner_text(".side")
        page.close()


def test_a_server_that_only_reads_offers_neither(client, kept):
    http = client(kept)
    assert "/upload" not in http.get("/reports").text
    assert "chỉ cho đọc" in http.get("/upload").text
    assert 'id="correct"' not in http.get("/reports/bao-cao-kiem-diem-quan-uy-nhiem-ky-xi/6").text
