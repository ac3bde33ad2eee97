from __future__ import annotations

import csv
import io
import json

import pytest


@pytest.fixture(autouse=True)
def _the_shared_index(shared, monkeypatch):
    monkeypatch.setenv("TRACUU_INDEX", shared)


def test_areas_are_counted(data, run):
    rows = data("areas", "--report", "binh-son", "--json")
    counts = {row["area"]: row for row in rows}
    assert len(counts) == 10
    assert counts["kinh-te"] == {
        "area": "kinh-te",
        "label": "Kinh tế, ngân sách",
        "passages": 2,
        "achievement": 1,
        "shortcoming": 1,
        "cause": 0,
    }
    assert sum(row["passages"] for row in rows) == 4
    text = run("areas", "--report", "binh-son").stdout
    assert text.splitlines()[-1].split() == ["all", "4", "2", "2", "0"]


def test_areas_are_ranked_for_a_query(data, run):
    rows = data("areas", "giải", "ngân", "--report", "binh-son", "--json")
    assert [row["area"] for row in rows] == ["kinh-te"]
    assert rows[0]["label"] == "Kinh tế, ngân sách"
    assert rows[0]["matches"] == rows[0]["passages"] == 2
    ranked = data("areas", "ngân sách", "--json")
    assert [row["score"] for row in ranked] == sorted(
        (row["score"] for row in ranked), reverse=True
    )
    lines = run("areas", "giải", "ngân", "--report", "binh-son").stdout.splitlines()
    assert lines[0].startswith("Area ")
    assert lines[1].startswith("Kinh tế, ngân sách")


def test_areas_as_csv_and_jsonl(run):
    rows = list(csv.DictReader(io.StringIO(run("areas", "--csv").stdout)))
    assert list(rows[0]) == ["area", "label", "passages", "achievement", "shortcoming", "cause"]
    lines = run("areas", "ngân", "--jsonl").stdout.splitlines()
    assert {"area", "label", "score", "share", "density", "matches", "passages"} == set(
        json.loads(lines[0])
    )


def test_areas_for_words_that_are_nowhere(run, data):
    result = run("areas", "xyzzyx")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Nothing was found" in result.stderr
    assert data("areas", "xyzzyx", "--json") == []


def test_reports_are_listed(data, run, folder):
    found = {report["id"]: report for report in data("reports", "--json")}
    assert found["binh-son"]["passages"] == 4
    assert found["binh-son"]["term"] == [2000, 2005]
    assert found["binh-son"]["source"] == str(folder / "binh-son.txt")
    assert len(found) >= 5
    text = run("reports").stdout
    assert "2000-2005" in text
    assert "BÁO CÁO KIỂM ĐIỂM CỦA BAN CHẤP HÀNH ĐẢNG BỘ QUẬN BÌNH SƠN" in text
    assert str(folder) not in text
    assert (
        f"{len(found)} reports, {sum(report['passages'] for report in found.values())} passages"
        in text
    )


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--year", "2002"], {"binh-son"}),
        (["--year", "2001-2006"], {"binh-son", "an-phu-trung"}),
        (["--term", "2005-2010"], {"an-phu-trung"}),
        (["--term", "2000-2005", "--area", "kinh-te"], {"binh-son"}),
        (["--term", "2000-2005", "--area", "xay-dung-dang"], set()),
    ],
)
def test_reports_are_filtered(data, args, expected):
    assert {report["id"] for report in data("reports", *args, "--json")} == expected


def test_reports_as_csv(run):
    rows = list(csv.DictReader(io.StringIO(run("reports", "--year", "2002", "--csv").stdout)))
    assert [row["id"] for row in rows] == ["binh-son"]
    assert rows[0]["term"] == "2000-2005"
    assert rows[0]["passages"] == "4"


def test_no_report_passes(run):
    result = run("reports", "--year", "1900")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no reports" in result.stderr


def test_a_passage_is_shown_in_its_surroundings(run, data):
    text = run("show", "binh-son#2").stdout
    assert "▶ #2 line 12  Kinh tế, ngân sách · shortcoming" in text
    assert text.count("▶") == 1
    assert "    Giải ngân vốn đầu tư còn chậm, nhiều công trình chợ" in text
    for other in (
        "#1 line 8",
        "#3 line 18",
        "#4 line 22",
        "Mặt được",
        "quốc phòng - an ninh",
        "binh-son.txt",
    ):
        assert other in text
    found = data("show", "binh-son#2", "--before", "0", "--after", "1", "--json")
    assert [passage["id"] for passage in found["passages"]] == ["binh-son#2", "binh-son#3"]
    assert found["passage"]["id"] == "binh-son#2"
    assert found["report"]["id"] == "binh-son"


