from __future__ import annotations

import csv
import io
import json

import pytest

QUERY = ("giải", "ngân")
MINE = ("--report", "binh-son")


@pytest.fixture(autouse=True)
def _the_shared_index(shared, monkeypatch):
    monkeypatch.setenv("TRACUU_INDEX", shared)


def ids(data: dict) -> list[str]:
    return [hit["passage"]["id"] for hit in data["hits"]]


def test_json_has_what_the_library_gives(data, shared):
    from tracuu.index.facade import Index

    found = data("search", *QUERY, *MINE, "--json")
    with Index.open(shared) as index:
        assert found == json.loads(
            json.dumps(index.search("giải ngân", report="binh-son").to_dict())
        )
    assert found["total"] == 2
    assert found["facets"]["assessment"] == {"achievement": 1, "shortcoming": 1}
    assert {hit["passage"]["heading_path"][-1] for hit in found["hits"]} == {
        "Mặt được",
        "Mặt tồn tại",
    }


def test_words_are_found_without_diacritics(data):
    assert set(ids(data("search", "giai ngan", *MINE, "--json"))) == {"binh-son#1", "binh-son#2"}


def test_jsonl_has_a_line_a_hit(run):
    result = run("search", *QUERY, *MINE, "--jsonl")
    hits = [json.loads(line) for line in result.stdout.splitlines()]
    assert [hit["rank"] for hit in hits] == [1, 2]
    assert result.stderr == ""


def test_csv_has_a_row_a_hit_and_stable_columns(run):
    result = run("search", *QUERY, *MINE, "--csv")
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[0] == [
        *(
            "rank",
            "score",
            "id",
            "report",
            "report_title",
            "issuing_body",
            "kind",
            "number",
            "date",
        ),
        *("term", "position", "heading_path", "area", "area_label", "assessment"),
        *("assessment_label", "cause_of", "line", "page", "text", "citation"),
    ]
    found = {row[2]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert set(found) == {"binh-son#1", "binh-son#2"}
    slow = found["binh-son#2"]
    assert slow["area"] == "kinh-te"
    assert slow["assessment"] == "shortcoming"
    assert slow["heading_path"] == "Lãnh đạo phát triển kinh tế, ngân sách › Mặt tồn tại"
    assert slow["line"] == "12"
    assert slow["text"].startswith("Giải ngân vốn đầu tư còn chậm, nhiều")


def test_people_see_passage_area_assessment_headings_and_counts(run):
    result = run("search", *QUERY, *MINE)
    assert result.exit_code == 0
    assert result.stderr == ""
    text = result.stdout
    assert "binh-son#2" in text
    assert "Kinh tế, ngân sách · shortcoming" in text
    assert "Lãnh đạo phát triển kinh tế, ngân sách › Mặt tồn tại" in text
    assert "NHIỆM KỲ 2000 - 2005" in text
    assert "Giải ngân vốn đầu tư còn chậm" in text
    assert "\n2 passages\n" in text
    assert "Areas: Kinh tế, ngân sách 2\n" in text
    assert "Assessments: achievement 1 · shortcoming 1\n" in text
    assert "Reports: binh-son 2\n" in text
    assert "score  matches  of  share" in text
    assert "\x1b" not in text


def test_counts_can_be_left_out(run):
    text = run("search", *QUERY, *MINE, "--no-facets").stdout
    assert "2 passages" in text
    assert "Areas:" not in text
    assert "matters" not in text


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["--area", "quốc phòng"], ["binh-son#3", "binh-son#4"]),
        (
            ["--area", "quoc-phong-an-ninh", "--area", "kinh te"],
            ["binh-son#1", "binh-son#2", "binh-son#3", "binh-son#4"],
        ),
        (["--assessment", "shortcoming"], ["binh-son#2", "binh-son#4"]),
        (["--assessment", "tồn tại"], ["binh-son#2", "binh-son#4"]),
        (["--assessment", "cause"], []),
        (["--year", "2003"], ["binh-son#1", "binh-son#2", "binh-son#3", "binh-son#4"]),
        (["--year", "1990-1999"], []),
        (["--year", "..1999"], []),
        (["--term", "2000-2005", "--area", "kinh-te"], ["binh-son#1", "binh-son#2"]),
        (["--term", "2005-2010"], []),
        (["-n", "1", "--page", "3"], ["binh-son#3"]),
        (["-n", "2", "--offset", "1"], ["binh-son#2", "binh-son#3"]),
        (["-n", "0"], []),
    ],
)
def test_filters_and_pages_without_a_query_list_in_reading_order(data, args, found):
    assert ids(data("search", *MINE, *args, "--json")) == found


