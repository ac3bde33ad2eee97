"""Reports on several terms: what was mended, what remains, what returns."""

from __future__ import annotations

import pytest

from tracuu import Index, Passage, Report
from tracuu.errors import OptionError, UnknownReport

DRAIN = "Hệ thống thoát nước khu chợ cũ xuống cấp, ngập úng kéo dài mỗi mùa mưa."
ROAD = "Tuyến đường liên xã qua đèo Gió hư hỏng nặng, chưa được sửa chữa."
MENDED = "Tuyến đường liên xã qua đèo Gió đã được sửa chữa, thông xe an toàn."


@pytest.fixture
def terms(tmp_path):
    """Three terms of one committee, and a report of another."""
    told = {
        "k1": ("HUYỆN ỦY SUỐI MƠ", (2010, 2015), [(DRAIN, "shortcoming"), (ROAD, "shortcoming")]),
        "k2": ("HUYỆN ỦY SUỐI MƠ", (2015, 2020), [(DRAIN, "shortcoming"), (MENDED, "achievement")]),
        "k3": ("Huyện ủy Suối Mơ", (2020, 2025), [(DRAIN + " Chưa có vốn.", "shortcoming")]),
        "other": ("HUYỆN ỦY ĐÈO GIÓ", (2015, 2020), [(ROAD, "shortcoming")]),
    }
    with Index.create(tmp_path / "index") as index:
        for name, (body, term, passages) in told.items():
            index.add(
                [
                    Passage(name, n, text, area="do-thi", assessment=assessment)
                    for n, (text, assessment) in enumerate(passages, 1)
                ],
                report=Report(name, title=name, issuing_body=body, term=term),
                classify=False,
            )
        filler = [Passage("filler", n, f"Câu thứ {n} nói chuyện khác hẳn.") for n in range(1, 40)]
        index.add(filler, classify=False)
        yield index


def test_a_shortcoming_is_followed_through_the_terms(terms):
    series = terms.compare_terms(["k3", "k1", "k2"])
    assert [report.id for report in series.reports] == ["k1", "k2", "k3"]
    (returning,) = series.returning
    assert [one.id for one in returning.passages] == ["k1#1", "k2#1", "k3#1"]
    assert series.persisting == (returning,)
    (mended,) = series.mended
    assert (mended.passages[0].id, mended.mended_by.id) == ("k1#2", "k2#2")
    assert series.to_dict()["counts"] == {"mended": 1, "persisting": 1, "returning": 1}


def test_two_reports_have_nothing_that_returns(terms):
    series = terms.compare_terms(["k1", "k2"])
    assert len(series.comparisons) == 1
    assert (len(series.mended), len(series.persisting), len(series.returning)) == (1, 1, 0)


def test_bodies_are_named_where_they_differ_in_more_than_letter_case(terms):
    assert len(terms.compare_terms(["k1", "k3"]).bodies) == 1
    assert len(terms.compare_terms(["k1", "other"]).bodies) == 2


@pytest.mark.parametrize("names", [[], ["k1"], ["k1", "k1"], ["k1"] * 9])
def test_from_two_to_eight_different_reports_are_compared(terms, names):
    with pytest.raises(OptionError):
        terms.compare_terms(names)


def test_a_report_that_is_not_there_is_named(terms):
    with pytest.raises((UnknownReport, OptionError), match="nothing"):
        terms.compare_terms(["k1", "nothing"])
