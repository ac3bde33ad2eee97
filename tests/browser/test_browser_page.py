"""The page that searches inside a browser, in a real one.

``.ci/run`` builds the page (``python browser/build.py FOLDER``) and names its folder in
``TRACUU_BROWSER_PAGE``: building needs the network, which tests do not use.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
FOLDER = os.environ.get("TRACUU_BROWSER_PAGE", "")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.skipif(
        not FOLDER, reason="TRACUU_BROWSER_PAGE does not name a folder made by browser/build.py"
    ),
]
QUERY = "giải ngân vốn đầu tư"
START = 120_000  # milliseconds; Python starts from cold and reads three reports on a busy machine
ANSWERED = re.compile(r"\d+ đoạn|Không tìm thấy")
OWN = "BÁO CÁO\nTổng kết công tác năm 2023\n\nI. Văn hóa – xã hội\n1. Kết quả\nToàn xã xây mới hai thư viện cho thiếu nhi, đón 4.100 lượt bạn đọc.\nĐoàn Сочи (日本, ĸ) tặng 20 máy tính; thư gửi về a@xa.gov.vn.\n"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    handler = functools.partial(_Quiet, directory=FOLDER)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with playwright.sync_playwright() as tools:
        made = tools.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            accept_downloads=True,
        )
        made.set_default_timeout(START)
        yield made
        made.close()


@pytest.fixture(scope="module")
def requests(context: Any) -> list[str]:
    seen: list[str] = []
    context.on("request", lambda request: seen.append(request.url))
    return seen


@pytest.fixture(scope="module")
def page(context: Any, server: http.server.ThreadingHTTPServer, requests: list[str]) -> Any:
    """The page with the sample reports and a report that was dropped."""
    made = context.new_page()
    made.goto(f"http://127.0.0.1:{server.server_port}/")
    made.wait_for_selector("body[data-ready=yes]")
    made.click("#samples")
    playwright.expect(made.locator("#reports li")).to_have_count(3, timeout=START)
    file = {"name": "xa.txt", "mimeType": "text/plain", "buffer": OWN.encode()}
    broken = {"name": "hỏng.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 broken"}
    web = {"name": "trang.html", "mimeType": "text/html", "buffer": b"<p>Trang</p>"}
    made.set_input_files("#chosen", [file, broken, web])
    playwright.expect(made.locator("#reports li")).to_have_count(4, timeout=START)
    playwright.expect(made.locator("#failed li")).to_have_count(2, timeout=START)
    return made


def search(page: Any, query: str) -> list[str]:
    page.fill("#query", query)
    page.evaluate("document.getElementById('status').textContent = ''")
    page.press("#query", "Enter")
    playwright.expect(page.locator("#status")).to_have_text(ANSWERED, timeout=START)
    return shown(page, "#results li:not(.below ~ li) .text")


def shown(page: Any, selector: str) -> list[str]:
    return [str(text) for text in page.locator(selector).all_text_contents()]


def test_it_finds_what_tracuu_finds(page: Any, tmp_path: Path, root: Path) -> None:
    samples = root / "corpus" / "samples"
    with Index.create(tmp_path / "index") as index:
        for path in sorted(samples.glob("*.txt")):
            index.put(path.read_bytes(), name=path.name)
        index.put(OWN.encode(), name="xa.txt")
        results = index.search(QUERY, partial=True)
    expected = [hit.passage.text for hit in results]
    assert expected
    assert search(page, QUERY) == expected
    assert page.locator("#results mark").count() > len(expected)
    # Those that lack some of the words stand below, each with the words.
    below = page.locator("#results .below ~ li")
    assert shown(page, "#results .below ~ li .text") == [
        hit.passage.text for hit in results.partial
    ]
    assert below.count() == page.get_by_text(re.compile("^Không có: ")).count() > 0


def test_a_dropped_report_is_found_without_diacritics(page: Any) -> None:
    assert any("thư viện cho thiếu nhi" in text for text in search(page, "thu vien thieu nhi"))


def test_letters_of_other_languages_cost_no_report(page: Any) -> None:
    # what only underthesea can split; its compiled part is not in the browser
    assert any("Сочи" in text for text in search(page, "tặng máy tính"))


def test_a_broken_file_says_why_and_stops_nothing(page: Any) -> None:
    broken, web = page.locator("#failed li").all_inner_texts()
    assert broken.startswith("hỏng.pdf: ")
    assert web.startswith("trang.html: trang này không đọc được")
    assert "pip" not in web  # nothing can be installed in a browser


def test_a_word_that_no_report_has_is_named(page: Any) -> None:
    search(page, "giải ngân zzxqwv")
    assert "zzxqwv" in page.locator("#status").inner_text()


def test_what_was_not_searched_as_typed_is_said(page: Any) -> None:
    def said(query: str) -> str:
        search(page, query)
        return str(page.locator("#status").inner_text())

    assert "“ngân”" in said("giải ngâm vốn")
    assert "ngâm" in page.locator("#results li").first.inner_text()
    assert "Không đoạn nào có “rô”" in said("thư viện cá rô")
    assert "Đây là số của văn bản: “bao-cao-chinh-tri-" in said("128-BC/HU")
    assert "có một phần" in said("thư viện ngân sách quốc phòng")
    assert "phép tìm: “VÀ”" in said("thư viện VÀ thiếu nhi")
    page.select_option("#area", "kinh-te")
    assert "Bỏ bộ lọc: " in said("thư viện")
    page.select_option("#area", "")
    said("thuw vieejn")
    page.click("#meant")
    playwright.expect(page.locator("#query")).to_have_value("thư viện")
    playwright.expect(page.locator("#status")).to_have_text(re.compile("^2 đoạn"), timeout=START)


def test_a_query_that_is_refused_leaves_no_results_of_the_one_before(page: Any) -> None:
    assert search(page, QUERY)
    page.fill("#query", "NOT AND")
    page.press("#query", "Enter")
    playwright.expect(page.locator("#results li")).to_have_count(0, timeout=START)
    playwright.expect(page.locator("#status")).to_have_text(re.compile("NOT"))


def test_signs_alone_hold_no_word(page: Any) -> None:
    page.fill("#query", "((")
    page.press("#query", "Enter")
    playwright.expect(page.locator("#status")).to_have_text(
        re.compile("^Không có từ nào"), timeout=START
    )


def test_a_bar_of_the_chart_is_a_filtered_search(page: Any) -> None:
    search(page, "công tác")
    before = page.locator("#status").inner_text()
    row = page.locator("#chart tr").nth(1)
    count = row.locator("button").first.inner_text()
    row.locator("button").first.click()
    playwright.expect(page.locator("#status")).not_to_have_text(before, timeout=START)
    assert page.locator("#status").inner_text().split()[0] == count
    page.select_option("#area", "")
    page.select_option("#assessment", "")


def test_results_can_be_exported(page: Any, tmp_path: Path) -> None:
    found = search(page, QUERY)
    with page.expect_download() as download:
        page.click("#export")
    download.value.save_as(tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert all(passage[:60] in text for passage in found if '"' not in passage[:60])


def test_nothing_leaves_for_another_address(
    page: Any, requests: list[str], server: http.server.ThreadingHTTPServer
) -> None:
    assert requests
    own = f"http://127.0.0.1:{server.server_port}/"
    assert [url for url in requests if not url.startswith((own, "blob:", "data:"))] == []


def test_it_opens_again_without_a_network_and_keeps_the_reports(page: Any, context: Any) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    with contextlib.ExitStack() as stack:
        context.set_offline(True)
        stack.callback(context.set_offline, False)
        again = context.new_page()
        again.goto(page.url)
        again.wait_for_selector("body[data-ready=yes]")
        assert again.locator("#reports li").count() == 4
        assert search(again, QUERY)
