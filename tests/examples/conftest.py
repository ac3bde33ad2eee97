"""Examples are run as their readers run them: as programs, in a folder of their own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tracuu import Index

WILD = 'Giải ngân vốn <script>alert("x")</script> chậm'


@pytest.fixture(scope="session")
def examples(root: Path) -> Path:
    return root / "examples"


@pytest.fixture(scope="session")
def samples(root: Path) -> Path:
    return root / "corpus" / "samples"


@pytest.fixture(scope="session")
def demo(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index of the sample reports, and of one passage with markup in it; nobody may change it."""
    from tracuu import Passage, Report

    path = str(tmp_path_factory.mktemp("examples") / "reports.idx")
    with Index.create(path) as index:
        list(index.update([samples]))
        told = Report("markup", title="Biên bản <u>họp</u>")
        index.add(
            [Passage("markup", 1, WILD, heading_path=("Kinh tế <i>", "Hạn chế"))], report=told
        )
    return path


@pytest.fixture
def program(examples: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a program of the examples."""

    def run(
        name: str, *args: str, cwd: Path = tmp_path, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                sys.executable,
                "-W",
                "error::DeprecationWarning:__main__",
                str(examples / name),
                *args,
            ],
            capture_output=True,
            encoding="utf-8",
            cwd=cwd,
            env={
                **os.environ,
                "PYTHONIOENCODING": "utf-8",
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def module(examples: Path) -> Callable[[str], ModuleType]:
    """Imports a program of the examples, as an application would."""

    def load(name: str) -> Any:
        spec = importlib.util.spec_from_file_location(f"example_{name}", examples / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = made
        spec.loader.exec_module(made)
        return made

    return load
