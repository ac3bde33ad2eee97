from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path

import pytest

SIGNATURES = {"svg": b"<?xml", "png": b"\x89PNG"}


@pytest.mark.parametrize("picture", ["matrix", "timeline", "shares"])
@pytest.mark.parametrize("format", ["svg", "png", "PNG"])
def test_a_picture_is_drawn_as_its_file_s_name_says_with_its_numbers_beside(
    run, shared, picture, format, tmp_path
):
    pytest.importorskip("matplotlib")
    result = run(
        "plot", picture, "giải", "ngân", "--out", tmp_path / f"p.{format}", "--index", shared
    )
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / f"p.{format}").read_bytes().startswith(SIGNATURES[format.lower()])
    assert "█" not in result.stdout
    assert result.stdout.splitlines()[-1].split()[-1].strip("%").isdigit()
    assert result.stderr == f"Drawn: {tmp_path / f'p.{format}'}\n"
    assert [path.name for path in tmp_path.iterdir()] == [f"p.{format}"]


def test_a_file_that_is_there_is_not_written_over_unless_told(run, shared, tmp_path):
    pytest.importorskip("matplotlib")
    (tmp_path / "a.svg").write_text("mine")
    refused = run("plot", "matrix", "-o", tmp_path / "a.svg", "--index", shared)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert (tmp_path / "a.svg").read_text() == "mine"
    assert (
        run("plot", "matrix", "-o", tmp_path / "a.svg", "--force", "--index", shared).exit_code == 0
    )
    assert "<svg" in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["matrix", "-o", "a.jpg"], 2, "neither .svg nor .png"),
        (["matrix", "-o", "a"], 2, "neither .svg nor .png"),
        (["pie"], 2, "'pie'"),
        (
            ["matrix", "lạc đà sa mạc zzz", "--literal", "--year", "1900", "-o", "a.svg"],
            1,
            "nothing matches",
        ),
        (["matrix", "-o", "no/such/folder/a.svg"], 1, "cannot be written"),
        (["matrix", "--area", "biển"], 2, "biển"),
        (["matrix", "--json", "--csv"], 2, "exclude each other"),
    ],
)
def test_what_cannot_be_drawn_is_told_and_leaves_no_file(run, shared, tmp_path, args, code, told):
    if "cannot be written" in told:
        pytest.importorskip("matplotlib")
    result = run("plot", *args, "--index", shared)
    assert result.exit_code == code, result.output
    assert told in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_the_extra_is_named_and_numbers_are_still_given(
    run, shared, monkeypatch, tmp_path
):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run("plot", "matrix", "-o", tmp_path / "a.svg", "--index", shared)
    assert result.exit_code == 2
    assert 'pip install ".[plot]"' in result.stderr
    assert run("plot", "matrix", "--terminal", "--index", shared).exit_code == 0
    assert run("plot", "shares", "--csv", "--index", shared).exit_code == 0


def test_lines_of_bars_are_the_default_on_the_terminal(run, shared):
    result = run("plot", "matrix", "--index", shared, "--width", "70")
    assert "█" in result.stdout
    assert "Mặt tồn tại" in result.stdout
    assert result.stderr == ""
    assert "\x1b" not in result.stdout
    assert "\x1b[1m" in run("plot", "matrix", "--index", shared, "--color").stdout
    assert "Shortcoming" in run("plot", "matrix", "--index", shared, "--lang", "en").stdout


def test_json_and_csv_hold_the_numbers_of_a_search(data, run, shared):
    found = data("plot", "matrix", "giải ngân", "--json", "--index", shared)
    results = data("search", "giải ngân", "-n", "0", "--json", "--index", shared)
    assert found["total"] == results["total"] > 0
    sums = {row["area"]: row["passages"] for row in found["rows"] if row["passages"]}
    assert sums == results["facets"]["area"]
    result = run("plot", "timeline", "giải ngân", "--csv", "--index", shared)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    year = next(row for row in rows if (row["by"], row["first"]) == ("year", "2018"))
    one_year = data("search", "giải ngân", "--year", "2018", "-n", "0", "--json", "--index", shared)
    assert int(year["matches"]) == one_year["total"]


def test_nothing_found_is_said_and_no_failure_where_no_file_was_asked_for(run, shared):
    result = run("plot", "matrix", "zzzqqq", "--year", "1900", "--index", shared)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing matches" in result.stderr
    assert (
        json.loads(run("plot", "shares", "zzzqqq", "--json", "--index", shared).stdout)["reports"]
        == []
    )


def test_nothing_is_written_but_the_file_that_was_named(process, shared, tmp_path):
    pytest.importorskip("matplotlib")
    home = tmp_path / "home"
    temporary = tmp_path / "tmp"
    for folder in (home, temporary):
        folder.mkdir()
    names = ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    environment = {**dict.fromkeys(names, str(home)), "MPLCONFIGDIR": "", "TMPDIR": str(temporary)}
    before = sorted(os.listdir(shared))
    done = process("plot", "matrix", "-o", tmp_path / "a.svg", "--index", shared, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"Drawn: {tmp_path / 'a.svg'}\n"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.svg", "home", "tmp"]
    assert sorted(os.listdir(shared)) == before


def test_a_stream_that_knows_no_blocks_gets_signs_it_knows(process, shared):
    done = process("plot", "matrix", "--index", shared, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert "###" in done.stdout


def test_the_file_is_as_others_make_theirs(run, shared, tmp_path):
    pytest.importorskip("matplotlib")
    if os.name == "nt":
        pytest.skip("Windows has no such permissions")
    run("plot", "matrix", "-o", tmp_path / "a.svg", "--index", shared)
    Path(tmp_path / "b").touch()
    assert (tmp_path / "a.svg").stat().st_mode == (tmp_path / "b").stat().st_mode
