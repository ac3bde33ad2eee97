from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
COMMAND = [sys.executable, "-m", "tracuu.cli"]


def test_stdout_is_data_in_a_process_too(process, shared):
    done = process("search", "giải ngân", "--json", "--index", shared)
    assert done.returncode == 0
    assert json.loads(done.stdout)["total"] > 0
    assert done.stderr == ""


@POSIX
@pytest.mark.parametrize(
    "args", [["search", "-n", "1000", "--jsonl"], ["search", "-n", "1000"], ["show", "binh-son"]]
)
def test_a_reader_that_leaves_is_no_failure(shared, args):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        done = subprocess.run(
            [*COMMAND, *args, "--index", shared], stdout=gone, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == b""
    assert done.returncode == 0


@POSIX
def test_an_update_goes_on_when_the_reader_of_its_data_leaves(data, reports):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        done = subprocess.run(
            [*COMMAND, "index", reports, "--index", "x", "--jsonl", "--quiet"],
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(data("reports", "--index", "x", "--json")) == 2


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(shared):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "search", "ngân", "--json", "--index", shared],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the operating system refused")
    assert "Traceback" not in done.stderr


_STOPPED = """
import os, signal, sys
from tracuu.cli import main
from tracuu.cli import changes

shown = changes.print_change

def stop(change):
    shown(change)
    os.kill(os.getpid(), signal.SIGINT)

changes.print_change = stop
main(sys.argv[1:])
"""


@POSIX
def test_ctrl_c_exits_with_130_and_leaves_the_index_as_it_was(data, reports, own):
    (reports / "binh-son.txt").write_text(
        "Báo cáo\n\nThu ngân sách của huyện tăng đều.\n", encoding="utf-8"
    )
    before = data("search", "--index", own, "--json")
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED, "index", reports, "--index", own],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 130
    assert "changed  " in done.stderr
    assert "is unchanged" in done.stderr
    assert "Traceback" not in done.stderr
    assert data("search", "--index", own, "--json") == before
    assert data("index", reports, "--index", own, "--json")[-1]["kind"] == "changed"


@POSIX
def test_file_names_that_are_not_text(process, tmp_path):
    name = os.fsencode(str(tmp_path)) + b"/b\xe1o-c\xff.txt"
    try:
        with open(name, "wb") as stream:
            stream.write("BÁO CÁO\n\nThu ngân sách của huyện tăng đều qua các năm.\n".encode())
    except OSError:
        pytest.skip("this file system takes no such names")
    (tmp_path / "empty.txt").write_bytes(b"")
    done = process("index", os.fsdecode(name), tmp_path / "empty.txt", "--index", "x", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)[0]["path"].encode("utf-8", "surrogateescape") == name
    for args in (
        ["reports"],
        ["reports", "--json"],
        ["reports", "--csv"],
        ["info"],
        ["search", "thu"],
    ):
        done = process(*args, "--index", "x")
        assert done.returncode == 0, done.stderr
    done = process("outline", os.fsdecode(name), "--html", "--out", "page.html")
    assert done.returncode == 0, done.stderr
    done = process("search", os.fsdecode(b"thu \xff\xfe"), "--index", "x")
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 2)


def test_a_stream_that_cannot_show_vietnamese(process, shared):
    cyrillic = {"PYTHONIOENCODING": "iso8859-5"}
    done = process("search", "giải ngân", "--index", shared, env=cyrillic)
    assert done.returncode == 0
    assert "gi?i ng?n" in done.stdout.lower()
    exact = process("search", "giải ngân", "--json", "--index", shared)
    done = process("search", "giải ngân", "--json", "--index", shared, env=cyrillic)
    assert done.stdout.isascii()
    assert json.loads(done.stdout) == json.loads(exact.stdout)


def test_escape_sequences_in_reports_do_not_reach_the_terminal(run, data):
    from tracuu.corpus import Passage, Report
    from tracuu.index.facade import Index

    evil = "Thu ngân sách \x1b]0;pwned\x07 tăng \x1b[2J\u202edều đặn"
    with Index.create("x") as index:
        report = Report("r", title="Báo cáo \x1b[31m", source=None)
        index.add([Passage("r", 1, evil, ("Mục \x1b[5m",))], report=report)
    for args in (
        ["search", "ngân"],
        ["search", "--full"],
        ["show", "r#1"],
        ["show", "r"],
        ["reports"],
    ):
        text = run(*args, "--index", "x").stdout
        assert "ngân" in text or args == ["reports"]
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert data("search", "--index", "x", "--json")["hits"][0]["passage"]["text"] == evil


def test_a_fault_of_tracuu_is_told_in_a_line_and_whole_with_verbose(run, shared, monkeypatch):
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("tracuu.index.Index.search", fail)
    result = run("search", "x", "--index", shared)
    assert result.exit_code == 1
    assert "RuntimeError: boom" in result.stderr
    assert "report" in result.stderr
    assert "--verbose" in result.stderr
    assert "Traceback" not in result.stderr
    for args in (["-v", "search", "x"], ["search", "x", "--verbose"]):
        assert "Traceback" in run(*args, "--index", shared).stderr
    assert "Traceback" not in run("search", "x", "--index", shared).stderr


_MISSING = """
import tracuu.index.facade
from tracuu.cli import main

def fail(path):
    import not_there

tracuu.index.facade.IndexDirectory = fail
main(["info"])
"""


def test_a_missing_package_is_named():
    done = subprocess.run(
        [sys.executable, "-c", _MISSING], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "pip install not_there" in done.stderr
    assert "Traceback" not in done.stderr


def test_warnings_of_the_library_are_shown_and_more_with_verbose(run, capsys):
    import logging

    from tracuu.cli.logs import log_to_stderr

    log_to_stderr(False)
    assert logging.getLogger("tracuu").level == logging.WARNING
    log_to_stderr(True)
    assert logging.getLogger("tracuu").level == logging.DEBUG
    run("--version")
    assert logging.getLogger("tracuu").level == logging.WARNING
    log_to_stderr(True)
    logging.getLogger("tracuu.index.rebuild").warning("reports are %s", "lost")
    logging.getLogger("tracuu.index.rebuild").debug("read it")
    assert capsys.readouterr().err == "warning: reports are lost\ndebug: read it\n"


def test_a_command_leaves_the_collection_of_garbage_as_it_was(run, shared):
    for wanted in (False, True):
        (gc.enable if wanted else gc.disable)()
        try:
            assert run("search", "giải ngân", "--index", shared).exit_code == 0
            assert gc.isenabled() is wanted
        finally:
            gc.enable()
