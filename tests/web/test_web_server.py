"""The service in a process of its own: started, asked, switched, ended."""

from __future__ import annotations

import re
import socket
import sys
import threading

import pytest

from tracuu import Index, rebuild

httpx2 = pytest.importorskip("httpx2", reason="the extra test is not installed")


def test_it_is_served_logged_and_ended(served, samples):
    one = served(samples)
    assert one.address.startswith("http://127.0.0.1:")
    assert "read-only" in one.first
    with httpx2.Client(base_url=one.address) as client:
        assert client.get("/api/v1/search", params={"q": "giải ngân"}).json()["total"] == 5
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200
        assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
        assert "server" not in client.get("/healthz").headers
    said = one.end()
    assert one.process.returncode == 0
    assert re.search(
        r'127\.0\.0\.1 "GET /api/v1/search\?q=gi%E1%BA%A3i\+ng%C3%A2n" 200 \d+ \d', said
    )
    assert said.rstrip().endswith("Ended.")
    assert "Traceback" not in said


def test_no_request_fails_while_the_index_is_rebuilt_and_written_to(served, own, make_token):
    one = served(own, "--token-file", make_token, "--no-access-log")
    end, failed, counts = threading.Event(), [], {"requests": 0}
    paths = [
        "/api/v1/search?q=ng%C3%A2n&limit=3",
        "/api/v1/reports",
        "/readyz",
        "/api/v1/suggest?q=gi",
        "/api/v1/areas",
    ]

    def ask(path):
        with httpx2.Client(base_url=one.address, timeout=60) as client:
            while not end.is_set():
                answer = client.get(path)
                counts["requests"] += 1
                if answer.status_code != 200:
                    failed.append((path, answer.status_code, answer.text))

    threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    with httpx2.Client(base_url=one.address, timeout=60) as client:
        bearer = {"Authorization": f"Bearer {make_token.read_text()}"}
        for number in range(3):
            list(rebuild(own, jobs=1, wait=30))
            body = f"BÁO CÁO\n\nNgân sách năm {2000 + number} tăng đều.".encode()
            assert (
                client.put(
                    f"/api/v1/reports/r{number}?name=x.txt", content=body, headers=bearer
                ).status_code
                == 201
            )
            with Index.open(own) as index:
                index.remove(f"r{number}", wait=30)
        last = client.get("/metrics").text
    end.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert counts["requests"] > 20
    assert re.search(r"tracuu_index_generation\{.*\} 4\.0", last)
    assert "Traceback" not in one.end()


@pytest.fixture
def make_token(tmp_path):
    path = tmp_path / "token"
    path.write_text("a-token-for-tests-only\n".strip(), encoding="utf-8")
    return path


def test_a_port_in_use_is_told(served, samples):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one = served(samples, "--port", port)
        rest = one.process.communicate(timeout=60)[1]
    assert one.process.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in one.first + rest
    assert "--port" in one.first + rest


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["no-such-index"], 1, "no index"),
        (["--host", "no.such.host.invalid"], 2, "not known"),
        (["--token-file", "missing"], 2, "cannot be read"),
    ],
)
def test_what_keeps_it_from_starting_is_one_line(served, samples, arguments, code, word):
    one = served(*([samples] if arguments[0].startswith("--") else []), *arguments)
    said = one.first + one.process.communicate(timeout=60)[1]
    assert one.process.returncode == code
    assert word in said
    assert "Traceback" not in said


def test_ipv6(served, samples):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("there is no IPv6 on this machine")
    one = served(samples, "--host", "::1")
    assert one.address.startswith("http://[::1]:")
    assert httpx2.get(f"{one.address}/healthz").status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows shares no socket by inheritance")
def test_several_processes(served, samples):
    one = served(samples, "--workers", "2")
    pids = set()
    for _ in range(5_000):  # the other process may still be starting
        text = httpx2.get(f"{one.address}/metrics", timeout=60).text
        pids.update(re.findall(r'worker="(\d+)"', text))
        if len(pids) == 2:
            break
    assert len(pids) == 2
    assert httpx2.get(f"{one.address}/api/v1/search?q=ng%C3%A2n").json()["total"] > 0
    one.end()
    assert one.process.returncode == 0


def test_below_the_path_of_a_proxy(served, samples):
    one = served(samples, "--root-path", "/tra-cuu")
    address = one.address.removesuffix("/tra-cuu")  # a proxy that takes the path away
    page = httpx2.get(f"{address}/api/v1/search?q=ng%C3%A2n&limit=1").json()
    assert page["links"]["next"].startswith("/tra-cuu/api/v1/search?")
    assert (
        httpx2.get(f"{address}/api/v1/nothing", headers={"Accept": "text/html"}).json()["status"]
        == 404
    )
