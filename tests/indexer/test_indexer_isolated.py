"""PDF files that ask for more than a report does are refused, and take nothing else with them."""

from __future__ import annotations

import os
import pickle
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracuu import Index, Limits
from tracuu.cli import main
from tracuu.corpus import default_taxonomy
from tracuu.errors import DamagedFile, TooLarge
from tracuu.indexer import isolated
from tracuu.indexer.isolated import IsolatedReader, memory_used
from tracuu.indexer.pool import Task, WorkerConfig
from tracuu.indexer.prefetch import PendingFile
from tracuu.indexer.worker import Worker

pytest.importorskip("pypdfium2")

MB = 1 << 20
SMALL = Limits(memory_bytes=200 * MB)


def pdf(content: bytes, times: int = 1) -> bytes:
    """A PDF of one page whose content is ``content`` so many times over, compressed."""
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(content) for _ in range(times)) + packer.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return made + head + table + tail % (len(objects) + 1, len(made))


TEXT = (
    b"BT /F1 12 Tf 72 700 Td (Thu ngan sach nam 2020 dat 112 ty dong, bang 109 phan tram.) Tj ET\n"
)


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A small file whose page takes gigabytes."""
    return pdf(b"BT /F1 1 Tf (a) Tj ET\n" * 10_000, 400)


def test_a_plain_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(TEXT))
    with closing(IsolatedReader()) as reader:
        for _ in range(2):
            contents = reader.read(str(tmp_path / "a.pdf"))
            assert contents.format == "pdf"
            assert "112 ty dong" in contents.blocks[0].text


def test_a_bomb_is_refused_and_the_next_file_is_read(tmp_path: Path, bomb: bytes) -> None:
    assert len(bomb) < MB
    (tmp_path / "bomb.doc").write_bytes(bomb)  # a name is no protection
    (tmp_path / "a.pdf").write_bytes(pdf(TEXT))
    before = memory_used()
    with closing(IsolatedReader()) as reader:
        with pytest.raises(TooLarge, match=r"Limits\.memory_bytes") as caught:
            reader.read(str(tmp_path / "bomb.doc"), limits=SMALL)
        assert caught.value.path == str(tmp_path / "bomb.doc")
        assert "112 ty dong" in reader.read(str(tmp_path / "a.pdf"), limits=SMALL).blocks[0].text
    if sys.platform == "linux":  # elsewhere it is the most there ever was
        assert memory_used() - before < 100 * MB


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path, bomb: bytes) -> None:
    (tmp_path / "slow.pdf").write_bytes(bomb)
    limits = Limits(seconds=1, memory_bytes=8192 * MB)
    with (
        closing(IsolatedReader()) as reader,
        pytest.raises(TooLarge, match=r"Limits\.(seconds|memory_bytes)"),
    ):
        reader.read(str(tmp_path / "slow.pdf"), limits=limits)


def test_errors_come_back_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.4\nnothing")
    with (
        closing(IsolatedReader()) as reader,
        pytest.raises(DamagedFile, match="truncated") as caught,
    ):
        reader.read(str(tmp_path / "torn.pdf"))
    assert caught.value.path == str(tmp_path / "torn.pdf")


def test_without_a_process_files_are_read_here(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(isolated, "can_start", lambda: False)
    (tmp_path / "a.pdf").write_bytes(pdf(TEXT))
    with closing(IsolatedReader()) as reader:
        assert reader.read(str(tmp_path / "a.pdf")).format == "pdf"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bomb_among_reports_fails_alone(tmp_path: Path, bomb: bytes, jobs: int) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "bomb.pdf").write_bytes(bomb)
    (folder / "good.pdf").write_bytes(pdf(TEXT))
    with Index.create(tmp_path / "index") as index:
        changes = {
            Path(change.path).name: change
            for change in index.update([folder], limits=SMALL, jobs=jobs)
        }
        assert changes["good.pdf"].kind == "added"
        assert isinstance(changes["bomb.pdf"].error, TooLarge)
        with pytest.raises(TooLarge) as caught:
            index.put(bomb, name="bomb.pdf", limits=SMALL)
        assert os.path.basename(caught.value.path) == "bomb.pdf"
        assert [report.id for report in index.reports()] == ["good"]


def test_the_limits_are_options(tmp_path: Path, bomb: bytes) -> None:
    (tmp_path / "bomb.pdf").write_bytes(bomb)
    arguments = ["index", str(tmp_path / "bomb.pdf"), "--index", str(tmp_path / "index")]
    result = CliRunner().invoke(main, [*arguments, "--limit", "memory_bytes=150000000"])
    assert result.exit_code == 3
    assert "150,000,000 bytes of memory" in result.stderr


def test_a_bomb_that_a_helper_met_is_not_read_again(
    tmp_path: Path, bomb: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(bomb)
    worker = Worker(WorkerConfig(default_taxonomy().text, SMALL))
    answer = worker.answer(Task(str(path), "bomb", "bomb"))
    answer = pickle.loads(pickle.dumps(answer))  # as it comes from the helper

    def read(self: IsolatedReader, path: str, **_: object) -> None:
        raise AssertionError(f"{path} is read twice")

    monkeypatch.setattr(PendingFile, "answer", lambda file: answer)
    monkeypatch.setattr(IsolatedReader, "read", read)
    with Index.create(tmp_path / "own") as index:
        (change,) = index.update([path], limits=SMALL)
    assert (change.kind, type(change.error)) == ("failed", TooLarge)
    assert str(change.error).startswith(f"{path}: reading it needs more than")
    assert "Limits.memory_bytes" in str(change.error)
