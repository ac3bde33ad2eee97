from __future__ import annotations

from datetime import date

from tracuu import Report
from tracuu.search.facets import count_terms, count_years

REPORTS = {
    "term": Report("term", term=(2000, 2002), date=date(2003, 1, 1)),
    "dated": Report("dated", date=date(2002, 5, 1)),
    "bare": Report("bare"),
}


def test_matches_count_for_every_year_that_their_report_is_about():
    counts = count_years({"term": 3, "dated": 2, "bare": 7, "gone": 1}, REPORTS.get)
    assert list(counts.items()) == [(2002, 5), (2001, 3), (2000, 3)]


def test_matches_count_for_the_term_of_their_report():
    assert count_terms({"term": 3, "dated": 2, "gone": 1}, REPORTS.get) == {(2000, 2002): 3}
