from __future__ import annotations

from pathlib import Path

import pytest

from tracuu.corpus import Taxonomy, default_taxonomy
from tracuu.errors import TaxonomyError, UnknownArea

IDS = (
    "do-thi", "kinh-te", "van-hoa-xa-hoi", "quoc-phong-an-ninh", "xay-dung-dang", "chinh-quyen", "dan-van",
    "phuong-phap-lanh-dao", "dao-duc-loi-song", "chung",
)  # fmt: skip

GOOD = """version = 1
model = "none"

[[area]]
id = "rung"
label = "Rừng"
headings = ["bảo vệ rừng"]

[[area]]
id = "khac"
label = "Khác"
default = true

[[group]]
headings = ["nông lâm"]
areas = ["rung"]
"""


def test_the_areas_of_the_package_in_their_order() -> None:
    assert tuple(area.id for area in default_taxonomy().areas) == IDS
    assert default_taxonomy().default.id == "chung"
    assert default_taxonomy().area("kinh-te").label == "Kinh tế, ngân sách"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        *((name, name) for name in IDS),
        ("Kinh tế, ngân sách", "kinh-te"),
        ("KINH TẾ", "kinh-te"),
        ("ngan sach", "kinh-te"),
        ("Quốc phòng – an ninh", "quoc-phong-an-ninh"),
        ("quoc phong - an ninh", "quoc-phong-an-ninh"),
        ("văn hoá", "van-hoa-xa-hoi"),
        ("doan the", "dan-van"),
        ("Đảng", "xay-dung-dang"),
        ("dang", "xay-dung-dang"),
        ("phương pháp", "phuong-phap-lanh-dao"),
        ("lối sống", "dao-duc-loi-song"),
        ("Chung", "chung"),
    ],
)
def test_an_area_by_id_label_or_part_of_either(name: str, wanted: str) -> None:
    assert default_taxonomy().resolve(name) == wanted


@pytest.mark.parametrize("name", ["xây dựng", "xay dung", "XAY DUNG", "xay-dung"])
def test_a_part_that_fits_several_areas_is_refused_and_names_them(name: str) -> None:
    with pytest.raises(UnknownArea, match="more than one area") as caught:
        default_taxonomy().resolve(name)
    assert caught.value.nearest == ("do-thi", "xay-dung-dang", "chinh-quyen")
    assert caught.value.name == name
    assert "Xây dựng Đảng" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("kin te", "kinh-te"), ("quốc phog", "quoc-phong-an-ninh"), ("kinhte", "kinh-te")],
)
def test_a_misspelt_area_is_refused_and_the_nearest_named(name: str, nearest: str) -> None:
    with pytest.raises(UnknownArea, match="nearest") as caught:
        default_taxonomy().resolve(name)
    assert caught.value.nearest[0] == nearest


@pytest.mark.parametrize("name", ["abc", "", "  ", "...", "báo cáo"])
def test_where_nothing_is_near_all_areas_are_named(name: str) -> None:
    with pytest.raises(UnknownArea) as caught:
        default_taxonomy().resolve(name)
    assert caught.value.nearest == ()
    assert all(area in str(caught.value) for area in IDS)


def test_the_id_of_an_area_is_not_guessed() -> None:
    with pytest.raises(UnknownArea, match="no leadership area has the id 'Kinh tế'"):
        default_taxonomy().area("Kinh tế")


def test_a_file_of_one_s_own(tmp_path: Path) -> None:
    path = tmp_path / "areas.toml"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")  # as Notepad saves it
    taxonomy = Taxonomy.load(path)
    assert [area.id for area in taxonomy.areas] == ["rung", "khac"]
    assert (taxonomy.default.id, taxonomy.model) == ("khac", "none")
    assert taxonomy.groups[0].areas == ("rung",)
    assert taxonomy.resolve("rung") == "rung"