def test_sorting(data):
    found = data("search", "đảng viên OR dân quân", "--sort", "reading", "--json")
    assert ids(found) == sorted(
        ids(found), key=lambda one: (one.partition("#")[0], int(one.partition("#")[2]))
    )


def test_literal_takes_signs_as_text(run, data):
    assert run("search", "thu AND").exit_code == 2
    assert data("search", "thu AND", "--literal", "--json")["total"] > 0


def test_minus_and_quotes_reach_the_query(data):
    assert ids(data("search", *MINE, "--json", "--", "giải ngân", "-chậm")) == ["binh-son#1"]
    assert ids(data("search", *MINE, "--json", '"vốn đầu tư còn chậm"')) == ["binh-son#2"]


def test_the_query_comes_through_stdin(run):
    result = run("search", "-", *MINE, "--json", input="giải ngân\n")
    assert json.loads(result.stdout)["query"] == "giải ngân"
    assert json.loads(result.stdout)["total"] == 2


def test_whole_passages_and_snippets(run, data):
    snippet = data("search", "giải ngân", "--json", "-n", "1")["hits"][0]
    assert snippet["passage"]["text"] in run("search", "giải ngân", "--full", "-n", "1").stdout
    long = [hit for hit in data("search", "giải ngân", "--json")["hits"] if "…" in hit["snippet"]]
    assert long
    assert long[0]["passage"]["text"] not in run("search", "giải ngân").stdout


def test_explanations_for_people_and_programs(run, data):
    text = run("search", *QUERY, *MINE, "--explain").stdout
    assert "| binh-son#2 matches 'giải ngân'" in text
    hit = data("search", *QUERY, *MINE, "--explain", "--json")["hits"][0]
    assert hit["explanation"]["passage"] == hit["passage"]["id"]
    assert hit["explanation"]["score"] == pytest.approx(hit["score"])
    for args in ([], [*QUERY, "--csv"]):
        assert run("search", *MINE, *args, "--explain").exit_code == 2


@pytest.mark.parametrize(
    ("args", "stdout"),
    [([], ""), (["--jsonl"], ""), (["--csv"], "rank,score,id,"), (["--json"], "{")],
)
def test_nothing_found_is_told_on_stderr_and_no_failure(run, args, stdout):
    result = run("search", "xyzzyx", *args)
    assert result.exit_code == 0
    assert result.stdout.startswith(stdout)
    assert result.stdout.count("rank") <= 1
    assert "Nothing was found for: xyzzyx" in result.stderr


@pytest.mark.parametrize("args", [["search"], ["search", "--jsonl"], ["areas"], ["plot", "matrix"]])
@pytest.mark.parametrize("query", ["((", "***", "..."])
def test_a_query_without_a_word_is_told_what_it_lacks(run, args, query):
    result = run(*args, query)
    assert result.exit_code == 0
    assert f"There is no word in: {query}" in result.stderr
    assert "type a word" in result.stderr
    assert "Nothing" not in result.stderr


def test_what_was_done_with_a_query_that_finds_nothing_as_asked(run):
    text = run("search", "giải ngân xyzzyx quqqux").stdout
    assert "No passage has all words of the query" in text
    result = run("search", "giải ngân xyzzyx quqqux", "--jsonl")
    assert "No passage has all words of the query" in result.stderr


