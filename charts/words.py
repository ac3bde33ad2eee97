"""Labels of charts and tables, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..errors import OptionError

Lang: TypeAlias = Literal["vi", "en"]
LANGS: tuple[Lang, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class ChartLabels:
    """The labels in one language; ``{n}`` stands for a number."""

    matrix: str
    timeline: str
    shares: str
    years: str
    terms: str
    assessments: Mapping[str, str]
    filters: Mapping[str, str]
    columns: Mapping[str, str]
    passages: str
    only: str
    relaxed: str
    apart: str
    missing: str
    named: Mapping[str, str]  # by field of the named entity
    replaced: str
    each_year: str
    latest: str
    undated: str
    left_out: str


_VI = ChartLabels(
    matrix="Các lĩnh vực và đánh giá",
    timeline="Theo năm và nhiệm kỳ",
    shares="Tỷ trọng các lĩnh vực trong từng báo cáo",
    years="Theo năm",
    terms="Theo nhiệm kỳ",
    assessments={
        "achievement": "Mặt được",
        "shortcoming": "Mặt tồn tại",
        "cause": "Nguyên nhân",
        "none": "Không đánh giá",
    },
    filters={
        "area": "lĩnh vực",
        "assessment": "đánh giá",
        "report": "báo cáo",
        "year": "năm",
        "term": "nhiệm kỳ",
        "kind": "loại văn bản",
        "number": "số",
    },
    columns={
        "area": "mã",
        "label": "Lĩnh vực",
        "period": "Thời kỳ",
        "reports": "Báo cáo",
        "passages": "Số đoạn",
        "matches": "Tìm thấy",
        "share": "Tỷ lệ",
        "all": "Tổng",
    },
    passages="{n} đoạn",
    only="không có",
    relaxed="Không đoạn nào khớp trọn câu hỏi; đếm các đoạn khớp một phần.",
    apart="Không đoạn nào có hai từ này liền nhau; đếm các đoạn có một hoặc cả hai.",
    missing="Không đoạn nào có “{word}”.",
    named={
        "body": "Không đoạn nào có “{word}”; đếm các báo cáo do {instead} ban hành.",
        "place": "Không đoạn nào có “{word}”; đếm các báo cáo ban hành tại {instead}.",
        "number": "Không đoạn nào có “{word}”; đếm văn bản số {instead}.",
        "title": "Không đoạn nào có “{word}”; đếm các báo cáo có tên ấy trong tiêu đề.",
    },
    replaced="Không đoạn nào có “{word}”; tìm theo {instead}.",
    each_year="Báo cáo nhiệm kỳ được tính cho từng năm của nhiệm kỳ.",
    latest="Chỉ vẽ {n} mục mới nhất ({title}).",
    undated="{n} đoạn thuộc báo cáo không rõ năm.",
    left_out="Còn {n} báo cáo khác có đoạn khớp.",
)

_EN = ChartLabels(
    matrix="Areas and assessments",
    timeline="Over years and terms of office",
    shares="The areas' shares of each report",
    years="By year",
    terms="By term of office",
    assessments={
        "achievement": "Achievement",
        "shortcoming": "Shortcoming",
        "cause": "Cause",
        "none": "None",
    },
    filters={},
    columns={
        "area": "id",
        "label": "Area",
        "period": "Period",
        "reports": "Reports",
        "passages": "Passages",
        "matches": "Matches",
        "share": "Share",
        "all": "All",
    },
    passages="passages: {n}",
    only="none",
    relaxed="No passage matches the whole query; those that match a part of it are counted.",
    apart="No passage has these words side by side; those with one or both are counted.",
    missing="No passage holds “{word}”.",
    named={
        "body": "No passage holds “{word}”; reports issued by {instead} are counted.",
        "place": "No passage holds “{word}”; reports issued at {instead} are counted.",
        "number": "No passage holds “{word}”; reports with the number {instead} are counted.",
        "title": "No passage holds “{word}”; reports with it in their title are counted.",
    },
    replaced="No passage holds “{word}”; {instead} is searched instead.",
    each_year="A report on a term of office counts for each year of the term.",
    latest="Only the latest {n} are drawn ({title}).",
    undated="In reports without a year: {n}.",
    left_out="Further reports with matches: {n}.",
)


def words_in(lang: str) -> ChartLabels:
    """The labels in ``"vi"`` or ``"en"``. Raises OptionError (other languages)."""
    if lang not in LANGS:
        raise OptionError(
            "charts are available in {langs}, not in {lang!r}", langs=" or ".join(LANGS), lang=lang
        )
    return _VI if lang == "vi" else _EN
