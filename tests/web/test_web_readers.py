"""Who may read, how much one client may hold, and forms."""

from __future__ import annotations

import base64
import contextlib
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

READING = "reading-token-for-tests"
TEXT = "BÁO CÁO\nkết quả năm 2023\n\nI. KẾT QUẢ\n\nTrồng 12 ha sầu riêng, đạt kế hoạch.\n".encode()


def basic(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"ai:{token}".encode()).decode()}


def test_with_a_reading_token_nobody_else_reads(client, samples, token, bearer):
    http = client(samples, reading_token=READING, token=token)
    for address in ("/", "/api/v1/search?q=chè", "/metrics", "/export.csv?q=chè", "/readyz"):
        refused = http.get(address)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic ")
        for headers in ({"Authorization": f"Bearer {READING}"}, basic(READING), bearer):
            assert http.get(address, headers=headers).status_code == 200
        for headers in (basic("wrong"), {"Authorization": "Basic ###"}, {"Authorization": READING}):
            assert http.get(address, headers=headers).status_code == 401
    assert http.get("/healthz").status_code == 200


def test_the_reading_token_does_not_write(client, own, token):
    http = client(own, reading_token=READING, token=token)
    answer = http.post(
        "/api/v1/reports?name=a.txt", content=TEXT, headers={"Authorization": f"Bearer {READING}"}
    )
    assert answer.status_code == 401


def test_behind_a_proxy_only_its_users_read(client, samples, caplog):
    http = client(samples, user_header="Remote-User")
    assert http.get("/api/v1/info").status_code == 401
    with caplog.at_level("INFO", "tracuu.web.access"):
        assert http.get("/api/v1/info", headers={"Remote-User": 'lan "x"'}).status_code == 200
    assert "lan ?x?" in caplog.text


def test_a_file_in_a_form_is_read_as_the_file_itself(client, own, bearer, token):
    http = client(own, token=token)
    sent = http.post(
        "/api/v1/reports", files={"file": ("bieu mau.txt", TEXT, "text/plain")}, headers=bearer
    )
    assert sent.status_code == 201
    (report,) = sent.json()["reports"]
    assert report["id"] == "bieu-mau"
    passages = http.get("/api/v1/reports/bieu-mau/passages").json()["passages"]
    assert [one["text"] for one in passages] == ["Trồng 12 ha sầu riêng, đạt kế hoạch."]
    put = http.put(
        "/api/v1/reports/bieu-mau", files={"f": ("b.txt", TEXT + b"\nThem.")}, headers=bearer
    )
    assert put.status_code == 200


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"data": {"name": "bc"}}, 415),
        ({"json": {"name": "bc"}}, 415),
        ({"files": [("a", ("a.txt", TEXT)), ("b", ("b.txt", TEXT))]}, 422),
        ({"files": {"name": (None, b"bc")}}, 422),
        (
            {
                "content": b"--x\r\nbroken",
                "headers": {"Content-Type": "multipart/form-data; boundary=y"},
            },
            400,
        ),
        ({"content": TEXT, "headers": {"Content-Type": "multipart/form-data"}}, 400),
    ],
)
def test_a_form_without_one_file_is_refused_and_says_what_to_send(
    client, own, bearer, token, arguments, status
):
    http = client(own, token=token)
    headers = {**bearer, **arguments.pop("headers", {})}
    answer = http.post("/api/v1/reports?name=a.txt", headers=headers, **arguments)
    assert answer.status_code == status
    assert "--data-binary" in answer.json()["detail"]


@pytest.mark.parametrize(
    "name", ["A", "a--b", "-a", "a-", "a/b", "a b", "a%0A", "%C3%A1", "a" * 101, "a."]
)
def test_an_id_under_put_is_strict(client, own, bearer, token, name):
    http = client(own, token=token)
    headers = {**bearer, "Content-Type": "text/plain"}
    assert http.put(f"/api/v1/reports/{name}", content=TEXT, headers=headers).status_code in (
        400,
        422,
    )


def test_answers_are_compressed_where_that_is_asked_for(client, samples):
    http = client(samples)
    packed = http.get("/?q=lãnh đạo", headers={"Accept-Encoding": "gzip"})
    plain = http.get("/?q=lãnh đạo", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) * 3 < len(plain.content)


def test_the_tag_of_a_state_is_the_same_in_every_process(client, own, bearer, token):
    first, second = client(own, token=token), client(own)
    tag = first.get("/api/v1/info").headers["etag"]
    assert second.get("/api/v1/info").headers["etag"] == tag
    assert second.get("/api/v1/info", headers={"If-None-Match": tag}).status_code == 304
    headers = {**bearer, "Content-Type": "text/plain"}
    assert first.put("/api/v1/reports/moi", content=TEXT, headers=headers).status_code == 201
    after = {one.get("/api/v1/info").headers["etag"] for one in (first, second)}
    assert len(after) == 1
    assert after != {tag}


def test_metrics_name_the_pages_routes(client, samples):
    http = client(samples)
    http.get("/?q=chè")
    http.head("/reports")
    text = http.get("/metrics").text
    assert 'route="page:search_page"' in text
    assert (
        'method="HEAD",route="page:reports_page"' in text
        or 'route="page:reports_page",method="HEAD"' in text
    )
    assert 'route="none"' not in text


