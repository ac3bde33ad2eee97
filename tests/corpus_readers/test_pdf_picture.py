"""A page of a PDF as a picture: the passage is marked where it stands, and nowhere else."""

from __future__ import annotations

import io

import pytest

from tracuu.errors import DamagedFile, OptionError

pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
Image = pytest.importorskip("PIL.Image", reason="the extra browser (pillow) is not installed")

LINES = [
    (60, 700, "Thu ngan sach nam nay tang muoi hai phan tram so voi ke hoach."),
    (60, 500, "Cong tac giai ngan von dau tu con cham, chua dat yeu cau de ra"),
    (60, 484, "cua nghi quyet dai hoi."),
    (60, 300, "Cong tac can bo co nhieu doi moi."),
]


def marked_rows(png: bytes, height: int = 800) -> set[int]:
    """Heights in points at which something is marked: yellow, where paper is white and letters are black."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    wide, high = picture.size
    pixels = picture.load()
    rows = {
        y
        for y in range(high)
        for x in range(0, wide, 5)
        if pixels[x, y][0] > 200
        and pixels[x, y][2] < 215
        and pixels[x, y][0] - pixels[x, y][2] > 25
    }
    return {round((high - y) * height / high / 10) * 10 for y in rows}


def test_the_passage_is_marked_over_its_lines_and_nothing_else_is(pdf):
    from tracuu.corpus.readers.pdf_picture import page_picture

    content = pdf([[(60, 700, "Mot trang khac.")], LINES])
    text = "Công tác giải ngân vốn đầu tư còn chậm, chưa đạt yêu cầu đề ra của nghị quyết đại hội."
    rows = marked_rows(page_picture(content, 2, text))
    assert rows & {500, 510}
    assert rows & {480, 490}
    assert not rows & {690, 700, 710, 290, 300, 310}
    assert marked_rows(page_picture(content, 2)) == set()
    assert marked_rows(page_picture(content, 1, text)) == set()


def test_a_passage_that_goes_on_overleaf_is_marked_as_far_as_the_page_goes(pdf):
    from tracuu.corpus.readers.pdf_picture import page_picture

    long = (
        "Công tác giải ngân vốn đầu tư còn chậm, chưa đạt yêu cầu đề ra"
        + " rồi sang trang sau" * 20
    )
    assert marked_rows(page_picture(pdf([LINES]), 1, long)) & {500, 510}


def test_a_page_that_is_not_there_and_a_file_that_is_no_pdf_are_refused(pdf):
    from tracuu.corpus.readers.pdf_picture import page_picture

    with pytest.raises(OptionError, match="no page 3"):
        page_picture(pdf([LINES]), 3)
    with pytest.raises(DamagedFile):
        page_picture(b"%PDF-1.4\nnothing", 1)