def test_the_fingerprint_follows_what_decides_areas_and_nothing_else() -> None:
    first = Taxonomy.parse(GOOD).fingerprint
    assert Taxonomy.parse("# a comment\n" + GOOD).fingerprint == first
    assert Taxonomy.parse(GOOD.replace("bảo vệ rừng", "giữ rừng")).fingerprint != first
    assert Taxonomy.parse(GOOD.replace('model = "none"', 'model = "built-in"')).fingerprint != first


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('label = "Khác"', 'label = "Khác', 11, "not valid TOML"),
        ("version = 1", "version = 2", 1, "version = 1"),
        ("version = 1\n", "", 1, "version = 1"),
        ('model = "none"', 'model = "mine"', 2, "built-in"),
        ('model = "none"', "model = 3", 2, "built-in"),
        ("[[group]]", "[[bunch]]", 14, "unknown entry 'bunch'"),
        ("[[group]]", "[group]", 14, "[[group]]"),
        ('label = "Rừng"', 'label = "Rừng"\nname = "x"', 7, "unknown key 'name'"),
        ('label = "Rừng"\n', "", 4, "no label"),
        ('id = "rung"\n', "", 4, "no id"),
        ('id = "rung"', 'id = ""', 4, "no id"),
        ('id = "rung"', 'id = "Rừng"', 5, "may hold only"),
        ('id = "khac"', 'id = "rung"', 10, "twice"),
        ('id = "rung"', "id = 5", 5, "text in quotes"),
        ('headings = ["bảo vệ rừng"]', 'headings = "bảo vệ rừng"', 7, "list of texts"),
        ('headings = ["bảo vệ rừng"]', "headings = [1]", 7, "list of texts"),
        ('headings = ["bảo vệ rừng"]', 'headings = ["..."]', 7, "no word"),
        ('headings = ["bảo vệ rừng"]', 'headings = [\n  "bảo vệ rừng",\n  "...",\n]', 9, "no word"),
        ("default = true", 'default = "yes"', 12, "true or false"),
        ("default = true", "default = false", 9, "must have default = true"),
        ('label = "Rừng"', 'label = "Rừng"\ndefault = true', 13, "only one area"),
        (
            'label = "Khác"',
            'label = "Khác"\nheadings = ["Bảo vệ rừng"]',
            12,
            "stands for 'rung' already",
        ),
        ('areas = ["rung"]', 'areas = ["biển"]', 16, "no area has the id 'biển'"),
        ('areas = ["rung"]', "areas = []", 14, "no areas"),
        ('headings = ["nông lâm"]\n', "", 14, "no headings"),
        ('areas = ["rung"]', "areas = [7]", 16, "list of texts"),
    ],
)
def test_every_fault_of_a_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    path = tmp_path / "areas.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TaxonomyError) as caught:
        Taxonomy.load(path)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert (caught.value.path, caught.value.line) == (str(path), line)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = 1\n",
        "version = 1\narea = 3\n",
        "version = 1\narea = [1]\n",
        "version = 1\n[area]\nid='x'\n",
    ],
)
def test_a_file_without_areas(text: str) -> None:
    with pytest.raises(TaxonomyError) as caught:
        Taxonomy.parse(text, "areas.toml")
    assert caught.value.line > 0


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="cannot be read"):
        Taxonomy.load(tmp_path / "missing.toml")
    with pytest.raises(TaxonomyError, match="cannot be read"):
        Taxonomy.load(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"version = 1 # \xe9\n")
    with pytest.raises(TaxonomyError, match="UTF-8"):
        Taxonomy.load(tmp_path / "latin.toml")
    with pytest.raises(TaxonomyError, match="cannot be read"):
        Taxonomy.load("a\0b")


def test_a_file_nested_without_end() -> None:
    with pytest.raises(TaxonomyError, match="nested too deeply"):
        Taxonomy.parse("version = " + "[" * 100_000, "areas.toml")