@pytest.mark.skipif(sys.platform == "win32", reason="limits of open files are Unix's")
def test_half_sent_heads_lock_nobody_out(served, samples, monkeypatch):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        one = served(samples)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    host, _, port = one.address.removeprefix("http://").rpartition(":")
    held = []
    try:
        for _ in range(300):
            held.append(socket.create_connection((host, int(port)), timeout=20))
            held[-1].sendall(b"GET / HTTP/1.1\r\nHost: local")
        start = time.monotonic()
        with socket.create_connection((host, int(port)), timeout=20) as fresh:
            fresh.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert fresh.recv(100).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - start < 20
    finally:
        for connection in held:
            connection.close()


def _connect(one, data: bytes = b"") -> socket.socket:
    host, _, port = one.address.removeprefix("http://").rpartition(":")
    made = socket.create_connection((host, int(port)), timeout=60)
    made.sendall(data)
    return made


def _closed(connection: socket.socket, seconds: float) -> bool:
    """Whether the other side ends the connection in time, without an answer."""
    connection.settimeout(seconds)
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def test_one_client_cannot_hold_more_than_its_share_of_connections(served, samples):
    from tracuu.web.connections import CLIENT_MOST

    one, held = served(samples), []
    try:
        for _ in range(CLIENT_MOST + 20):
            held.append(_connect(one, b"GET / HTTP/1.1\r\nHost: local"))
        assert sum(_closed(each, 30) for each in held[:20]) == 20  # those idle longest
        assert not _closed(held[-1], 0.5)
    finally:
        for connection in held:
            connection.close()


def test_clients_are_told_apart_by_address():
    from tracuu.web.connections import client_key

    assert client_key(("10.0.0.1", 5)) == client_key(("::ffff:10.0.0.1", 6))
    assert client_key(("10.0.0.1", 5)) != client_key(("10.0.0.2", 5))
    assert client_key(("2001:db8::1", 5)) == client_key(("2001:db8::ffff:2", 5))
    assert client_key(("2001:db8::1", 5)) != client_key(("2001:db8:0:1::1", 5))
    assert client_key(("fe80::1%eth0", 5)) == client_key(("fe80::2", 5))


SLOW = """
import sys
from tracuu.web import Settings, connections
from tracuu.web.server import serve
connections.HEAD_SECONDS = connections.ANSWER_SECONDS = 1.0
serve(sys.argv[1], Settings(write_timeout=2.0, token="t" * 20), port=0, ready=lambda url: print(url, flush=True))
"""


@pytest.fixture(scope="module")
def impatient(samples):
    """A service that waits 1 or 2 s where it usually waits longer."""
    program = [sys.executable, "-c", SLOW, str(samples)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        yield SimpleNamespace(address=process.stdout.readline().strip())
        process.terminate()


def test_a_head_that_comes_letter_by_letter_is_not_waited_for(impatient):
    connection = _connect(impatient, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
    start = time.monotonic()
    with contextlib.suppress(ConnectionError):
        while time.monotonic() - start < 20:
            connection.sendall(b"a")
            time.sleep(0.2)
    assert time.monotonic() - start < 15
    connection.close()


def test_a_client_that_takes_nothing_of_its_answers_is_let_go(impatient):
    sent = 2000
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    host, _, port = impatient.address.removeprefix("http://").rpartition(":")
    connection.connect((host, int(port)))
    connection.sendall(b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * sent)
    time.sleep(5)
    connection.settimeout(20)
    answers = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(1 << 20):
            answers += part
    assert 0 < answers.count(b"HTTP/1.1 200") < sent
    connection.close()


def test_a_body_that_comes_too_slowly_is_refused(impatient):
    head = (
        b"PUT /api/v1/reports/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
        b"Authorization: Bearer " + b"t" * 20 + b"\r\nContent-Type: text/plain\r\n\r\nB"
    )
    connection = _connect(impatient, head)
    connection.settimeout(30)
    answer = b""
    while not answer.endswith(b"}"):
        answer += connection.recv(4096)
    connection.close()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"the body took over 2 seconds" in answer


def test_several_indexes_are_chosen_from_and_served_below_their_names(samples, own, tmp_path):
    from lxml import html
    from starlette.testclient import TestClient

    from tracuu.web import Settings, create_site

    site = create_site([samples, own], settings=Settings(root_path="", reading_token=READING))
    with TestClient(site) as http:
        assert http.get("/").status_code == 401
        http.headers.update(basic(READING))
        page = html.fromstring(http.get("/?q=giải ngân").text)
        links = page.xpath("//ul[@class='narrow']//a")
        assert [link.text_content() for link in links] == ["samples", "own"]
        found = http.get(links[1].get("href"))
        assert found.status_code == 200
        inner = html.fromstring(found.text).xpath("//article//h3/a/@href")
        assert inner
        assert all(link.startswith("/own/reports/") for link in inner)
        assert http.get(inner[0]).status_code == 200
        assert http.get(page.xpath("//link[@rel='stylesheet']/@href")[0]).status_code == 200
        answer = http.get("/samples/api/v1/search?q=chè").json()
        assert answer["links"]["self"].startswith("/samples/api/v1/search")


def test_two_indexes_of_one_name_are_refused(samples, tmp_path):
    from tracuu.errors import OptionError
    from tracuu.web import create_site

    with pytest.raises(OptionError, match="rename"):
        create_site([samples, tmp_path / "Samples"])
