from __future__ import annotations

import errno
import os
import random
import shutil
from contextlib import closing, contextmanager

import pytest

from tracuu import Finding, Index, Passage, check, rebuild
from tracuu.engines.whoosh.engine import WhooshEngine
from tracuu.errors import IndexDamaged, IndexNotFound, NotAnIndex, WriteFailed
from tracuu.records import Record
from tracuu.schema import KEY, SCHEMA, passage_document
from tracuu.vietnamese import Analyser


def damage(path):
    return [finding for finding in check(path) if finding.kind == "damage"]


def engine_files(path):
    return sorted(file for file in (path / "data-0001").iterdir() if not file.name.endswith("LOCK"))


def test_a_sound_index_has_no_findings(own, reports, write):
    assert check(own) == []
    write(reports / "hai.txt", "Một đoạn đã đổi.")
    with Index.open(own) as index:  # more segments, some of them with deleted documents
        list(index.update([reports]))
        index.remove("ba")
        assert check(own) == []
        list(rebuild(own))
    assert check(own) == []


def test_there_must_be_an_index(tmp_path):
    with pytest.raises(IndexNotFound):
        check(tmp_path / "nowhere")
    with pytest.raises(NotAnIndex):
        check(tmp_path)


@pytest.mark.parametrize("harm", ["flipped", "removed", "half", "longer", "emptied"])
def test_harm_to_any_file_of_the_engine_is_found(own, tmp_path, harm):
    chance = random.Random(harm)
    names = [path.name for path in engine_files(own) if path.stat().st_size]
    assert len(names) >= 3
    for name in names:
        spoilt = tmp_path / f"spoilt-{name}"
        shutil.copytree(own, spoilt)
        path = spoilt / "data-0001" / name
        data = bytearray(path.read_bytes())
        if harm == "removed":
            path.unlink()
        else:
            at = chance.randrange(len(data))
            data[at] ^= 1 << chance.randrange(8)
            changed = {
                "flipped": data,
                "half": data[: len(data) // 2],
                "longer": data + b"x",
                "emptied": b"",
            }[harm]
            path.write_bytes(changed)
        found = damage(spoilt)
        assert found, name
        if not name.endswith(".toc"):
            assert [finding for finding in found if name in finding.what], name


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"format": 2}', b'{"paths": 3}', b"\xff"]
)
@pytest.mark.parametrize("name", ["tracuu.json", "sources-0001.json"])
def test_harm_to_our_own_files_is_found(own, name, content):
    if content is None:
        (own / name).unlink()
    else:
        (own / name).write_bytes(content)
    assert [finding for finding in damage(own) if name in finding.what]


def test_a_missing_folder_of_data_is_found(own):
    shutil.rmtree(own / "data-0001")
    assert [finding.what for finding in damage(own)] == ["the folder data-0001 is missing"]


@contextmanager
def writer_of(own):
    with closing(WhooshEngine.open(own / "data-0001", SCHEMA)) as engine, engine.writer() as writer:
        yield writer


def test_an_incomplete_report_is_found(own):
    with writer_of(own) as writer:
        writer.delete(KEY, "mot#2")
    assert damage(own) == [Finding("damage", "only 2 of 3 passages are stored", "mot")]


def test_a_record_without_passages_is_found(own):
    with Index.open(own) as index:
        report = index.report("ba")
    with writer_of(own) as writer:
        writer.delete("report", "ba")
        writer.add(Record(report, "0" * 64).document())
    assert damage(own) == [Finding("damage", "only 0 of 1 passages are stored", "ba")]


def test_passages_without_a_record_are_found(own):
    with writer_of(own) as writer:
        writer.delete(KEY, "hai#report")
    assert damage(own) == [Finding("damage", "2 passages of a report that is missing", "hai")]


def test_doubled_passages_are_found(own, monkeypatch):
    with Index.open(own) as index:
        report = index.report("ba")
    again = Passage("ba", 1, "Tuyển quân đạt chỉ tiêu từng năm.")
    with writer_of(own) as writer:
        writer._committed = set()  # as a writer that does not know what is there
        writer.add(passage_document(again, report, Analyser()))
    found = damage(own)
    assert {finding.report for finding in found} == {"ba"}
    assert "2 times" in found[0].what


def test_leftovers_are_told_and_are_no_damage(own):
    (own / "data-0002").mkdir()
    (own / "data-0001" / "MAIN_abcdef.tra").write_bytes(b"x")
    (own / "sources-0001.json.new").write_bytes(b"{")
    findings = check(own)
    assert {finding.kind for finding in findings} == {"leftover"}
    assert len(findings) == 3
    with Index.open(own) as index:
        index.remove("ba")
    assert check(own) == []


def test_files_of_a_writer_at_work_are_no_leftovers(own, reports, write):
    write(reports / "moi.txt", "Một đoạn mới.")
    with Index.open(own) as index:
        changes = index.update([reports])
        next(changes)
        assert check(own) == []
        list(changes)
    assert check(own) == []


# --- what rebuild mends --------------------------------------------------------------------------


def texts(held):
    return {name: lines for name, lines in held.items() if name != "app"}


@pytest.mark.parametrize("harm", ["removed", "torn", "garbage", "folder"])
def test_rebuild_needs_nothing_of_the_engine(own, held, harm):
    before = texts(held(own))
    for path in engine_files(own):
        if harm == "removed":
            path.unlink()
        else:
            path.write_bytes(
                path.read_bytes()[:40] if harm == "torn" else random.Random(1).randbytes(5000)
            )
    if harm == "folder":
        shutil.rmtree(own / "data-0001")
    assert damage(own)
    list(rebuild(own))
    assert held(own) == before
    assert damage(own) == []


@pytest.mark.parametrize("name", ["tracuu.json", "sources-0001.json"])
@pytest.mark.parametrize("content", [None, b"", b'{"format": ', b"[]"])
def test_rebuild_needs_neither_the_manifest_nor_the_sources(own, held, name, content):
    before = held(own)
    if content is None:
        (own / name).unlink()
    else:
        (own / name).write_bytes(content)
    (own / "data-0002").mkdir()  # an unfinished rebuild's, and newer than the data that count
    list(rebuild(own))
    assert held(own) == before
    assert check(own) == []


def test_where_nothing_tells_where_the_reports_are_their_folders_are_asked_for(own, reports, held):
    before = texts(held(own))
    for path in own.rglob("*"):
        if path.is_file():
            path.write_bytes(b"torn")
    with pytest.raises(
        IndexDamaged, match=r"tracuu rebuild PATH… --index .*tracuu index PATH… --index NEW"
    ):
        list(rebuild(own))
    list(rebuild(own, [reports]))
    assert held(own) == before
    assert damage(own) == []
    with Index.open(own) as index:
        assert index.info().sources == (str(reports),)


def test_rebuild_loses_nothing_for_a_reason_that_passes(own, held, monkeypatch):
    before = held(own)

    def deny(folder):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("tracuu.engines.whoosh.storage.generation", deny)
    with pytest.raises(WriteFailed, match="would be lost"):
        list(rebuild(own))
    monkeypatch.undo()
    assert held(own) == before
    assert check(own) == []


def test_rebuild_from_other_folders(own, reports, held):
    before = held(own)
    reports.rename(reports.with_name("elsewhere"))
    changes = list(rebuild(own, reports.with_name("elsewhere")))
    assert {change.kind for change in changes} == {"added"}
    assert held(own) == before
    assert {change.kind for change in rebuild(own)} == {"added"}
