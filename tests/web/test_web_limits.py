"""Limits of number and time, an index that is away, and who may ask."""

from __future__ import annotations

import json
import queue
import threading

import pytest

from tracuu import Index, rebuild


@pytest.fixture
def slow(monkeypatch):
    """Makes searches wait until the event is set; the other tells when one has begun."""
    go, begun = threading.Event(), threading.Event()
    real = Index.search

    def search(self, *args, **options):
        begun.set()
        go.wait(60)
        return real(self, *args, **options)

    monkeypatch.setattr(Index, "search", search)
    yield go, begun
    go.set()


def test_an_answer_that_takes_too_long_is_given_up(client, samples, slow):
    go, _ = slow
    made = client(samples, timeout=0.05)
    answer = made.get("/api/v1/search?q=ngân")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:tracuu:problem:took-too-long")
    assert "0.05 seconds" in answer.json()["detail"]
    assert answer.headers["retry-after"]
    go.set()
    assert made.get("/healthz").status_code == 200


def test_more_than_can_wait_is_refused_at_once(client, samples, slow):
    go, begun = slow
    made = client(samples, threads=1, backlog=1, timeout=60)
    answers: queue.Queue[int] = queue.Queue()
    asked = "/api/v1/search?q=ngân"
    threads = [
        threading.Thread(target=lambda: answers.put(made.get(asked).status_code)) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    assert [answers.get(timeout=30) for _ in range(4)] == [503] * 4
    refused = made.get("/api/v1/search?q=ngân")
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:tracuu:problem:overloaded")
    assert refused.headers["retry-after"] == "1"
    assert made.get("/healthz").status_code == 200
    go.set()
    for thread in threads:
        thread.join()
    assert [answers.get(timeout=30) for _ in range(2)] == [200, 200]
    assert made.get("/api/v1/search?q=ngân").status_code == 200


def test_a_fault_is_told_without_its_insides(client, samples, monkeypatch, caplog):
    def fail(self, *args, **options):
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(Index, "search", fail)
    answer = client(samples).get("/api/v1/search?q=a")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:tracuu:problem:fault")
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "a secret of the inside" in caplog.text


def test_a_service_over_no_index_says_so_and_works_as_soon_as_there_is_one(client, root, tmp_path):
    made = client(tmp_path / "later")
    assert made.get("/healthz").status_code == 200
    for path in ("/readyz", "/api/v1/search?q=a", "/api/v1/reports"):
        answer = made.get(path)
        assert (answer.status_code, answer.json()["type"]) == (
            503,
            "urn:tracuu:problem:index-unavailable",
        )
        assert answer.headers["retry-after"]
        assert str(tmp_path) not in answer.text
    assert 'tracuu_index_ready{worker="' in made.get("/metrics").text
    with Index.create(tmp_path / "later") as index:
        list(index.update([root / "corpus" / "samples"], jobs=1))
    assert made.get("/readyz").json()["passages"] > 100
    assert made.get("/api/v1/search?q=ngân").json()["total"] > 0


def test_an_outdated_index_names_the_command(client, own):
    manifest = own / "tracuu.json"
    before = manifest.read_text(encoding="utf-8")
    manifest.write_text(
        json.dumps({**json.loads(before), "fingerprint": "analysis=0", "checksum": None}),
        encoding="utf-8",
    )
    made = client(own)
    answer = made.get("/api/v1/search?q=a")
    assert answer.status_code == 503
    assert "tracuu rebuild --index INDEX" in answer.json()["detail"]
    assert str(own) not in answer.text
    list(rebuild(own))
    assert made.get("/readyz").status_code == 200


def test_a_damaged_index_names_the_command(client, own):
    for path in (own / "data-0001").iterdir():
        path.write_bytes(b"torn")
    answer = client(own).get("/api/v1/search?q=a")
    assert answer.status_code == 503
    assert "tracuu rebuild" in answer.json()["detail"]


def test_an_open_service_outlives_its_index(client, own):
    import shutil

    made = client(own)
    assert made.get("/readyz").status_code == 200
    shutil.rmtree(own)
    assert made.get("/readyz").status_code == 503
    assert made.get("/healthz").status_code == 200


def test_only_names_that_were_allowed_are_answered(client, samples):
    made = client(samples, hosts=("localhost", "[::1]", "reports.example.vn"))
    for host, status in (
        ("localhost", 200),
        ("localhost:8000", 200),
        ("LOCALHOST", 200),
        ("[::1]:8000", 200),
        ("[::1]", 200),
        ("reports.example.vn", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
        ("evil.example:80", 400),
        ("", 400),
    ):
        answer = made.get("/healthz", headers={"Host": host})
        assert answer.status_code == status, host
        assert "content-security-policy" in answer.headers


def test_other_sites_may_read_only_where_they_were_named(client, samples):
    asked = {"Origin": "https://a.example"}
    assert (
        "access-control-allow-origin"
        not in client(samples).get("/api/v1/info", headers=asked).headers
    )
    made = client(samples, cors=("https://a.example",))
    assert (
        made.get("/api/v1/info", headers=asked).headers["access-control-allow-origin"]
        == "https://a.example"
    )
    other = made.get("/api/v1/info", headers={"Origin": "https://b.example"})
    assert "access-control-allow-origin" not in other.headers
    before = {**asked, "Access-Control-Request-Method": "GET"}
    assert made.options("/api/v1/info", headers=before).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_methods_that_do_nothing_are_refused(client, samples, method):
    answer = client(samples).request(method, "/api/v1/search")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/healthz", "/api/v1/search?q=ngân", "/api/v1/nothing", "/api/v1/openapi.json"]
)
def test_head_is_get_without_the_body(client, samples, path):
    made = client(samples)
    got, head = made.get(path), made.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


def test_metrics_count_requests_by_route(client, samples):
    made = client(samples)
    for path in ("search?q=a", "search?q=b", "search?limit=x", "nothing/at/all"):
        made.get(f"/api/v1/{path}")
    answer = made.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [
        line for line in answer.text.splitlines() if line.startswith("tracuu_http_requests_total")
    ]
    counts = {
        (line.split('route="')[1].split('"')[0], line.split('status="')[1][:3]): float(
            line.split()[-1]
        )
        for line in lines
    }
    assert counts["search", "200"] == 2
    assert counts["search", "422"] == 1
    assert counts["none", "404"] == 1
    assert 'tracuu_http_request_seconds_count{method="GET",route="search"' in answer.text
    assert "tracuu_index_passages" in answer.text


@pytest.mark.parametrize(
    "bad",
    [{"token": "short"}, {"token": "ü" * 20}, {"threads": 0}, {"timeout": -1}, {"root_path": "x/"}],
)
def test_settings_that_cannot_be_are_refused(client, samples, bad):
    from tracuu.errors import OptionError

    with pytest.raises(OptionError):
        client(samples, **bad)


def test_comparisons_keep_no_search_waiting(client, samples, monkeypatch):
    go, begun = threading.Event(), threading.Semaphore(0)
    real = Index.compare_terms

    def compare(self, *args, **options):
        begun.release()
        go.wait(60)
        return real(self, *args, **options)

    monkeypatch.setattr(Index, "compare_terms", compare)
    made = client(samples, threads=4, backlog=4, timeout=60)
    asked = "/compare?a=bao-cao-kiem-diem&b=bao-cao-tong-ket"
    answers: queue.Queue[int] = queue.Queue()
    threads = [
        threading.Thread(target=lambda: answers.put(made.get(asked).status_code)) for _ in range(9)
    ]
    for thread in threads:
        thread.start()
    try:
        assert begun.acquire(timeout=30)
        assert [answers.get(timeout=30) for _ in range(4)] == [503] * 4  # one runs, four wait
        assert made.get("/api/v1/search?q=ngân").status_code == 200
        assert not begun.acquire(blocking=False)
    finally:
        go.set()
        for thread in threads:
            thread.join()
    assert [answers.get(timeout=30) for _ in range(5)] == [200] * 5
