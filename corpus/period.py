"""The years that a report's title names.

Examples: "6 tháng đầu năm 2022", "giai đoạn 2021-2023".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..vietnamese import fold

# maximum distance of separately named years of one period
_SPREAD = 6
_LONGEST = 100  # maximum years of a span
_YEAR = r"(?:19|20)\d{2}"
_ALONE = re.compile(rf"(?<![\d/.,-]){_YEAR}(?![\d]|[/.,-]\d|[-/][a-z])")
_MONTH = re.compile(rf"(?:\bthang|\bquy) +(?:\d{{1,2}}|[ivx]{{1,4}})[-/.]({_YEAR})\b")
_SPAN = re.compile(rf"(?<!\d)({_YEAR}) *(?:[-–—]|den(?: het)?(?: nam)?) *(?:nam +)?({_YEAR})(?!\d)")
# Years unrelated to the period: of a term of office (read separately), a date, a document, an
# aim for the distant future.
_NOT_ITS_YEARS = (
    re.compile(rf"\bnhiem ky *:? *(?:[ivxlc]+ *)?[,(]? *{_YEAR}(?: *(?:[-–—]|den) *{_YEAR})?\)?"),
    re.compile(rf"\bdai hoi\b(?: +(?!nam\b)[a-z]+)* +nam +{_YEAR}"),
    re.compile(rf"\bngay +\d{{1,2}} *(?:[-/.]|thang) *\d{{1,2}} *(?:[-/.]|,? *nam) *{_YEAR}"),
    re.compile(rf"(?<!\d)\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}([-_./ ])\d{{2}}\1\d{{2}}(?!\d)"),
    re.compile(r"\b\d+/(?:19|20)\d{2}/[a-z][-a-z0-9]*"),
    re.compile(
        r"\b(?:bo luat|luat|hien phap|phap lenh)\b"
        rf"(?: +(?!nam\b)[a-z]+,?)* +(?:nam +)?{_YEAR}"
    ),
    re.compile(rf"\b(?:tam nhin|dinh huong)\b[^\d;.]*{_YEAR}(?: *[-–—] *{_YEAR})?"),
)  # fmt: skip


def read_period(title: str) -> tuple[int, int] | None:
    """First and last year named by ``title`` as the report's period, or None.

    Ignores terms of office, and the years of dates, laws, document numbers and targets ("tầm nhìn
    đến năm 2045").

    >>> read_period("BÁO CÁO kết quả năm 2022, phương hướng, nhiệm vụ năm 2023")
    (2022, 2023)
    >>> read_period("Tổng kết nhiệm kỳ 2015-2020 theo Luật Đất đai năm 2013")
    """
    text = " ".join(fold(title).lower().replace("_", " ").split())
    for pattern in _NOT_ITS_YEARS:
        text = pattern.sub(" ; ", text)
    spans = list(_spans(text))
    text = _SPAN.sub(" ", text)
    alone = [int(year) for year in _MONTH.findall(text)]
    alone += [int(year) for year in _ALONE.findall(_MONTH.sub(" ", text))]
    if not spans and not alone:
        return None
    if not spans and max(alone) - min(alone) > _SPREAD:
        return max(alone), max(alone)
    first, last = (min(spans)[0], max(last for _, last in spans)) if spans else (9999, 0)
    near = [year for year in alone if not spans or first - 1 <= year <= last + 1]
    return min([first, *near]), max([last, *near])


def read_period_of_name(name: str) -> tuple[int, int] | None:
    """:func:`read_period` for a file name, with hyphens or underscores between words."""
    return read_period(re.sub(r"(?<!\d)[-_]|[-_](?!\d)", " ", name))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for found in _SPAN.finditer(text):
        first, last = int(found[1]), int(found[2])
        if first <= last <= first + _LONGEST:
            yield first, last
