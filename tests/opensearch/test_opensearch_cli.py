"""The command line with an index on a real cluster, and what the environment has to do with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def tracuu(tmp_path: Path) -> Run:
    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tracuu.cli", *arguments, "--index", str(tmp_path / "i")]
        return subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, **environment},
            check=False,
        )

    return run


def test_indexed_searched_checked_and_rebuilt(
    tracuu: Run, opensearch_options: dict[str, Any], reports: Callable[..., Path]
) -> None:
    folder = str(reports("in", a="khu công nghiệp"))
    url, name = ",".join(opensearch_options["url"]), opensearch_options["name"]
    made = tracuu(
        "index",
        folder,
        "--engine",
        "opensearch",
        "--name",
        name,
        "--jobs",
        "1",
        TRACUU_OPENSEARCH_URL=url,
    )
    assert made.returncode == 0, made.stderr
    found = tracuu("search", "khu công nghiệp", "--json")
    assert json.loads(found.stdout)["total"] == 4
    assert tracuu("check").returncode == 0
    again = tracuu("rebuild", "--replicas", "0", "--jobs", "1")
    assert again.returncode == 0, again.stderr
    assert json.loads(tracuu("info", "--json").stdout)["passages"] == 4
    refused = tracuu("index", folder, "--shards", "9", "--jobs", "1")
    assert refused.returncode == 2
    assert "tracuu rebuild" in refused.stderr


def test_the_environment_is_for_indexes_of_that_engine_alone(tracuu: Run) -> None:
    secret = {"TRACUU_OPENSEARCH_USER": "anna", "TRACUU_OPENSEARCH_PASSWORD": "geheim-123"}
    assert tracuu("index", "--samples", "--quiet", "--jobs", "1", **secret).returncode == 0
    assert tracuu("search", "ngân sách", **secret).returncode == 0
    assert tracuu("index", "--samples", "--url", "http://x:1").returncode == 2


def test_a_cluster_that_is_not_there(tracuu: Run) -> None:
    pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")
    secret = {"TRACUU_OPENSEARCH_USER": "anna", "TRACUU_OPENSEARCH_PASSWORD": "geheim-123"}
    made = tracuu(
        "index", "--samples", "--engine", "opensearch", "--url", "http://127.0.0.1:9", **secret
    )
    assert made.returncode == 1
    assert "is the cluster running" in made.stderr
    assert "geheim" not in made.stderr + made.stdout
    wrong = tracuu(
        "index",
        "--samples",
        "--engine",
        "opensearch",
        TRACUU_OPENSEARCH_URL="http://x",
        TRACUU_OPENSEARCH_TIMEOUT="x",
    )
    assert wrong.returncode == 2
