"""Help, messages and errors in Vietnamese, by TRACUU_LANG or the locale; data stays as it is."""

from __future__ import annotations

import csv
import gettext
import json
import os

import pytest

from tracuu import Index, errors
from tracuu.cli.language import choose
from tracuu.errors import Message, OptionError, UnknownReport, translate
from tracuu.messages import catalogue

VARIABLES = ("TRACUU_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")


@pytest.fixture
def speak(monkeypatch):
    """Sets variables of the environment, and no others that name a language."""

    def set_only(**values):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_only


@pytest.fixture
def vietnamese(speak):
    speak(TRACUU_LANG="vi")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"TRACUU_LANG": "vi"}, "vi"),
        ({"TRACUU_LANG": "vi_VN.UTF-8", "LC_ALL": "C"}, "vi"),
        ({"TRACUU_LANG": "en", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi"}, "vi"),
        ({"LC_ALL": "C", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "vi_VN", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"TRACUU_LANG": "fr"}, "en"),
        ({"TRACUU_LANG": "xx-unknown", "LANG": "vi_VN"}, "en"),
        ({"LANG": "vietnam"}, "en"),
    ],
)
def test_the_language_is_that_of_tracuu_lang_or_else_of_the_locale(variables, language):
    assert choose(variables) == language


@pytest.mark.parametrize("variables", [{"TRACUU_LANG": "vi"}, {"LANG": "vi_VN.UTF-8"}])
def test_the_help_is_vietnamese(run, speak, variables):
    speak(**variables)
    result = run("--help")
    assert result.exit_code == 0
    for text in (
        "Cách dùng: tracuu",
        "Tùy chọn:",
        "Các lệnh:",
        "Mã thoát: 0 xong",
        "Làm lại chỉ mục từ các báo cáo.",
    ):
        assert text in result.stdout
    for text in ("Usage", "Options", "Commands", "Show this message", "Rebuild"):
        assert text not in result.stdout


@pytest.mark.parametrize("variables", [{"LANG": "C"}, {"TRACUU_LANG": "xx"}, {}])
def test_any_other_language_gets_english(run, speak, variables):
    speak(**variables)
    result = run("search", "--help")
    assert "Usage: tracuu search [OPTIONS] [QUERY]..." in result.stdout
    assert "Show this message and exit." in result.stdout


def test_what_one_command_line_says_does_not_linger_in_the_next(run, speak):
    before = gettext.textdomain()
    speak(TRACUU_LANG="vi")
    assert "Cách dùng" in run("areas", "--help").stdout
    assert gettext.textdomain() == before
    assert "LANGUAGE" not in os.environ
    speak(LANG="C")
    assert "Usage" in run("areas", "--help").stdout


def test_usage_errors_are_vietnamese_those_of_click_too(run, vietnamese):
    option = run("search", "--limt", "3")
    assert option.exit_code == 2
    assert "Lỗi: Không có tùy chọn '--limt'." in option.stderr
    assert "Gõ 'tracuu search --help' để xem trợ giúp." in option.stderr
    missing = run("show")
    assert missing.exit_code == 2
    assert "Thiếu đối số 'BÁO_CÁO[#12]'." in missing.stderr
    assert (
        "Lỗi: --page và --offset loại trừ nhau"
        in run("search", "--page", "1", "--offset", "2").stderr
    )
    assert "không thuộc: 'relevance', 'reading', 'date'." in run("search", "--sort", "up").stderr


@pytest.mark.parametrize("typed", ["tim", "tìm", "serch"])
def test_a_mistyped_command_is_suggested(run, vietnamese, typed):
    result = run(typed)
    assert result.exit_code == 2
    assert f"Không có lệnh '{typed}'. Có phải ý bạn là search" in result.stderr


def test_errors_of_the_library_are_vietnamese(run, vietnamese, shared, tmp_path):
    unknown = run("search", "ngân", "--area", "vũ trụ", "--index", shared)
    assert unknown.exit_code == 2
    assert "Lỗi: không có lĩnh vực nào tên 'vũ trụ'; có: do-thi" in unknown.stderr
    query = run("search", "ngân AND", "--index", shared)
    assert "Lỗi: sau AND chưa có gì; muốn tìm như một từ" in query.stderr
    nowhere = run("info", "--index", tmp_path / "none")
    assert nowhere.exit_code == 1
    assert "ở đây chưa có chỉ mục; hãy lập bằng lệnh: tracuu index" in nowhere.stderr


