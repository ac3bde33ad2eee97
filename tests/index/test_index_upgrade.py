"""An index of an older version answers, and is brought up to date without its reports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tracuu import Index, check, copy, upgrade
from tracuu.errors import IndexOutdated


def outdate(path: str) -> None:
    """Make the index look as made with an older segmenter."""
    place = Path(path) / "tracuu.json"
    data = json.loads(place.read_text(encoding="utf-8"))
    parts = data["fingerprint"].split(";")
    data["fingerprint"] = ";".join(
        "reading=1" if part.startswith("reading=") else part for part in parts
    )
    data["checksum"] = None
    place.write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def old(index, folder):
    list(index.update([folder], jobs=1))
    index.correct("mot#2", area="dan-van")
    index.close()
    outdate(index.path)
    return index.path


def test_an_outdated_index_answers_and_says_so(old, caplog):
    with Index.open(old) as index:
        assert "tracuu upgrade" in (index.outdated or "")
        assert index.search("giải ngân").total == 2
    assert "searches may miss passages" in caplog.text
    assert "outdated" in [finding.kind for finding in check(old)]


def test_nothing_is_written_to_an_outdated_index(old, folder, tmp_path):
    with Index.open(old) as index:
        for write in (
            lambda: list(index.update([folder])),
            lambda: index.remove("mot"),
            lambda: index.correct("mot#1", area="dan-van"),
            lambda: list(copy(old, tmp_path / "copy")),
        ):
            with pytest.raises(IndexOutdated, match="tracuu upgrade"):
                write()
    assert not (tmp_path / "copy").exists()


def test_an_upgrade_needs_no_report_and_keeps_everything(old, folder):
    with Index.open(old) as index:
        before = [index.passage(f"mot#{n}") for n in (1, 2, 3)]
        sources = index.info().sources
    away = folder.with_name("away")
    folder.rename(away)
    changes = list(upgrade(old))
    assert {(one.kind, one.reports) for one in changes} == {("kept", ("mot",)), ("kept", ("hai",))}
    with Index.open(old) as index:
        assert index.outdated is None
        assert [index.passage(f"mot#{n}") for n in (1, 2, 3)] == before
        assert index.info().sources == sources
        assert index.search("giải ngân", area="dan-van").total == 1
        away.rename(folder)
        assert {change.kind for change in index.update([folder])} == {"unchanged"}
    assert check(old) == []


def test_leaving_an_upgrade_early_leaves_the_old_index(old):
    next(iter(upgrade(old)))
    with Index.open(old) as index:
        assert index.outdated
        assert index.search("giải ngân").total == 2


def test_an_open_index_follows_the_upgrade(old):
    with Index.open(old) as index:
        list(upgrade(old))
        assert index.outdated is None
        assert index.search("giải ngân").total == 2
    shutil.rmtree(old)
