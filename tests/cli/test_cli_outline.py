from __future__ import annotations

from html.parser import HTMLParser

import pytest


@pytest.fixture
def hostile(tmp_path):
    path = tmp_path / "hostile.txt"
    path.write_text(
        'BÁO CÁO\nTỔNG KẾT <script>alert(1)</script> & "x"\n\nI. KINH TẾ <b>\n\n1. Mặt được\n\n'
        "Thu ngân sách tăng 5% <img src=x onerror=alert(1)> so với năm trước, đời sống khá hơn.\n",
        encoding="utf-8",
    )
    return path


def test_headings_passages_and_why(run, folder):
    result = run("outline", folder / "binh-son.txt")
    assert result.exit_code == 0
    text = result.stdout
    assert "\nLãnh đạo phát triển kinh tế, ngân sách\n" in text
    assert "\n  Mặt tồn tại\n" in text
    assert "#2 line 12" in text
    assert "→ Kinh tế, ngân sách (" in text
    assert "sure, by heading: Mặt tồn tại)" in text
    assert "(title) BÁO CÁO" in text


def test_passages_are_cut_unless_whole_ones_are_asked_for(run, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text(
        "BÁO CÁO\n\nI. KINH TẾ\n\n" + "Thu ngân sách tăng đều. " * 30 + "Hết.\n", encoding="utf-8"
    )
    assert "Hết." not in run("outline", path).stdout
    assert "Hết." in run("outline", path, "--full").stdout


def test_json_gives_back_the_whole_text(data, folder):
    found = data("outline", folder / "binh-son.txt", "--json")
    assert found["format"] == "txt"
    assert found["notes"] == []
    elements = found["readings"][0]["elements"]
    text = (folder / "binh-son.txt").read_text(encoding="utf-8")
    assert [element["text"] for element in elements] == [line for line in text.splitlines() if line]
    assert (
        next(element["passage"]["area"] for element in elements if element["passage"]) == "kinh-te"
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def test_the_page_is_complete_and_escapes_all_text(run, hostile):
    result = run("outline", hostile, "--html")
    assert result.exit_code == 0
    page = _Tags()
    page.feed(result.stdout)
    assert not {"script", "img", "b2", "link", "iframe"} & set(page.tags)
    assert not {"src", "href", "onerror", "onclick"} & page.attributes
    assert "<script>alert(1)</script>" in page.text
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "Kinh tế, ngân sách" in page.text


def test_the_page_goes_to_a_file(run, hostile, tmp_path):
    result = run("outline", hostile, "--html", "--out", tmp_path / "page.html")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "page.html" in result.stderr
    written = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert written == run("outline", hostile, "--html").stdout
    result = run("outline", hostile, "--html", "--out", tmp_path / "no" / "page.html")
    assert result.exit_code == 1
    assert "page.html: cannot be written" in result.stderr


@pytest.mark.parametrize("args", [["--out", "x.html"], ["--html", "--json"]])
def test_options_that_make_no_sense_together(run, hostile, args, tmp_path):
    assert run("outline", hostile, *args).exit_code == 2
    assert not (tmp_path / "x.html").exists()


def test_a_taxonomy_of_ones_own(run, data, folder, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(
        run("taxonomy", "--default").stdout.replace('"kinh-te"', '"tien-bac"'), encoding="utf-8"
    )
    found = data("outline", folder / "binh-son.txt", "--taxonomy", mine, "--json")
    assert found["readings"][0]["elements"][-1]["passage"]["area"] == "quoc-phong-an-ninh"
    assert "tien-bac" in {
        e["passage"]["area"] for e in found["readings"][0]["elements"] if e["passage"]
    }


def test_a_file_that_cannot_be_read(run, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    for name in ("empty.txt", "nowhere.txt"):
        result = run("outline", tmp_path / name)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert name in result.stderr
