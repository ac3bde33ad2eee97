"""Words remembered from one update to the next: they save time and change nothing."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from tracuu import Index
from tracuu.indexer import word_cache as words
from tracuu.indexer.word_cache import CachingAnalyser, SegmentationCache
from tracuu.vietnamese import Analyser, Segmenter

TEXT = (
    "Ban chấp hành Đảng bộ quận đã lãnh đạo công tác cải cách hành chánh, giải ngân vốn đầu tư công, "
    "giữ vững an ninh quốc phòng và chăm lo đời sống nhân dân."
)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "words.sqlite")


def learn(path: str, *texts: str) -> None:
    with SegmentationCache(path) as known:
        analyser = CachingAnalyser(known)
        for text in texts:
            analyser.analyse(text)
        known.save()


def test_remembered_words_are_the_words(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Analyser().analyse(TEXT).words
    assert "ban_chấp_hành" in wanted
    learn(path, TEXT)
    monkeypatch.setattr(Segmenter, "segment", None)  # to call it would fail
    with SegmentationCache(path) as known:
        assert CachingAnalyser(known).analyse(TEXT).words == wanted


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"SQLite format 3\0" + b"\1" * 4000])
def test_a_torn_file_is_made_anew(path: str, content: bytes) -> None:
    Path(path).write_bytes(content)
    learn(path, TEXT)
    with SegmentationCache(path) as known:
        CachingAnalyser(known).analyse(TEXT)
        assert not known.take_new()


def test_a_torn_entry_is_not_believed(path: str) -> None:
    learn(path, TEXT)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE words SET spans = ?", (b"\xff\xff" * 9,))
    connection.close()
    with SegmentationCache(path) as known:
        assert CachingAnalyser(known).analyse(TEXT).words == Analyser().analyse(TEXT).words


def test_flipped_bits_never_change_a_word(path: str) -> None:
    texts = [f"{TEXT} Số {number}." for number in range(30)]
    wanted = [Analyser().analyse(text).words for text in texts]
    learn(path, *texts)
    before, chance = Path(path).read_bytes(), random.Random(4)
    unseen = 0
    for _ in range(60):
        data = bytearray(before)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        Path(path).write_bytes(data)
        with SegmentationCache(path) as known:
            assert [CachingAnalyser(known).analyse(text).words for text in texts] == wanted
            served = 30 - len(known.take_new())
        unseen += SegmentationCache.is_sound(path) and served < 30
    assert unseen == 0  # a row that is not used any more is one that check names


def test_another_analysis_forgets_all(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    learn(path, TEXT)
    monkeypatch.setattr(words, "fingerprint", lambda: "analysis=another")
    with SegmentationCache(path) as known:
        assert CachingAnalyser(known).analyse(TEXT).words
        assert len(known.take_new()) == 1
    learn(path, TEXT + " Một", TEXT + " Hai")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM words").fetchone() == (2,)
    connection.close()


def test_it_is_bounded(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "LIMIT", 3)
    for number in range(5):
        learn(path, f"{TEXT} {number}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM words").fetchone()[0] <= 3
    connection.close()


def test_an_index_keeps_it_and_can_do_without(tmp_path: Path) -> None:
    report = tmp_path / "bao-cao.txt"
    report.write_text(TEXT, encoding="utf-8")
    with Index.create(tmp_path / "index") as index:
        list(index.update([report]))
        kept = tmp_path / "index" / "words.sqlite"
        assert kept.is_file()
        kept.unlink()
        assert index.search("cải cách hành chính").total == 1
        report.write_text(TEXT + "\n\nMột đoạn nữa.", encoding="utf-8")
        assert [change.kind for change in index.update([report])] == ["changed"]
        assert kept.is_file()
