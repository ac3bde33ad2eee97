from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus import Passage, Reader, Reading
from tracuu.corpus.assessment import judge_heading, judge_words
from tracuu.corpus.phrases import words_of

Understand = Callable[..., Reading]


@pytest.mark.parametrize(
    ("verdict", "headings"),
    [
        (
            "achievement",
            "Mặt được|Ưu điểm|Những kết quả đạt được|NHỮNG VIỆC LÀM ĐƯỢC|Thành tựu nổi bật|Mặt mạnh|Những ưu điểm chính|"
            "Những chuyển biến tích cực|Một số kết quả nổi bật|Mặt làm được|Kết quả thực hiện|Kết quả|Kết quả lãnh đạo kinh tế",
        ),
        (
            "shortcoming",
            "Mặt tồn tại|Khuyết điểm|Hạn chế, khuyết điểm|Những tồn tại, yếu kém|Tồn tại|NHỮNG MẶT YẾU KÉM, KHUYẾT ĐIỂM|"
            "Tồn tại, hạn chế và nguyên nhân|Mặt chưa làm được|Những việc chưa làm được|Mặt yếu|Khó khăn, vướng mắc|"
            "Hạn chế trong công tác dân vận|Bên cạnh kết quả đạt được, vẫn còn những yếu kém",
        ),
        (
            "neutral",
            "Bài học kinh nghiệm|Phương hướng, nhiệm vụ|Đặc điểm tình hình|Thuận lợi, khó khăn|Kiến nghị, đề xuất|"
            "Giải pháp khắc phục hạn chế|Nhiệm vụ năm 2020|Tổ chức thực hiện|Mục tiêu, chỉ tiêu",
        ),
        ("mixed", "Kết quả đạt được và những hạn chế|Ưu điểm, khuyết điểm"),
        (None, "Xây dựng Đảng|Lãnh đạo phát triển kinh tế|Công tác dân vận|"),
    ],
)
def test_what_a_heading_opens(verdict: str | None, headings: str) -> None:
    got = {heading: judge_heading(words_of(heading)) for heading in headings.split("|")}
    assert {heading: found and found.verdict for heading, found in got.items()} == dict.fromkeys(
        got, verdict
    )


@pytest.mark.parametrize(
    ("heading", "of"),
    [
        ("Nguyên nhân", None),
        ("Nguyên nhân khách quan", None),
        ("Nguyên nhân chủ quan", None),
        ("Nguyên nhân của những hạn chế, khuyết điểm", "shortcoming"),
        ("Nguyên nhân tồn tại", "shortcoming"),
        ("VÌ SAO CÒN YẾU KÉM", "shortcoming"),
        ("Nguyên nhân của kết quả đạt được", "achievement"),
        ("Nguyên nhân ưu điểm", "achievement"),
        ("Nguyên nhân của ưu điểm và khuyết điểm", None),
    ],
)
def test_a_cause_and_what_of(heading: str, of: str | None) -> None:
    found = judge_heading(words_of(heading))
    assert found is not None
    assert (found.verdict, found.of) == ("cause", of)


def test_a_passage_that_begins_with_a_cause_tells_it_below_shortcomings_too(
    understand: Understand,
) -> None:
    reading = understand(
        "BÁO CÁO", "NĂM 2010", "I. TỒN TẠI, HẠN CHẾ",
        "Việc thành lập tổ hòa giải ở khu phố còn chậm, mới đạt 61% chỉ tiêu.",
        "Nguyên nhân chủ yếu là cán bộ khu phố kiêm nhiệm nhiều việc.",
        "Chưa phân tích nguyên nhân của từng vụ việc trước khi giải quyết.",
    )  # fmt: skip
    assert [(passage.assessment, passage.cause_of) for passage in reading.passages] == [
        ("shortcoming", None), ("cause", "shortcoming"), ("shortcoming", None),
    ]  # fmt: skip


def test_the_cause_comes_back_with_the_passage(understand: Understand) -> None:
    reading = understand(
        "BÁO CÁO",
        "NĂM 2010",
        "I. NGUYÊN NHÂN",
        "1. Nguyên nhân của hạn chế",
        "…",
        "2. Nguyên nhân ưu điểm",
        "…",
    )
    assert [(passage.assessment, passage.cause_of) for passage in reading.passages] == [
        ("cause", "shortcoming"), ("cause", "achievement"),
    ]  # fmt: skip


