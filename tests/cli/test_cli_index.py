from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


def kinds(changes: list[dict[str, object]]) -> dict[str, str]:
    return {Path(str(change["path"])).name: str(change["kind"]) for change in changes}


def test_a_new_index_is_made_and_every_file_told(run, reports, tmp_path):
    result = run("index", reports, "--index", tmp_path / "x")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "New index in " in result.stderr
    assert (
        "added    reports/binh-son.txt: binh-son, 4 passages".replace("/", os.sep) in result.stderr
    )
    assert "2 files: 2 added (6 passages read)" in result.stderr
    assert "\r" not in result.stderr  # progress is for terminals


def test_the_index_is_in_the_current_folder_unless_named(run, reports, tmp_path):
    assert run("index", "reports").exit_code == 0
    assert (tmp_path / ".tracuu" / "tracuu.json").is_file()
    assert run("search", "giải", "ngân").exit_code == 0


def test_a_second_run_finds_nothing_changed(run, data, reports, own):
    assert kinds(data("index", reports, "--index", own, "--json")) == {
        "an-phu-trung.txt": "unchanged",
        "binh-son.txt": "unchanged",
    }
    result = run("index", reports, "--index", own)
    assert "2 unchanged" in result.stderr
    assert "an-phu-trung" not in result.stderr


def test_changed_moved_and_removed_files(run, data, reports, own):
    first, second = reports / "binh-son.txt", reports / "an-phu-trung.txt"
    first.write_text(first.read_text(encoding="utf-8").replace("18%", "19%"), encoding="utf-8")
    second.rename(reports / "moved.txt")
    changes = data("index", reports, "--index", own, "--json")
    assert kinds(changes) == {"binh-son.txt": "changed", "moved.txt": "moved"}
    assert [change["reports"] for change in changes] == [["binh-son"], ["an-phu-trung"]]
    first.unlink()
    assert kinds(data("index", reports, "--index", own, "--json")) == {"moved.txt": "unchanged"}
    result = run("index", reports, "--index", own, "--prune", "--jsonl")
    *events, _total = [json.loads(line) for line in result.stdout.splitlines()]
    assert kinds(events) == {
        "moved.txt": "unchanged",
        "binh-son.txt": "removed",
    }
    assert "removed " in result.stderr


def test_files_that_fail_do_not_stop_the_others_and_exit_with_3(run, reports, tmp_path):
    (reports / "a-damaged.txt").write_bytes(b"\x00\x01\x02\xff" * 100)
    (reports / "empty.txt").write_bytes(b"")
    result = run("index", reports, tmp_path / "nowhere", "--index", "x", "--json")
    assert result.exit_code == 3
    changes = json.loads(result.stdout)
    assert kinds(changes) == {
        "a-damaged.txt": "failed",
        "an-phu-trung.txt": "added",
        "binh-son.txt": "added",
        "empty.txt": "failed",
        "nowhere": "failed",
    }
    assert all(change["error"] for change in changes if change["kind"] == "failed")
    for name in ("a-damaged.txt", "empty.txt", "nowhere"):
        assert [
            line
            for line in result.stderr.splitlines()
            if line.startswith("failed") and name in line
        ]
    assert "2 added, 3 failed" in result.stderr


def test_strict_stops_at_the_first_failure_and_changes_nothing(run, data, reports, own):
    (reports / "a-empty.txt").write_bytes(b"")
    (reports / "binh-son.txt").unlink()
    result = run("index", reports, "--index", own, "--strict", "--prune")
    assert result.exit_code == 1
    assert "a-empty.txt" in result.stderr
    assert len(data("reports", "--index", own, "--json")) == 2


def test_quiet_tells_of_failures_only(run, reports):
    assert run("index", reports, "--index", "x", "--quiet").stderr == ""
    (reports / "empty.txt").write_bytes(b"")
    result = run("index", reports, "--index", "x", "--quiet")
    assert result.exit_code == 3
    assert result.stderr.count("\n") == 1
    assert "empty.txt" in result.stderr


def test_samples(data, run):
    assert run("index", "--samples", "--index", "x").exit_code == 0
    assert len(data("reports", "--index", "x", "--json")) >= 3


def test_nothing_to_index_is_wrong_usage_and_makes_no_index(run, tmp_path):
    result = run("index", "--index", "x")
    assert result.exit_code == 2
    assert "--samples" in result.stderr
    result = run("index", "nowhere", "--index", "x")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert not (tmp_path / "x").exists()


