"""A small index of passages, written for these tests, on the memory engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tracuu.corpus.model import Passage, Report
from tracuu.engines.engine import Snapshot
from tracuu.engines.memory import MemoryEngine
from tracuu.errors import UnknownArea
from tracuu.schema import SCHEMA, passage_document, report_document
from tracuu.search import Searcher
from tracuu.vietnamese import Analyser

REPORTS = (
    Report(
        "binh-an-2005",
        title="Báo cáo kiểm điểm của Ban Chấp hành Đảng bộ quận Bình An",
        kind="báo cáo",
        number="15-BC/QU",
        date=date(2005, 9, 21),
        term=(2000, 2005),
    ),
    Report(
        "tan-hoa-2010",
        title="Nghị quyết về phát triển kinh tế huyện Tân Hòa",
        kind="nghị quyết",
        number="12/2010/NQ-HĐND",
        date=date(2010, 1, 5),
    ),
)

_BUDGET = ("Lãnh đạo phát triển kinh tế",)
_CITY = ("Lãnh đạo quản lý đô thị",)
_PARTY = ("Lãnh đạo xây dựng hệ thống chính trị", "Xây dựng Đảng")

PASSAGES = (
    Passage(
        "binh-an-2005", 1, "Tiến độ giải ngân vốn đầu tư xây dựng cơ bản còn chậm.",
        (*_BUDGET, "Mặt tồn tại"), "kinh-te", "shortcoming",
    ),
    Passage(
        "binh-an-2005", 2, "Thu ngân sách đạt 4.590 tỉ đồng, vượt dự toán được giao.",
        (*_BUDGET, "Mặt được"), "kinh-te", "achievement",
    ),
    Passage(
        "binh-an-2005", 3, "Ủy ban nhân dân quận đã chỉnh trang vỉa hè, hiến đất mở rộng hẻm.",
        (*_CITY, "Mặt được"), "do-thi", "achievement",
    ),
    Passage(
        "binh-an-2005", 4, "Công tác giải phóng mặt bằng chậm, ngân hàng chưa giải quyết cho vay.",
        (*_CITY, "Mặt tồn tại"), "do-thi", "shortcoming",
    ),
    Passage(
        "binh-an-2005", 5, "Đảng bộ quán triệt Chỉ thị 15-CT/TU ngày 21 tháng 9 năm 2003 cho đảng viên.",
        (*_PARTY, "Mặt được"), "xay-dung-dang", "achievement",
    ),
    Passage(
        "binh-an-2005", 6, "Sinh hoạt chi bộ còn đơn điệu, kỷ luật chưa nghiêm.",
        (*_PARTY, "Mặt tồn tại"), "xay-dung-dang", "shortcoming",
    ),
    Passage(
        "binh-an-2005", 7, "Đại hội đã bầu 33 đồng chí vào Ban chấp hành.", ("Mở đầu",), "chung",
    ),
    Passage(
        "tan-hoa-2010", 1, "UBND huyện giải ngân kịp thời, tỷ lệ giải ngân đạt 98%.",
        ("Kinh tế", "Kết quả"), "kinh-te", "achievement",
    ),
    Passage(
        "tan-hoa-2010", 2, "Hòa giải ở cơ sở đạt kết quả tốt; cải cách hành chánh có tiến bộ.",
        ("Chính quyền", "Kết quả"), "chinh-quyen", "achievement",
    ),
    Passage(
        "tan-hoa-2010", 3, "Tình hình ngân sách ngày 5/1/2010 ổn định, đời sống nhân dân được cải thiện.",
        ("Kinh tế", "Kết quả"), "kinh-te", "achievement",
    ),
    Passage(
        "tan-hoa-2010", 4,
        "Nhân dân các xã vùng sâu tích cực tham gia làm đường giao thông nông thôn và trường học mới.",
        ("Văn hóa – xã hội",), "van-hoa-xa-hoi", "achievement",
    ),
    Passage(
        "tan-hoa-2010", 5,
        "Nhân dân các xã vùng sâu tích cực tham gia làm đường giao thông nông thôn và trường học  mới.",
        ("Văn hóa – xã hội", "Bản nháp"), "van-hoa-xa-hoi", "achievement",
    ),
)  # fmt: skip

AREAS = ("kinh-te", "do-thi", "xay-dung-dang", "chinh-quyen", "van-hoa-xa-hoi", "chung")


def resolve_area(name: str) -> str:
    """Ids only: names are the taxonomy's business."""
    if name not in AREAS:
        raise UnknownArea(f"no area {name!r}", name=name, nearest=AREAS[:1])
    return name


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The passages, indexed."""
    folder: Path = tmp_path_factory.mktemp("index")
    engine = MemoryEngine.create(folder, SCHEMA)
    analyser = Analyser()
    reports = {report.id: report for report in REPORTS}
    with engine.writer() as writer:
        for report in REPORTS:
            writer.add(report_document(report, {"digest": "x"}))
        for passage in PASSAGES:
            writer.add(passage_document(passage, reports[passage.report], analyser))
    with engine.snapshot() as snapshot:
        yield snapshot
    engine.close()


@pytest.fixture(scope="session")
def searcher(snapshot: Snapshot) -> Searcher:
    """A searcher over the passages."""
    return Searcher(snapshot, Analyser(), resolve_area)
