"""Tables: one set of columns in every export, for Excel and for programs."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tracuu import Index, Passage, Report
from tracuu.search.table import COLUMNS


@pytest.fixture(scope="module")
def tricky(tmp_path_factory):
    """An index whose texts look like formulas."""
    path = tmp_path_factory.mktemp("tricky") / "idx"
    from datetime import date

    report = Report(
        "bc", "=1+1", number="12-BC/HU", kind="báo cáo", issuing_body="Huyện ủy An Phú",
        date=date(2024, 5, 2), term=(2020, 2025),
    )  # fmt: skip
    with Index.create(path) as index:
        index.add(
            [
                Passage("bc", 1, "- Giải ngân đạt 90%", ("I. Kinh tế",), "kinh-te", "achievement"),
                Passage("bc", 2, '=HYPERLINK("x") giải ngân \x01 chậm', ("I. Kinh tế",), "kinh-te"),
            ],
            report=report,
            classify=False,
        )
    return str(path)


def test_csv_and_json_lines_have_the_columns_of_every_export(run, tricky):
    shown = run("search", "giải ngân", "--csv", "--index", tricky).stdout
    rows = list(csv.DictReader(io.StringIO(shown)))
    assert tuple(rows[0]) == COLUMNS
    first = next(row for row in rows if row["id"] == "bc#1")
    assert (first["date"], first["term"], first["number"]) == (
        "2024-05-02",
        "2020-2025",
        "12-BC/HU",
    )
    assert (first["area_label"], first["assessment_label"]) == ("Kinh tế, ngân sách", "Mặt được")
    assert first["citation"].startswith("Huyện ủy An Phú, Báo cáo số 12-BC/HU ngày 02 tháng 5")
    lines = run("search", "giải ngân", "--jsonl", "--index", tricky).stdout.splitlines()
    for line, row in zip(map(json.loads, lines), rows, strict=True):
        assert {name: "" if line[name] is None else str(line[name]) for name in COLUMNS} == row
        assert line["passage"]["id"] == row["id"]


def test_csv_for_excel_has_a_mark_and_no_formula(run, tricky):
    shown = run("search", "giải ngân", "--excel", "--index", tricky).stdout
    assert shown.startswith("\ufeff")
    for row in csv.DictReader(io.StringIO(shown.removeprefix("\ufeff"))):
        assert row["report_title"] == "'=1+1"
        assert not row["text"].startswith(("=", "-"))


def test_a_workbook_holds_texts_and_numbers_and_no_formula(run, tricky, tmp_path):
    calamine = pytest.importorskip("python_calamine", reason="the extra sheets is not installed")
    pytest.importorskip("xlsxwriter", reason="the extra xlsx is not installed")
    path = tmp_path / "x.xlsx"
    done = run("search", "giải ngân", "--out", path, "--index", tricky)
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    header, *rows = calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert tuple(header) == COLUMNS
    texts = {row[2]: row[header.index("text")] for row in rows}
    assert texts["bc#1"] == "- Giải ngân đạt 90%"
    assert texts["bc#2"].startswith('=HYPERLINK("x")')
    import zipfile

    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()
    assert type(rows[0][header.index("score")]) is float


def test_parquet_keeps_types(run, tricky, tmp_path):
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    from pyarrow import parquet

    path = tmp_path / "x.parquet"
    assert run("search", "giải ngân", "--out", path, "--index", tricky).exit_code == 0
    table = parquet.read_table(path)
    assert tuple(table.column_names) == COLUMNS
    assert str(table.schema.field("date").type) == "date32[day]"
    assert str(table.schema.field("position").type) == "int64"


def test_results_and_tallies_are_dataframes(tricky):
    pytest.importorskip("pandas", reason="the extra pandas is not installed")
    with Index.open(tricky) as index:
        frame = index.search("giải ngân").to_dataframe(index.labels())
        counts = index.tally(by=("area", "assessment")).to_dataframe()
    assert tuple(frame.columns) == COLUMNS
    assert set(frame["area_label"]) == {"Kinh tế, ngân sách"}
    assert counts.to_dict("records") == [
        {"area": "kinh-te", "assessment": "achievement", "matches": 1},
        {"area": "kinh-te", "assessment": "none", "matches": 1},
    ]


def test_passages_are_counted_by_every_field_of_the_library(run, data, own):
    run("extra", "binh-son", "kho=A-12", "--index", own)
    total = data("search", "--report", "binh-son", "-n", "0", "--json", "--index", own)["total"]
    found = data("tally", "--by", "extra", "--json", "--index", own)
    assert found["counts"] == [{"extra": "kho=A-12", "matches": total}]
    for name in ("body", "place", "folder"):
        assert run("tally", "--by", f"{name},area", "--index", own).exit_code == 0


def test_passages_are_counted_by_two_things(run, tricky, tmp_path):
    shown = run("tally", "--by", "area,term", "--index", tricky)
    assert "Kinh tế, ngân sách  2020-2025" in shown.stdout
    assert "2 passages" in shown.stdout
    shown = run("tally", "--by", "area,term", "--csv", "--index", tricky)
    assert shown.stdout == "area,term,matches\nkinh-te,2020-2025,2\n"
    done = run("tally", "--by", "term", "--out", tmp_path / "t.csv", "--index", tricky)
    assert "Wrote 1 row to" in done.stderr
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbfterm,matches\r\n")


@pytest.mark.parametrize(
    "args",
    [
        ("tally", "--by", "colour"),
        ("tally", "--by", "area,area"),
        ("search", "x", "--out", "a.pdf"),
        ("search", "x", "--out", "a.csv", "--json"),
        ("search", "x", "--json", "--excel"),
    ],
)
def test_what_makes_no_sense_is_refused(run, tricky, args):
    done = run(*args, "--index", tricky)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
