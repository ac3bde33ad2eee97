"""``tracuu extra``: metadata of the user's own for reports that were read from folders."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest


def test_a_report_is_given_metadata_and_found_by_it(run, data, own):
    result = run("extra", "binh-son", "case=A-12", "shelf=Kho 2", "--index", own)
    assert result.exit_code == 0
    assert "A-12" in result.stdout
    found = data("search", "giải ngân", "--extra", "case=A-12", "--json", "--index", own)
    assert {hit["passage"]["report"] for hit in found["hits"]} == {"binh-son"}
    run("extra", "binh-son", "case=", "--index", own)
    assert data("extra", "binh-son", "--json", "--index", own) == [
        {"report": "binh-son", "extra": {"shelf": "Kho 2"}}
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_out_of_excel_is_read(run, data, own, tmp_path, delimiter):
    table = tmp_path / "list.csv"
    rows = [
        ["file", "case", "shelf"],
        ["binh-son.txt", "A-12", ""],
        ["an-phu-trung.txt", "B-3", "Kho; 2"],
    ]
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    run("extra", "binh-son", "shelf=Kho 1", "by=me", "--index", own)
    result = run("extra", "--file", table, "--index", own)
    assert result.exit_code == 0, result.stderr
    assert "Changed 2 of 2 reports." in result.stderr
    extras = {one["report"]: one["extra"] for one in data("extra", "--json", "--index", own)}
    assert extras["binh-son"] == {"case": "A-12", "by": "me"}
    assert extras["an-phu-trung"] == {"case": "B-3", "shelf": "Kho; 2"}


def test_the_table_it_prints_can_be_read_again(run, data, own, tmp_path):
    run("extra", "binh-son", "case=A-12", "--index", own)
    printed = run("extra", "--csv", "--index", own).stdout
    table = tmp_path / "list.csv"
    table.write_text(printed.replace("A-12", "A-13"), encoding="utf-8")
    assert "Changed 1 of 2 reports." in run("extra", "--file", table, "--index", own).stderr
    assert data("extra", "binh-son", "--json", "--index", own)[0]["extra"] == {"case": "A-13"}


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("name,case\nbinh-son,A\n", "'report' or 'file'"),
        ("report,case\nbinh-son,A\nnirgends,B\n", "line 3: no report has the id 'nirgends'"),
        ("file,case\nnirgends.txt,A\n", "line 2: no report was read from 'nirgends.txt'"),
        ("report,case\n\nbinh-son\n,A\n", "line 4"),
        ("", "empty"),
    ],
)
def test_a_wrong_table_changes_nothing(run, data, own, tmp_path, table, reason):
    (tmp_path / "list.csv").write_text(table, encoding="utf-8")
    result = run("extra", "--file", tmp_path / "list.csv", "--index", own)
    assert result.exit_code == 2
    assert reason in result.stderr
    assert all(not one["extra"] for one in data("extra", "--json", "--index", own))


def test_what_is_no_utf_8_is_named_with_its_mend(run, own, tmp_path: Path):
    (tmp_path / "list.csv").write_bytes("report;hồ sơ\n".encode("utf-16"))
    assert "CSV UTF-8" in run("extra", "--file", tmp_path / "list.csv", "--index", own).stderr


def test_an_unknown_report_and_a_wrong_pair_are_usage_errors(run, own):
    assert run("extra", "nirgends", "a=b", "--index", own).exit_code == 2
    assert "KEY=VALUE" in run("extra", "binh-son", "abc", "--index", own).stderr