def test_a_search_that_finds_nothing_says_so_in_vietnamese(run, vietnamese, shared):
    result = run("search", "zzzqqq", "--literal", "--index", shared)
    assert result.exit_code == 0
    assert "Không tìm thấy gì cho: zzzqqq" in result.stderr
    filtered = run("search", "giải ngân", "--year", "1950", "--index", shared)
    assert "Bỏ --year: " in filtered.stderr


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("năm:abc", "'abc' không phải là năm"),
        ("thư-mục:không-có", "không có báo cáo nào nằm trong thư mục"),
        ("báo-cáo:không-có", "không có báo cáo 'không-có' trong chỉ mục"),
        ("đánh-giá:xấu", "không có loại đánh giá nào"),
    ],
)
def test_a_wrong_value_of_a_field_is_explained_in_vietnamese(
    run, vietnamese, shared, query, reason
):
    assert reason in run("search", query, "--index", shared).stderr


def test_results_are_labelled_in_vietnamese(run, vietnamese, shared):
    shown = run("search", "giải ngân", "--index", shared, "-n", "2").stdout
    for text in ("· mặt được", "Lĩnh vực:", "Đánh giá:", "Báo cáo:", "đang hiện 1–2"):
        assert text in shown
    for text in ("achievement", "shortcoming", "passage", "shown", "matches"):
        assert text not in shown


def test_an_update_is_summed_up_in_vietnamese_and_its_events_keep_their_names(
    run, vietnamese, reports, tmp_path
):
    (reports / "hong.docx").write_bytes(b"PK nothing")
    result = run("index", reports, "--index", tmp_path / "idx", "--jsonl")
    assert result.exit_code == 3
    assert "3 tệp: 2 thêm, 1 lỗi (đã đọc" in result.stderr
    assert "thêm     " in result.stderr
    assert "tệp nén zip" in result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert {event["kind"] for event in events} == {"added", "failed", "total"}
    failed = next(event for event in events if event["kind"] == "failed")
    assert "it is a zip container" in json.dumps(failed)


def test_data_is_the_same_in_every_language(run, speak, shared):
    def both(*args):
        speak(TRACUU_LANG="en")
        english = run(*args, "--index", shared).stdout
        speak(TRACUU_LANG="vi")
        return english, run(*args, "--index", shared).stdout

    for args in (
        ("search", "giải ngân", "--csv"),
        ("search", "giải ngân", "--json", "--explain"),
        ("areas", "--csv"),
        ("tally", "--by", "area,assessment", "--jsonl"),
        ("reports", "--csv"),
        ("info", "--json"),
    ):
        english, translated = both(*args)
        assert english == translated
        assert english
    header = next(csv.reader(both("areas", "--csv")[1].splitlines()))
    assert header[:3] == ["area", "label", "passages"]


def test_numbers_are_written_as_the_language_does(run, vietnamese, monkeypatch):
    from tracuu.cli.language import messages_in
    from tracuu.cli.text import counted

    with messages_in("vi"):
        assert counted(1, "passage") == "1 đoạn"
        assert counted(12345, "passage") == "12.345 đoạn"
    assert counted(12345, "passage") == "12,345 passages"


def test_the_library_speaks_english_whatever_the_environment(speak, shared):
    speak(TRACUU_LANG="vi", LANG="vi_VN.UTF-8")
    with Index.open(shared) as index, pytest.raises(UnknownReport, match="no report 'zzz'"):
        index.search("x", report="zzz")


def test_an_error_offers_its_message_in_other_words():
    error = OptionError(
        "no engine is called {name!r}; there are: {engines}", name="x", engines="a, b"
    )
    assert str(error) == "no engine is called 'x'; there are: a, b"
    assert error.translated(catalogue("vi")) == "không có bộ máy nào tên 'x'; có: a, b"
    assert error.translated(lambda text: text) == str(error)
    damaged = errors.DamagedFile("a{b}.pdf", "none of its pages can be read")
    assert damaged.translated(catalogue("vi")) == "a{b}.pdf: không đọc được trang nào"


def test_a_message_within_a_message_is_translated_too():
    inner = Message("there are: {areas}", areas="một {hai}")
    outer = Message("no leadership area is called {name!r}; {hint}", name="x", hint=inner)
    assert outer == "no leadership area is called 'x'; there are: một {hai}"
    assert translate(outer, catalogue("vi")) == "không có lĩnh vực nào tên 'x'; có: một {hai}"


def test_every_command_has_vietnamese_help(run, vietnamese):
    from tracuu.cli import COMMANDS

    for name in COMMANDS:
        shown = run(name, "--help").stdout
        assert f"Cách dùng: tracuu {name} [TÙY_CHỌN]" in shown
        assert "Ví dụ:" in shown
        assert "Mã thoát:" in shown
        for word in (" the ", " is ", " of ", "Repeatable", "default:", "env var"):
            assert word not in shown, name


def test_what_the_operating_system_says_is_translated_within_a_message(run, vietnamese, tmp_path):
    result = run("search", "--queries", tmp_path / "none.txt", "--index", tmp_path)
    assert result.exit_code == 2
    assert "none.txt: không đọc được: không có tệp hay thư mục này" in result.stderr
    picture = tmp_path / "anh.docx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    shown = run("outline", picture)
    assert "đây là ảnh PNG, không có chữ nào đọc được" in shown.stderr
