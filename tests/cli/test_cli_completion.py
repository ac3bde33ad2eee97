"""Completion, driven as a shell drives it: words in the environment, one answer a line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
DISTRICT = "bao-cao-kiem-diem-quan-uy-nhiem-ky-xi"


@pytest.fixture
def completed(process):
    """The values that bash is given for a command line that ends in its last word."""

    def ask(*words, **environment):
        done = process(
            env={
                "_TRACUU_COMPLETE": "bash_complete",
                "COMP_WORDS": " ".join(words),
                "COMP_CWORD": str(len(words) - 1),
                **environment,
            }
        )
        assert done.stderr == ""
        return [line.partition(",")[2] for line in done.stdout.splitlines() if line]

    return ask


@pytest.mark.parametrize("named", ["environment", "before", "after"])
def test_areas_are_those_of_the_index_at_hand(completed, own, tmp_path, run, named):
    file = tmp_path / "mine.toml"
    file.write_text(
        'version = 1\n[[area]]\nid = "rung"\nlabel = "Lâm nghiệp"\nterms = ["rừng"]\ndefault = true\n',
        encoding="utf-8",
    )
    assert run("rebuild", "--taxonomy", file, "--index", own, "--quiet").exit_code == 0
    if named == "environment":
        assert completed("tracuu", "search", "--area", "", TRACUU_INDEX=own) == ["rung"]
    elif named == "before":
        assert completed("tracuu", "--index", own, "search", "--area", "r") == ["rung"]
    else:
        assert completed("tracuu", "search", "--index", own, "--area", "ru") == ["rung"]


def test_without_an_index_areas_are_the_package_s_own_and_none_is_made(completed, tmp_path):
    assert "kinh-te" in completed("tracuu", "search", "--area", "")
    assert completed("tracuu", "show", "") == []
    assert completed("tracuu", "search", "--report", "") == []
    assert list(tmp_path.iterdir()) == []


def test_reports_are_completed_where_a_report_is_asked_for(completed, shared):
    for words in (
        ("search", "--report"),
        ("areas", "--report"),
        ("show",),
        ("similar",),
        ("remove",),
        ("compare",),
    ):
        assert completed("tracuu", *words, "bao-cao-kiem", TRACUU_INDEX=shared) == [DISTRICT], words


def test_behind_a_number_sign_its_passages_are(completed, shared):
    found = completed("tracuu", "show", f"{DISTRICT}#2", TRACUU_INDEX=shared)
    assert f"{DISTRICT}#2" in found
    assert f"{DISTRICT}#21" in found
    assert all(name.startswith(f"{DISTRICT}#2") for name in found)


def test_other_values(completed, shared):
    assert completed("tracuu", "search", "--term", "2000", TRACUU_INDEX=shared) == ["2000-2005"]
    assert completed("tracuu", "search", "--assessment", "s") == ["shortcoming"]
    assert completed("tracuu", "search", "--sort", "") == ["relevance", "reading", "date"]
    assert "whoosh" in completed("tracuu", "index", "--engine", "")
    assert "memory" not in completed("tracuu", "index", "--engine", "")
    assert completed("tracuu", "completion", "z") == ["zsh"]


def test_zsh_and_fish_are_told_what_a_value_is(process, shared):
    words = {"COMP_WORDS": "tracuu search --area ki", "COMP_CWORD": "ki", "TRACUU_INDEX": shared}
    fish = process(env={**words, "_TRACUU_COMPLETE": "fish_complete"}).stdout
    assert "kinh-te" in fish
    assert "Kinh tế, ngân sách" in fish
    zsh = process(env={**words, "COMP_CWORD": "3", "_TRACUU_COMPLETE": "zsh_complete"}).stdout
    assert zsh.splitlines()[:3] == ["plain", "kinh-te", "Kinh tế, ngân sách"]


@pytest.mark.parametrize("torn", ["tracuu.json", "data-0001"])
def test_a_damaged_index_is_met_with_silence(completed, own, torn):
    victim = Path(own) / torn
    for file in [victim] if victim.is_file() else list(victim.iterdir()):
        file.write_bytes(b"\x00torn")
    assert completed("tracuu", "show", "an-", TRACUU_INDEX=own) == []


def test_the_script_of_each_shell_is_data_and_the_hint_is_not(run):
    for shell, sign in (
        ("bash", "complete -o nosort"),
        ("zsh", "#compdef tracuu"),
        ("fish", "complete --no-files"),
    ):
        done = run("completion", shell)
        assert done.exit_code == 0
        assert sign in done.stdout
        assert "tracuu" in done.stdout
        assert "every shell" in done.stderr
        assert "every shell" not in done.stdout


def test_the_shell_in_use_is_taken_where_none_is_named(run, monkeypatch):
    monkeypatch.setenv("SHELL", "/usr/local/bin/fish")
    assert run("completion").stdout == run("completion", "fish").stdout
    monkeypatch.setenv("SHELL", "/bin/nologin")
    refused = run("completion")
    assert refused.exit_code == 2
    assert "bash, zsh, fish" in refused.stderr


@POSIX
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_a_real_bash_completes_with_the_script(shared, tmp_path):
    program = tmp_path / "tracuu"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tracuu.cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = """
eval "$(tracuu completion bash 2>/dev/null)"
COMP_WORDS=(tracuu search --report bao-cao-kiem); COMP_CWORD=3
_tracuu_completion tracuu
echo "${COMPREPLY[@]}"
"""
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        capture_output=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "TRACUU_INDEX": shared,
        },
        check=False,
    )
    assert (done.stdout, done.stderr) == (DISTRICT + "\n", "")
