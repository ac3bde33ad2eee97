"""Shared by all rooms: where the repository's own reports lie."""

from __future__ import annotations

import importlib.util
import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tracuu import Index
from tracuu.engines import engine_class
from tracuu.errors import MissingExtra

ROOT = Path(__file__).resolve().parent.parent

os.environ["TRACUU_LANG"] = "en"  # wherever the tests run; those of the languages choose their own

# The same examples in each run, and no limit of time: a busy machine fails no test. To explore:
# pytest --hypothesis-profile=default.
settings.register_profile(
    "tracuu",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("tracuu")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What a shell starts in the background ignores Ctrl-C, and so would the processes that tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def default_engine(name: str) -> Iterator[None]:
    """While it lasts, indexes are made with this engine unless another is named; skips where it is not installed."""
    try:
        engine_class(name)
    except MissingExtra as error:
        pytest.skip(str(error))
    defaults = vars(Index)["create"].__func__.__kwdefaults__
    before, defaults["engine"] = defaults["engine"], name
    try:
        yield
    finally:
        defaults["engine"] = before


@pytest.fixture(params=["whoosh", "tantivy"])
def each_engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs a test once with every engine that users choose from."""
    with default_engine(request.param):
        yield request.param


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root, which is the package's folder too."""
    return ROOT


@pytest.fixture(scope="session")
def sample_reports() -> list[Path]:
    """The reports that the package ships, and those written for the tests."""
    folders = (ROOT / "corpus" / "samples", ROOT / "tests" / "data" / "reports")
    return [path for folder in folders for path in sorted(folder.glob("*.txt"))]


@pytest.fixture(scope="session")
def district_report() -> Path:
    """The real report of a district's committee, 2000–2005, which is no part of the repository."""
    for path in sorted((ROOT.parent / "shared" / "reports").glob("bao-cao-kiem-diem-quan-uy*.txt")):
        return path
    pytest.skip("the report in ../shared/reports is not on this machine")


@pytest.fixture(scope="session")
def opensearch_cluster() -> Iterator[Any]:
    """A cluster of three nodes, started once; an existing one where TRACUU_TEST_OPENSEARCH names its nodes."""
    pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")
    named = os.environ.get("TRACUU_TEST_OPENSEARCH")
    if named:
        yield SimpleNamespace(urls=named.split(","))
        return
    spec = importlib.util.spec_from_file_location(
        "opensearch_cluster", ROOT / "tests" / "opensearch" / "cluster.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(script.running(3))
        except script.Unavailable as why:
            pytest.skip(f"no OpenSearch on this machine: {why}")
        yield cluster


@pytest.fixture
def opensearch_options(opensearch_cluster: Any) -> Iterator[dict[str, Any]]:
    """Options for an index of the test's own, which goes when the test has ended."""
    from opensearchpy import OpenSearch

    name = f"test-{secrets.token_hex(4)}"
    yield {"url": opensearch_cluster.urls, "name": name, "shards": 2, "replicas": 1}
    with OpenSearch(opensearch_cluster.urls, max_retries=5, retry_on_timeout=True) as client:
        client.indices.delete(index=f"{name}-*", ignore_unavailable=True)


@pytest.fixture
def opensearch(opensearch_options: dict[str, Any]) -> Callable[..., Any]:
    """Makes the engine ``opensearch`` for that index."""
    from tracuu.engines import engine_kind

    def make(**options: Any) -> Any:
        return engine_kind("opensearch", {**opensearch_options, **options})

    return make
