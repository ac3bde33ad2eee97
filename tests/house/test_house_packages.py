"""What is installed is exactly what is there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NOT_INSTALLED = {"tests", "benchmarks", "browser", "deploy", "docs", "build", "dist", "examples"}
NO_DATA = {".py", ".pyc", ".md", ".po"}


@pytest.fixture(scope="module")
def settings(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def folders(root: Path) -> Iterator[Path]:
    """The folders that belong to the package, the root itself first."""
    yield root
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if (
            path.is_dir()
            and parts[0] not in NOT_INSTALLED
            and not any(is_artefact(part) for part in parts)
        ):
            yield path


def is_artefact(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__" or name.endswith(".egg-info")


def package(root: Path, folder: Path) -> str:
    return ".".join(["tracuu", *folder.relative_to(root).parts])


def test_every_folder_with_modules_is_in_the_list_and_no_other(
    root: Path, settings: dict[str, Any]
) -> None:
    there = {package(root, folder) for folder in folders(root) if list(folder.glob("*.py"))}
    listed = settings["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(there)
    assert all(
        (folder / "__init__.py").exists() for folder in folders(root) if list(folder.glob("*.py"))
    )


def test_every_data_file_is_covered_and_every_pattern_covers_something(
    root: Path, settings: dict[str, Any]
) -> None:
    patterns = settings["tool"]["setuptools"]["package-data"]
    covered: set[Path] = set()
    for name, globs in patterns.items():
        home = root.joinpath(*name.split(".")[1:])
        for pattern in globs:
            found = set(home.glob(pattern))
            assert found, f"{name}: {pattern} covers nothing"
            covered |= found
    data = {
        path
        for folder in folders(root)
        if folder != root
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in NO_DATA and not is_artefact(path.name)
    }
    data.add(root / "py.typed")
    assert sorted(covered) == sorted(data)


def test_every_module_is_its_readers_own_language(root: Path) -> None:
    for folder in folders(root):
        for path in folder.glob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not text or text.startswith('"""'), f"{path} does not say what it is for"
            assert (
                "from __future__ import annotations" in text
                or "import " not in text.partition('"""\n')[2]
            ), path


def test_test_files_have_names_of_their_own(root: Path) -> None:
    seen: dict[str, Path] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        assert path.name not in seen, f"{path} and {seen.get(path.name)}"
        seen[path.name] = path
    assert not list((root / "tests").rglob("__init__.py"))
