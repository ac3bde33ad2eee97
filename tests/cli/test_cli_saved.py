"""Saved searches, alerts of new passages, and many queries at once."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time

import pytest

NEWS = """BÁO CÁO
Kết quả năm 2011

I. KINH TẾ, NGÂN SÁCH

Khuyết điểm

Giải ngân vốn khuyến công năm 2011 còn chậm so với kế hoạch.
"""


def test_a_search_is_saved_listed_run_and_removed(run, own):
    done = run(
        "saved", "add", "cham", "giải", "ngân", "--assessment", "shortcoming", "--index", own
    )
    assert done.exit_code == 0, done.stderr
    assert "cham" in run("saved", "list", "--index", own).stdout
    (saved,) = json.loads(run("saved", "list", "--json", "--index", own).stdout)
    assert saved == {
        "name": "cham",
        "query": "giải ngân",
        "filters": {"assessment": ["shortcoming"]},
    }
    found = json.loads(run("saved", "run", "cham", "--json", "--index", own).stdout)
    assert [hit["passage"]["id"] for hit in found["hits"]] == ["binh-son#2"]
    assert run("saved", "remove", "cham", "--index", own).exit_code == 0
    assert "No searches are saved" in run("saved", "list", "--index", own).stderr
    assert run("saved", "run", "cham", "--index", own).exit_code == 2


def test_an_update_names_new_passages_that_match_and_no_old_ones(run, own, reports):
    run("saved", "add", "cham", "giải", "ngân", "--assessment", "shortcoming", "--index", own)
    assert "alert" not in run("index", reports, "--index", own).stderr
    (reports / "moi.txt").write_text(NEWS, encoding="utf-8")
    done = run("index", reports, "--index", own, "--jsonl")
    alerts = [one for one in map(json.loads, done.stdout.splitlines()) if one["kind"] == "alert"]
    assert [(one["search"], one["passage"]["id"]) for one in alerts] == [("cham", "moi#1")]
    assert "alert    cham: moi#1: Giải ngân vốn khuyến công" in done.stderr
    text = NEWS + "\nGiải ngân vốn chợ cũng chậm, phải chuyển nguồn.\n"
    (reports / "moi.txt").write_text(text, encoding="utf-8")
    done = run("index", reports, "--index", own)
    lines = [line for line in done.stderr.splitlines() if line.startswith("alert")]
    assert [line.split(":")[1].strip() for line in lines] == ["moi#2"]


@pytest.mark.parametrize(
    "args",
    [("add",), ("run",), ("list", "x"), ("remove", "a", "b"), ("run", "a", "--area", "kinh-te"),
     ("add", "a b", "x"), ("add", "x", "--year", "abc")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_saves_nothing(run, own, args):
    assert run("saved", *args, "--index", own).exit_code == 2
    assert run("saved", "list", "--json", "--index", own).stdout == "[]\n"


def test_many_queries_give_one_table(run, own, tmp_path):
    (tmp_path / "q.txt").write_text("# câu hỏi\ngiải ngân\n\ndân quân\nxyzzy\n", encoding="utf-8")
    done = run("search", "--queries", tmp_path / "q.txt", "-n", "2", "--csv", "--index", own)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["query"] for row in rows] == ["giải ngân", "giải ngân", "dân quân"]
    assert "xyzzy" in done.stderr
    lines = run("search", "--queries", "-", "--jsonl", "--index", own, input="dân quân\n").stdout
    assert json.loads(lines.splitlines()[0])["query"] == "dân quân"
    assert run("search", "x", "--queries", tmp_path / "q.txt", "--index", own).exit_code == 2
    assert run("search", "--queries", tmp_path / "nirgends", "--index", own).exit_code == 2


@pytest.fixture
def keeper(tmp_path):
    """A command that appends its standard input to a file, and the file."""
    program, kept = tmp_path / "keep.py", tmp_path / "kept.jsonl"
    program.write_text(
        "import sys\n"
        f"with open({str(kept)!r}, 'ab') as out:\n"
        "    out.write(sys.stdin.buffer.read() + b'\\n')\n"
        "print('not for stdout')\n",
        encoding="utf-8",
    )
    return f'"{sys.executable}" "{program}"', kept


def test_a_command_gets_the_new_passages_that_match(run, own, reports, keeper):
    command, kept = keeper
    run("saved", "add", "cham", "giải", "ngân", "--index", own)
    run("saved", "add", "khac", "không có trong báo cáo nào", "--index", own)
    run("index", reports, "--index", own, "--on-alert", command)
    assert not kept.exists()
    (reports / "moi.txt").write_text(NEWS, encoding="utf-8")
    done = run("index", reports, "--index", own, "--on-alert", command, "--jsonl")
    (alert,) = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
    assert alert["search"] == "cham"
    assert [hit["passage"]["id"] for hit in alert["hits"]] == ["moi#1"]
    assert "not for stdout" not in done.stdout


def test_a_command_that_fails_is_a_message_and_the_update_is_done(run, own, reports):
    run("saved", "add", "cham", "giải", "ngân", "--index", own)
    (reports / "moi.txt").write_text(NEWS, encoding="utf-8")
    done = run("index", reports, "--index", own, "--on-alert", "no-such-program-here")
    assert done.exit_code == 0
    assert "The command of the alert cham failed" in done.stderr
    assert run("search", "khuyến công", "--index", own, "--report", "moi").exit_code == 0
    assert run("index", reports, "--index", own, "--on-alert", "'").exit_code == 2


def test_watch_alerts_as_lines_events_and_to_the_command(own, reports, keeper):
    command, kept = keeper
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    tracuu = [sys.executable, "-m", "tracuu.cli"]
    subprocess.run(
        [*tracuu, "saved", "add", "cham", "khuyến", "công", "--index", own],
        env=environment,
        check=True,
    )
    watching = subprocess.Popen(
        [*tracuu, "watch", reports, "--poll", "0.2", "--settle", "0", "--jsonl", "--index", own,
         "--on-alert", command],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert "Watching" in watching.stderr.readline()
        (reports / "moi.txt").write_text(NEWS, encoding="utf-8")
        events = iter(map(json.loads, watching.stdout))
        alert = next(event for event in events if event["kind"] == "alert")
        assert (alert["search"], alert["passage"]["id"]) == ("cham", "moi#1")
        lines = iter(watching.stderr)
        assert any(
            line.startswith("alert    cham: moi#1: Giải ngân vốn khuyến công") for line in lines
        )
        deadline = time.monotonic() + 60
        while not (kept.exists() and kept.read_text("utf-8").endswith("\n")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        watching.terminate()
        watching.wait(60)
    finally:
        watching.kill()
        watching.communicate()
    (handed,) = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
    assert handed["hits"][0]["passage"]["id"] == "moi#1"
