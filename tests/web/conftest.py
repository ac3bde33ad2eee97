from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")
pytest.importorskip("uvicorn", reason="the extra web is not installed")
pytest.importorskip("httpx2", reason="the extra test is not installed")

from starlette.testclient import TestClient

from tracuu import Index
from tracuu.web import Settings, create_app

Client = Callable[..., TestClient]


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
    with ExitStack() as stack:

        def make(path: Path, **settings: Any) -> TestClient:
            app = create_app(path, settings=Settings(**settings))
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield make
