from __future__ import annotations

from pathlib import Path

import pytest

from tracuu.corpus import Passage, Reader, Taxonomy, default_taxonomy
from tracuu.corpus.areas import AreaClassifier

OWN = """
version = 1
[[area]]
id = "rung"
label = "Rừng"
headings = ["bảo vệ rừng"]
strong = ["lâm sản", "kiểm lâm"]
[[area]]
id = "khac"
label = "Khác"
default = true
"""


@pytest.fixture(scope="module")
def judge() -> AreaClassifier:
    return AreaClassifier(default_taxonomy())


@pytest.mark.parametrize(
    ("heading", "area"),
    [
        ("Lãnh đạo quản lý trật tự đô thị, xây dựng cơ bản", "do-thi"),
        ("LÃNH ĐẠO PHÁT TRIỂN KINH TẾ VÀ QUẢN LÝ NGÂN SÁCH", "kinh-te"),
        ("Lãnh đạo xây dựng văn hoá – xã hội", "van-hoa-xa-hoi"),
        ("Lãnh đạo thực hiện nhiệm vụ quốc phòng – an ninh", "quoc-phong-an-ninh"),
        ("Xây dựng Đảng", "xay-dung-dang"),
        ("Xây dựng chính quyền", "chinh-quyen"),
        ("Công tác vận động quần chúng và xây dựng tổ chức Mặt trận-đoàn thể", "dan-van"),
        ("ĐỔI MỚI PHƯƠNG PHÁP LÃNH ĐẠO CỦA QUẬN ỦY", "phuong-phap-lanh-dao"),
        ("ĐẠO ĐỨC LỐI SỐNG", "dao-duc-loi-song"),
    ],
)
def test_a_heading_names_its_area(judge: AreaClassifier, heading: str, area: str) -> None:
    assert judge.heading(heading).area == area


def test_a_heading_that_gathers_areas_decides_none(judge: AreaClassifier) -> None:
    said = judge.heading("Lãnh đạo xây dựng hệ thống chính trị")
    assert (said.area, said.group) == (None, True)
    assert set(said.among) == {"xay-dung-dang", "chinh-quyen", "dan-van"}


def test_a_heading_of_several_areas_leaves_the_choice_to_the_words(reader: Reader) -> None:
    path = ("Công tác xây dựng chính quyền và quốc phòng",)
    army = reader.classify(
        Passage("r", 1, "Giao quân đủ chỉ tiêu, huấn luyện dân quân tự vệ đạt loại khá.", path)
    )
    office = reader.classify(
        Passage(
            "r", 2, "Bộ phận một cửa giải quyết 3.900 hồ sơ, cải cách thủ tục hành chính.", path
        )
    )
    assert (army.area, office.area) == ("quoc-phong-an-ninh", "chinh-quyen")
    assert army.area_decision.source == "words"


def test_a_heading_s_decision_is_explained(reader: Reader) -> None:
    text = "Chi bộ kết nạp 12 đảng viên mới, sinh hoạt chi bộ đi vào nề nếp."
    passage = reader.classify(Passage("r", 1, text, ("1. Lãnh đạo phát triển kinh tế", "Mặt được")))
    assert passage.area == "kinh-te"  # the heading decides, whatever the words say
    assert passage.area_decision.source == "heading"
    assert passage.area_decision.evidence[0] == "1. Lãnh đạo phát triển kinh tế"
    assert "phát triển kinh tế" in passage.area_decision.evidence
    direct = reader.classify(Passage("r", 1, text, ("1. Lãnh đạo phát triển kinh tế",)))
    assert 0.85 < passage.area_decision.confidence < direct.area_decision.confidence <= 1


def test_common_work_below_a_heading_that_names_a_body_is_that_body_s(reader: Reader) -> None:
    text = "Ban chấp hành được kiện toàn, phân công rõ việc cho từng ủy viên."
    body = ("V. Hoạt động của Hội Nông dân xã", "2. Công tác tổ chức")
    party = ("V. Quốc phòng, an ninh", "2. Công tác tổ chức")
    areas = [reader.classify(Passage("r", 1, text, path)).area for path in (body, party)]
    assert areas == ["dan-van", "xay-dung-dang"]


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Tiến độ giải ngân vốn đầu tư công chậm, thu ngân sách chưa đạt dự toán.", "kinh-te"),
        ("Tình trạng lấn chiếm vỉa hè, xây dựng không phép trong hẻm còn nhiều.", "do-thi"),
        (
            "Tỷ lệ học sinh tốt nghiệp tăng, trạm y tế khám chữa bệnh cho người nghèo.",
            "van-hoa-xa-hoi",
        ),
        (
            "Kết nạp 120 đảng viên mới, Ủy ban Kiểm tra giám sát chuyên đề 14 chi bộ.",
            "xay-dung-dang",
        ),
        (
            "Hoàn thành chỉ tiêu giao quân, tội phạm ma túy giảm, dân quân huấn luyện tốt.",
            "quoc-phong-an-ninh",
        ),
    ],
)
def test_the_words_decide_where_no_heading_speaks(reader: Reader, text: str, area: str) -> None:
    passage = reader.classify(Passage("r", 1, text))
    assert (passage.area, passage.area_decision.source) == (area, "words")
    assert passage.area_decision.evidence
    for voice in passage.area_decision.evidence:
        assert voice.rpartition(" +")[0]  # the word, and what it weighed
        assert float(voice.rpartition(" +")[2]) > 0
    assert 0.3 < passage.area_decision.confidence <= 1


