"""Reports whose files vanish, folders that end, files that are kept out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracuu import Index, rebuild
from tracuu.cli import main
from tracuu.errors import OptionError, PruneRefused, WriteFailed
from tracuu.indexer import DocumentWriter

Make = Callable[..., Path]


@pytest.fixture
def share(tmp_path: Path, make: Make) -> Path:
    """A folder of five reports."""
    for number in range(1, 6):
        make(tmp_path / "share" / f"bao-cao-{number}.txt", 1980 + number)
    return tmp_path / "share"


def ids(index: Index) -> list[str]:
    return [report.id for report in index.reports()]


def empty(folder: Path) -> None:
    """What an unmounted share looks like."""
    shutil.rmtree(folder)
    folder.mkdir()


def test_an_unmounted_share_takes_nothing_with_it(index: Index, share: Path) -> None:
    list(index.update([share]))
    before = ids(index)
    empty(share)
    with pytest.raises(PruneRefused, match="--prune=all") as caught:
        list(index.update([share], prune=True))
    assert list(caught.value.reports) == before
    assert "bao-cao-1" in str(caught.value)
    assert ids(index) == before
    assert {change.kind for change in index.update([share], prune="all")} == {"removed"}
    assert ids(index) == []


@pytest.mark.parametrize(("gone", "refused"), [(1, False), (2, False), (3, True), (5, True)])
def test_more_than_half_is_refused(index: Index, share: Path, gone: int, refused: bool) -> None:
    list(index.update([share]))
    for number in range(1, gone + 1):
        (share / f"bao-cao-{number}.txt").unlink()
    if refused:
        with pytest.raises(PruneRefused):
            list(index.update([share], prune=True))
        assert len(ids(index)) == 5
    else:
        list(index.update([share], prune=True))
        assert len(ids(index)) == 5 - gone


def test_files_that_moved_do_not_count_as_gone(index: Index, share: Path) -> None:
    list(index.update([share]))
    (share / "2024").mkdir()
    for path in list(share.glob("*.txt")):
        path.rename(share / "2024" / path.name)
    assert {change.kind for change in index.update([share], prune=True)} == {"moved"}


def test_one_folder_that_is_away_among_others(
    index: Index, share: Path, tmp_path: Path, make: Make
) -> None:
    for number in range(20):
        make(tmp_path / "own" / f"so-{number}.txt", 1960 + number)
    list(index.update([share, tmp_path / "own"]))
    empty(share)
    with pytest.raises(PruneRefused, match="share"):
        list(index.update([share, tmp_path / "own"], prune=True))


def test_the_command_exits_with_5_and_insists_with_all(index: Index, share: Path) -> None:
    list(index.update([share]))
    empty(share)
    run = CliRunner().invoke
    refused = run(main, ["index", str(share), "--prune", "--index", index.path])
    assert refused.exit_code == 5
    assert "bao-cao-5" in refused.stderr
    assert f"--prune=all --index {index.path}" in refused.stderr
    assert run(main, ["index", "--prune=all", str(share), "--index", index.path]).exit_code == 0
    assert ids(index) == []


def test_a_folder_that_ends_is_forgotten(index: Index, share: Path, folder: Path) -> None:
    list(index.update([share, folder]))
    shutil.rmtree(share)
    run = CliRunner().invoke
    result = run(main, ["rebuild", "--index", index.path])
    assert result.exit_code == 3
    assert f"tracuu forget {share}" in result.stderr
    assert run(main, ["forget", str(share), "--index", index.path]).exit_code == 0
    assert run(main, ["rebuild", "--index", index.path]).exit_code == 0
    assert len(ids(index)) == 7
    assert index.info().sources == (str(folder),)
    with pytest.raises(OptionError, match="is not a source"):
        index.forget(share)


def test_forgetting_can_remove_the_reports(index: Index, share: Path, folder: Path) -> None:
    list(index.update([share, folder]))
    assert len(index.forget(share, remove=True)) == 5
    assert ids(index) == ["hai", "mot"]


def test_a_removal_that_was_killed_after_the_folder_ended_is_made_again(
    index: Index, share: Path, folder: Path
) -> None:
    list(index.update([share, folder]))
    index.forget(share)  # a kill can leave just this of the removal
    assert len(index.forget(share, remove=True)) == 5
    assert ids(index) == ["hai", "mot"]
    with pytest.raises(OptionError, match="is not a source"):
        index.forget(share, remove=True)
    with pytest.raises(OptionError, match="is not a source"):
        index.forget(folder / "mot.txt", remove=True)


def test_a_removal_that_fails_does_not_end_the_folder(
    index: Index, share: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise WriteFailed(index.path, "no room")

    list(index.update([share, folder]))
    with monkeypatch.context() as patched:
        patched.setattr(DocumentWriter, "remove", full)
        with pytest.raises(WriteFailed):
            index.forget(share, remove=True)
    assert set(index.info().sources) == {str(share), str(folder)}
    assert len(ids(index)) == 7


def test_forgetting_keeps_a_report_that_has_a_copy_elsewhere(
    index: Index, share: Path, folder: Path
) -> None:
    shutil.copy(share / "bao-cao-1.txt", folder / "chep.txt")
    list(index.update([share, folder]))
    assert len(index.forget(share, remove=True)) == 4
    assert ids(index) == ["bao-cao-1", "hai", "mot"]
    shutil.rmtree(share)
    assert all(change.kind != "failed" for change in index.update([folder]))
    assert ids(index) == ["bao-cao-1", "hai", "mot"]


def test_ignored_files_stay_out(index: Index, share: Path, make: Make) -> None:
    make(share / "nhap" / "a.txt", 2030)
    make(share / "nhap" / "giu.txt", 2031)
    (share / ".tracuuignore").write_text("*-5.txt\n", encoding="utf-8")
    index.ignore(["nhap/*", "!nhap/giu.txt"])
    list(index.update([share]))
    assert ids(index) == ["bao-cao-1", "bao-cao-2", "bao-cao-3", "bao-cao-4", "giu"]
    assert index.ignored() == ("nhap/*", "!nhap/giu.txt")


def test_a_removed_report_stays_away_once_its_file_is_ignored(index: Index, share: Path) -> None:
    list(index.update([share]))
    run = CliRunner().invoke
    result = run(main, ["remove", "bao-cao-2", "--yes", "--index", index.path])
    assert f"tracuu ignore {share / 'bao-cao-2.txt'}" in result.stderr.replace("\n", " ")
    result = run(main, ["ignore", str(share / "bao-cao-2.txt"), "--index", index.path])
    assert result.stdout == "/bao-cao-2.txt\n"
    list(index.update([share]))
    list(rebuild(index.path))
    assert ids(index) == ["bao-cao-1", "bao-cao-3", "bao-cao-4", "bao-cao-5"]


def test_a_pattern_that_is_none_is_refused(index: Index) -> None:
    with pytest.raises(OptionError):
        index.ignore(["a\nb"])
    assert index.ignored() == ()
