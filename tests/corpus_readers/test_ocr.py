"""Scanned pages, read by tesseract: a stand-in for what it does when it fails, and the real program."""

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tracuu.corpus.readers import Contents, ocr, read_blocks
from tracuu.errors import MissingExtra, NoTextLayer

pdfium = pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
Read = Callable[..., Contents]
Build = Callable[..., bytes]
posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
COLUMNS = "level page_num block_num par_num line_num word_num left top width height conf text"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    ocr._memory.clear()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """``program(script)``: a tesseract that runs this shell script."""

    def install(script: str) -> Path:
        path = tmp_path / "bin" / "tesseract"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"#!/bin/sh\ncat > {tmp_path}/picture\necho run >> {tmp_path}/runs\n{script}\n"
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{path.parent}:{os.environ['PATH']}")
        return tmp_path / "runs"

    return install


def table(lines: list[str]) -> str:
    """What tesseract prints for these lines, one below the other, each filling the column."""
    rows = ["\t".join(COLUMNS.split())]
    for n, line in enumerate(lines):
        left = 200
        for m, word in enumerate(line.split()):
            wide = 25 * len(word)
            rows.append(f"5\t1\t1\t1\t{n}\t{m}\t{left}\t{300 + 70 * n}\t{wide}\t40\t96\t{word}")
            left += wide + 15
    return "\n".join(rows)


@posix
def test_lines_become_paragraphs_and_a_page_is_recognised_once(
    read: Read, pdf: Build, program: Callable[[str], Path], tmp_path: Path
) -> None:
    lines = ["Đảng bộ đã lãnh đạo nhân dân hoàn thành kế hoạch", "trồng rừng sớm một tháng.",
             "- Thu ngân sách vượt một phần ba."]  # fmt: skip
    (tmp_path / "table").write_text(table(lines), encoding="utf-8")
    runs = program(f"cat {tmp_path}/table")
    for _ in range(2):
        found = read("a.pdf", pdf([[]], picture=True), ocr=True)
        assert [(b.text, b.page) for b in found.blocks] == [
            (f"{lines[0]} {lines[1]}", 1),
            (lines[2], 1),
        ]
    assert "read by OCR: pages 1" in found.notes
    assert runs.read_text().count("run") == 1


@posix
def test_without_the_language_the_message_says_what_to_install(
    read: Read, pdf: Build, program: Callable[[str], Path]
) -> None:
    program('echo "Error opening data file /usr/vie.traineddata" >&2; exit 1')
    with pytest.raises(MissingExtra, match="tesseract-ocr-vie"):
        read("a.pdf", pdf([[]], picture=True), ocr=True)


def test_without_the_program_the_message_says_what_to_install(
    read: Read, pdf: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingExtra, match="tesseract-ocr"):
        read("a.pdf", pdf([[]], picture=True), ocr=True)


@posix
def test_a_page_that_fails_does_not_stop_the_others(
    read: Read, pdf: Build, program: Callable[[str], Path]
) -> None:
    program("echo 'std::bad_alloc' >&2; exit 134")
    found = read(
        "a.pdf",
        pdf([[(60, 700, "Trang này có chữ, không phải ảnh chụp.")], []], picture=True),
        ocr=True,
    )
    assert [b.text for b in found.blocks] == ["Trang này có chữ, không phải ảnh chụp."]
    assert "OCR of page 2 failed, so it is left out: there was not enough memory" in found.notes


