"""Passages of an application's own, without files."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tracuu import Decision, Index, Passage, Report
from tracuu.errors import PassageError, UnknownArea

BAD = "Tiến độ giải ngân vốn đầu tư công còn chậm, chưa đạt dự toán, quản lý còn lúng túng."
Make = Callable[..., Path]


def test_passages_are_found_and_their_report_is_there(index: Index) -> None:
    report = Report(
        "app",
        title="Báo cáo của ứng dụng",
        number="7-BC/HU",
        date=date(2010, 2, 3),
        term=(2005, 2010),
    )
    assert (
        index.add(
            [Passage("app", 1, BAD), Passage("app", 2, "Kết nạp 12 đảng viên mới.")], report=report
        )
        == 2
    )
    assert index.report("app") == replace(report, passages=2)
    (hit,) = index.search("giải ngân", report="app", year=2007, collapse=False)
    assert (hit.passage.id, hit.passage.text) == ("app#1", BAD)
    assert hit.report_title == "Báo cáo của ứng dụng"


def test_what_the_giver_left_open_is_decided(index: Index) -> None:
    index.add([Passage("app", 1, BAD), Passage("app", 2, "Một câu.", ("Xây dựng Đảng", "Ưu điểm"))])
    first, second = index.passage("app#1"), index.passage("app#2")
    assert (first.area, first.assessment) == ("kinh-te", "shortcoming")
    assert first.area_decision.source == first.assessment_decision.source == "words"
    assert (second.area, second.assessment) == ("xay-dung-dang", "achievement")
    assert second.area_decision.evidence[0] == "Xây dựng Đảng"


def test_what_the_giver_decided_is_kept(index: Index) -> None:
    given = Decision("given")
    index.add(
        [
            Passage("app", 1, BAD, area="do-thi", assessment="achievement"),
            Passage("app", 2, BAD, area="chung", area_decision=given, assessment_decision=given),
            Passage("app", 3, BAD, assessment="cause", cause_of="shortcoming"),
        ]
    )
    one, two, three = (index.passage(f"app#{number}") for number in (1, 2, 3))
    assert (one.area, one.assessment) == ("do-thi", "achievement")
    assert (two.area, two.assessment, two.area_decision.source) == ("chung", None, "given")
    assert (three.area, three.assessment, three.cause_of) == ("kinh-te", "cause", "shortcoming")


def test_without_classify_nothing_is_decided(index: Index) -> None:
    passage = Passage("app", 1, BAD)
    index.add([passage], classify=False)
    assert index.passage("app#1") == passage


def test_a_passage_with_a_known_id_is_replaced_and_the_others_stay(index: Index) -> None:
    index.add(
        [Passage("app", 1, "Một đoạn cũ"), Passage("app", 3, "Đoạn thứ ba")],
        report=Report("app", title="Tên"),
    )
    index.add([Passage("app", 1, "Một đoạn mới"), Passage("app", 2, "Đoạn thứ hai")])
    listed = index.search("", report="app", collapse=False)
    assert [hit.passage.text for hit in listed] == ["Một đoạn mới", "Đoạn thứ hai", "Đoạn thứ ba"]
    assert index.search("cũ", literal=True).total == 0
    assert index.report("app") == Report("app", title="Tên", passages=3)


def test_several_reports_at_once_and_none_at_all(index: Index) -> None:
    assert index.add(Passage(name, 1, f"Đoạn của {name}") for name in ("a", "b", "c")) == 3
    assert [report.id for report in index.reports()] == ["a", "b", "c"]
    assert index.add([]) == 0


def test_passages_added_to_a_file_s_report_leave_it_the_file_s(
    index: Index, folder: Path, make: Make
) -> None:
    list(index.update([folder]))
    index.add([Passage("mot", 9, "Ghi chú của người đọc")], report=Report("mot", title="Tên khác"))
    report = index.report("mot")
    assert (report.title, report.source, report.passages) == (
        "Tên khác",
        str(folder / "mot.txt"),
        4,
    )
    assert [change.kind for change in index.update([folder])] == ["unchanged", "unchanged"]
    make(folder / "mot.txt", 2010)
    assert [change.kind for change in index.update([folder])] == ["unchanged", "changed"]
    assert index.report("mot").passages == 3


def test_a_file_does_not_take_an_application_s_id(index: Index, folder: Path) -> None:
    index.add([Passage("mot", 1, "Đoạn của ứng dụng")])
    assert [change.reports for change in index.update([folder])] == [("hai",), ("mot-2",)]
    assert index.passage("mot#1").text == "Đoạn của ứng dụng"


GOOD = Passage("app", 2, "Một đoạn văn")
FAULTS: dict[str, tuple[Any, str]] = {
    "no passage": ("text", "not a passage"),
    "no report": (replace(GOOD, report=""), "not a report id"),
    "blank report": (replace(GOOD, report=" "), "not a report id"),
    "report None": (replace(GOOD, report=None), "not a report id"),
    "report a number": (replace(GOOD, report=5), "not a report id"),
    "report with #": (replace(GOOD, report="a#b"), "may not hold '#'"),
    "report with a line break": (replace(GOOD, report="a\nb"), "control characters"),
    "report with half a character": (replace(GOOD, report="\udcff"), "control characters"),
    "long report": (replace(GOOD, report="x" * 300), "too long"),
    "position 0": (replace(GOOD, position=0), "counts from 1"),
    "position True": (replace(GOOD, position=True), "counts from 1"),
    "position 1.0": (replace(GOOD, position=1.0), "counts from 1"),
    "huge position": (replace(GOOD, position=2**63), "counts from 1"),
    "no text": (replace(GOOD, text=""), "no text"),
    "blank text": (replace(GOOD, text=" \n"), "no text"),
    "bytes": (replace(GOOD, text=b"x"), "no text"),
    "half a character": (replace(GOOD, text="a \udcff"), "surrogate"),
    "heading of half a character": (replace(GOOD, heading_path=("\ud800",)), "surrogate"),
    "path a string": (replace(GOOD, heading_path="abc"), "heading_path"),
    "path of numbers": (replace(GOOD, heading_path=(1,)), "not text"),
    "assessment": (replace(GOOD, assessment="good"), "assessment is one of"),
    "cause_of": (replace(GOOD, cause_of="cause"), "cause_of is one of"),
    "kind": (replace(GOOD, kind="verse"), "kind is one of"),
    "line": (replace(GOOD, line=-1), "line is a number"),
    "page": (replace(GOOD, page=0), "page one from 1"),
    "no decision": (replace(GOOD, area_decision=None), "tracuu.Decision"),
    "source": (replace(GOOD, area_decision=Decision("guess")), "whose source"),
    "evidence": (replace(GOOD, assessment_decision=Decision("given", ("\udcff",))), "surrogate"),
    "confidence": (replace(GOOD, area_decision=Decision("given", (), math.nan)), "from 0 to 1"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_passage_that_cannot_be_indexed_is_refused_and_nothing_is_added(
    index: Index, fault: str
) -> None:
    passage, words = FAULTS[fault]
    with pytest.raises(PassageError, match=words):
        index.add([Passage("app", 1, "Một đoạn tốt"), passage])
    assert index.reports() == ()


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (Report("other"), "belongs to another report"),
        ("app", "not a report"),
        (Report("app", title="\udcff"), "surrogate"),
        (Report("app", title=None), "not text"),  # type: ignore[arg-type]
        (Report("app", number=5), "number: 5 is not text"),  # type: ignore[arg-type]
        (Report("app", date="2010-01-01"), "datetime.date"),  # type: ignore[arg-type]
        (Report("app", date=datetime(2010, 1, 1)), "datetime.date"),
        (Report("app", term=2010), "first and the last year"),  # type: ignore[arg-type]
        (Report("app", term=(2010, 2005)), "first and the last year"),
        (Report("app", term=(0, 5)), "first and the last year"),
    ],
)
def test_a_report_that_cannot_be_indexed_is_refused(index: Index, report: Any, words: str) -> None:
    with pytest.raises(PassageError, match=words):
        index.add([GOOD], report=report)
    assert index.reports() == ()


def test_the_same_position_twice_is_refused(index: Index) -> None:
    with pytest.raises(PassageError, match=r"'app#2' is given twice"):
        index.add([GOOD, replace(GOOD, text="Một đoạn khác")])


@pytest.mark.parametrize("area", ["Kinh tế", "x", ""])
def test_an_area_of_no_such_id_is_refused(index: Index, area: str) -> None:
    with pytest.raises(UnknownArea, match="kinh-te"):
        index.add([replace(GOOD, area=area)])
    assert index.reports() == ()


def test_an_error_of_the_iterable_adds_nothing(index: Index) -> None:
    with pytest.raises(ZeroDivisionError):
        index.add(Passage("app", number, f"Đoạn {1 // number}") for number in (1, 0))
    assert index.reports() == ()
