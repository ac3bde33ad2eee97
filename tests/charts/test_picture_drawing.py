from __future__ import annotations

import io
import itertools
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tracuu import Index, Passage, Report
from tracuu.charts import draw, lines_of, matrix, panels_of, shares, timeline
from tracuu.errors import OptionError

matplotlib = pytest.importorskip("matplotlib", reason="the extra plot is not installed")

from tracuu.charts.drawing import LOOKS  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
COUNTS = [matrix, timeline, shares]


def texts(svg: bytes) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("query", ["", "giải ngân"])
def test_an_svg_holds_every_label_and_number_as_text(index: Index, count, query: str) -> None:
    picture = count(index, query)
    sheet = panels_of(picture)
    drawn = texts(draw(picture))
    together = " ".join(drawn)
    for section in sheet.sections:
        for label in section.labels:
            assert all(word in together for word in label.split()), label
        numbers = [bar.text for panel in section.panels for bar in panel.bars]
        for number in set(numbers):
            assert drawn.count(number) >= numbers.count(number), number
    assert sheet.title in drawn
    assert sheet.subtitle in drawn


def test_each_bar_is_as_long_as_its_number_says(index: Index) -> None:
    root = ET.fromstring(draw(matrix(index, area="kinh-te")))
    clips = [
        one.get("d", "")
        for one in root.iter(f"{SVG}path")
        if "stroke-width: 0.6" in one.get("style", "") and one.get("clip-path")
    ]
    wide = []
    for d in clips:
        xs = [
            float(part.split()[0])
            for part in d.replace("M", "L").replace("z", "").split("L")
            if part.strip()
        ]
        wide.append(round(max(xs) - min(xs), 2))
    assert len(wide) == 3
    assert wide[0] == pytest.approx(2 * wide[1], abs=0.05)
    assert wide[1] == wide[2]


@pytest.mark.parametrize("count", COUNTS)
def test_screen_readers_find_a_title_and_all_numbers_in_words(index: Index, count) -> None:
    picture = count(index, "giải ngân")
    root = ET.fromstring(draw(picture, lang="en"))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert root.get("lang") == "en"
    for section in panels_of(picture, "en").sections:
        for panel in section.panels:
            for label, bar in zip(section.labels, panel.bars, strict=True):
                assert bar.value == 0 or f"{label} {bar.text}" in (description.text or "")


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("format", ["svg", "png"])
def test_the_same_numbers_give_the_same_bytes_in_any_thread(
    index: Index, count, format: str
) -> None:
    picture = count(index)
    first = draw(picture, format)
    others: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: others.append(draw(picture, format))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert others == [first] * 4


def test_the_same_bytes_in_another_process(index: Index, tmp_path: Path) -> None:
    code = (
        "import os, sys; from tracuu import Index; from tracuu.charts import draw, matrix\n"
        "from tracuu.charts.home import spare_home; spare_home(os.environ)\n"
        "with Index.open(sys.argv[1]) as index: sys.stdout.buffer.write(draw(matrix(index)))"
    )
    (tmp_path / "matplotlibrc").write_text(
        "font.size: 40\naxes.facecolor: red\nsvg.fonttype: path\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, index.path], capture_output=True, check=True, cwd=tmp_path
    )
    assert done.stdout == draw(matrix(index))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_without_colour_each_look_has_its_own_pattern_and_grey() -> None:
    told = {name: look for name, look in LOOKS.items() if name != "plain"}
    assert len({pattern for _, pattern in told.values()}) == len(told)
    for (_, (one, _)), (_, (other, _)) in itertools.combinations(told.items(), 2):
        dark, light = sorted((luminance(one), luminance(other)))
        assert (light + 0.05) / (dark + 0.05) > 1.25


def test_the_patterns_are_drawn_and_stay_apart_in_grey(index: Index) -> None:
    svg = draw(matrix(index))
    root = ET.fromstring(svg)
    patterns = list(root.iter(f"{SVG}pattern"))
    assert (
        len({"".join(path.get("d", "") for path in one.iter(f"{SVG}path")) for one in patterns})
        == 3
    )
    used = {
        one.get("style", "").split(";")[0]
        for one in root.iter(f"{SVG}path")
        if "url(#" in one.get("style", "")
    }
    assert used == {f"fill: url(#{one.get('id')})" for one in patterns}


