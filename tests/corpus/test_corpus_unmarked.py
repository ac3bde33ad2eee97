"""Reports typed without diacritics."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tracuu.corpus import Block, Passage, Reader, Reading, read_blocks
from tracuu.corpus.diacritics import DiacriticRestorer, as_typed, is_unmarked, marked_words
from tracuu.vietnamese import fold

TYPED = """\
DANG BO HUYEN PHU XUYEN          DANG CONG SAN VIET NAM
DANG UY XA HONG MINH
*                                Hong Minh, ngay 18 thang 12 nam 2025
So 91-BC/DU
BAO CAO
Ket qua thuc hien nhiem vu nam 2025
I. KET QUA DAT DUOC
1. Ve kinh te
Tong gia tri san xuat dat 450 ty dong, tang 9,2% so voi nam truoc.
2. Ve van hoa - xa hoi
Ty le ho ngheo giam con 1,8%. 100% tre em duoc tiem chung day du.
II. HAN CHE, KHUYET DIEM
Mot so chi bo sinh hoat con hinh thuc, cong tac kiem tra dang vien con it.
III. NGUYEN NHAN
Mot so cap uy chua coi trong sinh hoat chi bo va quan ly dang vien.
T/M DANG UY
BI THU
Nguyen Van Loc
"""


def read(reader: Reader, text: str, name: str = "") -> Reading:
    blocks = [
        Block(" ".join(line.split()), line=number)
        for number, line in enumerate(text.splitlines(), 1)
    ]
    (reading,) = reader.parse(blocks, id="r", name=name)
    return reading


def test_it_is_read_like_any_other(reader: Reader) -> None:
    reading = read(reader, TYPED)
    report = reading.report
    assert (report.title, report.kind) == ("BAO CAO Ket qua thuc hien nhiem vu nam 2025", "báo cáo")
    assert (report.issuing_body, report.number) == ("DANG UY XA HONG MINH", "91-BC/DU")
    assert (report.place, report.date, report.signer) == (
        "Hong Minh",
        date(2025, 12, 18),
        "Nguyen Van Loc",
    )
    assert [(p.heading_path[-1], p.area, p.assessment) for p in reading.passages] == [
        ("1. Ve kinh te", "kinh-te", "achievement"),
        ("2. Ve van hoa - xa hoi", "van-hoa-xa-hoi", "achievement"),
        ("II. HAN CHE, KHUYET DIEM", "xay-dung-dang", "shortcoming"),
        ("III. NGUYEN NHAN", "xay-dung-dang", "cause"),
    ]


def test_what_it_shows_is_what_was_typed(reader: Reader) -> None:
    text = TYPED.replace("Nguyen Van Loc", "Nguyễn Văn Lộc").replace("Ty le", "Tỷ le")
    reading = read(reader, text)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert [element.text for element in reading.elements] == lines
    assert reading.report.signer == "Nguyễn Văn Lộc"
    for passage in reading.passages:
        assert set(passage.heading_path) <= set(lines)
        assert not any(marked_words(passage.area_decision.evidence))


def test_the_name_of_the_file_is_no_text_of_the_report(reader: Reader) -> None:
    text = TYPED[TYPED.index("I. KET") :]
    assert read(reader, text, "Báo cáo xã Hồng Minh").report.title == "Báo cáo xã Hồng Minh"


def test_the_annotated_reports_without_their_marks(
    reader: Reader, sample_reports: list[Path]
) -> None:
    same = total = 0
    for path in sample_reports:
        blocks = list(read_blocks(path).blocks)
        bare = [replace(block, text=fold(block.text)) for block in blocks]
        marked = [p for reading in reader.parse(blocks, id="r") for p in reading.passages]
        found = {p.line: p for reading in reader.parse(bare, id="r") for p in reading.passages}
        total += len(marked)
        same += sum(
            (p.line in found)
            and (p.area, p.assessment) == (found[p.line].area, found[p.line].assessment)
            for p in marked
        )
    assert same > 0.9 * total


def test_a_report_typed_as_usual_is_never_touched(sample_reports: list[Path]) -> None:
    assert not any(
        is_unmarked([block.text for block in read_blocks(path).blocks]) for path in sample_reports
    )


@pytest.mark.parametrize(
    "text",
    [
        "The committee reports on the results of the year and on the tasks of the coming year in the district.",
        "Nam 2025",
        "123 456",
        "Thu ngân sách đạt 25 tỷ đồng trong năm nay, tăng nhanh hơn so với cùng kỳ năm trước",
    ],
)
def test_what_is_not_taken_for_such_a_report(text: str) -> None:
    assert not is_unmarked([text])


def test_marks_come_and_go_without_a_trace(sample_reports: list[Path]) -> None:
    marker = DiacriticRestorer()
    for path in sample_reports:
        for block in read_blocks(path).blocks:
            bare = fold(block.text)
            marked = marker.mark(bare)
            assert len(marked) == len(bare)
            assert as_typed(marked, frozenset()) == bare


@pytest.mark.parametrize("start", ["a) ", "d) ", "VI. ", "I. ", "TM. ", "T/M ", "Số 12-BC/DU, "])
def test_numbers_and_abbreviations_stay(start: str) -> None:
    assert DiacriticRestorer().mark(f"{start}ket qua dat duoc").startswith(start)


def test_a_passage_of_an_application(reader: Reader) -> None:
    passage = Passage(
        "r",
        1,
        "Mot so chi bo sinh hoat con hinh thuc, chua dong du dang phi.",
        ("Han che, khuyet diem",),
    )
    found = reader.classify(passage)
    assert (found.text, found.area, found.assessment) == (
        passage.text,
        "xay-dung-dang",
        "shortcoming",
    )
    assert found.assessment_decision.evidence == ("Han che, khuyet diem",)
