"""Exports, charts and comparisons made by a process of lower priority."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tracuu import Index, Passage

QUERY = quote("giải ngân")
PAGES = (
    f"/export.csv?q={QUERY}",
    f"/charts?q={QUERY}&lang=en",
    "/compare?r=no-such-report&r=nor-this-one",
    "/export.xlsx?q=NOT",
    "/charts/no-such-picture.svg",
)


@pytest.fixture
def started(monkeypatch):
    """The helper processes that are started."""
    helper = pytest.importorskip("tracuu.web.page.helper", reason="the extra web is not installed")
    found = []

    class Recorded(helper.Process):
        def __init__(self, module: str) -> None:
            super().__init__(module)
            found.append(self)

    monkeypatch.setattr(helper, "Process", Recorded)
    return found


def test_the_helper_answers_as_the_service_would(client, samples, started):
    helped, alone = client(samples, helper=True), client(samples)
    assert helped.get(f"/?q={QUERY}").status_code == 200
    assert started == []
    for page in PAGES:
        one, other = helped.get(page), alone.get(page)
        assert (one.status_code, one.content) == (other.status_code, other.content)
        assert one.headers == other.headers
    assert len(started) == 1


def test_a_helper_sees_what_was_added_and_is_replaced_when_it_ends(client, own, started):
    service = client(own, helper=True)
    assert "mười bảy lá cờ" not in service.get("/export.csv?q=c%E1%BB%9D").text
    with Index.open(own) as index:
        index.add([Passage("r", 1, "Trao mười bảy lá cờ thi đua.")])
    assert "mười bảy lá cờ" in service.get("/export.csv?q=c%E1%BB%9D").text
    started[0].kill()
    ended = service.get("/export.csv?q=thi+%C4%91ua")
    assert ended.status_code == 503
    assert "mười bảy lá cờ" in service.get("/export.csv?q=thi+%C4%91ua").text
    assert len(started) == 2


def test_a_page_that_takes_too_long_is_ended_with_its_process(
    client, samples, started, monkeypatch
):
    monkeypatch.setattr("tracuu.web.page.helper._PATIENCE", 0.001)
    service = client(samples, helper=True)
    assert service.get(f"/charts?q={QUERY}").status_code == 503
    assert started[0].exit_code is not None


def test_the_helper_ends_with_the_service(samples, started):
    pytest.importorskip("httpx2", reason="the extra test is not installed")
    from starlette.testclient import TestClient

    from tracuu.web import Settings, create_app

    with TestClient(create_app(samples, settings=Settings(helper=True))) as service:
        assert service.get(f"/export.csv?q={QUERY}").status_code == 200
        assert started[0].exit_code is None
    assert started[0].exit_code is not None


def test_without_a_python_to_start_the_service_makes_the_page(client, samples, monkeypatch):
    pytest.importorskip("fastapi", reason="the extra web is not installed")
    monkeypatch.setattr("sys.executable", "")
    answer = client(samples, helper=True).get(f"/export.csv?q={QUERY}")
    assert answer.status_code == 200


def test_what_cannot_be_sent_to_a_process_is_left_to_the_service(samples, started):
    helper = pytest.importorskip("tracuu.web.page.helper", reason="the extra web is not installed")
    from tracuu.web import Settings

    options = {"hook": lambda: None}
    made = helper.Helper(str(samples), Settings(helper=True, options=options))
    assert made.make("charts_page", {"headers": []}) is None
    assert started == []