def test_a_word_that_is_not_there_is_named(run):
    result = run("search", "giải ngâm vốn")
    assert (
        "No passage holds “ngâm”; “ngân” is searched instead; to search it as typed, add --literal."
        in result.stdout
    )
    assert "without: ngâm" in result.stdout
    # above a list that may be long
    assert result.stdout.index("No passage holds") < result.stdout.index("  1. ")
    result = run("search", "giải ngâm vốn", "--jsonl")
    assert "No passage holds “ngâm”" in result.stderr
    assert "No passage holds “ngâm”." in run("search", "giải ngâm", "--literal").stdout
    assert "KHÔNG was read as an operator" in run("search", "giải ngân KHÔNG đầu tư").stdout


def test_a_misspelt_query_gets_a_better_one(run, data):
    suggested = data("search", "gỉai ngâm vốn", "--json")["did_you_mean"]
    assert suggested
    result = run("search", "gỉai ngâm vốn")
    assert f"Did you mean: {suggested}" in result.stdout + result.stderr


def test_a_bad_query_is_shown_with_the_place(run):
    result = run("search", "giải ngân year:abc")
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Error: ")
    assert lines[1].strip() == "giải ngân year:abc"
    assert lines[2].index("^") == lines[1].index("abc")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--area", "nongthon"], "do-thi (Quản lý đô thị"),
        (["--area", "xây dựng"], "fits more than one"),
        (["--assessment", "good"], "achievement"),
        (["--report", "binh-sonn"], "binh-son"),
        (["--year", "many"], "2003..2005"),
        (["--term", "2000"], "2000-2005"),
        (["--sort", "size"], "relevance"),
        (["--limit", "-1"], "0"),
        (["--page", "1", "--offset", "2"], "--offset"),
        (["--json", "--csv"], "--csv"),
    ],
)
def test_an_unknown_value_is_refused_with_what_there_is(run, args, told):
    result = run("search", "ngân sách", *args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert told in result.stderr


def test_colours_only_where_wanted(run, monkeypatch):
    assert "\x1b[" not in run("search", *QUERY).stdout
    text = run("search", *QUERY, *MINE, "--color").stdout
    assert "\x1b[1mGiải ngân\x1b[0m" in text or "Giải ngân\x1b[0m" in text
    assert "\x1b[31mshortcoming\x1b[0m" in text
    assert "\x1b" not in run("search", *QUERY, "--color", "--json").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("search", *QUERY).stdout


def test_lines_are_broken_at_the_width_asked_for(run):
    text = run("search", *QUERY, *MINE, "--width", "60").stdout
    head = {line for line in text.splitlines() if "#" in line}
    assert max(len(line) for line in text.splitlines() if line not in head) <= 60
    assert any(len(line) > 100 for line in run("search", *QUERY, *MINE).stdout.splitlines())


def test_the_index_may_be_named_before_and_after_the_command(run, shared, monkeypatch, tmp_path):
    monkeypatch.setenv("TRACUU_INDEX", str(tmp_path / "none"))
    assert run("search", "ngân").exit_code == 1
    assert run("--index", shared, "search", "ngân").exit_code == 0
    assert run("search", "ngân", "--index", shared).exit_code == 0
    assert run("--index", tmp_path / "none", "search", "ngân", "--index", shared).exit_code == 0
    monkeypatch.delenv("TRACUU_INDEX")
    result = run("search", "ngân")
    assert result.exit_code == 1
    assert ".tracuu: there is no index here; create one with: tracuu index" in result.stderr
    assert run("search", "ngân", "--index", "").exit_code == 2


def test_something_else_than_an_index_is_no_index(run, tmp_path):
    (tmp_path / "file.txt").write_text("x", encoding="utf-8")
    result = run("search", "ngân", "--index", tmp_path)
    assert result.exit_code == 1
    assert "not a tracuu index" in result.stderr
