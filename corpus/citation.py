"""Citations of passages in the Vietnamese form.

A citation consists of issuing body, type, number, date, section and page; text in capitals is cited
in sentence case.
"""

from __future__ import annotations

from datetime import date

from .letter_case import readable
from .model import Passage, Report

_MOST_TITLE = 200


def long_date(day: date) -> str:
    """``ngày 02 tháng 01 năm 2025``: days below 10 and months 1 and 2 with a zero.

    The form prescribed for state and Party offices (Nghị định 30/2020/NĐ-CP, phụ lục I; Hướng dẫn
    36-HD/VPTW).
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def report_citation(report: Report) -> str:
    """Cite a report: ``HUYỆN ỦY …, Báo cáo số 128-BC/HU ngày 12 tháng 5 năm 2025``.

    The title replaces a missing number, the term of office a missing date.
    """
    parts: list[str] = []
    if report.issuing_body:
        parts.append(readable(report.issuing_body))
    named = report.kind and report.number
    if named:
        kind = str(report.kind)
        document = f"{kind[:1].upper()}{kind[1:]} số {report.number}"
    else:
        document = f"“{_short(readable(report.title) or report.id)}”"
        if report.number:
            document += f", số {report.number}"
    if report.date:
        document += f" {long_date(report.date)}" if named else f", {long_date(report.date)}"
    parts.append(document)
    if (
        report.term
        and not report.date
        and not all(str(year) in report.title for year in report.term)
    ):
        parts.append(f"nhiệm kỳ {report.term[0]}–{report.term[1]}")
    return ", ".join(parts)


def citation(passage: Passage, report: Report) -> str:
    """Cite a passage: its report, then the section and the page.

    A passage with neither section nor page is cited by its position.
    """
    parts = [report_citation(report)]
    if passage.heading_path:
        parts.append("mục “" + " › ".join(map(readable, passage.heading_path)) + "”")
    if passage.page is not None:
        parts.append(f"trang {passage.page}")
    if len(parts) == 1:
        parts.append(f"đoạn {passage.position}")
    return ", ".join(parts) + "."


def _short(title: str) -> str:
    title = " ".join(title.split())
    if len(title) <= _MOST_TITLE:
        return title
    return title[:_MOST_TITLE].rsplit(" ", 1)[0] + "…"
