"""What people correct: it shows at once, and outlives updates, rebuilds, copies and small edits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tracuu import Index, Passage, check, copy, rebuild, upgrade
from tracuu.errors import OptionError, UnknownArea, UnknownPassage, WriteFailed
from tracuu.index import corrections
from tracuu.index.journal import FileJournal


@pytest.fixture
def filled(index, folder):
    list(index.update([folder], jobs=1))
    return index


def test_a_correction_shows_in_searches_facets_and_the_decision(filled):
    before = filled.passage("mot#2")
    done = filled.correct("mot#2", area="dan van", assessment="mặt được", who="lan", note="sai mục")
    assert (done.passage, done.area, done.assessment) == ("mot#2", "dan-van", "achievement")
    after = filled.passage("mot#2")
    assert (after.area, after.assessment, after.text) == ("dan-van", "achievement", before.text)
    assert after.area_decision.source == after.assessment_decision.source == "hand"
    assert after.area_decision.evidence == ("lan", "sai mục")
    hits = filled.search("giải ngân", area="dan-van")
    assert [hit.passage.id for hit in hits] == ["mot#2"]
    assert filled.search("").facets["area"]["dan-van"] == 1
    assert filled.report("mot").passages == 3


def test_only_what_is_given_is_corrected_and_a_second_correction_adds_to_the_first(filled):
    filled.correct("mot#2", assessment="none")
    passage = filled.passage("mot#2")
    assert (passage.area, passage.assessment) == ("kinh-te", None)
    assert passage.area_decision.source != "hand"
    filled.correct("mot#2", area="dan-van")
    passage = filled.passage("mot#2")
    assert (passage.area, passage.assessment) == ("dan-van", None)
    assert len(filled.corrections()) == 1


def test_undoing_restores_the_reader_s_own_decision(filled):
    before = filled.passage("mot#2")
    filled.correct("mot#2", area="dan-van")
    filled.correct("mot#2", assessment="cause", cause_of="shortcoming")
    filled.undo_correction("mot#2")
    assert filled.passage("mot#2") == before
    assert filled.corrections() == ()
    with pytest.raises(UnknownPassage, match="no correction"):
        filled.undo_correction("mot#2")


def test_a_correction_outlives_a_rebuild_a_copy_and_an_edit_that_moves_the_passage(
    filled, folder, make, tmp_path
):
    filled.correct("mot#2", area="dan-van")
    list(rebuild(filled.path, jobs=1))
    assert filled.passage("mot#2").area == "dan-van"
    list(copy(filled.path, tmp_path / "copy"))
    with Index.open(tmp_path / "copy") as other:
        assert other.passage("mot#2").area == "dan-van"
        assert [each.passage for each in other.corrections()] == ["mot#2"]
    path = make(folder / "mot.txt", 2001)
    text = path.read_text(encoding="utf-8")
    text = text.replace("Khuyết điểm", "Chi ngân sách đúng quy định.\n\nKhuyết điểm")
    path.write_text(text.replace("còn chậm", "còn rất chậm"), encoding="utf-8")
    (change,) = [one for one in filled.update([folder], jobs=1) if one.kind == "changed"]
    assert not any("correction" in note for note in change.notes)
    moved = filled.passage("mot#3")
    assert "còn rất chậm" in moved.text
    assert (moved.area, moved.area_decision.source) == ("dan-van", "hand")
    assert [(each.passage, each.fits) for each in filled.corrections()] == [("mot#3", True)]
    filled.undo_correction("mot#3")
    assert filled.passage("mot#3").area == "kinh-te"


def test_a_correction_that_no_longer_fits_is_reported_and_kept_until_its_text_is_back(
    filled, folder
):
    filled.correct("mot#2", area="dan-van")
    path = folder / "mot.txt"
    text = path.read_text(encoding="utf-8")
    other = "Việc trồng rừng ven sông đã xong trước mùa lũ.\n\nII. XÂY DỰNG ĐẢNG"
    start, end = text.index("Tiến độ"), text.index("II. XÂY")
    path.write_text(text[:start] + other + text[end + len("II. XÂY DỰNG ĐẢNG") :], "utf-8")
    (change,) = [one for one in filled.update([folder], jobs=1) if one.kind == "changed"]
    assert "1 correction no longer fits a passage: mot#2" in change.notes[-1]
    assert [(each.passage, each.fits) for each in filled.corrections()] == [("mot#2", False)]
    assert filled.passage("mot#2").area_decision.source != "hand"
    path.write_text(text, encoding="utf-8")
    list(filled.update([folder], jobs=1))
    assert filled.passage("mot#2").area == "dan-van"
    assert filled.corrections()[0].fits


def test_a_report_that_was_put_keeps_its_corrections(index, folder):
    content = (folder / "mot.txt").read_bytes()
    index.put(content, name="mot.txt", report="mot")
    index.correct("mot#1", area="dan-van")
    index.put(content + b"\n", name="mot.txt", report="mot")
    assert index.passage("mot#1").area == "dan-van"


def test_several_processes_apply_corrections_too(filled, folder, make):
    filled.correct("mot#2", area="dan-van")
    for number in range(40):
        make(folder / f"x{number}.txt", 2020 + number)
    make(folder / "mot.txt", 2001, "thêm một ý")
    list(filled.update([folder], jobs=2))
    assert filled.passage("mot#2").area == "dan-van"


def test_the_file_is_lines_of_json_that_a_person_can_read(filled):
    filled.correct("mot#2", area="dan-van", who="Lan")
    path = Path(filled.path) / "corrections.jsonl"
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert "Tiến độ giải ngân" in line
    assert json.loads(line)["who"] == "Lan"


def test_a_torn_line_is_reported_and_costs_no_other(filled):
    filled.correct("mot#1", area="dan-van")
    path = Path(filled.path) / "corrections.jsonl"
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"report": "mot", "posi')
    assert [each.passage for each in filled.corrections()] == ["mot#1"]
    (finding,) = check(filled.path)
    assert (finding.kind, "corrections.jsonl: line 2" in finding.what) == ("damage", True)
    filled.correct("mot#2", area="dan-van")
    assert len(filled.corrections()) == 2
    assert '{"report": "mot", "posi' in path.read_text(encoding="utf-8")


def test_what_is_wrong_is_refused_and_changes_nothing(filled):
    for wrong, error in (
        ({"area": "không có"}, UnknownArea),
        ({"assessment": "hay"}, OptionError),
        ({}, OptionError),
        ({"assessment": "achievement", "cause_of": "shortcoming"}, OptionError),
    ):
        with pytest.raises(error):
            filled.correct("mot#2", **wrong)
    with pytest.raises(UnknownPassage):
        filled.correct("mot#77", area="dan-van")
    assert filled.corrections() == ()
    assert filled.passage("mot#2").area == "kinh-te"


class Kill(BaseException):
    pass


def kill(*given, **named):
    raise Kill


@pytest.fixture
def killed(monkeypatch):
    """Makes a change that ends as by a kill: before the index commits, or just after."""

    def run(change, *, committed=False):
        with monkeypatch.context() as patched:
            patched.setattr(
                FileJournal, "rollback", lambda self: None
            )  # a killed process does nothing
            if committed:
                patched.setattr(FileJournal, "commit", kill)
            else:
                patched.setattr(corrections, "_replace", kill)
            with pytest.raises(Kill):
                change()

    return run


def test_a_correction_that_a_killed_writer_kept_is_named_and_applied_by_the_next_one(
    filled, killed
):
    before = filled.passage("mot#2").area
    killed(lambda: filled.correct("mot#2", area="dan-van", who="lan"))
    assert filled.passage("mot#2").area == before
    (finding,) = check(filled.path)
    assert (finding.kind, finding.report) == ("leftover", "mot")
    assert "mot#2" in finding.what
    filled.correct("hai#1", area="chung")
    assert filled.passage("mot#2").area == "dan-van"
    assert filled.passage("mot#2").area_decision.evidence == ("lan",)
    assert check(filled.path) == []


def writes(filled, folder, make):
    """Every kind of change to an index, by name."""
    make(folder / "ba.txt", 2003)
    text = "BÁO CÁO\n\nChợ mới đã xây xong trước hạn.\n".encode()
    return {
        "correct": lambda: filled.correct("hai#2", area="dan-van"),
        "undo": lambda: filled.undo_correction("hai#1"),
        "update": lambda: list(filled.update([folder], jobs=1)),
        "add": lambda: filled.add([Passage("app", 1, "một đoạn")]),
        "put": lambda: filled.put(text, name="tu.txt"),
        "extra": lambda: filled.set_extra({"mot": {"số": "1"}}),
        "remove": lambda: filled.remove("hai"),
        "rebuild": lambda: list(rebuild(filled.path, jobs=1)),
        "upgrade": lambda: list(upgrade(filled.path)),
    }


@pytest.mark.parametrize(
    "write", ["correct", "undo", "update", "add", "put", "extra", "remove", "rebuild", "upgrade"]
)
def test_an_undo_that_was_killed_is_named_and_finished_by_the_next_change(
    filled, folder, make, killed, write
):
    before = filled.passage("mot#2")
    filled.correct("mot#2", area="dan-van", who="lan")
    filled.correct("hai#1", area="chung")
    killed(lambda: filled.undo_correction("mot#2"))
    assert filled.passage("mot#2").area == "dan-van"
    assert [each.passage for each in filled.corrections()] == ["hai#1"]
    (finding,) = check(filled.path)
    assert (finding.kind, finding.report) == ("leftover", "mot")
    assert "mot#2" in finding.what
    writes(filled, folder, make)[write]()
    assert filled.passage("mot#2") == before
    assert check(filled.path) == []
    with pytest.raises(UnknownPassage, match="no correction"):
        filled.undo_correction("mot#2")


def test_an_undo_that_was_killed_can_be_made_again(filled, killed):
    before = filled.passage("mot#2")
    filled.correct("mot#2", area="dan-van", who="lan")
    killed(lambda: filled.undo_correction("mot#2"))
    again = filled.undo_correction("mot#2")
    assert (again.passage, again.area, again.fits) == ("mot#2", "dan-van", True)
    assert filled.passage("mot#2") == before
    with pytest.raises(UnknownPassage, match="no correction"):
        filled.undo_correction("mot#2")


def test_a_change_that_was_killed_after_its_commit_stays(filled, killed):
    before = filled.passage("mot#2")
    killed(lambda: filled.correct("mot#2", area="dan-van"), committed=True)
    assert filled.passage("mot#2").area == "dan-van"
    assert check(filled.path) == []
    killed(lambda: filled.undo_correction("mot#2"), committed=True)
    assert filled.passage("mot#2") == before
    assert check(filled.path) == []
    filled.correct("hai#1", area="chung")
    assert filled.passage("mot#2") == before
    text = (Path(filled.path) / "corrections.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["report"] for line in text.splitlines()] == ["hai"]


def test_corrections_go_back_with_a_report_whose_replacement_was_killed(
    filled, folder, make, monkeypatch
):
    content = (folder / "mot.txt").read_bytes()
    filled.put(content, name="tu.txt", report="tu")
    before = filled.passage("tu#2")
    filled.correct("tu#2", area="dan-van")
    new = content.replace("Khuyết điểm".encode(), "Chi đúng quy định.\n\nKhuyết điểm".encode())
    saved = corrections.StoredCorrections.save

    def then_killed(self):
        saved(self)
        raise Kill

    with monkeypatch.context() as patched:
        patched.setattr(FileJournal, "rollback", lambda self: None)
        patched.setattr(corrections.StoredCorrections, "save", then_killed)
        with pytest.raises(Kill):
            filled.put(new, name="tu.txt", report="tu")
    assert filled.passage("tu#2").area == "dan-van"
    assert [(each.passage, each.fits) for each in filled.corrections()] == [("tu#3", False)]
    filled.set_extra({"mot": {"số": "1"}})
    assert [(each.passage, each.fits) for each in filled.corrections()] == [("tu#2", True)]
    filled.undo_correction("tu#2")
    assert filled.passage("tu#2") == before


def test_a_correction_that_fails_changes_nothing(filled, monkeypatch):
    def full(*given):
        raise WriteFailed(filled.path, "no room")

    filled.correct("hai#1", area="chung")
    text = (Path(filled.path) / "corrections.jsonl").read_text(encoding="utf-8")
    for change in (
        lambda: filled.correct("mot#2", area="dan-van"),
        lambda: filled.undo_correction("hai#1"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(corrections, "_replace", full)
            with pytest.raises(WriteFailed):
                change()
        assert (Path(filled.path) / "corrections.jsonl").read_text(encoding="utf-8") == text
        assert check(filled.path) == []
    filled.remove("mot")
    assert [each.passage for each in filled.corrections()] == ["hai#1"]
    assert filled.passage("hai#1").area == "chung"
