"""What goes wrong between tracuu and a cluster, tried on stubs of a server: refusals, TLS, slowness, too much at once."""

from __future__ import annotations

import base64
import datetime
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, errors
from tracuu import engines as c
from tracuu.errors import EngineUnreachable, OptionError

client_module = pytest.importorskip(
    "tracuu.engines.opensearch.client", reason="the extra opensearch is not installed"
)

Answer = Callable[[str, str, bytes, dict[str, str]], tuple[int, Any]]


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Starts a server that answers as it is told; its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer, context: ssl.SSLContext | None = None) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, data = answer(self.command, self.path, body, headers)
                content = data if isinstance(data, bytes) else json.dumps(data).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = reply  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # who did not wait for an answer has gone
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http{'s' if context else ''}://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def create(place: Path, url: str, **options: Any) -> Index:
    return Index.create(
        place / "i", engine="opensearch", options={"url": url, "patience": 0.5, **options}
    )


def refusal(status: int, kind: str, reason: str) -> Answer:
    return lambda *_: (status, {"error": {"type": kind, "reason": reason}, "status": status})


def test_nobody_there_is_told_soon_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(EngineUnreachable, match="is the cluster running"):
        create(tmp_path, "http://127.0.0.1:9")
    with pytest.raises(errors.IndexNotFound):
        Index.open(tmp_path / "i")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal(401, "security_exception", "no"), "TRACUU_OPENSEARCH_PASSWORD"),
        (refusal(403, "security_exception", "no permissions for [indices:admin/create]"), "ask"),
        (refusal(429, "circuit_breaking_exception", "Data too large"), "too busy"),
        (refusal(503, "cluster_block_exception", "no shard"), "cluster's health"),
        (refusal(500, "node_disconnected_exception", "disconnected"), "cluster's health"),
        (refusal(500, "boom", "inside"), "boom: inside"),
        (lambda *_: (200, b"<html>"), "understood|refuse"),
        (lambda *_: (502, b"<html>a proxy</html>"), "proxy before the cluster"),
    ],
)
def test_a_refusal_says_what_to_do(
    tmp_path: Path, serve: Callable[..., str], answer: Answer, words: str
) -> None:
    with pytest.raises(errors.StorageError, match=words) as caught:
        create(tmp_path, serve(answer))
    assert isinstance(caught.value, EngineUnreachable)


def test_no_answer_in_time(tmp_path: Path, serve: Callable[..., str]) -> None:
    end = threading.Event()
    url = serve(lambda *_: (end.wait(20), (200, {}))[1])
    try:
        with pytest.raises(EngineUnreachable, match="timeout"):
            create(tmp_path, url, timeout=0.2)
    finally:
        end.set()


def test_passwords_go_where_they_belong_and_nowhere_else(
    tmp_path: Path, serve: Callable[..., str]
) -> None:
    seen: list[str] = []

    def answer(_: str, __: str, ___: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        seen.append(headers.get("authorization", ""))
        return 401, {}

    url = serve(answer)
    for options in ({"user": "anna:x", "password": "pạss ß"}, {"token": "t0ken"}):
        with pytest.raises(EngineUnreachable) as caught:
            create(tmp_path, url, **options)
        assert "pạss" not in str(caught.value)
        assert "t0ken" not in repr(caught.value)
    assert seen == ["Basic " + base64.b64encode("anna:x:pạss ß".encode()).decode(), "Bearer t0ken"]


def test_tls_is_checked_unless_told_otherwise(tmp_path: Path, serve: Callable[..., str]) -> None:
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    url = serve(refusal(500, "reached", "it"), context)
    with pytest.raises(EngineUnreachable, match="--ca-file"):
        create(tmp_path, url)
    for options in ({"ca_file": str(certificate)}, {"verify": False}):
        with pytest.raises(EngineUnreachable, match="reached"):
            create(tmp_path, url, **options)
    with pytest.raises(EngineUnreachable, match="--ca-file"):  # the certificate has another name
        create(tmp_path, url.replace("127.0.0.1", "localhost"), ca_file=str(certificate))
    other = tmp_path / "empty.pem"
    other.write_text("")
    with pytest.raises(OptionError, match="ca_file"):
        create(tmp_path, url, ca_file=str(other))


def test_a_client_certificate_is_shown(tmp_path: Path, serve: Callable[..., str]) -> None:
    certificate, key = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificate)
    url = serve(refusal(500, "reached", "it"), context)
    with pytest.raises(EngineUnreachable, match="reached"):
        create(
            tmp_path,
            url,
            ca_file=str(certificate),
            client_cert=str(certificate),
            client_key=str(key),
        )
    with pytest.raises(EngineUnreachable):
        create(tmp_path, url, ca_file=str(certificate))