def test_an_empty_folder_becomes_an_index_another_does_not(run, reports, tmp_path):
    (tmp_path / "x").mkdir()
    assert run("index", reports, "--index", "x").exit_code == 0
    result = run("index", reports, "--index", reports)
    assert result.exit_code == 1
    assert "--index" in result.stderr
    assert sorted(path.name for path in reports.iterdir()) == ["an-phu-trung.txt", "binh-son.txt"]


@pytest.fixture
def taxonomy(run, tmp_path) -> Path:
    text = run("taxonomy", "--default").stdout
    path = tmp_path / "mine.toml"
    path.write_text(text.replace('"kinh-te"', '"tien-bac"'), encoding="utf-8")
    return path


def test_an_index_with_a_taxonomy_of_ones_own(run, data, reports, taxonomy):
    assert run("index", reports, "--index", "x", "--taxonomy", taxonomy).exit_code == 0
    assert data("search", "--area", "tien-bac", "--index", "x", "--json")["total"] == 2
    assert data("info", "--index", "x", "--json")["taxonomy"] == "own"
    assert run("index", reports, "--index", "x", "--taxonomy", taxonomy).exit_code == 0
    assert run("index", reports, "--index", "x").exit_code == 0


def test_another_taxonomy_or_engine_for_an_index_names_rebuild(run, reports, own, taxonomy):
    result = run("index", reports, "--index", own, "--taxonomy", taxonomy)
    assert result.exit_code == 2
    assert f"tracuu rebuild --taxonomy {taxonomy}" in result.stderr
    result = run("index", reports, "--index", own, "--engine", "nope")
    assert result.exit_code == 2
    assert "tracuu rebuild --engine nope" in result.stderr
    assert run("index", reports, "--index", own, "--engine", "whoosh").exit_code == 0


def test_a_bad_taxonomy_is_told_with_its_line(run, reports, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('version = 1\n[[area]]\nid = "X Y"\nlabel = "x"\n', encoding="utf-8")
    result = run("index", reports, "--index", "x", "--taxonomy", bad)
    assert result.exit_code == 2
    assert f"{bad}:3: " in result.stderr
    assert not (tmp_path / "x").exists()


def test_an_outdated_index_exits_with_4_and_names_rebuild(run, own, reports):
    manifest = Path(own, "tracuu.json")
    data = json.loads(manifest.read_text(encoding="utf-8"))
    data.update(fingerprint="analysis=0", checksum=None)
    manifest.write_text(json.dumps(data), encoding="utf-8")
    for args in (["index", reports], ["search", "x"], ["info"]):
        result = run(*args, "--index", own)
        assert result.exit_code == 4
        assert "tracuu rebuild" in result.stderr
        assert result.stdout == ""


def test_a_busy_index_exits_with_4_and_names_wait(run, own, reports):
    from tracuu.index.facade import Index

    (reports / "third.txt").write_text(
        "Báo cáo\n\nMột đoạn về kinh tế của huyện.\n", encoding="utf-8"
    )
    with Index.open(own) as index:
        writing = index.update([reports])
        next(iter(writing))
        for args in (["index", reports], ["rebuild"], ["remove", "binh-son", "--yes"]):
            result = run(*args, "--index", own)
            assert result.exit_code == 4, args
            assert "--wait" in result.stderr
        writing.close()
    assert run("index", reports, "--index", own, "--wait", "5").exit_code == 0


def test_a_file_that_fails_as_before_is_counted_and_not_listed_again(run, reports, tmp_path):
    bad = reports / "hong.docx"
    bad.write_bytes(b"PK\x03\x04")
    first = run("index", reports, "--index", tmp_path / "x")
    assert "failed   " in first.stderr
    assert "as in the last update" not in first.stderr
    second = run("index", reports, "--index", tmp_path / "x")
    assert second.exit_code == 3
    assert "failed   " not in second.stderr
    assert "1 file failed as in the last update; --jsonl lists them." in second.stderr
    assert run("index", reports, "--index", tmp_path / "x", "--quiet").stderr == ""
    lines = run("index", reports, "--index", tmp_path / "x", "--jsonl").stdout.splitlines()
    assert [one["known"] for one in map(json.loads, lines) if one["kind"] == "failed"] == [True]
    (reports / "moi.docx").write_bytes(b"")
    bad.write_bytes(b"")  # another reason than before
    third = run("index", reports, "--index", tmp_path / "x").stderr
    assert [line.split()[1] for line in third.splitlines() if line.startswith("failed ")] != []
    assert third.count("0 bytes") >= 2
    assert "as in the last update" not in third
