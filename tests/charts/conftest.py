"""Three invented reports, few enough to be counted by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest

from tracuu import Index, Passage, Report
from tracuu.charts.home import spare_home

spare_home(os.environ)

REPORTS = {
    "nhiem-ky": Report("nhiem-ky", title="Báo cáo nhiệm kỳ", term=(2015, 2017)),
    "nam-2017": Report("nam-2017", title="Báo cáo năm", date=date(2017, 12, 20)),
    "khong-ro": Report("khong-ro", title="Ghi chép"),
}
GOOD, BAD, WHY = "achievement", "shortcoming", "cause"
PASSAGES = [
    ("nhiem-ky", "kinh-te", GOOD, "Thu ngân sách vượt dự toán."),
    ("nhiem-ky", "kinh-te", BAD, "Giải ngân vốn còn chậm."),
    ("nhiem-ky", "kinh-te", WHY, "Giải ngân chậm do thủ tục."),
    ("nhiem-ky", "do-thi", GOOD, "Nhiều tuyến đường được mở rộng."),
    ("nam-2017", "kinh-te", GOOD, "Giải ngân đạt 98%."),
    ("nam-2017", "xay-dung-dang", None, "Hội nghị họp ngày 5/12."),
    ("khong-ro", "do-thi", BAD, "Giải ngân xây dựng trường chậm."),
]


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of the passages above; nobody may change it."""
    with Index.create(tmp_path_factory.mktemp("pictures") / "index") as index:
        for name, report in REPORTS.items():
            mine = [one for one in PASSAGES if one[0] == name]
            index.add(
                [
                    Passage(name, place, text, area=area, assessment=told)  # type: ignore[arg-type]
                    for place, (_, area, told, text) in enumerate(mine, 1)
                ],
                report=report,
                classify=False,
            )
        yield index
