from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

PAIR = ("huyen-uy-2015", "huyen-uy-2020")


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory, root: Path) -> str:
    """An index of a committee's reports on two terms."""
    from tracuu import Index

    folder = tmp_path_factory.mktemp("terms") / "index"
    with Index.create(folder) as index:
        list(index.update([root / "corpus" / "samples", root / "tests" / "data" / "terms"], jobs=1))
    return str(folder)


def test_texts_stand_side_by_side_and_fit(run, terms):
    result = run("compare", *PAIR, "--width", "100", "--index", terms)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert max(map(len, lines[:2])) <= 100
    both = [line for line in lines if " │ " in line]
    assert len({line.index(" │ ") for line in both}) == 1
    assert max(map(len, both)) <= 100
    assert any(
        "Nạn tảo hôn còn phổ biến" in line and "Nạn tảo hôn chưa được đẩy lùi" in line
        for line in both
    )
    assert "A shortcoming then, an achievement now" in result.stdout
    assert result.stderr == ""


def test_without_room_they_stand_below_one_another(run, terms):
    for options in ((), ("--width", "60")):
        result = run("compare", *PAIR, "--area", "van hoa", "--index", terms, *options)
        assert " │ " not in result.stdout
        assert "  - bao-cao-chinh-tri-huyen-uy-2015-2020#17\n" in result.stdout
        assert "  + bao-cao-chinh-tri-huyen-uy-2020-2025#" in result.stdout


def test_what_both_have_is_marked_in_colour_alone(run, terms):
    plain = run("compare", *PAIR, "--area", "van hoa", "--width", "100", "--index", terms)
    coloured = run(
        "compare", *PAIR, "--area", "van hoa", "--width", "100", "--color", "--index", terms
    )
    assert "\x1b" not in plain.stdout
    assert "\x1b[33m\x1b[1mNạn tảo hôn" in coloured.stdout


def test_only_some_matches(run, terms):
    result = run("compare", *PAIR, "--only", "worsened", "--index", terms)
    assert "An achievement then, a shortcoming now" in result.stdout
    for other in (
        "A shortcoming then, an achievement now",
        "A shortcoming then and now",
        "Words only",
        "alone",
    ):
        assert other not in result.stdout


def test_full_passages_or_the_part_that_matters(run, terms):
    full = run("compare", *PAIR, "--full", "--index", terms).stdout
    short = run("compare", *PAIR, "--index", terms).stdout
    assert "…" not in full
    assert "…" in short
    assert len(short) < len(full)


def test_data_for_other_programs(run, data, terms):
    found = data("compare", *PAIR, "--json", "--index", terms)
    assert found["older"]["id"] == "bao-cao-chinh-tri-huyen-uy-2015-2020"
    result = run("compare", *PAIR, "--csv", "--index", terms)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    for fate, count in found["counts"].items():
        assert sum(row["what"] == fate for row in rows) == count
    assert {"gone", "fresh", "new-topic", "dropped-topic"} <= {row["what"] for row in rows}
    assert next(row for row in rows if row["what"] == "dropped-topic")["shared"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("huyen-uy", "huyen-uy-2020"), "fits 2 reports"),
        (("huyen-uy-2020", "2020-2025"), "the same report"),
        (("nothing", "huyen-uy-2020"), "no report 'nothing'"),
        (("huyen-uy-2020",), "Missing argument"),
        ((*PAIR, "--area", "biển"), "biển"),
        ((*PAIR, "--only", "fine"), "fine"),
    ],
)
def test_what_cannot_be_compared_is_told(run, terms, args, told):
    result = run("compare", *args, "--index", terms)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_where_nothing_tells_the_order_it_is_said(run, tmp_path):
    from tracuu import Index, Passage

    with Index.create(tmp_path / "index") as index:
        index.add([Passage("a", 1, "Một đoạn."), Passage("b", 1, "Hai đoạn.")])
    result = run("compare", "b", "a", "--index", tmp_path / "index")
    assert result.exit_code == 0
    assert result.stdout.partition("\n\n")[2].startswith("then: b ")
    assert "Neither report has a term or date" in result.stderr