def test_a_png_opens_with_the_size_of_the_sheet_and_has_ink(index: Index) -> None:
    image_module = pytest.importorskip("PIL.Image")
    from tracuu.charts.drawing import WIDTH, sheet_height

    picture = matrix(index)
    with image_module.open(io.BytesIO(draw(picture, "png"))) as image:
        assert image.format == "PNG"
        assert image.size == (int(WIDTH * 150), int(sheet_height(panels_of(picture)) * 150))
        assert image.text["Title"] == "Các lĩnh vực và đánh giá"
        grey = image.convert("L")
        assert grey.getextrema() == (0, 255)


HARD = 'a & <b> "$x_1$" \\alpha 漢字 🎉 \x07\x00 ]]> ‮đ'


def test_markup_formulas_and_foreign_letters_stay_text(tmp_path: Path) -> None:
    with Index.create(tmp_path / "hard") as index:
        name = "<script>alert(1)</script>"
        index.add([Passage(name, 1, "Một đoạn.")], report=Report(name, title=HARD))
        for picture in (shares(index), matrix(index, HARD, literal=True)):
            for format in ("svg", "png"):
                assert draw(picture, format)
        svg = draw(shares(index))
        assert not list(ET.fromstring(svg).iter(f"{SVG}script"))
        assert b"<script>" not in svg
        assert "$x_1$" in " ".join(texts(draw(matrix(index, HARD, literal=True))))


def test_the_glyphs_of_vietnamese_are_in_the_font() -> None:
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    lower = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ–“”…·"
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        known = FT2Font(str(Path(get_data_path()) / "fonts" / "ttf" / name)).get_charmap()
        assert [letter for letter in lower + lower.upper() if ord(letter) not in known] == []


def test_settings_of_the_process_are_as_they_were_and_pyplot_is_not_loaded(index: Index) -> None:
    before = matplotlib.rcParams.copy()
    draw(matrix(index))
    assert matplotlib.rcParams.copy() == before
    assert "matplotlib.pyplot" not in sys.modules


def test_other_formats_and_languages_are_refused(index: Index) -> None:
    with pytest.raises(OptionError, match="svg or png"):
        draw(matrix(index), "pdf")
    with pytest.raises(OptionError, match="vi or en"):
        draw(matrix(index), lang="fr")  # type: ignore[arg-type]


def test_many_years_and_long_names_still_fit(tmp_path: Path) -> None:
    from datetime import date

    with Index.create(tmp_path / "many") as index:
        for year in (1951, 1980, 2010):
            name = f"{'rat-dai-' * 20}{year}"
            index.add([Passage(name, 1, "Một đoạn.")], report=Report(name, date=date(year, 1, 1)))
        svg = draw(timeline(index))
        root = ET.fromstring(svg)
        wide = float(root.get("width", "0").removesuffix("pt"))
        xs = [float(one.get("x", "0")) for one in root.iter(f"{SVG}text") if one.get("x")]
        assert max(xs) < wide
        assert sum(text.isdigit() and len(text) == 4 for text in texts(svg)) == 60
        assert "…" in "".join(texts(draw(shares(index))))


def test_lines_of_text_hold_the_same_numbers_and_the_longest_bar_is_full(index: Index) -> None:
    lines = lines_of(panels_of(matrix(index)), width=60)
    assert max(map(len, lines)) <= 60 + 8
    row = next(line for line in lines if "Kinh tế, ngân sách" in line)
    assert row.endswith(" 2")
    longest = row.count("█")
    half = [line for line in lines if "Kinh tế, ngân sách" in line][1]
    assert half.count("█") == longest // 2
    assert "█" not in "".join(lines_of(panels_of(matrix(index)), ascii=True))
    assert "##" in "".join(lines_of(panels_of(matrix(index)), ascii=True))