def test_the_innermost_heading_decides_and_says_so(understand: Understand) -> None:
    reading = understand("BÁO CÁO", "NĂM 2010", "I. ƯU ĐIỂM", "…", "1. Tuy nhiên còn hạn chế", "…")
    first, second = reading.passages
    assert (first.assessment, first.assessment_decision.source) == ("achievement", "heading")
    assert first.assessment_decision.evidence == ("I. ƯU ĐIỂM",)
    assert first.assessment_decision.confidence > 0.9
    assert second.assessment == "shortcoming"


def test_a_passage_that_turns_to_the_bad_below_a_heading_of_results(reader: Reader) -> None:
    text = (
        "Tuy nhiên, tiến độ giải ngân còn chậm, một số công trình kéo dài, chất lượng còn yếu kém."
    )
    passage = reader.classify(Passage("r", 1, text, ("I. KẾT QUẢ",)))
    assert (passage.assessment, passage.assessment_decision.source) == ("shortcoming", "words")


def test_below_a_neutral_heading_nothing_is_weighed(reader: Reader) -> None:
    text = "Khắc phục tình trạng giải ngân chậm, yếu kém trong quản lý đô thị."
    passage = reader.classify(Passage("r", 1, text, ("III. PHƯƠNG HƯỚNG, NHIỆM VỤ",)))
    assert passage.assessment is None
    assert passage.assessment_decision.source == "heading"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Tiến độ giải ngân các dự án còn chậm, chưa khai thác hết tiềm năng, quản lý còn lúng túng.",
            "shortcoming",
        ),
        (
            "Thu ngân sách hàng năm đều vượt dự toán, đời sống nhân dân được nâng lên rõ rệt.",
            "achievement",
        ),
        ("Nguyên nhân là do cán bộ thiếu năng động, kiểm tra chưa thường xuyên.", "cause"),
        ("Sở dĩ như vậy là do phần mềm chưa kết nối liên thông giữa các cơ quan.", "cause"),
    ],
)
def test_the_passage_s_own_words(text: str, wanted: str) -> None:
    assessment, why = judge_words(text)
    assert assessment == wanted
    assert why.source == "words"
    assert why.evidence
    assert 0.3 < why.confidence <= 1


