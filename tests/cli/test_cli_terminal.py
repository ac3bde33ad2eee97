from __future__ import annotations

import os
import re

import pytest

from tracuu.cli.changes import progress_text


@pytest.fixture
def terminal(monkeypatch) -> None:
    """stdout and stderr look like a terminal of 80 by 24."""
    monkeypatch.setattr("tracuu.cli.console.is_terminal", lambda stream: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_, **__: os.terminal_size((80, 24)))


@pytest.fixture
def paged(monkeypatch) -> list[str]:
    """What went through the pager."""
    texts: list[str] = []
    monkeypatch.setattr("click.echo_via_pager", lambda text, color=None: texts.append(text))
    return texts


@pytest.mark.usefixtures("terminal")
def test_output_longer_than_the_screen_goes_through_a_pager(run, shared, paged):
    assert "1–1 shown" in run("search", "ngân", "-n", "1", "--no-facets", "--index", shared).stdout
    assert paged == []
    result = run("search", "ngân sách", "--index", shared)
    assert result.stdout == ""
    assert len(paged) == 1
    assert "\x1b[" in paged[0]
    assert all(
        len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= 80
        for line in paged[0].splitlines()
        if "#" not in line
    )


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("option", ["--no-pager", "--json", "--jsonl", "--csv"])
def test_no_pager(run, shared, paged, option):
    assert run("search", "ngân sách", option, "--index", shared).stdout
    assert paged == []


@pytest.mark.usefixtures("terminal")
def test_no_color(run, shared, monkeypatch):
    args = ("search", "ngân", "-n", "1", "--no-pager", "--index", shared)
    assert "\x1b[" in run(*args).stdout
    assert "\x1b[" not in run(*args, "--no-color").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(*args).stdout
    assert "\x1b[" in run(*args, "--color").stdout
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" not in run(*args).stdout


@pytest.mark.usefixtures("terminal")
def test_errors_are_red_on_a_terminal_without_no_color(run, monkeypatch):
    assert run("info", "--index", "nowhere").stderr.startswith("\x1b[31mError: ")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("info", "--index", "nowhere").stderr.startswith("Error: ")


def test_progress_is_shown_on_a_terminal_and_taken_away(run, reports, monkeypatch):
    for module in ("changes", "index"):
        monkeypatch.setattr(f"tracuu.cli.{module}.is_terminal", lambda stream: True)
    errors = run("index", reports, "--index", "x").stderr
    assert "1 of 2 files …\r" in errors
    shown = [re.split("\r", line)[-1] for line in errors.split("\n")]
    assert not [line for line in shown if "files …" in line]
    assert "files …" not in run("index", reports, "--index", "x", "--quiet").stderr


@pytest.mark.parametrize(
    ("done", "files", "passages", "seconds", "shown"),
    [
        (0, 0, 0, 0.0, "0 files …"),
        (1, 2, 5, 0.2, "1 of 2 files …"),
        (300, 1000, 9000, 15.0, "300 of 1,000 files, 600 passages/s, 0:35 left"),
        (10, 1000, 100, 100.0, "10 of 1,000 files, 1 passages/s, 2.8 h left"),
        (3, 2, 30, 10.0, "3 of 3 files, 3 passages/s"),
    ],
)
def test_progress_tells_rate_and_time_left(done, files, passages, seconds, shown):
    assert progress_text(done, files, passages, seconds) == shown
