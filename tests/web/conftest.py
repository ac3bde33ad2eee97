from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracuu import Index

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Client = Callable[..., "TestClient"]


def _need_the_extra() -> None:
    """Skip where the service cannot run: a conftest itself must not."""
    for name in ("fastapi", "uvicorn", "prometheus_client", "jinja2"):
        pytest.importorskip(name, reason="the extra web is not installed")
    pytest.importorskip("httpx2", reason="the extra test is not installed")


@pytest.fixture(scope="session")
def samples(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample reports; nobody writes to it."""
    path = tmp_path_factory.mktemp("web") / "samples"
    with Index.create(path) as index:
        list(index.update([root / "corpus" / "samples"], jobs=1))
    return path


@pytest.fixture
def client() -> Iterator[Client]:
    """Makes a client of a service over an index; keywords are settings."""
    _need_the_extra()
    from starlette.testclient import TestClient

    from tracuu.web import Settings, create_app

    with ExitStack() as stack:

        def make(path: Path, **settings: Any) -> TestClient:
            app = create_app(path, settings=Settings(**settings))
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield make


TOKEN = "a-token-for-tests-only"


@pytest.fixture
def own(root: Path, tmp_path: Path) -> Path:
    """An index of one's own of the sample reports."""
    path = tmp_path / "own"
    with Index.create(path) as index:
        list(index.update([root / "corpus" / "samples"], jobs=1))
    return path


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def bearer() -> dict[str, str]:
    """The header of those who may write."""
    return {"Authorization": f"Bearer {TOKEN}"}


class Served:
    """``tracuu serve`` in a process of its own."""

    def __init__(self, arguments: list[str]) -> None:
        path = os.pathsep.join(filter(None, sys.path))
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
        environment.pop("TRACUU_TOKEN", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tracuu.cli", "serve", "--port", "0", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
        )
        assert self.process.stderr is not None
        first = self.process.stderr.readline()
        found = re.search(r"http://\S+(?=/ )", first)
        self.address = found.group() if found else ""
        self.first = first

    def end(self) -> str:
        """End it as a service manager does; what it said on stderr meanwhile."""
        self.process.terminate()
        return self.process.communicate(timeout=60)[1]


@pytest.fixture
def served() -> Iterator[Callable[..., Served]]:
    """Starts services; arguments are those of ``tracuu serve``."""
    _need_the_extra()
    running: list[Served] = []

    def start(*arguments: object) -> Served:
        running.append(Served([str(one) for one in arguments]))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()
