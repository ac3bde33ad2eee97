"""A real OpenSearch cluster on this machine, for tests, benchmarks and developers.

::

    python tests/opensearch/cluster.py            # three nodes; prints their addresses, Ctrl-C stops them
    python tests/opensearch/cluster.py --nodes 1

The official minimal distribution comes through Maven (``mvn dependency:copy``) into a cache outside the
checkout (``--cache``, or the variable ``TRACUU_TEST_CACHE``), and is unpacked into a temporary folder that goes
when the nodes have stopped. It needs ``mvn`` and a JDK of version 21 or newer, looked for in
``OPENSEARCH_JAVA_HOME``, ``JAVA_HOME``, behind ``java`` on the path, beside it, and below ``/usr/lib/jvm``.
OpenSearch refuses to run as root: started by root, the nodes run as ``nobody``. Only processes that were
started here are stopped, by their ids, also after a failure; on Linux they end with this process.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

VERSION = "3.4.0"
ARTEFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
OLDEST_JAVA = 21
PATIENCE = 180.0  # seconds until the cluster must be green
_HEAP = "-Xms256m -Xmx512m"


class Unavailable(Exception):
    """Why there can be no cluster on this machine."""


class Cluster:
    """Nodes that run; ``urls`` by node. Use :func:`running` to have one."""

    def __init__(self, home: Path, place: Path, java: Path, nodes: int, heap: str) -> None:
        self._home = home
        self._place = place
        self._java = java
        self._heap = heap
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        ports = free_ports(2 * nodes)
        self._http, self._transport = ports[:nodes], ports[nodes:]
        self.urls = [f"http://127.0.0.1:{port}" for port in self._http]

    def start(self, node: int) -> None:
        """Start a node that does not run."""
        config, data = self._configure(node)
        environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name in ("PATH", "LANG", "TMPDIR")
            },
            "OPENSEARCH_JAVA_HOME": str(self._java),
            "OPENSEARCH_JAVA_OPTS": self._heap,
            "OPENSEARCH_PATH_CONF": str(config),
            "HOME": str(data),
        }
        user = (
            {"user": _nobody()[0], "group": _nobody()[1], "extra_groups": []} if _is_root() else {}
        )
        with open(self._place / f"node{node}.out", "ab") as output:
            self._processes[node] = subprocess.Popen(
                ["bash", str(self._home / "bin" / "opensearch")],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=data,
                env=environment,
                start_new_session=True,  # Ctrl-C is for us
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
                **user,  # type: ignore[arg-type]
            )

    def _configure(self, node: int) -> tuple[Path, Path]:
        """A node's own folders, as it wants them."""
        config, data = self._place / f"config{node}", self._place / f"data{node}"
        if not config.exists():
            shutil.copytree(self._home / "config", config)
            for folder in (data / "data", data / "logs", data / "tmp"):
                folder.mkdir(parents=True)
            names = [f"node{other}" for other in range(len(self._http))]
            settings = {
                "cluster.name": f"tracuu-{self._place.name}",
                "node.name": f"node{node}",
                "network.host": "127.0.0.1",
                "http.port": self._http[node],
                "transport.port": self._transport[node],
                "path.data": str(data / "data"),
                "path.logs": str(data / "logs"),
                "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in self._transport],
                "cluster.initial_cluster_manager_nodes": names,
                "cluster.routing.allocation.disk.threshold_enabled": False,
            }
            lines = (f"{name}: {json.dumps(value)}" for name, value in settings.items())
            (config / "opensearch.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
            options = (config / "jvm.options").read_text(encoding="utf-8")
            options = re.sub(r"(?<=[=:])logs/", f"{data / 'logs'}/", options)
            options = re.sub(r"(?m)^(-XX:HeapDumpPath=)data$", rf"\g<1>{data / 'data'}", options)
            (config / "jvm.options").write_text(options, encoding="utf-8")
            if _is_root():
                _give(config, data)
        return config, data

    def kill(self, node: int) -> None:
        """End a node at once, as a loss of power would."""
        process = self._processes.pop(node)
        _signal(process, signal.SIGKILL)
        process.wait()

    def wait(
        self, *, nodes: int | None = None, status: str = "green", patience: float = PATIENCE
    ) -> None:
        """Wait until so many nodes have found each other and the cluster is green (or yellow)."""
        nodes = len(self._processes) if nodes is None else nodes
        deadline = time.monotonic() + patience
        path = f"/_cluster/health?wait_for_nodes={nodes}&wait_for_status={status}&timeout=5s"
        while True:
            self._check_alive()
            for node in sorted(self._processes):
                with (
                    contextlib.suppress(OSError, ValueError),
                    urllib.request.urlopen(self.urls[node] + path) as answer,
                ):
                    if not json.load(answer)["timed_out"]:
                        return
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"OpenSearch did not become {status} within {patience:.0f} s:\n{self.tail()}"
                )
            time.sleep(0.5)

    def _check_alive(self) -> None:
        for node, process in self._processes.items():
            if process.poll() is not None:
                raise Unavailable(
                    f"node {node} ended with code {process.returncode}:\n{self.tail(node)}"
                )

    def tail(self, node: int = 0) -> str:
        """The last lines that a node has said."""
        path = self._place / f"node{node}.out"
        return (
            "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
            if path.exists()
            else ""
        )

    def stop(self) -> None:
        """Stop every node that was started here."""
        for process in self._processes.values():
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + 15
        for process in self._processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
        self._processes.clear()