@pytest.mark.parametrize(
    "text", ["", "...", "12", "xyz qwerty", "Một câu.", "Lúa gạo", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 là gì vậy"]
)
def test_words_that_say_nothing_are_no_shortcoming(text: str) -> None:
    assert judge_words(text)[0] is None


@pytest.mark.parametrize(
    ("above", "heading", "wanted"),
    [
        ("I. HẠN CHẾ, KHUYẾT ĐIỂM", "1. Về tổ chức thực hiện", "shortcoming"),
        ("I. ƯU ĐIỂM", "1. Nội dung thực hiện", "achievement"),
        ("I. HẠN CHẾ, KHUYẾT ĐIỂM", "1. Phương hướng, giải pháp", None),
        ("I. PHƯƠNG HƯỚNG", "1. Tổ chức thực hiện", None),
        ("I. CÔNG TÁC XÂY DỰNG ĐẢNG", "1. Tổ chức thực hiện", None),
    ],
)
def test_what_a_section_is_about_changes_nothing_below_a_heading_that_weighs(
    understand: Understand, above: str, heading: str, wanted: str | None
) -> None:
    (passage,) = understand(
        "BÁO CÁO", "Năm 2020", above, heading, "Ban Chấp hành họp sáu kỳ, ra bốn nghị quyết."
    ).passages
    assert passage.heading_path[-1] == heading
    assert passage.assessment == wanted


@pytest.mark.parametrize(
    "heading",
    [
        "2.1. Kiểm tra khi có dấu hiệu vi phạm",
        "3. Xử lý vi phạm trật tự xây dựng",
        "4. Tháo gỡ khó khăn, vướng mắc cho doanh nghiệp",
    ],
)
def test_what_is_done_about_a_shortcoming_is_none(understand: Understand, heading: str) -> None:
    (passage,) = understand("BÁO CÁO", "NĂM 2010", "I. KẾT QUẢ ĐẠT ĐƯỢC", heading, "…").passages
    assert passage.assessment == "achievement"


def test_a_shortcoming_beside_what_is_done_about_it_still_is(understand: Understand) -> None:
    (passage,) = understand("BÁO CÁO", "NĂM 2010", "1. Hạn chế trong xử lý vi phạm", "…").passages
    assert passage.assessment == "shortcoming"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Giải ngân vốn đến tháng 6 đạt 31 %, thấp hơn bình quân chung của tỉnh.", "shortcoming"),
        ("Thu phí vệ sinh chưa đạt kế hoạch, mới được 64 % số hộ.", "shortcoming"),
        ("Việc cấp giấy chứng nhận không hoàn thành chỉ tiêu giao.", "shortcoming"),
        ("Tiến độ làm cầu Bến Đò còn chậm so với hợp đồng.", "shortcoming"),
        ("Tuy đã khởi công đúng hạn nhưng tiến độ làm cầu còn chậm.", "shortcoming"),
        ("Tuy nhiên giá vật tư tăng cao đã tác động đến nhiều hộ.", "shortcoming"),
        ("Tuy gặp nhiều khó khăn do dịch bệnh, các chỉ tiêu đều hoàn thành.", "achievement"),
        ("Tỷ lệ hộ nghèo giảm còn 1,2 %, thấp hơn bình quân chung của huyện.", "achievement"),
        ("Tỷ suất sinh con thứ ba thấp hơn mục tiêu nghị quyết 0,3 điểm.", "achievement"),
        ("Cơ chế song trùng lãnh đạo được giữ như cũ.", "achievement"),
        ("Thu ngân sách đạt 112 % dự toán, tăng 9 % so với cùng kỳ.", "achievement"),
    ],
)
def test_a_passage_may_contradict_a_heading_of_achievements(
    understand: Understand, text: str, wanted: str
) -> None:
    (passage,) = understand("BÁO CÁO", "Năm 2020", "I. KẾT QUẢ ĐẠT ĐƯỢC", text).passages
    assert passage.assessment == wanted


def test_the_features_of_a_place_are_no_result(understand: Understand) -> None:
    (passage,) = understand(
        "BÁO CÁO",
        "Năm 2020",
        "Phần thứ nhất: KẾT QUẢ 5 NĂM THỰC HIỆN NGHỊ QUYẾT",
        "I. ĐẶC ĐIỂM TÌNH HÌNH",
        "Phường có 12 khu phố với 7.600 nhân khẩu, giáp sông ở phía đông.",
    ).passages
    assert passage.assessment is None


@pytest.mark.parametrize(
    ("heading", "text", "wanted"),
    [
        ("2. Khó khăn", "Cán bộ hội chưa qua tập huấn, hoạt động còn lúng túng.", "shortcoming"),
        ("1. Thuận lợi", "Chi hội hoàn thành vượt mức cả 9 chỉ tiêu thi đua.", "achievement"),
        ("2. Khó khăn", "Xã có 14 thôn nằm rải rác dọc hai bờ suối.", None),
        ("1. Bối cảnh", "Cán bộ hội chưa qua tập huấn, hoạt động còn lúng túng.", None),
    ],
)
def test_advantages_and_difficulties_are_weighed_where_their_words_are_clear(
    understand: Understand, heading: str, text: str, wanted: str | None
) -> None:
    (passage,) = understand("BÁO CÁO", "Năm 2020", "I. TÌNH HÌNH HỘI", heading, text).passages
    assert passage.assessment == wanted


def test_difficulties_that_a_sentence_announces_are_shortcomings(understand: Understand) -> None:
    text = "Vườn ươm thiếu nước tưới từ đầu tháng Ba."
    difficulties = "Để trồng đủ diện tích, các xã còn nhiều khó khăn cần được giải quyết:"
    measures = "Trước tình hình vốn còn nhiều khó khăn, huyện đề ra các giải pháp sau:"
    got = [
        understand("BÁO CÁO", "Năm 2020", "I. TRỒNG RỪNG", above, f"- {text}").passages[-1]
        for above in (difficulties, measures)
    ]
    assert [passage.assessment for passage in got] == ["shortcoming", None]