def test_a_whole_report_is_shown_in_order(run, data):
    text = run("show", "binh-son").stdout
    places = [text.index(f"#{position} line") for position in (1, 2, 3, 4)]
    assert places == sorted(places)
    assert text.count("Lãnh đạo phát triển kinh tế, ngân sách") == 1
    assert "▶" not in text
    found = data("show", "binh-so", "--json")
    assert found["report"]["id"] == "binh-son"
    assert [passage["position"] for passage in found["passages"]] == [1, 2, 3, 4]
    lines = run("show", "binh-son", "--jsonl").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [
        passage["id"] for passage in found["passages"]
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("binh-son#99", "4 passages"),
        ("nowhere#1", "tracuu reports"),
        ("binh-son#x", "REPORT#12"),
        ("nowhere", "nowhere"),
        ("bao-cao", "fits"),
    ],
)
def test_what_is_not_there_cannot_be_shown(run, name, told):
    result = run("show", name)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert told in result.stderr


def test_surroundings_belong_to_a_passage(run):
    result = run("show", "binh-son", "--before", "1")
    assert result.exit_code == 2
    assert "binh-son#1" in result.stderr


def test_similar_passages(run, data):
    found = data("similar", "binh-son#2", "-n", "3", "--json")
    assert len(found["hits"]) == 3
    assert "binh-son#2" not in [hit["passage"]["id"] for hit in found["hits"]]
    assert found["hits"][0]["passage"]["id"] in run("similar", "binh-son#2").stdout
    rows = list(csv.DictReader(io.StringIO(run("similar", "binh-son#2", "--csv").stdout)))
    assert rows[0]["id"] == found["hits"][0]["passage"]["id"]
    assert len(run("similar", "binh-son#2", "-n", "3", "--jsonl").stdout.splitlines()) == 3
    result = run("similar", "binh-son#77")
    assert result.exit_code == 2
    assert "binh-son#77" in result.stderr


def test_info(run, data, shared, folder):
    found = data("info", "--json")
    assert found["path"] == shared
    assert found["reports"] >= 5
    assert found["passages"] == sum(found["areas"].values()) == sum(found["assessments"].values())
    assert str(folder) in found["sources"]
    text = run("info").stdout
    for told in (shared, f"{found['passages']:,}", "whoosh", str(folder), "kinh-te"):
        assert told in text


def test_info_recommends_a_larger_engine_beside_the_data(run, shared, monkeypatch):
    from tracuu.index import info

    monkeypatch.setitem(info.COMFORTABLE, "whoosh", (1, "tantivy"))
    result = run("info", "--index", shared)
    assert "tantivy" not in result.stdout
    assert (
        f"change to it with: tracuu copy --to DIR --engine tantivy --index {shared}"
        in result.stderr
    )
    assert run("info", "--json").stderr == ""


def test_the_taxonomy_is_printed(run, shared):
    result = run("taxonomy")
    assert 'id = "kinh-te"' in result.stdout
    assert shared in result.stderr
    assert run("taxonomy", "--default").stderr == ""


def test_the_package_s_taxonomy_where_there_is_no_index(run, monkeypatch):
    monkeypatch.delenv("TRACUU_INDEX")
    result = run("taxonomy")
    assert result.exit_code == 0
    assert result.stdout == run("taxonomy", "--default").stdout
    assert run("taxonomy", "--index", "nowhere").exit_code == 1


def test_reports_shows_all_places_of_identical_files(run, data, reports, tmp_path):
    (reports / "sao").mkdir()
    (reports / "sao" / "chep.txt").write_bytes((reports / "binh-son.txt").read_bytes())
    done = run("index", reports, "--index", tmp_path / "x")
    assert "2 added, 1 identical" in done.stderr
    shown = run("reports", "--index", tmp_path / "x").stdout
    assert "Reports of several identical files:" in shown
    assert shown.count("binh-son: ") == 2
    found = data("reports", "--json", "--index", tmp_path / "x")
    copies = {one["id"]: [copy["folder"] for copy in one["copies"]] for one in found}
    assert copies["binh-son"] == ["reports/sao"]
