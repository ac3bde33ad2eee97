"""Areas and assessments by what a heading is about, who reports, and what a passage states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu.corpus import Reader, Reading, default_taxonomy, read_blocks
from tracuu.corpus.areas import AreaClassifier
from tracuu.corpus.assessment import judge_heading, judge_words
from tracuu.corpus.phrases import words_of
from tracuu.corpus.readers import SUFFIXES
from tracuu.errors import TracuuError

Understand = Callable[..., Reading]


@pytest.mark.parametrize(
    ("heading", "area"),
    [
        (
            "Giữ vững trật tự an toàn xã hội, góp phần phát triển kinh tế – xã hội",
            "quoc-phong-an-ninh",
        ),
        ("Nâng cao chất lượng dạy nghề nhằm phục vụ nông nghiệp", "van-hoa-xa-hoi"),
        ("Giải quyết khiếu nại về đất đai", "chinh-quyen"),
        ("Hoàn thiện Nhà nước pháp quyền", "chinh-quyen"),
        ("Phát huy dân chủ ở thôn, bản", "dan-van"),
        ("Công tác đối ngoại", "quoc-phong-an-ninh"),
        ("Hạ tầng số", "kinh-te"),
        ("Giáo dục đạo đức, lối sống cho cán bộ trẻ", "dao-duc-loi-song"),
        ("Tạo môi trường rèn luyện cho đoàn viên", "dan-van"),
        ("Hoạt động của Hội đồng nhân dân", "chinh-quyen"),
        ("Hoạt động của Hội", "dan-van"),
        ("Khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số", "kinh-te"),
        ("Đối ngoại Đảng, ngoại giao Nhà nước và đối ngoại nhân dân", "quoc-phong-an-ninh"),
        ("Quản lý tài nguyên, bảo vệ môi trường", "do-thi"),
        ("Việc làm cho lao động nông thôn", "van-hoa-xa-hoi"),
        ("Việc làm trong quý IV", None),
        ("Tổ chức hội nghị chuyên đề", None),
    ],
)
def test_a_heading_s_area_is_what_it_is_about(heading: str, area: str | None) -> None:
    assert AreaClassifier(default_taxonomy()).heading(heading).area == area


@pytest.mark.parametrize(
    ("heading", "verdict"),
    [
        ("Những hạn chế, khó khăn, thách thức", "shortcoming"),
        ("Khó khăn, tồn tại", "shortcoming"),
        ("Yếu kém, nguyên nhân và bài học kinh nghiệm", "shortcoming"),
        ("Kết quả thực hiện các mục tiêu chủ yếu", "achievement"),
        ("Ưu điểm và nguyên nhân", "achievement"),
        ("Đánh giá chung và bài học kinh nghiệm", "mixed"),
        ("Tổng kết nhiệm kỳ 2015 – 2020 và phương hướng nhiệm kỳ 2020 – 2025", "mixed"),
        ("Giao thông có nhiều chuyển biến, tạo thuận lợi cho buôn bán", "achievement"),
        ("Quản lý chợ còn buông lỏng", "shortcoming"),
        ("Chỉ tiêu, nhiệm vụ năm tới", "neutral"),
        ("Phát triển mạnh nghề nuôi cá lồng", None),
    ],
)
def test_the_first_phrase_of_a_heading_decides(heading: str, verdict: str | None) -> None:
    found = judge_heading(words_of(heading))
    assert (found and found.verdict) == verdict


def test_a_neutral_word_does_not_silence_what_was_achieved(understand: Understand) -> None:
    (passage,) = understand(
        "BÁO CÁO", "NĂM 2010", "I. KẾT QUẢ ĐẠT ĐƯỢC", "1. Các giải pháp chống hạn",
        "Xã đào 12 hồ chứa, tưới đủ 300 ha chè.",
    ).passages  # fmt: skip
    assert passage.assessment == "achievement"


@pytest.mark.parametrize(
    "text",
    [
        "Tập trung khắc phục tình trạng thiếu giống, thiếu phân bón.",
        "Thứ hai, đẩy mạnh trồng rừng gỗ lớn gắn với chế biến.",
        "Muốn phong trào đi lên, chúng tôi xin đề xuất mấy giải pháp sau:",
        "Chi bộ thôn Nà Pheo",
        "Bốn là, nâng cao chất lượng các câu lạc bộ, góp phần giữ nếp nhà.",
        "Nhiều ý kiến đề nghị bỏ quy định thu phí theo quý vì khó thực hiện, chưa hợp lý.",
    ],
)
def test_tasks_announcements_and_names_weigh_nothing(text: str) -> None:
    assert judge_words(text)[0] is None


def test_who_reports_is_a_sign(understand: Understand) -> None:
    lines = ("BÁO CÁO", "Tổng kết năm 2022", "Cán bộ chi hội được bồi dưỡng nghiệp vụ hằng quý.")
    (union,) = understand("HỘI LHPN XÃ NÀ PHEO", *lines).passages
    assert (union.area, union.area_decision.source) == ("dan-van", "report")
    assert union.area_decision.evidence[0] == "HỘI LHPN XÃ NÀ PHEO"
    own = understand(
        "HỘI NÔNG DÂN XÃ NÀ PHEO", "BÁO CÁO", "Năm 2022", "I. CÔNG TÁC KIỂM TRA, GIÁM SÁT",
        "Đã kiểm tra 9 chi hội, nhắc nhở 2 nơi thu phí chậm.",
    ).passages[0]  # fmt: skip
    assert own.area == "dan-van"  # what every body does for itself is not the Party's work


def test_a_plan_keeps_to_the_subject_of_its_title(understand: Understand) -> None:
    lines = ("NĂM 2024", "II. TÀI CHÍNH", "Chi từ quỹ của xã, quyết toán trong tháng sau.")
    plan = understand("KẾ HOẠCH", "DIỄN TẬP PHÒNG THỦ, ỨNG PHÓ BÃO", *lines).passages[0]
    report = understand("BÁO CÁO", "CÔNG TÁC LÃNH ĐẠO", *lines).passages[0]
    assert (plan.area, report.area) == ("quoc-phong-an-ninh", "kinh-te")


def test_a_vague_passage_is_about_what_those_around_it_are(understand: Understand) -> None:
    vague = "Cửa sổ được lắp kính mới, thêm bốn hàng ghế và hai quạt lớn."
    around = (
        "Trạm y tế khám bệnh cho 1.900 lượt người, tiêm chủng cho 96% trẻ em dưới một tuổi.",
        "Bác sĩ của bệnh viện huyện về trạm mỗi tuần hai buổi, thuốc bảo hiểm y tế đủ dùng.",
        "Phòng chống dịch sốt xuất huyết được chú ý, cả năm có 12 ca mắc, không có ca nặng.",
    )
    start = ("BÁO CÁO", "SƠ KẾT NĂM 2019", "I. VIỆC ĐÃ LÀM")
    alone = understand(*start, vague).passages[-1]
    passage = understand(*start, *around, vague).passages[-1]
    assert alone.area != passage.area == "van-hoa-xa-hoi"
    assert passage.area_decision.source == "report"
    assert passage.area_decision.evidence[0] == "passages around it"


def test_only_a_true_opening_is_one(understand: Understand) -> None:
    salutation, text, turn, wish = understand(
        "THAM LUẬN", "Về nghề nuôi ong", "Kính thưa Đại hội!",
        "Năm qua hợp tác xã bán 14 tấn mật, doanh thu tăng 32%.",
        "Tuy nhiên, khâu đóng chai còn thủ công, mẫu mã chưa đẹp.",
        "Xin kính chúc Đại hội thành công.",
    ).passages  # fmt: skip
    assert [(p.area, p.assessment) for p in (salutation, wish)] == [("chung", None)] * 2
    assert (text.area, text.assessment) == ("kinh-te", "achievement")
    assert turn.assessment == "shortcoming"


def test_a_source_named_first_does_not_make_a_passage_an_opening(understand: Understand) -> None:
    (passage,) = understand(
        "THÔNG TIN", "Về vụ hè thu",
        "Theo báo cáo của phòng Nông nghiệp, diện tích lúa đạt 4.100 ha, tăng 6% so với vụ trước.",
    ).passages  # fmt: skip
    assert (passage.area, passage.assessment) == ("kinh-te", "achievement")


def test_a_press_report_states_its_matter_in_its_first_paragraph(understand: Understand) -> None:
    first = "Theo Chủ tịch Hội Nông dân xã, hội nghị quý II bàn việc góp quỹ hội của các chi hội."
    news = understand("THÔNG TIN", "Quý II bội thu", first, "Hội có 14 chi hội.").passages[0]
    report = understand("THÔNG TIN", "Quý II bội thu", first, "I. CÁC CHI HỘI", "…").passages[0]
    assert [(p.area, p.assessment) for p in (news, report)] == [("dan-van", None), ("chung", None)]


def test_a_first_or_last_paragraph_with_clear_results_is_no_remark(understand: Understand) -> None:
    results = (
        "Thực hiện kế hoạch của Huyện ủy, năm qua các xã trồng 410 ha rừng, vượt 12% kế hoạch, "
        "thu ngân sách tăng 18% so với cùng kỳ."
    )
    closing = (
        "Các xã quyết tâm thực hiện và đã hoàn thành vượt mức mọi chỉ tiêu, sản lượng lúa tăng "
        "9%, tỷ lệ hộ nghèo giảm còn 3,1%."
    )
    heads = ("BÁO CÁO", "Năm 2020", results, "I. TRỒNG TRỌT", "Lúa mùa gieo 900 ha.")
    first, *_, last = understand(*heads, "Vườn ươm có 3 nhà lưới.", closing).passages
    assert [p.assessment for p in (first, last)] == ["achievement"] * 2
    begun = results.split(",")[0] + ", UBND huyện báo cáo kết quả thực hiện như sau."
    leave = "Các xã quyết tâm thực hiện tốt nghị quyết trong năm tới."
    first, *_, last = understand(*heads[:2], begun, *heads[3:], "Vườn ươm …", leave).passages
    assert [(p.area, p.assessment) for p in (first, last)] == [("chung", None)] * 2


def test_the_list_that_an_inspection_concludes_is_weighed_by_its_own_words(
    understand: Understand,
) -> None:
    reading = understand(
        "THÔNG BÁO", "Kết quả kiểm tra hai chi bộ", "Tổ kiểm tra kết luận như sau:",
        "- Chi bộ 1 sinh hoạt đều, kết nạp 4 đảng viên, vượt chỉ tiêu.",
        "- Chi bộ 2 sinh hoạt còn hình thức, biên bản ghi sơ sài, chưa đúng quy định.",
    )  # fmt: skip
    assert [p.assessment for p in reading.passages[-2:]] == ["achievement", "shortcoming"]


def test_a_list_is_weighed_by_the_sentence_that_announces_it(understand: Understand) -> None:
    reading = understand(
        "BÁO CÁO", "NĂM 2010", "1. Chăn nuôi", "Bên cạnh đó còn một số hạn chế sau:",
        "- Chuồng trại sát nhà ở.", "- Tiêm phòng hai xã mới bắt đầu.", "2. Trồng trọt",
        "Diện tích ngô đạt 400 ha, tăng 12% so với năm trước.",
    )  # fmt: skip
    assert [p.assessment for p in reading.passages[1:]] == [
        "shortcoming", "shortcoming", "achievement",
    ]  # fmt: skip
    assert {p.heading_path for p in reading.passages[:3]} == {("1. Chăn nuôi",)}


def test_headings_inside_a_paragraph_are_cut_out(understand: Understand) -> None:
    reading = understand(
        "BÁO CÁO", "NĂM 2010",
        "Dân số ổn định. 2.1. TÌNH HÌNH THỦY LỢI, ĐÊ ĐIỀU a) Ưu điểm Kênh chính được nạo vét đủ. "
        "b) Hạn chế Hai cống đã mục, chưa thay.",
    )  # fmt: skip
    assert [(p.text, p.heading_path[-2:], p.assessment) for p in reading.passages[1:]] == [
        (
            "Kênh chính được nạo vét đủ.",
            ("2.1. TÌNH HÌNH THỦY LỢI, ĐÊ ĐIỀU", "a) Ưu điểm"),
            "achievement",
        ),
        (
            "Hai cống đã mục, chưa thay.",
            ("2.1. TÌNH HÌNH THỦY LỢI, ĐÊ ĐIỀU", "b) Hạn chế"),
            "shortcoming",
        ),
    ]


def test_a_sentence_that_breaks_before_a_number_goes_on(understand: Understand) -> None:
    (passage,) = understand(
        "BÁO CÁO", "NĂM 2010", "1. Kinh tế", "Xã trồng quế theo Nghị quyết Đại hội lần thứ",
        "XIV. Sản lượng đạt 80 tấn vỏ khô.",
    ).passages  # fmt: skip
    assert passage.text.endswith("lần thứ XIV. Sản lượng đạt 80 tấn vỏ khô.")
    assert passage.heading_path == ("1. Kinh tế",)


@pytest.mark.parametrize(
    "text", ["Đ/c Chủ tịch xã dự họp thôn.", "V/v sửa đường liên bản.", "c/k bản"]
)
def test_abbreviations_are_no_list_letters(understand: Understand, text: str) -> None:
    reading = understand("BÁO CÁO", "NĂM 2010", "1. Giao thông", text, "…")
    assert {p.heading_path for p in reading.passages} == {("1. Giao thông",)}
    assert [p.kind for p in reading.passages] == ["paragraph"] * 2


def test_a_numbered_sentence_closes_the_section_before_it(understand: Understand) -> None:
    reading = understand(
        "NGHỊ QUYẾT", "Đại hội Hội Nông dân xã Nà Pheo", "I. Tán thành báo cáo của Ban Chấp hành.",
        "Đại hội chỉ ra những hạn chế trong nhiệm kỳ qua:", "- Hội phí hai chi hội nộp chậm.",
        "II. Đại hội bầu 15 đồng chí vào Ban Chấp hành.", "III. Giao Ban Chấp hành thi hành.",
    )  # fmt: skip
    assert [(p.heading_path, p.assessment) for p in reading.passages[-2:]] == [((), None)] * 2


def test_a_long_numbered_heading_in_capitals_is_one(understand: Understand) -> None:
    heading = "II. " + "VIỆC THỰC HIỆN NGHỊ QUYẾT VỀ TRỒNG RỪNG " * 6 + "Ở XÃ NÀ PHEO"
    (passage,) = understand("BÁO CÁO", "NĂM 2010", heading, "…").passages
    assert passage.heading_path == (heading,)


def test_a_heading_without_text_below_is_a_passage(understand: Understand) -> None:
    reading = understand(
        "BÁO CÁO", "NĂM 2010", "I. KẾT QUẢ", "…", "II. KIẾN NGHỊ: ĐỀ NGHỊ HUYỆN XÂY TRẠM BƠM"
    )
    last = reading.passages[-1]
    assert (last.text, last.assessment) == ("II. KIẾN NGHỊ: ĐỀ NGHỊ HUYỆN XÂY TRẠM BƠM", None)


def _files(root: Path) -> list[Path]:
    folders = (root / "corpus/samples", root / "tests/data")
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in SUFFIXES]
    real = root.parent / "shared/reports/real"  # real documents, where there are any
    return [*files, *(real.iterdir() if real.is_dir() else ())]


def test_every_word_of_a_body_is_in_a_passage_or_a_heading_path(reader: Reader, root: Path) -> None:
    lost = {}
    for file in _files(root):
        try:
            blocks = list(read_blocks(file).blocks)
        except TracuuError:  # a fixture that is broken on purpose
            continue
        for reading in reader.parse(blocks, id="r", name=file.stem):
            found = {
                word
                for passage in reading.passages
                for text in (passage.text, *passage.heading_path)
                for word in words_of(text)
            }
            body = [e for e in reading.elements if e.role in ("heading", "passage")]
            missing = [word for e in body for word in words_of(e.text) if word not in found]
            if missing:
                lost[file.name] = missing
    assert lost == {}


def test_words_of_welcome_and_thanks_belong_to_no_area(understand: Understand) -> None:
    speech = understand(
        "LIÊN ĐOÀN LAO ĐỘNG HUYỆN",
        "DIỄN VĂN KHAI MẠC ĐẠI HỘI CÔNG ĐOÀN",
        "Kính thưa các vị đại biểu! Thưa toàn thể đại hội!",
        "Công đoàn chúng tôi rất vui mừng được đón các vị khách quý đến từ các huyện bạn.",
        "Thay mặt Ban Chấp hành công đoàn, tôi xin gửi tới các vị lời chào trân trọng nhất.",
        "Năm năm qua, công đoàn đã kết nạp thêm 4.200 đoàn viên và ký 31 thỏa ước lao động tập thể.",
        "Kính thưa đại hội!",
        "Công đoàn cơ sở đề nghị đại hội bàn việc chào mừng ngày thành lập công đoàn của đoàn viên.",
        "Trước khi dừng lời, xin kính chúc các đoàn viên công đoàn mạnh khỏe.",
        "Xin trân trọng cảm ơn!",
    )
    areas = [passage.area for passage in speech.passages]
    assert areas == ["chung", "chung", "chung", "dan-van", "dan-van", "chung"]
