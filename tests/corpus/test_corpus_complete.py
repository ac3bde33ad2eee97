"""Nothing of a report is lost and nothing doubled, whatever it looks like."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tracuu.corpus import ASSESSMENTS, Block, Reader, Reading, default_taxonomy, read_blocks
from tracuu.corpus.repair import tidy

Texts = st.one_of(
    st.text(max_size=80),
    st.text("abcđêốI.1VX) -:;,…A", max_size=40),
    st.sampled_from(
        [
            "BÁO CÁO", "BÁO CÁO KIỂM ĐIỂM NHIỆM KỲ 2000 - 2005", "I. KẾT QUẢ", "II. HẠN CHẾ", "A. KẾT QUẢ", "C. KHÁC",
            "Mặt được", "Mặt tồn tại", "Xây dựng Đảng", "Lãnh đạo xây dựng hệ thống chính trị", "PHẦN THỨ NHẤT",
            "KẾT QUẢ LÃNH ĐẠO CÁC MẶT CÔNG TÁC CỦA ĐẢNG BỘ VÀ", "***", "3", "- 4 -", "Nơi nhận:", "- Lưu: VT.", "TM. ĐẢNG ỦY",
            "BÍ THƯ", "Nguyễn Văn An", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 12-BC/HU", "HUYỆN ỦY TÂN SƠN",
            "Hà Nội, ngày 3 tháng 4 năm 2020", "Thứ Năm, ngày 21 tháng 9 năm 2023", "QUYẾT NGHỊ:", "Điều 2", "Thông báo",
            "Điều 1. Thu ngân sách năm nay đã tăng khá so với năm trước đó, đạt dự toán.", "a) Ưu điểm", "Kết luận",
            "1. Về kinh tế: Thu ngân sách tăng khá so với năm trước đó nhiều, đạt dự toán.", "Lúa gạo", "Cà phê",
            "Về nông nghiệp: diện tích trồng lúa giữ ổn định, sản lượng tăng.", "+ Mặt chưa được: giải ngân chậm, còn nhiều dự án dở dang.",
            "Trên đây là báo cáo của Ban Chấp hành, kính trình Đại hội.", "Tuy nhiên, giải ngân còn chậm, nhiều dự án kéo dài.",
            "Thu ngân sách tăng khá so với năm trước, đạt 112% dự toán được giao, các khoản chi đều đúng quy định.",
        ]
    ),
)  # fmt: skip

Blocks = st.lists(
    st.builds(
        Block,
        text=Texts.map(tidy),
        line=st.integers(0, 60),
        kind=st.sampled_from(["paragraph", "paragraph", "paragraph", "list-item", "table-row"]),
        level=st.one_of(st.none(), st.none(), st.none(), st.integers(1, 9)),
        bold=st.booleans(),
        centred=st.booleans(),
        gap=st.booleans(),
        lead=st.integers(0, 12),
    ),
    max_size=30,
)


def letters(texts: list[str]) -> str:
    """What of a text is not rules of punctuation, blanks or the colon after a heading."""
    return "".join(re.findall(r"[^\W_]", "".join(texts)))


@settings(max_examples=120)
@given(blocks=Blocks)
def test_any_blocks_come_back_whole(reader: Reader, blocks: list[Block]) -> None:
    readings = reader.parse(blocks, id="r", name="tên")
    assert readings
    back = [element.text for reading in readings for element in reading.elements]
    assert Counter(letters(back)) == Counter(letters([block.text for block in blocks]))
    areas = {area.id for area in default_taxonomy().areas}
    for number, reading in enumerate(readings, 1):
        assert reading.report.id == ("r" if number == 1 else f"r-{number}")
        assert [passage.position for passage in reading.passages] == list(
            range(1, reading.report.passages + 1)
        )
        for passage in reading.passages:
            assert passage.report == reading.report.id
            assert passage.text.strip()
            assert passage.area in areas
            assert passage.assessment in (None, *ASSESSMENTS)
            assert 0 <= passage.area_decision.confidence <= 1
            assert passage == type(passage).from_dict(passage.to_dict())


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", tidy(text))


def without_page_numbers(path: Path) -> str:
    """The file's text without lines that hold but a number: the pages of a print."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not re.fullmatch(r"\s*\d{1,3}\s*", line))


def come_back(reader: Reader, path: Path) -> list[Reading]:
    readings = reader.parse(list(read_blocks(path).blocks), id=path.stem, name=path.stem)
    got = [
        word for reading in readings for element in reading.elements for word in words(element.text)
    ]
    assert got == words(without_page_numbers(path)), path
    return readings


def test_every_word_of_every_report_comes_back_once_and_in_order(
    reader: Reader, sample_reports: list[Path]
) -> None:
    assert len(sample_reports) >= 11
    for path in sample_reports:
        come_back(reader, path)


def test_every_word_of_the_district_s_report(reader: Reader, district_report: Path) -> None:
    (reading,) = come_back(reader, district_report)
    assert sum(len(words(passage.text)) for passage in reading.passages) > 2500


def test_a_passage_s_line_is_where_it_stands_in_the_file(
    reader: Reader, sample_reports: list[Path]
) -> None:
    for path in sample_reports:
        lines = path.read_text(encoding="utf-8").splitlines()
        for reading in reader.parse(list(read_blocks(path).blocks), id=path.stem):
            for passage in reading.passages:
                begin = " ".join(words(passage.text)[:3])
                assert begin in " ".join(words(lines[passage.line - 1])), (path, passage.id)


def test_reading_is_the_same_every_time(sample_reports: list[Path], root: Path) -> None:
    path = sample_reports[0]
    one, two = (
        [r.to_dict() for r in Reader().parse(list(read_blocks(path).blocks), id="r")]
        for _ in range(2)
    )
    assert one == two


def test_the_shipped_samples_cover_what_they_are_to_show(reader: Reader, root: Path) -> None:
    samples = sorted((root / "corpus" / "samples").glob("*.txt"))
    assert len(samples) >= 3
    for path in samples:
        assert len(words(path.read_text(encoding="utf-8"))) >= 1500, path
        (reading,) = reader.parse(list(read_blocks(path).blocks), id=path.stem)
        areas = {passage.area for passage in reading.passages}
        assert len(areas) >= 9, path
        for wanted in ("achievement", "shortcoming"):
            assert (
                len({passage.area for passage in reading.passages if passage.assessment == wanted})
                >= 5
            ), (
                path,
                wanted,
            )


def test_every_word_of_a_body_is_in_a_passage_or_in_its_heading_path(
    reader: Reader, sample_reports: list[Path], root: Path
) -> None:
    """Also over real documents where they lie beside the project.

    The body is all text that is not letterhead, title, signature, or a page's furniture.
    """
    real = sorted((root.parent / "shared" / "reports" / "real").glob("*.*"))
    for path in [*sample_reports, *real]:
        for reading in reader.read(path):
            found: Counter[str] = Counter()
            for passage in reading.passages:
                found.update(words(passage.text))
            for heading in {text for p in reading.passages for text in p.heading_path}:
                found.update(words(heading))
            body: Counter[str] = Counter()
            for element in reading.elements:
                if element.role == "passage":
                    body.update(words(element.text))
            headings = {e.text for e in reading.elements if e.role == "heading"}
            for heading in headings:
                body.update(words(heading))
            assert not body - found, path
