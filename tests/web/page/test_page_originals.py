"""The files that reports were read from: off unless switched on, by id alone, and only as they were read."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tracuu import Index, Passage, Report

TEXT = "BÁO CÁO\nkết quả năm 2023\n\nI. KINH TẾ\n\nTrồng mới 12 ha sầu riêng, đạt kế hoạch.\n"


@pytest.fixture
def files(tmp_path):
    """A folder with one report, and an index of it, of an upload and of a passage without a file."""
    folder = tmp_path / "báo cáo"
    folder.mkdir()
    (folder / "năm 2023.txt").write_text(TEXT, encoding="utf-8")
    with Index.create(tmp_path / "index") as index:
        list(index.update([folder], jobs=1))
        index.put(TEXT.replace("2023", "2024").encode(), name="năm 2024.txt", report="nam-2024")
        index.add([Passage("own", 1, "Đoạn của một ứng dụng.")], report=Report("own"))
    return folder, tmp_path / "index"


def test_without_the_switch_no_file_is_shown(client, files):
    http = client(files[1])
    assert http.get("/originals/nam-2023").status_code == 404
    assert "/originals/" not in http.get("/reports/nam-2023/1").text


@pytest.mark.parametrize(("report", "year"), [("nam-2023", "2023"), ("nam-2024", "2024")])
def test_a_file_comes_as_it_was_read_and_is_saved_not_shown(client, files, report, year):
    http = client(files[1], originals=True)
    assert f'href="/originals/{report}"' in http.get(f"/reports/{report}/1").text
    answer = http.get(f"/originals/{report}")
    assert answer.content.decode() == TEXT.replace("2023", year)
    name = quote(f"năm {year}.txt")
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert http.head(f"/originals/{report}").status_code == 200


def test_a_file_that_changed_or_vanished_is_not_shown_and_its_place_is_not_told(client, files):
    folder, index = files
    http = client(index, originals=True)
    path = folder / "năm 2023.txt"
    for change in (lambda: path.write_text("zyxw", encoding="utf-8"), path.unlink):
        change()
        answer = http.get("/originals/nam-2023", headers={"accept": "text/html"})
        assert answer.status_code == 404
        assert "zyxw" not in answer.text
        assert str(folder) not in answer.text
        assert "Không mở được bản gốc" in answer.text


@pytest.mark.parametrize(
    "name",
    ["own", "nothing", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "nam-2023/1.png", "own/1.png"],
)
def test_nothing_else_is_an_original(client, files, name):
    answer = client(files[1], originals=True).get(f"/originals/{name}")
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_an_index_that_names_a_file_it_has_not_read_shows_nothing_of_it(client, files, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("mật khẩu", encoding="utf-8")
    with Index.open(files[1]) as index:
        index.add(
            [Passage("liar", 1, "Đoạn.")], report=Report("liar", source=str(secret)), classify=False
        )
    answer = client(files[1], originals=True).get("/originals/liar")
    assert answer.status_code == 404
    assert "mật khẩu" not in answer.text
