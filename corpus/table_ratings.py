"""Ratings in the rows of a table.

A column rates each row: "Đánh giá: Không đạt", or a cross below "Đạt" or "Không đạt".
"""

from __future__ import annotations

import re
from typing import Literal

from .model import Decision

_RATING = re.compile(
    r"(?P<not>không |chưa )?(?:đã |cơ bản )?(?:đạt và vượt|hoàn thành vượt|vượt|đạt|hoàn thành)"
    r"(?:,? (?:so với|mức|chỉ tiêu|kế hoạch|yêu cầu|nghị quyết|mục tiêu|dự toán|đề ra|"
    r"được giao))*\.?",
    re.IGNORECASE,
)
_CROSS = re.compile(r"[xXvV+✓✔√☑☒]")
_AIM = re.compile(
    r"(?:kế hoạch|kh|chỉ tiêu|mục tiêu|dự toán|nghị quyết|phấn đấu|dự kiến|nhiệm vụ)\b",
    re.IGNORECASE,
)
_SURE = 0.95


def judge_row(text: str) -> tuple[Literal["achievement", "shortcoming"], Decision] | None:
    """The rating in the row ``text``, and the cell that gives it.

    ``text`` has the form ``Column: cell; Column: cell``. None if no cell is a rating, or if ratings
    differ. Columns of targets do not count.
    """
    ratings: list[tuple[bool, str]] = []
    for cell in text.split("; "):
        column, _, value = cell.rpartition(": ")
        column = column.rpartition(" – ")[2].strip()
        rated = column if _CROSS.fullmatch(value) else "" if _AIM.match(column) else value
        found = _RATING.fullmatch(rated)
        if found and column:
            ratings.append((found["not"] is None, cell))
    if len({good for good, _ in ratings}) != 1:
        return None
    good, cell = ratings[0]
    return "achievement" if good else "shortcoming", Decision("words", (cell,), _SURE)