@contextlib.contextmanager
def running(nodes: int = 3, *, cache: Path | None = None, heap: str = _HEAP) -> Iterator[Cluster]:
    """A green cluster, stopped at the end however it comes. Raises Unavailable, saying why there can be none."""
    if os.name == "nt":
        raise Unavailable("the script that starts OpenSearch nodes is made for Linux and macOS")
    java = find_java()
    archive = fetch(cache or default_cache())
    place = Path(tempfile.mkdtemp(prefix="tracuu-opensearch-"))
    try:
        home = _unpack(archive, place)
        cluster = Cluster(home, place, java, nodes, heap)
        try:
            for node in range(nodes):
                cluster.start(node)
            cluster.wait()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)


# --- what it needs --------------------------------------------------------------------------------


def default_cache() -> Path:
    """Where the distribution is kept between runs."""
    own = os.environ.get("TRACUU_TEST_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(own) if own else Path(base) / "tracuu-tests"


def fetch(cache: Path) -> Path:
    """The distribution's archive, downloaded if it is not there yet. Raises Unavailable."""
    archive = cache / f"opensearch-{VERSION}.zip"
    if zipfile.is_zipfile(archive):
        return archive
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable(f"Maven (mvn) is not on the path, and {archive} is not there")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as new:
        command = [
            maven,
            "-q",
            "-B",
            "dependency:copy",
            f"-Dartifact={ARTEFACT}",
            f"-DoutputDirectory={new}",
        ]
        try:
            done = subprocess.run(
                command, cwd=new, capture_output=True, text=True, timeout=600, check=False
            )
        except subprocess.TimeoutExpired:
            raise Unavailable("Maven could not download OpenSearch within ten minutes") from None
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise Unavailable(
                f"Maven could not download OpenSearch: {said[0] if said else done.returncode}"
            )
        os.replace(Path(new) / archive.name, archive)
    return archive


def find_java() -> Path:
    """The home of a JDK that is new enough. Raises Unavailable."""
    found: dict[Path, int] = {}
    for home in _java_homes():
        version = _java_version(home)
        if version >= OLDEST_JAVA:
            return home
        if version:
            found[home] = version
    seen = ", ".join(f"{home} ({version})" for home, version in found.items()) or "none at all"
    raise Unavailable(
        f"OpenSearch {VERSION} needs a JDK of version {OLDEST_JAVA} or newer; found: {seen}"
    )


def _java_homes() -> Iterator[Path]:
    for name in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    java = shutil.which("java")
    if java is not None:
        own = Path(os.path.realpath(java)).parent.parent
        yield own
        yield from sorted(path for path in own.parent.iterdir() if path.is_dir())
    for base in ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines"):
        with contextlib.suppress(OSError):
            for path in sorted(Path(base).iterdir()):
                yield path
                yield path / "Contents" / "Home"


def _java_version(home: Path) -> int:
    """The main version of a JDK, 0 where none is there."""
    if not os.access(home / "bin" / "java", os.X_OK):
        return 0
    with contextlib.suppress(OSError):
        match = re.search(
            r'JAVA_VERSION="(\d+)', (home / "release").read_text(encoding="utf-8", errors="replace")
        )
        if match:
            return int(match[1])
    return 0


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _unpack(archive: Path, place: Path) -> Path:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(place)
    (home,) = (path for path in place.iterdir() if path.is_dir())
    place.chmod(0o755)
    for path in (home / "bin").iterdir():
        path.chmod(0o755)
    if _is_root():
        _give(place)
    return home


def _give(*tops: Path) -> None:
    """Make ``nobody`` the owner of whole folders."""
    user, group = _nobody()
    for top in tops:
        os.chown(top, user, group)
        for folder, folders, files in os.walk(top):
            for name in (*folders, *files):
                os.chown(os.path.join(folder, name), user, group)


def _is_root() -> bool:
    return os.name != "nt" and os.geteuid() == 0


def _nobody() -> tuple[int, int]:
    import pwd

    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a cluster until Ctrl-C."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--cache", type=Path, help="where the distribution is kept")
    parser.add_argument("--heap", default=_HEAP, help="the JVM's options for memory")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # which a shell's background jobs ignore
    try:
        with running(given.nodes, cache=given.cache, heap=given.heap) as cluster:
            print("\n".join(cluster.urls), flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except Unavailable as why:
        print(f"Error: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
