"""The documentation site, built as it is published: whole, without a warning, from nothing but the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import tracuu
from tracuu import errors
from tracuu.cli import COMMANDS

for needed in ("sphinx", "furo", "myst_parser"):
    pytest.importorskip(needed, reason="the extra docs is not installed")


def build(root: Path, builder: str, place: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", builder,
         "-d", str(place / "doctrees"), str(root / "docs"), str(place / builder)],
        capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place / builder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(root: Path, place: Path) -> Path:
    """The site; that it builds at all tells that every page is in a table of contents, and every link resolves."""
    return build(root, "html", place)


class Page(HTMLParser):
    """The links, the anchors and the resources of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.resources: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.anchors.add(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        for name in ("src", "srcset", "data"):
            if given.get(name):
                self.resources.append(str(given[name]))
        if tag == "link" and given.get("rel") in (
            "stylesheet",
            "icon",
            "preload",
            "preconnect",
            "shortcut icon",
        ):
            self.resources.append(str(given["href"]))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path.resolve(): Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_page_of_docs_is_on_the_site(root: Path, site: Path) -> None:
    for path in (root / "docs").rglob("*.md"):
        assert (site / path.relative_to(root / "docs")).with_suffix(".html").exists(), path


def test_every_link_inside_the_site_leads_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    wrong = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists() or (
                parts.fragment
                and target in pages
                and unquote(parts.fragment) not in pages[target].anchors
            ):
                wrong.append(f"{path.name}: {link}")
    assert wrong == []


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    outside = [
        f"{path.name}: {name}"
        for path, page in pages.items()
        for name in page.resources
        if "//" in name
    ]
    assert outside == []
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", text), path


def test_every_public_name_and_every_error_is_in_the_reference(
    pages: dict[Path, Page], site: Path
) -> None:
    anchors = pages[(site / "api.html").resolve()].anchors
    names = {f"tracuu.{name}" for name in tracuu.__all__ if name != "TracuuError"}
    tree = {
        f"tracuu.errors.{name}"
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.TracuuError)
    }
    methods = {
        f"tracuu.Index.{name}"
        for name, value in vars(tracuu.Index).items()
        if not name.startswith("_") and callable(value)
    }
    assert sorted((names | tree | methods) - anchors) == []


def test_every_command_and_option_has_a_page(site: Path) -> None:
    import click

    from tracuu.cli import main

    for name in COMMANDS:
        text = (site / "commands" / f"{name}.html").read_text(encoding="utf-8")
        assert "Examples" in text
        command = main.get_command(click.Context(main), name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert f">{parameter.opts[-1]}<" in text, (name, parameter.opts)


def test_every_environment_variable_of_an_option_is_told_of(site: Path) -> None:
    import click

    from tracuu.cli import main

    told = (site / "commands" / "overview.html").read_text(encoding="utf-8")
    commands = [main, *(main.get_command(click.Context(main), name) for name in COMMANDS)]
    asked = {
        variable
        for command in commands
        if command is not None
        for parameter in command.params
        for variable in (
            [parameter.envvar] if isinstance(parameter.envvar, str) else parameter.envvar or ()
        )
    }
    assert "TRACUU_TOKEN" in asked
    asked.add("TRACUU_INDEX")  # read by the command line itself, since --index may stand twice
    assert {variable for variable in asked if variable not in told} == set()


def test_each_command_has_a_man_page(root: Path, place: Path, site: Path) -> None:
    man = build(root, "man", place)
    assert {path.name for path in man.glob("*.1")} == {
        "tracuu.1",
        *(f"tracuu-{name}.1" for name in COMMANDS),
    }
    text = (man / "tracuu-search.1").read_text(encoding="utf-8")
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "OPTIONS", "EXIT CODES"):
        assert re.search(rf'^\.SH "?{heading}"?$', text, re.MULTILINE | re.IGNORECASE), heading
    assert "\\-\\-assessment" in text
    overview = (man / "tracuu.1").read_text(encoding="utf-8")
    assert "TRACUU_INDEX" in overview
    assert "130" in overview


def test_links_between_pages_also_work_where_the_code_is_hosted(root: Path) -> None:
    wrong = []
    for path in (root / "docs").rglob("*.md"):
        for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            parts = urlsplit(link)
            if not parts.scheme and parts.path and not (path.parent / unquote(parts.path)).exists():
                wrong.append(f"{path.relative_to(root)}: {link}")
    assert wrong == []


def test_no_page_has_marks_of_an_unresolved_merge(root: Path) -> None:
    pages = [root / "README.md", root / "CHANGELOG.md", *(root / "docs").rglob("*.md")]
    for page in pages:
        assert not re.search(r"(?m)^(<{7}|>{7}) ", page.read_text(encoding="utf-8")), page
