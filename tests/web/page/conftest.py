from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tracuu import Index, Passage, Report

_NEEDED = ("fastapi", "uvicorn", "prometheus_client", "jinja2", "docx", "lxml", "httpx2")
_MISSING = [name for name in _NEEDED if importlib.util.find_spec(name) is None]

if not _MISSING:
    import lxml.html as html
    from starlette.testclient import TestClient

    from tracuu.web import create_app


class _Skipped(pytest.Module):
    """A module of tests that cannot be imported here."""

    def collect(self):
        pytest.skip(
            f"not installed: {', '.join(_MISSING)} (extras web, html and test)",
            allow_module_level=True,
        )


def pytest_pycollect_makemodule(module_path, parent):
    """Skip what needs packages that are missing: a conftest itself must not."""
    return _Skipped.from_parent(parent, path=module_path) if _MISSING else None


_SPEC = importlib.util.spec_from_file_location(
    "page_browser", Path(__file__).parents[3] / "benchmarks" / "browser.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
_BROWSER = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_BROWSER)
find_chromium, served, started = _BROWSER.find_chromium, _BROWSER.served, _BROWSER.started

BAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & <b>giải ngân</b>"
"""Markup that a report may hold: shown as the text it is, it does nothing."""

Page = Callable[..., "html.HtmlElement"]


def fill(path: Path, root: Path) -> Path:
    """An index of the samples, and of reports that an application added: with markup, many, and odd ids."""
    with Index.create(path) as index:
        list(index.update([root / "corpus" / "samples"], jobs=1))
        bad = Report(
            "bad/report 1", title=f"BÁO CÁO {BAD}", issuing_body=BAD, kind="báo cáo", number="=1+1"
        )
        index.add(
            [
                Passage(
                    "bad/report 1", 1, f"Nội dung {BAD} chậm.", heading_path=(BAD, "=HYPERLINK(1)")
                )
            ],
            report=bad,
        )
        long = Report(
            "long", title="Báo cáo dài", date=date(2024, 3, 5), issuing_body="HUYỆN ỦY BÌNH SƠN"
        )
        index.add(
            [
                Passage(
                    "long",
                    n,
                    f"Đoạn thứ {n} nói về thủy lợi.",
                    heading_path=(f"Phần {n // 60 + 1}",),
                )
                for n in range(1, 451)
            ],
            report=long,
            classify=False,
        )
        for n in range(12):
            index.add(
                [Passage(f"many-{n}", 1, f"Xã số {n} trồng chè Thái Nguyên.", area="kinh-te")],
                report=Report(f"many-{n}", title=f"Báo cáo xã số {n}", date=date(2010 + n, 1, 2)),
            )
    return path


@pytest.fixture(scope="session")
def odd(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with reports that are hard to show; nobody writes to it."""
    return fill(tmp_path_factory.mktemp("page") / "odd", root)


@pytest.fixture(scope="session")
def http(odd: Path) -> Iterator[TestClient]:
    """A client of one service over the odd reports."""
    with TestClient(create_app(odd), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def browse(http):
    """Gets an address as a browser does."""
    return lambda address: http.get(address, headers={"accept": "text/html"})


@pytest.fixture(scope="session")
def page(http) -> Page:
    """Gets a page by its address, and its elements."""

    def get(address: str, *, status: int = 200):
        answer = http.get(address)
        assert answer.status_code == status, answer.text[:500]
        assert answer.headers["content-type"].startswith("text/html")
        return html.document_fromstring(answer.text)

    return get


@pytest.fixture(scope="module")
def chromium():
    """Headless Chromium, driven by Playwright.

    For a module and not longer: while Playwright is open, asyncio.run() of other tests is refused.
    """
    api = pytest.importorskip(
        "playwright.sync_api", reason="the extra browser (playwright) is not installed"
    )
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    with api.sync_playwright() as playwright, started(playwright, path) as browser:
        yield browser


@pytest.fixture(scope="session")
def serve():
    """``serve(index, **settings)``: a context with the address of a running service."""
    return served


@pytest.fixture(scope="session")
def site(odd: Path) -> Iterator[str]:
    """The address of a running service over the index with the odd reports."""
    with served(odd) as address:
        yield address


@pytest.fixture
def tab(chromium, site):
    """Opens tabs; keywords are those of a browser context. No tab may complain or ask another server for anything."""
    contexts, complaints, elsewhere = [], [], []

    def opened(**options):
        context = chromium.new_context(base_url=site, reduced_motion="reduce", **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: (
                message.type in ("error", "warning") and complaints.append(message.text)
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda request: request.url.startswith(site) or elsewhere.append(request.url)
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    # that a page answers 404 or 422 is what some tests are about, and no fault of the page's
    assert [text for text in complaints if not text.startswith("Failed to load resource")] == []
    assert elsewhere == []