@pytest.mark.parametrize(
    "text",
    [
        "Từng bước phát triển công nghiệp chế biến sâu, ứng dụng vật liệu mới.",
        "Ba là, thực hiện tốt chính sách giảm nghèo, chăm lo cho người cao tuổi.",
        "Chính sách đặc thù, vượt trội cho người làm khoa học.",
    ],
)
def test_aims_are_no_achievements(text: str) -> None:
    assert judge_words(text)[0] is None


def test_a_passage_that_falls_short_is_no_achievement_without_headings(reader: Reader) -> None:
    text = "Năm qua, toàn huyện trồng được 40 ha rừng, không hoàn thành chỉ tiêu 95 ha."
    assert reader.classify(Passage("r", 1, text)).assessment == "shortcoming"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("STT: 3; Khu công nghiệp: Đông Lâm; Diện tích đã phủ kín: 91%", None),
        ("STT: 2; Tên thiết bị: Phụ kiện đi kèm; Thành tiền: 6", None),
        (
            "STT: 1; Nội dung: Thu ngân sách năm qua vượt dự toán, tăng 9 % so với cùng kỳ, đời sống "
            "nhân dân được nâng lên rõ rệt; Ghi chú: có",
            "achievement",
        ),
        ("STT: 4; Chỉ tiêu: Trồng rừng; Đánh giá: Không đạt", "shortcoming"),
    ],
)
def test_a_row_of_names_and_figures_weighs_nothing(
    reader: Reader, text: str, wanted: str | None
) -> None:
    assert reader.classify(Passage("r", 1, text, kind="table-row")).assessment == wanted


@pytest.mark.parametrize(
    ("headings", "text", "wanted"),
    [
        (
            (),
            "Tuy bị mất mùa hai vụ liền và thiếu vốn, xã vẫn hoàn thành vượt mức các chỉ tiêu thu ngân sách.",
            "achievement",
        ),
        (
            (),
            "Mặc dù được đầu tư nhiều và có nhiều cố gắng, nhưng chất lượng phục vụ còn yếu kém.",
            "shortcoming",
        ),
        ((), "Đến cuối tháng 9 cả huyện mới giải ngân được 35% kế hoạch vốn.", "shortcoming"),
        ((), "Quý I giá trị sản xuất chỉ bằng 17% kế hoạch năm.", "shortcoming"),
        (
            ("II. Kết quả đạt được",),
            "Hợp tác xã trồng mới được 40 ha chè, kết nạp mới được 21 thành viên.",
            "achievement",
        ),
        ((), "Tai nạn giao thông trên địa bàn giảm 12 vụ so với cùng kỳ.", "achievement"),
        ((), "“Chúng tôi làm ăn khấm khá hẳn lên nhờ con đường mới này”, ông Sáu kể.", None),
        (
            ("II. Kết quả đạt được",),
            "Sản lượng mía đạt 4.100 tấn, giảm 31% so với cùng kỳ.",
            "shortcoming",
        ),
        (
            ("II. Kết quả đạt được",),
            "Bên cạnh những kết quả trên, hai hợp tác xã nay chỉ còn cái tên.",
            "shortcoming",
        ),
        (("2. Tồn tại và nguyên nhân",), "Do trưởng thôn mới nhận việc, kinh phí ít.", "cause"),
        (("2. Tồn tại",), "Do thiếu kinh phí, ba công trình phải dừng thi công.", "shortcoming"),
        (
            ("IV. Kết quả khắc phục hạn chế của năm trước",),
            "Lịch tiếp dân đã được niêm yết và giữ đúng.",
            "achievement",
        ),
        (
            ("2. Hạn chế, nguyên nhân và bài học", "2.2. Nguyên nhân và bài học kinh nghiệm"),
            "Năng lực của đội ngũ cán bộ chi hội chưa đáp ứng yêu cầu, kinh phí còn eo hẹp.",
            "cause",
        ),
    ],
)
def test_what_a_passage_says_in_its_main_clause_and_figures(
    reader: Reader, headings: tuple[str, ...], text: str, wanted: str | None
) -> None:
    assert reader.classify(Passage("r", 1, text, headings)).assessment == wanted


def test_new_members_are_no_low_figure(reader: Reader) -> None:
    text = "Quý I toàn đảng bộ kết nạp được 31 đảng viên mới, đạt 104% kế hoạch, tăng 5 đồng chí."
    assert reader.classify(Passage("r", 1, text)).assessment == "achievement"
