from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "readme_blocks", Path(__file__).with_name("readme_blocks.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
blocks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(blocks)

README = (blocks.ROOT / "README.md").read_text(encoding="utf-8")
FOUND = [(found["command"], found["output"]) for found in blocks.BLOCK.finditer(README)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(blocks.make_index(str(tmp_path_factory.mktemp("readme"))))


def test_readme_is_short_and_shows_a_search_with_its_output() -> None:
    assert len(README.splitlines()) <= 150
    assert any(command.startswith("tracuu search") for command, _ in FOUND)


@pytest.mark.parametrize(("command", "output"), FOUND, ids=[command for command, _ in FOUND])
def test_what_readme_shows_is_what_the_command_prints(
    command: str, output: str, index: str
) -> None:
    assert blocks.run(command, index) == output


def test_links_of_readme_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    for link in links:
        assert (blocks.ROOT / link).exists(), link


def test_readme_tells_every_command_of_the_command_line() -> None:
    from tracuu.cli import COMMANDS

    for name in COMMANDS:
        assert f"`{name}`" in README or f"tracuu {name}" in README, name