# --- a stub before the real cluster -----------------------------------------------------------------


_FULL = {"type": "rejected_execution_exception", "reason": "queue full"}
_LOST = {"type": "node_disconnected_exception", "reason": "disconnected"}  # of another node


class Rejecting:
    """Forwards requests to a cluster, but every fifth, and every third document of a bulk request."""

    def __init__(self, urls: list[str]) -> None:
        from opensearchpy import OpenSearch

        self._cluster = OpenSearch(urls)
        self._calls = 0
        self.rejected: list[str] = []  # paths of requests, and "document"

    def close(self) -> None:
        self._cluster.close()

    def answer(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, Any]:
        self._calls += 1
        if self._calls % 5 == 0:
            self.rejected.append(path)
            status, error = (500, _LOST) if len(self.rejected) % 2 else (429, _FULL)
            return status, {"error": error, "status": status}
        kept, away = self._kept(body) if "_bulk" in path else (body, [])
        connection = self._cluster.transport.get_connection()
        forward = {"content-type": headers.get("content-type", "application/json")}
        status, _, text = connection.perform_request(
            method, path, body=kept or None, headers=forward, ignore=range(300, 600)
        )
        data = json.loads(text) if text else {}
        for number in away:
            data["items"].insert(number, {"index": {"status": 429, "error": _FULL}})
            data["errors"] = True
            self.rejected.append("document")
        return status, data

    def _kept(self, body: bytes) -> tuple[bytes, list[int]]:
        """A bulk request without every third document, and the numbers of those."""
        lines = body.splitlines(keepends=True)
        pairs = [b"".join(lines[at : at + 2]) for at in range(0, len(lines), 2)]
        away = [number for number in range(len(pairs)) if number % 3 == 0 and len(pairs) > 1]
        return b"".join(pair for at, pair in enumerate(pairs) if at not in away), away


def test_what_is_turned_away_comes_again_and_nothing_is_lost(
    tmp_path: Path,
    serve: Callable[..., str],
    opensearch: Callable[..., Any],
    opensearch_cluster: Any,
) -> None:
    stub = Rejecting(opensearch_cluster.urls)
    schema = c.Schema((c.TextField("body"),), ("area",), ())
    (tmp_path / "store").mkdir()
    engine = opensearch(url=serve(stub.answer), patience=60).create(tmp_path / "store", schema)
    with engine.writer() as writer:
        for number in range(3000):
            writer.add(
                c.Document(f"{number:05}", {"body": ["a", f"b{number}"]}, {"area": ["x"]}, {}, "")
            )
    with engine.snapshot() as snapshot:
        assert snapshot.search(c.Request(c.Term("body", "a"), limit=0)).total == 3000
        assert snapshot.doc_freqs("body", ["b0", "b2999", "b3000"]) == [1, 1, 0]
    engine.close()
    stub.close()
    assert "document" in stub.rejected
    assert any("_bulk" in path for path in stub.rejected)


def self_signed(place: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    x509 = pytest.importorskip(
        "cryptography.x509", reason="needs the package cryptography to make certificates"
    )
    import ipaddress

    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tracuu test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, own = place / "cert.pem", place / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    own.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, own
