from __future__ import annotations

import errno
import json
import os
from pathlib import Path


def test_a_sound_index_exits_with_0(run, own):
    result = run("check", "--index", own)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Sound." in result.stderr


def test_a_sound_index_as_json(data, own):
    assert data("check", "--index", own, "--json") == {"sound": True, "findings": []}


def test_a_damaged_index_exits_with_1_and_names_what_mends_it(run, own):
    torn = next(Path(own, "data-0001").glob("*.tra"))
    torn.write_bytes(torn.read_bytes()[:100])
    result = run("check", "--index", own)
    assert result.exit_code == 1
    assert result.stdout.startswith("damage    ")
    assert torn.name in result.stdout
    assert f"tracuu rebuild --index {own}" in result.stderr
    result = run("check", "--index", own, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["sound"] is False
    assert [finding["kind"] for finding in found["findings"]] == ["damage"]
    assert run("rebuild", "--index", own).exit_code == 0
    assert run("check", "--index", own).exit_code == 0


def test_files_that_may_not_be_read_are_no_damage(run, own, monkeypatch):
    opened = os.open

    def deny(path, *given, **named):
        if str(path).endswith("sources-0001.json"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, *given, **named)

    monkeypatch.setattr(os, "open", deny)
    result = run("check", "--index", own)
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "unreadable  sources-0001.json cannot be read (Permission denied)"
    )
    assert "Not checked completely: 1 file cannot be read" in result.stderr
    assert "rebuild" not in result.stderr
    result = run("check", "--index", own, "--json")
    assert (result.exit_code, json.loads(result.stdout)["sound"]) == (1, False)


def test_an_outdated_index_exits_with_4(run, own):
    manifest = Path(own, "tracuu.json")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(
        json.dumps({**content, "format": 99, "version": "9.9", "checksum": None}), encoding="utf-8"
    )
    result = run("check", "--index", own)
    assert result.exit_code == 4
    assert "tracuu 9.9" in result.stdout
    assert "tracuu rebuild" in result.stderr


def test_no_index_at_all(run):
    result = run("check", "--index", "nowhere")
    assert result.exit_code == 1
    assert "tracuu index" in result.stderr


def test_rebuild_from_folders_that_are_named(run, data, own, reports):
    before = data("reports", "--index", own, "--json")
    for path in Path(own).rglob("*"):
        if path.is_file():
            path.write_bytes(b"torn")
    result = run("rebuild", "--index", own)
    assert result.exit_code == 1
    assert f"tracuu rebuild PATH… --index {own}" in result.stderr
    assert (
        run("rebuild", reports, "--index", own).exit_code == 6
    )  # nobody knows what else there was
    assert data("reports", "--index", own, "--json") == before


def test_watch_refuses_what_is_no_folder(run, own, tmp_path):
    result = run("watch", tmp_path / "nowhere", "--poll", "1", "--index", own)
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    result = run("watch", tmp_path, "--poll", "0", "--index", own)
    assert result.exit_code == 2
