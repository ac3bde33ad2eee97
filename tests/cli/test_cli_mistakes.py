"""Slips of the hand, and what the command line says to them."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata

import pytest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("serch", "search"), ("tim", "search"), ("tìm", "search"), ("xoá", "remove")],
)
def test_a_mistyped_or_vietnamese_command_is_answered_with_the_right_one(run, typed, meant):
    done = run(typed, "x")
    assert done.exit_code == 2
    assert f"Did you mean {meant}" in done.stderr


def test_two_indexes_are_refused(run, own):
    done = run("search", "x", "--index", own, "--index", "other")
    assert done.exit_code == 2
    assert "two indexes" in done.stderr


def test_advice_repeats_the_index_that_was_named(run, own):
    done = run("show", "nirgends#1", "--index", own)
    assert f"`tracuu reports --index {own}`" in done.stderr


def test_advice_at_the_end_of_a_message_repeats_it_too(run, own, monkeypatch):
    done = run("synonyms", "--index", own)
    assert done.stderr.rstrip().endswith(f"tracuu synonyms FILE --index {own}")
    monkeypatch.setenv("TRACUU_INDEX", str(own))
    assert "--index" not in run("synonyms").stderr


def test_decomposed_file_names_give_the_ids_of_composed_ones(run, reports, tmp_path):
    name = unicodedata.normalize("NFD", "Báo cáo tổng kết.txt")
    (reports / "binh-son.txt").rename(reports / name)
    assert run("index", reports, "--index", tmp_path / "x", "-q").exit_code == 0
    assert "bao-cao-tong-ket" in run("reports", "--index", tmp_path / "x").stdout


def test_what_is_skipped_is_counted_by_ending(run, reports, tmp_path):
    for name in ("a.jpg", "b.JPG", "c.mp4"):
        (reports / name).write_bytes(b"x")
    done = run("index", reports, "--index", tmp_path / "x")
    assert "Skipped 3 files of other formats: .jpg 2, .mp4 1." in done.stderr


def test_events_have_the_error_s_class_seconds_and_totals_and_quiet_leaves_failures(
    run, reports, tmp_path
):
    (reports / "leer.txt").write_bytes(b"")
    done = run("index", reports, "--index", tmp_path / "x", "--jsonl")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    failed = next(one for one in events if one["kind"] == "failed")
    assert failed["error_class"] == "EmptyFile"
    assert all(one["seconds"] >= 0 for one in events)
    assert (events[-1]["kind"], events[-1]["added"], events[-1]["failed"]) == ("total", 2, 1)
    done = run("index", reports, "--index", tmp_path / "y", "--jsonl", "--quiet")
    kinds = [json.loads(line)["kind"] for line in done.stdout.splitlines()]
    assert kinds == ["failed", "total"]


def test_a_refused_command_leaves_no_folder(run, reports, tmp_path):
    for wrong in (("--limit", "x=1"), ("--ocr-language", "a b"), ("--engine", "nirgends")):
        assert run("index", reports, "--index", tmp_path / "x", *wrong).exit_code == 2
        assert not (tmp_path / "x").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the shell closes stdout")
def test_a_closed_stdout_is_no_fault(shared):
    line = f'{sys.executable} -m tracuu.cli reports --index "{shared}" >&-'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