@pytest.mark.parametrize("text", ["", "Một câu.", "12", "xyz qwerty", "..."])
def test_words_that_say_nothing_get_the_default_area(reader: Reader, text: str) -> None:
    passage = reader.classify(Passage("r", 1, text or " "))
    assert (passage.area, passage.area_decision.source) == ("chung", "default")


def test_a_taxonomy_of_one_s_own_decides_by_its_phrases_alone() -> None:
    reader = Reader(Taxonomy.parse(OWN))
    named = reader.classify(Passage("r", 1, "Thu ngân sách tăng.", ("II. Công tác bảo vệ rừng",)))
    spoken = reader.classify(
        Passage("r", 2, "Lực lượng kiểm lâm thu giữ 12 m3 lâm sản trái phép của kiểm lâm viên.")
    )
    silent = reader.classify(
        Passage("r", 3, "Thu ngân sách tăng, giải ngân vốn đầu tư công nhanh.", ("I. KINH TẾ",))
    )
    assert (named.area, spoken.area, silent.area) == ("rung", "rung", "khac")
    assert {voice.split(" +")[0] for voice in spoken.area_decision.evidence} == {
        "kiểm lâm",
        "lâm sản",
    }


def test_a_term_added_to_the_package_s_taxonomy_is_heard(root: Path) -> None:
    text = (root / "corpus" / "taxonomy.toml").read_text(encoding="utf-8")
    changed = text.replace('strong = [\n  "đô thị"', 'strong = [\n  "cây me tây", "đô thị"', 1)
    assert changed != text
    sentence = "Đã trồng cây me tây, rồi lại trồng cây me tây dọc hai bên."
    assert Reader(Taxonomy.parse(changed)).classify(Passage("r", 1, sentence)).area == "do-thi"
    voices = (
        Reader(Taxonomy.parse(changed)).classify(Passage("r", 1, sentence)).area_decision.evidence
    )
    assert any(voice.startswith("cây me tây +") for voice in voices)


@pytest.mark.parametrize(
    ("title", "body", "area"),
    [
        ("Báo cáo kết quả thực hiện chương trình công tác quý I", "ĐẢNG ỦY XÃ", None),
        ("Báo cáo công tác chỉ đạo, điều hành tháng 5", "ỦY BAN NHÂN DÂN TỈNH", None),
        ("Quy chế làm việc của Ban Chấp hành", "ĐẢNG ỦY XÃ", "phuong-phap-lanh-dao"),
        ("Tổng kết công tác UBMT xã và chương trình công tác năm tới", None, "dan-van"),
        ("Hướng dẫn thể thức văn bản của Đảng", "VĂN PHÒNG TỈNH ỦY", "xay-dung-dang"),
        (
            "Sơ kết 3 năm thực hiện chỉ thị về tăng cường sự lãnh đạo của Đảng đối với công tác y tế",
            "HUYỆN ỦY",
            "van-hoa-xa-hoi",
        ),
        ("Báo cáo tổng kết 10 năm thi hành nghị quyết về quốc phòng", None, "quoc-phong-an-ninh"),
    ],
)
def test_what_a_title_names(
    judge: AreaClassifier, title: str, body: str | None, area: str | None
) -> None:
    assert judge.subject(title, body).area == area


def test_a_taxonomy_of_ones_own_may_silence_phrases_in_titles() -> None:
    silenced = Taxonomy.parse(
        OWN.replace("version = 1", 'version = 1\ntitle-silent = ["bảo vệ rừng"]')
    )
    assert AreaClassifier(Taxonomy.parse(OWN)).subject("Báo cáo bảo vệ rừng").area == "rung"
    assert AreaClassifier(silenced).subject("Báo cáo bảo vệ rừng").area is None
    assert AreaClassifier(silenced).heading("Bảo vệ rừng").area == "rung"


def test_the_overview_of_a_chapter_has_no_area_of_its_own(tmp_path: Path, reader: Reader) -> None:
    overview = "Đảng ủy đã ra 12 nghị quyết và 30 kế hoạch để Đảng bộ thực hiện nghị quyết đại hội."
    chapters = (
        f"I. ĐẶC ĐIỂM TÌNH HÌNH\nXã có 12 thôn, dân sống ven sông.\n\nII. KẾT QUẢ LÃNH ĐẠO\n{overview}\n"
        "1. Phát triển kinh tế\nThu ngân sách đạt 12 tỷ đồng.\n2. Chăm lo văn hóa\nLàm 3 sân bóng.\n"
    )
    file = tmp_path / "bao-cao.txt"
    file.write_text(f"BÁO CÁO\nCông tác nhiệm kỳ\n\n{chapters}", encoding="utf-8")
    (reading,) = reader.read(file)
    (found,) = (passage for passage in reading.passages if passage.text == overview)
    assert found.heading_path == ("II. KẾT QUẢ LÃNH ĐẠO",)
    assert found.area == "chung"
