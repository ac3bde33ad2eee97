from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracuu import Index, Passage, Report

pytest.importorskip("jinja2", reason="the extra web is not installed")
html = pytest.importorskip("lxml.html", reason="the extra html is not installed")
BAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & <b>giải ngân</b>"
"""Markup that a report may hold: shown as the text it is, it does nothing."""

Page = Callable[..., "html.HtmlElement"]


def fill(path: Path, root: Path) -> Path:
    """An index of the samples, and of reports that an application added: with markup, many, and odd ids."""
    with Index.create(path) as index:
        list(index.update([root / "corpus" / "samples"], jobs=1))
        bad = Report("bad/report 1", title=f"BÁO CÁO {BAD}", issuing_body=BAD, kind="báo cáo", number="=1+1")
        index.add(
            [Passage("bad/report 1", 1, f"Nội dung {BAD} chậm.", heading_path=(BAD, "=HYPERLINK(1)"))], report=bad
        )
        long = Report("long", title="Báo cáo dài", date=date(2024, 3, 5), issuing_body="HUYỆN ỦY BÌNH SƠN")
        index.add(
            [
                Passage("long", n, f"Đoạn thứ {n} nói về thủy lợi.", heading_path=(f"Phần {n // 60 + 1}",))
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


@pytest.fixture
def page(client, odd) -> Page:
    """Gets a page by its address, and its elements."""
    http = client(odd)

    def get(address: str, *, status: int = 200):
        answer = http.get(address)
        assert answer.status_code == status, answer.text[:500]
        assert answer.headers["content-type"].startswith("text/html")
        return html.document_fromstring(answer.text)

    return get