@posix
def test_a_page_that_takes_too_long_is_left_out(
    read: Read, pdf: Build, program: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program("exec sleep 60")
    monkeypatch.setattr(ocr, "_SECONDS", 1)
    found = read(
        "a.pdf",
        pdf([[(60, 700, "Trang này có chữ, không phải ảnh chụp.")], []], picture=True),
        ocr=True,
    )
    assert any("page 2 took over 1 s" in note for note in found.notes)
    with pytest.raises(NoTextLayer, match="OCR read no text"):
        read("b.pdf", pdf([[]], picture=True), ocr=True)


@posix
def test_pages_are_recognised_side_by_side_and_stay_in_order(
    tmp_path: Path, pdf: Build, program: Callable[[str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    """Each tesseract ends only once three have begun."""
    numbers = (1, 2, 3)
    sentences = [
        "Thu ngân sách vượt dự toán.",
        "Ba công trình chợ xong sớm.",
        "Kỷ luật hai đảng viên.",
    ]
    for number, sentence in zip(numbers, sentences, strict=True):
        (tmp_path / f"table-{number}").write_text(table([sentence]), "utf-8")
    program(
        f"""
        for number in 1 2 3; do mkdir {tmp_path}/taken-$number 2> /dev/null && break; done
        for try in $(seq 600); do
            test $(wc -l < {tmp_path}/runs) -ge 3 && exec cat {tmp_path}/table-$number
            sleep 0.1
        done
        exit 1
        """
    )
    (tmp_path / "a.pdf").write_bytes(
        pdf([[], [], []], picture=True, rules=[[(0, 9 * n, 500, 9 * n)] for n in numbers])
    )
    caplog.set_level("INFO", "tracuu.ocr")
    found = read_blocks(tmp_path / "a.pdf", ocr=True, jobs=3)
    assert [block.page for block in found.blocks] == [1, 2, 3]
    assert sorted(block.text for block in found.blocks) == sorted(sentences)
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        f"page {number} of 3 read by OCR" for number in numbers
    ]


@posix
def test_a_missing_language_ends_all_pages(
    tmp_path: Path, pdf: Build, program: Callable[[str], Path]
) -> None:
    program('echo "Error opening data file /usr/vie.traineddata" >&2; exit 1')
    pages = [[(0, 9 * n, 500, 9 * n)] for n in range(1, 9)]
    (tmp_path / "a.pdf").write_bytes(pdf([[]] * 8, picture=True, rules=pages))
    with pytest.raises(MissingExtra, match="tesseract-ocr-vie"):
        read_blocks(tmp_path / "a.pdf", ocr=True, jobs=2)
    assert (tmp_path / "runs").read_text().count("run") <= 4


@posix
def test_a_ruled_table_on_a_scan_has_its_rows(
    read: Read, pdf: Build, program: Callable[[str], Path]
) -> None:
    cells = [(110, 690, "TT"), (210, 690, "Việc"), (410, 690, "Hạn"), (110, 650, "1"), (210, 655, "Đắp bờ"),
             (210, 640, "kênh ±"), (410, 650, "Quý I"), (110, 610, "2"), (210, 610, "Sửa cầu"), (410, 610, "97 %")]  # fmt: skip
    rows = ["\t".join(COLUMNS.split())]
    for n, (x, y, text) in enumerate(cells):
        left = x * 300 / 72
        for m, word in enumerate(text.split()):
            place = f"{left:.0f}\t{(800 - y - 9) * 300 / 72:.0f}\t{25 * len(word)}\t38"
            rows.append(f"5\t1\t{n}\t1\t1\t{m}\t{place}\t96\t{word}")
            left += 25 * len(word) + 15
    program("cat <<'EOF'\n" + "\n".join(rows) + "\nEOF")
    rules = [
        *[(100, y, 500, y) for y in (710, 670, 630, 595)],
        *[(x, 595, x, 710) for x in (100, 200, 400, 500)],
    ]
    found = read("a.pdf", pdf([[]], picture=True, rules=[rules]), ocr=True)
    assert [block.text for block in found.blocks] == [
        "TT: 1; Việc: Đắp bờ kênh; Hạn: Quý I",
        "TT: 2; Việc: Sửa cầu; Hạn: 97 %",
    ]


def _words(lines: list[tuple[str, int]]) -> str:
    """What tesseract prints for these lines, each with the height of its words."""
    return "\n".join(
        row.replace("\t40\t96\t", f"\t{height}\t96\t")
        for (text, height), row in zip(
            [("", 0)] + [(text, h) for text, h in lines for _ in text.split()],
            table([text for text, _ in lines]).split("\n"),
            strict=True,
        )
    )


@posix
def test_lines_of_one_font_are_one_paragraph_whatever_letters_they_have(
    read: Read, pdf: Build, program: Callable[[str], Path]
) -> None:
    lines = [("Đội thi công sửa cầu treo nối hai bờ suối về chợ Nậm", 50), ("La và làm đường.", 40),
             ("Việc trồng cây ven đường thì phải chờ đến mùa mưa năm", 40), ("tới mới làm được.", 50)]  # fmt: skip
    program(f"cat <<'EOF'\n{_words(lines)}\nEOF")
    found = read("a.pdf", pdf([[]], picture=True), ocr=True)
    assert [block.text for block in found.blocks] == [
        f"{lines[0][0]} {lines[1][0]}",
        f"{lines[2][0]} {lines[3][0]}",
    ]


@posix
def test_numbers_of_headings_are_corrected_by_those_before_and_after(
    read: Read, pdf: Build, program: Callable[[str], Path]
) -> None:
    lines = ["l. KẾT QUẢ ĐẠT ĐƯỢC", "I. Kinh tế", "2. Văn hóa", "H. TỒN TẠI, HẠN CHẾ", "l.2. Cây lúa",
             "TII. PHƯƠNG HƯỚNG"]  # fmt: skip
    program(f"cat <<'EOF'\n{table(lines)}\nEOF")
    found = read("a.pdf", pdf([[]], picture=True), ocr=True)
    assert [block.text.split()[0] for block in found.blocks] == [
        "I.", "1.", "2.", "II.", "1.2.", "III.",
    ]  # fmt: skip


@posix
def test_a_letter_h_after_g_is_no_roman_number(
    read: Read, pdf: Build, program: Callable[[str], Path]
) -> None:
    program(f"cat <<'EOF'\n{table(['A. MỘT', 'G. BẢY', 'H. TÁM'])}\nEOF")
    found = read("b.pdf", pdf([[]], picture=True), ocr=True)
    assert "H. TÁM" in " ".join(block.text for block in found.blocks)


@posix
def test_rows_without_lines_keep_apart_whatever_letters_they_have(
    read: Read, pdf: Build, program: Callable[[str], Path]
) -> None:
    cells = [
        ("Họ và tên", "Chức vụ", "Nơi ở"),
        ("Lê Văn Tám", "Bí thư", "Thôn Hạ"),
        ("Ngụy Quý", "Cấp ủy", "Gò Dậy"),  # letters that reach below the line
        ("Hồ Minh", "Văn thư", "Bàu Sen"),
    ]
    rows = ["\t".join(COLUMNS.split())]
    for n, texts in enumerate(cells):
        for column, text in enumerate(texts):
            left = (200, 700, 1300)[column]
            for m, word in enumerate(text.split()):
                deep = 9 if set("gpqyụýủậ") & set(word) else 0
                place = f"{left}\t{600 + 62 * n}\t{22 * len(word)}\t{38 + deep}"
                rows.append(f"5\t1\t{column}\t1\t{n}\t{m}\t{place}\t96\t{word}")
                left += 22 * len(word) + 15
    program("cat <<'EOF'\n" + "\n".join(rows) + "\nEOF")
    found = read("a.pdf", pdf([[]], picture=True), ocr=True)
    assert [block.text for block in found.blocks] == [
        "Họ và tên: Lê Văn Tám; Chức vụ: Bí thư; Nơi ở: Thôn Hạ",
        "Họ và tên: Ngụy Quý; Chức vụ: Cấp ủy; Nơi ở: Gò Dậy",
        "Họ và tên: Hồ Minh; Chức vụ: Văn thư; Nơi ở: Bàu Sen",
    ]


def _turning(tmp_path: Path, orientation: str, upright: str) -> str:
    """A tesseract that reads words only on a page turned to the side, and knows its orientation."""
    bad = table(["x7ỳm ttE1 gnúp Ấn2d nộợp", "Ấq uQ2n 9pqt uợsá lạnỗ"]).replace("\t96\t", "\t31\t")
    return (
        f'case "$*" in *--psm*) {orientation};; '
        f"*) if head -c 8 {tmp_path}/picture | grep -q 'P5 333'; then cat <<'EOF'\n{upright}\nEOF\n"
        f"else cat <<'EOF'\n{bad}\nEOF\nfi;; esac"
    )


@posix
def test_a_page_that_lies_sideways_is_turned_and_read_again(
    read: Read, pdf: Build, program: Callable[[str], Path], tmp_path: Path
) -> None:
    lines = [
        "Trong năm, thôn Bàu Sen đã lát xong bảy con ngõ và trồng",
        "hai hàng dừa nước dọc bờ kênh.",
    ]
    program(_turning(tmp_path, "echo 'Rotate: 90'", table(lines)))
    found = read("a.pdf", pdf([[]], picture=True), ocr=True)
    assert [block.text for block in found.blocks] == [" ".join(lines)]
    assert "page 1 was turned to be read" in found.notes


@posix
def test_a_page_whose_orientation_is_unknown_keeps_what_was_read(
    read: Read, pdf: Build, program: Callable[[str], Path], tmp_path: Path
) -> None:
    program(_turning(tmp_path, "echo 'Too few characters' >&2; exit 1", table(["Không ai thấy."])))
    found = read("a.pdf", pdf([[]], picture=True), ocr=True)
    assert "ttE1" in found.blocks[0].text
    assert not any("turned" in note for note in found.notes)


def _has_vietnamese() -> bool:
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True)
    return "vie" in listed.stdout.split()


@pytest.mark.skipif(not _has_vietnamese(), reason="tesseract with Vietnamese is not installed")
def test_a_rasterised_page_is_read_by_the_real_program(read: Read, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="pillow draws the page")
    drawing = pytest.importorskip("PIL.ImageDraw")
    fonts = pytest.importorskip("PIL.ImageFont")
    face = "DejaVuSerif.ttf"
    try:
        font = fonts.truetype(face, 46)
    except OSError:
        pytest.skip(f"the font {face} is not installed")
    page = image.new("L", (1654, 2339), 255)
    pen = drawing.Draw(page)
    lines = ["I. KẾT QUẢ ĐẠT ĐƯỢC", "Trong năm, xã đã lát xong bảy con ngõ, thay", "hai trăm bóng đèn và dọn sạch bãi rác cũ.",
             "II. HẠN CHẾ", "Việc thu phí vệ sinh còn chậm."]  # fmt: skip
    for y, line in zip((200, 330, 400, 530, 630), lines, strict=True):
        pen.text((180, y), line, font=font, fill=0)
    data = io.BytesIO()
    page.save(data, "PDF", resolution=200)
    found = [block.text for block in read("scan.pdf", data.getvalue(), ocr=True).blocks]
    assert found == [lines[0], f"{lines[1]} {lines[2]}", lines[3], lines[4]]
