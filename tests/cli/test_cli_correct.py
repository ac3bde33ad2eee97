"""``tracuu correct``."""

from __future__ import annotations

import json

import pytest


def first_passage(run, own):
    result = run("search", "giải ngân vốn đầu tư", "--index", own, "--jsonl", "-n", "1")
    return json.loads(result.stdout)["passage"]


def test_a_passage_is_corrected_listed_shown_and_restored(run, own):
    passage = first_passage(run, own)
    result = run(
        "correct",
        passage["id"],
        "--area",
        "dân vận",
        "--note",
        "sai",
        "--by",
        "lan",
        "--index",
        own,
    )
    assert result.exit_code == 0, result.stderr
    assert f"Corrected {passage['id']}: Vận động quần chúng" in result.stderr
    shown = run("show", passage["id"], "--index", own).stdout
    assert "by hand" in shown
    listed = run("correct", "--list", "--index", own).stdout
    assert "lan" in listed
    assert "1 correction" in listed
    (row,) = json.loads(run("correct", "--list", "--json", "--index", own).stdout)
    assert (row["passage"], row["area"], row["fits"]) == (passage["id"], "dan-van", True)
    assert run("correct", "--list", "--csv", "--index", own).stdout.startswith("passage,area,")
    result = run("correct", passage["id"], "--undo", "--index", own)
    assert f"Restored {passage['id']}: Kinh tế" in result.stderr
    assert first_passage(run, own)["area_decision"] == passage["area_decision"]
    assert "There are no corrections." in run("correct", "--list", "--index", own).stderr


@pytest.mark.parametrize(
    "args",
    [(), ("x#1",), ("x#1", "--list"), ("x#1", "--undo", "--area", "kinh-te"), ("--undo",)],
)
def test_half_a_command_is_refused(run, own, args):
    assert run("correct", *args, "--index", own).exit_code == 2
