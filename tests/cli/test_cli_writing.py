from __future__ import annotations

import json
from pathlib import Path


def test_remove_takes_a_report_away(run, data, own, reports):
    result = run("remove", "binh-son", "--yes", "--index", own)
    assert result.exit_code == 0, result.stderr
    assert "Removed 1 report, 4 passages." in result.stderr
    assert result.stdout == ""
    assert [report["id"] for report in data("reports", "--index", own, "--json")] == [
        "an-phu-trung"
    ]
    assert (reports / "binh-son.txt").is_file()


def test_remove_as_json(run, own):
    result = run("remove", "binh-son", "an-phu-trung", "binh-son", "-y", "--json", "--index", own)
    assert json.loads(result.stdout) == {"reports": ["binh-son", "an-phu-trung"], "passages": 6}


def test_remove_needs_a_whole_id_of_every_report(run, data, own):
    result = run("remove", "binh-son", "an-phu", "--yes", "--index", own)
    assert result.exit_code == 2
    assert "tracuu reports" in result.stderr
    assert len(data("reports", "--index", own, "--json")) == 2


def test_remove_asks_and_cannot_where_nobody_is(run, data, own):
    result = run("remove", "binh-son", "--index", own, input="y\n")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert len(data("reports", "--index", own, "--json")) == 2


def test_remove_asks_on_a_terminal(run, data, own, monkeypatch):
    monkeypatch.setattr("tracuu.cli.remove.is_terminal", lambda stream: True)
    result = run("remove", "binh-son", "--index", own, input="n\n")
    assert result.exit_code == 1
    assert "BÌNH SƠN" in result.stderr
    assert "Nothing was removed." in result.stderr
    result = run("remove", "binh-son", "--index", own, input="")
    assert result.exit_code == 1
    assert len(data("reports", "--index", own, "--json")) == 2
    result = run("remove", "binh-son", "--index", own, input="y\n")
    assert result.exit_code == 0
    assert result.stdout.strip() in ("", "y")  # before 8.2 click's runner echoed the answer
    assert len(data("reports", "--index", own, "--json")) == 1


def test_a_question_takes_vietnamese_answers(run, data, own, monkeypatch):
    monkeypatch.setattr("tracuu.cli.remove.is_terminal", lambda stream: True)
    monkeypatch.setenv("TRACUU_LANG", "vi")
    result = run("remove", "binh-son", "--index", own, input="hả\nk\n")
    assert "[c/K]" in result.stderr
    assert "Hãy trả lời c (có) hoặc k (không)." in result.stderr
    assert result.exit_code == 1
    assert len(data("reports", "--index", own, "--json")) == 2
    assert run("remove", "binh-son", "--index", own, input="Có\n").exit_code == 0
    assert len(data("reports", "--index", own, "--json")) == 1


def test_rebuild_reads_all_reports_again(run, data, own):
    before = data("reports", "--index", own, "--json")
    result = run("rebuild", "--index", own, "--jsonl")
    assert result.exit_code == 0
    assert {json.loads(line)["kind"] for line in result.stdout.splitlines()} == {"added", "total"}
    assert "2 files: 2 added (6 passages read)" in result.stderr
    assert data("reports", "--index", own, "--json") == before


def test_rebuild_mends_an_outdated_index(run, own):
    manifest = Path(own, "tracuu.json")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**content, "format": 0, "checksum": None}), encoding="utf-8")
    assert run("search", "ngân", "--index", own).exit_code == 4
    assert run("rebuild", "--index", own).exit_code == 0
    assert run("search", "ngân", "--index", own).exit_code == 0


def test_rebuild_changes_the_taxonomy(run, data, own, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(run("taxonomy").stdout.replace('"kinh-te"', '"tien-bac"'), encoding="utf-8")
    assert run("rebuild", "--taxonomy", mine, "--index", own, "--quiet").exit_code == 0
    assert data("search", "--area", "tien-bac", "--index", own, "--json")["total"] == 2
    result = run("taxonomy", "--index", own)
    assert '"tien-bac"' in result.stdout


def test_rebuild_tells_which_files_have_gone(run, data, own, reports):
    (reports / "binh-son.txt").unlink()
    reports.rename(reports.with_name("elsewhere"))
    result = run("rebuild", "--index", own)
    assert result.exit_code == 3
    assert "reports" in result.stderr


def test_rebuild_of_nothing(run):
    result = run("rebuild", "--index", "nowhere")
    assert result.exit_code == 1
    assert "tracuu index" in result.stderr


def test_upgrade_brings_an_index_up_to_date_without_its_reports(run, own, reports):
    assert "up to date" in run("upgrade", "--index", own).stderr
    manifest = Path(own, "tracuu.json")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["fingerprint"] = content["fingerprint"].replace("reading=", "reading=0")
    manifest.write_text(json.dumps({**content, "checksum": None}), encoding="utf-8")
    for file in reports.iterdir():
        file.unlink()
    assert run("search", "ngân", "--index", own).exit_code == 0
    assert run("index", reports, "--index", own).exit_code == 4
    done = run("upgrade", "--index", own)
    assert done.exit_code == 0, done.stderr
    assert "2 kept" in done.stderr
    assert run("search", "ngân", "--index", own, "--json").exit_code == 0
