"""The configurations of docs/http.md, run by a real nginx and a real Caddy."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

httpx2 = pytest.importorskip("httpx2", reason="the extra test is not installed")

NAME = "reports.example.vn"


def _guide(root: Path, begin: str) -> str:
    """The block of docs/http.md whose first line starts with ``begin``."""
    text = (root / "docs" / "http.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"^```\w*\n({re.escape(begin)}.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return block


def _free() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A certificate for the name of the guide, signed by itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    pair = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-out", pair[0], "-keyout", pair[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return pair


@contextmanager
def _proxy(command: list[str], port: int, folder: Path) -> Iterator[None]:
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as process:
        try:
            for _ in range(300):
                assert process.poll() is None, process.stderr.read().decode()
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield
        finally:
            process.terminate()


@contextmanager
def _browser(port: int, certificate: tuple[Path, Path]) -> Iterator[httpx2.Client]:
    """A client that reaches the guide's name at ``port`` of this machine."""
    trusted = ssl.create_default_context(cafile=certificate[0])
    with httpx2.Client(
        base_url=f"https://127.0.0.1:{port}", verify=trusted, timeout=60, headers={"Host": NAME}
    ) as client:
        client.event_hooks["request"] = [
            lambda request: request.extensions.update(sni_hostname=NAME)
        ]
        yield client


def _try_the_sub_path(client: httpx2.Client) -> None:
    from lxml import html

    answer = client.get("/tracuu/?q=ngân+sách", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    page = html.fromstring(answer.text)
    links = page.xpath("//@href[not(starts-with(., '#'))]")
    assert links
    assert all(link.startswith("/tracuu/") for link in links)
    assert page.xpath("//meta[@property='og:image']/@content")[0].startswith(f"https://{NAME}")
    for link in {*page.xpath("//link/@href"), page.xpath("//article//h3/a/@href")[0]}:
        assert client.get(link).status_code == 200
    found = client.get("/tracuu/api/v1/search?q=ngân+sách").json()
    assert found["total"]
    assert found["links"]["self"].startswith("/tracuu/api/v1/search")


@pytest.fixture
def behind(served, samples):
    """The port of a service that is meant for the guide's proxy."""
    one = served(samples, "--root-path", "/tracuu", "--allowed-host", NAME, "--no-access-log")
    return int(re.search(r":(\d+)", one.address.removeprefix("http://"))[1])


def test_nginx_speaks_tls_limits_requests_and_serves_below_a_path(
    root, behind, certificate, tmp_path
):
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")
    port = _free()
    guide = _guide(root, "limit_req_zone")
    for old, new in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("/etc/ssl/reports.pem", str(certificate[0])),
        ("/etc/ssl/reports.key", str(certificate[1])),
        ("http://127.0.0.1:8000/", f"http://127.0.0.1:{behind}/"),
    ):
        assert old in guide
        guide = guide.replace(old, new)
    kept = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {kept}\n{guide} }}\n",
        encoding="utf-8",
    )
    command = ["nginx", "-c", str(config), "-p", str(tmp_path), "-e", "stderr"]
    with _proxy(command, port, tmp_path), _browser(port, certificate) as client:
        _try_the_sub_path(client)
        time.sleep(3)  # the limit's bucket runs empty
        statuses = [client.get("/tracuu/healthz").status_code for _ in range(150)]
        assert statuses[:20] == [200] * 20
        assert 429 in statuses
        other = client.get("/tracuu/api/v1/info", headers={"Host": "other.example"})
        assert other.status_code in (400, 429)


def test_caddy_speaks_tls_and_serves_below_a_path(root, behind, certificate, tmp_path):
    if shutil.which("caddy") is None:
        pytest.skip("caddy is not installed")
    port = _free()
    guide = _guide(root, NAME)
    assert "127.0.0.1:8000" in guide
    tls = f"{NAME}:{port} {{\n\ttls {certificate[0]} {certificate[1]}"
    guide = guide.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace(f"{NAME} {{", tls)
    config = tmp_path / "Caddyfile"
    config.write_text(
        f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{guide}", encoding="utf-8"
    )
    command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
    with _proxy(command, port, tmp_path), _browser(port, certificate) as client:
        _try_the_sub_path(client)
