"""PDF files."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu.corpus import Reader
from tracuu.corpus.readers import Contents, Limits, pdf_lines
from tracuu.errors import DamagedFile, MissingExtra, NoTextLayer, OptionError, TooLarge

pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
Read = Callable[..., Contents]
Build = Callable[..., bytes]
Line = tuple[float, float, str]
FIRST = (
    "Trong năm qua Đảng ủy đã lãnh đạo nhân dân khắc phục khó khăn, đẩy mạnh sản xuất, giữ vững quốc "
    "phòng an ninh "
    "và hoàn thành phần lớn các chỉ tiêu mà nghị quyết đại hội đã đề ra cho cả nhiệm kỳ này."
)
SECOND = (
    "Tuy nhiên việc giải ngân vốn đầu tư công còn chậm so với kế hoạch, một số dự án vướng mặt bằng kéo "
    "dài và cần "
    "được tháo gỡ dứt điểm ngay trong những tháng đầu năm sau theo chỉ đạo của cấp trên."
)


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def column(text: str, x: float, y: float, width: int, *, indent: float = 0) -> list[Line]:
    """``text`` set in lines of ``width`` letters from (x, y) down, 16 points apart; 6 points a letter."""
    marks = "#" * round(indent / 6)
    lines = textwrap.wrap(marks + text, width, break_on_hyphens=False)
    return [
        (x + (indent if i == 0 else 0), y - 16 * i, line.lstrip("#"))
        for i, line in enumerate(lines)
    ]


def test_lines_become_paragraphs(read: Read, pdf: Build) -> None:
    first = column(FIRST, 60, 700, 70, indent=36)
    second = column(SECOND, 60, first[-1][1] - 16, 70, indent=36)
    found = read("a.pdf", pdf([[(250, 740, "**BÁO CÁO"), *first, *second]]))
    assert texts(found) == ["BÁO CÁO", FIRST, SECOND]
    assert [(b.bold, b.centred, b.page) for b in found.blocks] == [
        (True, True, 1),
        (False, False, 1),
        (False, False, 1),
    ]


def test_a_paragraph_goes_on_over_the_page_without_header_and_number(
    read: Read, pdf: Build
) -> None:
    lines = column(FIRST + " " + SECOND, 60, 700, 70)
    half = len(lines) // 2
    pages = [lines[:half], [(x, 700 - 16 * i, text) for i, (x, _, text) in enumerate(lines[half:])]]
    pages.append([(60, 700, "1. Trang sau là việc khác.")])
    full = [
        [(60, 760, f"Văn phòng Đảng ủy – bản {i}"), *page, (300, 40, str(i))]
        for i, page in enumerate(pages, start=1)
    ]
    found = read("a.pdf", pdf(full))
    assert [(b.text, b.page) for b in found.blocks] == [
        (FIRST + " " + SECOND, 1),
        ("1. Trang sau là việc khác.", 3),
    ]


def test_two_columns_are_read_one_after_the_other(read: Read, pdf: Build) -> None:
    left, right = (
        column(FIRST + " " + SECOND, 50, 700, 38),
        column(SECOND + " " + FIRST, 320, 700, 38),
    )
    title = [(200, 740, "**BẢN TIN NỘI BỘ CỦA ĐẢNG ỦY XÃ")]
    # As some programs write them: line by line across both columns.
    mixed = [line for pair in zip(left, right, strict=False) for line in pair]
    rest = left[len(right) :] + right[len(left) :]
    found = read("a.pdf", pdf([[*title, *mixed, *rest]]))
    assert texts(found) == [
        "BẢN TIN NỘI BỘ CỦA ĐẢNG ỦY XÃ",
        FIRST + " " + SECOND,
        SECOND + " " + FIRST,
    ]


def test_letters_are_put_together_by_their_places(
    read: Read, pdf: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as on a page that PDFium takes for upright writing: a line for each letter
    monkeypatch.setattr(pdf_lines, "_BROKEN", 10_000)
    rows = [("12/11/1971", "Lò Văn Pành", "Bản Nà Lúa"), ("21/1/1911", "Cầm Thị Lả", "Xóm Mới")]
    page = [
        (60 + 150 * column, 700 - 16 * n, text)
        for n, row in enumerate(rows * 3)
        for column, text in enumerate(row)
    ]
    found = " ".join(texts(read("a.pdf", pdf([page]))))
    assert all(text in found for row in rows for text in row)


def test_a_justified_line_that_ends_short_ends_its_paragraph(read: Read, pdf: Build) -> None:
    full = (
        "Các bản đã làm xong đường, nhà trẻ và lớp học cho con em trong xã nhà mình"  # 74 letters
    )
    short = "Cả xã cùng nhau dựng lại hai cây cầu bị lũ cuốn trôi trong mùa mưa năm."
    page = [(60, 700 - 16 * i, line) for i, line in enumerate([full] * 3 + [short] + [full] * 4)]
    found = texts(read("a.pdf", pdf([page])))
    assert found == [" ".join([full] * 3 + [short]), " ".join([full] * 4)]


def test_items_without_a_blank_after_their_number(read: Read, pdf: Build) -> None:
    full = "1.Các bản đã làm xong đường, nhà trẻ và lớp học cho con em ở trong bản 7."
    second = "2.Mỗi bản có một tổ hòa giải và một đội văn nghệ, cả xã có tất cả khoảng"
    page = [
        full,
        second,
        "87. Đội nào cũng tập đều mỗi tuần một buổi vào tối thứ bảy ở nhà sinh hoạt",
    ]
    items = [(60, 700 - 16 * i, line) for i, line in enumerate([*page, "chung của bản."])]
    found = texts(read("a.pdf", pdf([items])))
    assert found == [full, " ".join([*page[1:], "chung của bản."])]


def test_an_indented_item_goes_on_over_the_page(read: Read, pdf: Build) -> None:
    first = [
        *((60, 188 - 16 * i, line) for i, line in enumerate(textwrap.wrap(FIRST, 74))),
        (96, 124, "+ Làm xong ba cây số đường lên bản Nà Lúa và sáu cây cầu gỗ nhỏ;"),
        (96, 108, "+ Dựng lại nhà trẻ ở bản Pom Hán, có sân chơi và có bếp ăn trưa;"),
    ]
    second = [
        (96, 700, "cháu nào nhà xa được ở lại buổi trưa."),
        *((60, 684 - 16 * i, line) for i, line in enumerate(textwrap.wrap(SECOND, 74))),
    ]
    found = texts(read("a.pdf", pdf([first, second])))
    assert found[-2].endswith("có bếp ăn trưa; cháu nào nhà xa được ở lại buổi trưa.")


@pytest.mark.parametrize(("initial", "word"), [("T", "rong"), ("Ý", "kiến")])
def test_a_large_first_letter_is_a_part_of_its_paragraph(
    read: Read, pdf: Build, initial: str, word: str
) -> None:
    rest = FIRST.partition(" ")[2]
    beside = textwrap.wrap(f"{word} {rest}", 60)[:2]
    below = textwrap.wrap(f"{word} {rest}".removeprefix(" ".join(beside)).strip(), 66)
    page = [
        (60, 740, "**1. Kết quả chung"),
        (60, 684, initial, 40),
        *((96, 700 - 16 * i, line) for i, line in enumerate(beside)),
        *((60, 668 - 16 * i, line) for i, line in enumerate(below)),
    ]
    whole = f"{initial}{'' if word == 'rong' else ' '}{word} {rest}"
    assert texts(read("a.pdf", pdf([page]))) == ["1. Kết quả chung", whole]


def test_gaps_inside_syllables_are_closed(read: Read, pdf: Build) -> None:
    found = read("a.pdf", pdf([[(60, 700, "**ĐIỀ U 5. Quyế t định của Ủ y ban")]]))
    assert texts(found)[0].startswith("ĐIỀU 5. Quyết định của")
    assert "joined" in found.notes[0]


def test_hyphens_at_line_ends(read: Read, pdf: Build) -> None:
    lines = [
        "Căn cứ Nghị định số 15 và Quyết định số 2221/QĐ-",
        "UBND của tỉnh, báo cáo viên đã trình bày develop-",
        "ment of the area và các nội dung khác của hội-",
        "nghị này.",
    ]
    found = read("a.pdf", pdf([[(60, 700 - 16 * i, line) for i, line in enumerate(lines)]]))
    text = " ".join(texts(found))
    assert "2221/QĐ-UBND" in text
    assert "development" in text
    assert "hội-nghị" in text


def test_items_and_bold_starts(read: Read, pdf: Build) -> None:
    lines = [
        (60, 700, "**Điều 1. "),
        (120, 700, "Giao Văn phòng"),
        (60, 684, "a) theo dõi;"),
        (60, 668, "- đôn đốc."),
    ]
    found = read("a.pdf", pdf([lines]))
    assert texts(found) == ["Điều 1. Giao Văn phòng", "a) theo dõi;", "- đôn đốc."]
    assert (found.blocks[0].lead, found.blocks[2].kind) == (7, "list-item")


def test_a_scan_is_told_as_such(read: Read, pdf: Build) -> None:
    with pytest.raises(NoTextLayer, match="OCR"):
        read("a.pdf", pdf([[], []], picture=True))
    with pytest.raises(NoTextLayer, match="no text"):
        read("a.pdf", pdf([[]]))


def test_single_scanned_pages_are_noted(read: Read, pdf: Build) -> None:
    data = pdf([column(FIRST, 60, 700, 70), []], picture=True)
    assert "pages without text, as scans are: 2" in read("a.pdf", data).notes


def test_ocr_without_tesseract(
    read: Read, pdf: Build, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingExtra, match="tesseract-ocr-vie"):
        read("a.pdf", pdf([[]], picture=True), ocr=True)


@pytest.mark.parametrize("name", ["-l", "vie+", "a b", "../vie", "vie;ls"])
def test_a_language_that_is_none_never_reaches_tesseract(read: Read, pdf: Build, name: str) -> None:
    with pytest.raises(OptionError, match="names no language"):
        read("a.pdf", pdf([[]], picture=True), ocr=name)


def test_too_many_pages(read: Read, pdf: Build) -> None:
    with pytest.raises(TooLarge, match=r"Limits\.pages"):
        read("a.pdf", pdf([[(60, 700, "x")]] * 4), Limits(pages=3))


def test_truncated(read: Read, pdf: Build) -> None:
    data = pdf([column(FIRST, 60, 700, 70)])
    with pytest.raises((DamagedFile, NoTextLayer)):
        read("a.pdf", data[:300])


def test_locked_by_a_password(read: Read) -> None:
    from tracuu.errors import EncryptedFile

    # Standard security handler with hashes no empty password fits.
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count "
        b"1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n4 0 obj<</Filter/Standard/V 1/R 2/O<"
        + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>endobj\n"
        b"trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n0\n%%EOF"
    )  # fmt: skip
    with pytest.raises(EncryptedFile, match="password"):
        read("a.pdf", data)


def test_documents_bound_in_one_file_keep_their_letterheads(read: Read, pdf: Build) -> None:
    def page(title: str, number: str, text: str) -> list[tuple[float, float, str]]:
        return [
            (60, 770, "ỦY BAN NHÂN DÂN"), (320, 770, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (60, 755, "XÃ BẢN LUỐC"), (320, 755, "Độc lập - Tự do - Hạnh phúc"), (60, 735, f"Số: {number}"),
            (320, 735, "Bản Luốc, ngày 4 tháng 3 năm 2025"), (260, 690, title), (60, 650, text),
            (320, 500, "**CHỦ TỊCH"), (320, 450, "**Giàng Seo Páo"),
        ]  # fmt: skip

    one = page(
        "BÁO CÁO",
        "12/BC-UBND",
        "Trong quý xã đã phát dọn hai mươi ki lô mét đường liên thôn, trồng bù bốn trăm cây.",
    )
    two = page(
        "QUYẾT ĐỊNH",
        "13/QĐ-UBND",
        "Giao cho năm thôn trông coi hai mươi ki lô mét đường đã phát dọn, mỗi thôn bốn ki lô mét.",
    )
    found = Reader().parse(list(read("a.pdf", pdf([one, two])).blocks), id="a")
    assert [(r.report.kind, r.report.number, r.report.issuing_body) for r in found] == [
        ("báo cáo", "12/BC-UBND", "ỦY BAN NHÂN DÂN XÃ BẢN LUỐC"),
        ("quyết định", "13/QĐ-UBND", "ỦY BAN NHÂN DÂN XÃ BẢN LUỐC"),
    ]


def test_a_dash_at_a_line_s_end_keeps_its_blanks(read: Read, pdf: Build) -> None:
    lines = ["Đại hội bầu ban chấp hành mới của xã, nhiệm kỳ 2021 -", "2026 và thông qua quy chế làm việc."]  # fmt: skip
    page = [(50, 700 - 16 * n, line) for n, line in enumerate(lines)]
    assert [block.text for block in read("a.pdf", pdf([page])).blocks] == [" ".join(lines)]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_printed_sideways_is_read_from_its_own_top(
    read: Read, pdf: Build, turn: int
) -> None:
    rows = [("Thôn", "Người phụ trách"), ("Bàu Sen", "Lê Văn Tám"), ("Cồn Én", "Hồ Thị Lan")]
    page = [
        (30, 550, "PHỤ LỤC"),
        *((40 + 260 * column, 500 - 30 * row, text)
          for row, texts in enumerate(rows) for column, text in enumerate(texts)),
        (30, 380, "Các thôn còn lại do Ủy ban nhân dân xã phân công trong quý hai năm nay."),
    ]  # fmt: skip
    level = [(30, 520 - 30 * i, 560, 520 - 30 * i) for i in range(4)]
    upright = [(x, 520, x, 430) for x in (30, 290, 560)]
    found = read("a.pdf", pdf([page], rules=[level + upright], turn=turn))
    assert texts(found) == [
        "PHỤ LỤC",
        "Thôn: Bàu Sen; Người phụ trách: Lê Văn Tám",
        "Thôn: Cồn Én; Người phụ trách: Hồ Thị Lan",
        "Các thôn còn lại do Ủy ban nhân dân xã phân công trong quý hai năm nay.",
    ]


def test_where_all_strokes_are_heavy_the_names_of_fonts_decide_what_is_bold(
    read: Read, pdf: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracuu.corpus.readers.pdf_lines._BOLD_WEIGHT", 0)  # as of FreeSerif
    lines = [(60, 700, "**Việc của thôn")] + [
        (60, 670 - 40 * i, f"Bờ kênh số {i} đã được đắp lại và trồng thêm hai hàng dừa nước.")
        for i in range(8)
    ]
    blocks = read("a.pdf", pdf([lines])).blocks
    assert [block.bold for block in blocks] == [True, *[False] * 8]
