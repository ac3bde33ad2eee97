"""Writers that are killed, and nodes that are lost, on a real cluster."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, Passage, check, copy
from tracuu import engines as c
from tracuu.errors import IndexBusy, IndexExists

cluster_module = pytest.importorskip(
    "tracuu.engines.opensearch.cluster", reason="the extra opensearch is not installed"
)

_WRITER = """
import sys
from tracuu import Index, Passage, Report
with Index.open(sys.argv[1]) as index, index._writer.transaction(0.0) as (writer, snapshot):
    from tracuu.indexer import DocumentWriter
    from tracuu.records import Record
    from tracuu.vietnamese import Analyser
    documents = DocumentWriter(writer, Analyser())
    documents.remove(["a"])
    for number in range(100_000):
        name = f"new{number}"
        passages = [Passage(name, at, f"đoạn mới số {number}") for at in range(1, 30)]
        documents.add(Record(Report(name, passages=29)), passages)
        print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")
def test_a_writer_that_is_killed_leaves_the_state_before(
    tmp_path: Path, index_options: dict[str, Any]
) -> None:
    chance = random.Random(7)
    with Index.create(tmp_path / "i", engine="opensearch", options=index_options) as index:
        index.add([Passage("a", number, f"đoạn cũ số {number}") for number in range(1, 6)])
        for _ in range(2):
            command = [sys.executable, "-c", _WRITER, str(tmp_path / "i")]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
                assert writer.stdout is not None
                last = 40 + chance.randrange(80)
                for line in writer.stdout:
                    if int(line) >= last:
                        break
                writer.send_signal(signal.SIGKILL)
            assert index.search("").total == 5
            assert index.search("đoạn mới").total == 0 or index.search("đoạn mới").relaxed
            assert any(finding.kind == "leftover" for finding in check(tmp_path / "i"))
            assert not any(finding.kind == "damage" for finding in check(tmp_path / "i"))
        index.add([Passage("b", 1, "đoạn sau")])  # the next writer clears up
        assert index.search("").total == 6
        assert check(tmp_path / "i") == []


_MAKER = """
import os, signal, sys, json, threading
from tracuu import Index, copy, rebuild
from tracuu.engines.opensearch.client import Client
source, target, how, at = sys.argv[1:5]
options, at = json.loads(sys.argv[5]), int(at)
send, count, whole = Client.call, 0, 0
def call(*given, **named):
    global count, whole
    if threading.current_thread() is threading.main_thread():  # not of the heartbeat
        count += 1
        whole = whole or count * os.path.exists(os.path.join(target, "tracuu.json"))
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
    return send(*given, **named)
Client.call = call
if how == "copy":
    list(copy(source, target, engine="opensearch", options=options))
elif how == "rebuild":
    list(rebuild(target, engine="opensearch", options=options, jobs=1))
else:
    Index.create(target, engine="opensearch", options=options).close()
print(count, whole)  # calls, and the first after the manifest was written
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")
@pytest.mark.parametrize("how", ["copy", "rebuild", "create"])
def test_an_index_whose_maker_was_killed_is_made_again_in_the_same_place(
    tmp_path: Path, opensearch_options: dict[str, Any], opensearch_cluster: Any, how: str
) -> None:
    source, wanted = tmp_path / "source", 0
    with Index.create(source) as index:
        for name in ("a", "b", "c"):
            wanted += index.add([Passage(name, at, f"đoạn số {at} {name}") for at in range(1, 5)])

    def make(name: str, at: int) -> str:
        options = json.dumps({**opensearch_options, "name": name, "replicas": 0})
        place = tmp_path / name
        if how == "rebuild" and not place.exists():
            list(copy(source, place))
        given = (source, place, how, at, options)
        done = subprocess.run(
            [sys.executable, "-c", _MAKER, *map(str, given)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == (-signal.SIGKILL if at else 0), done.stderr
        return done.stdout

    name = opensearch_options["name"]
    last = int(make(f"{name}-0", 0).split()[0])
    for at in sorted({3, 4, 6, last // 2, last - 3, last - 1}):
        mine = f"{name}-{at}"
        make(mine, at)
        if not is_index(tmp_path / mine, "opensearch"):
            make(mine, 0)
        with Index.open(tmp_path / mine) as index:
            assert index.search("").total == (wanted if how != "create" else 0)
            index.add([Passage("sau", 1, "đoạn sau")])
        assert check(tmp_path / mine) == []
        assert len(indexes_of(opensearch_cluster, mine)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")
def test_a_copy_that_was_killed_is_made_in_another_folder_unless_it_was_whole(
    tmp_path: Path, opensearch_options: dict[str, Any], opensearch_cluster: Any
) -> None:
    source = tmp_path / "source"
    with Index.create(source) as index:
        wanted = index.add([Passage("a", at, f"đoạn số {at}") for at in range(1, 5)])

    def options(name: str) -> dict[str, Any]:
        return {**opensearch_options, "name": name, "replicas": 0}

    def killed_at(at: int, name: str) -> str:
        given = (source, tmp_path / name, "copy", at, json.dumps(options(name)))
        command = [sys.executable, "-c", _MAKER, *map(str, given)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    name = opensearch_options["name"]
    first = int(killed_at(0, f"{name}-0").split()[1])
    for at in (first // 2, first - 1, first):
        mine = f"{name}-{at}"
        other = tmp_path / f"other-{at}"
        assert killed_at(at, mine) == ""
        whole = is_index(tmp_path / mine, "opensearch")
        assert whole == (at == first)
        if whole:
            with pytest.raises(IndexExists, match=f"{mine}.*killed"):
                list(copy(source, other, engine="opensearch", options=options(mine)))
            assert not other.exists()
        else:
            list(copy(source, other, engine="opensearch", options=options(mine)))
        with Index.open(tmp_path / mine if whole else other) as index:
            assert index.search("").total == wanted
            index.add([Passage("sau", 1, "đoạn sau")])
        assert len(indexes_of(opensearch_cluster, mine)) == 1


def is_index(place: Path, engine: str) -> bool:
    manifest = place / "tracuu.json"
    return manifest.exists() and json.loads(manifest.read_text())["engine"] == engine


def indexes_of(cluster: Any, name: str) -> list[str]:
    from opensearchpy import OpenSearch

    with OpenSearch(cluster.urls) as client:
        return list(client.indices.get(index=f"{name}-*"))


def test_an_index_being_made_takes_nothing_from_others(
    tmp_path: Path, index_options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "_MAKING", 0.0)
    with Index.create(tmp_path / "source") as index:
        index.add([Passage("a", 1, "đoạn một")])
        index.add([Passage("b", 1, "đoạn hai")])
    running = copy(
        tmp_path / "source", tmp_path / "copy", engine="opensearch", options=index_options
    )
    next(running)
    with pytest.raises(IndexBusy, match="is creating it"):
        Index.create(tmp_path / "joined", engine="opensearch", options=index_options)
    list(running)
    with Index.create(tmp_path / "joined", engine="opensearch", options=index_options) as index:
        assert len(index.reports()) == 2
    with pytest.raises(IndexExists, match="holds reports already"):
        list(
            copy(
                tmp_path / "source", tmp_path / "other", engine="opensearch", options=index_options
            )
        )
    with Index.open(tmp_path / "joined") as index:
        assert len(index.reports()) == 2


def test_a_lost_point_in_time_is_opened_again_or_told_of(
    tmp_path: Path, opensearch: Callable[..., Any], opensearch_cluster: Any
) -> None:
    from opensearchpy import OpenSearch

    from tracuu.errors import SnapshotGone

    def document(key: str) -> c.Document:
        return c.Document(key, {"body": ["a"]}, {"area": [key]}, {}, key)

    (tmp_path / "store").mkdir()
    engine = opensearch().create(
        tmp_path / "store", c.Schema((c.TextField("body"),), ("area",), ())
    )
    with engine.writer() as writer:
        writer.add(document("1"))
        writer.add(document("2"))
    everything = c.Request(c.Term("body", "a"))
    with engine.snapshot() as snapshot, OpenSearch(opensearch_cluster.urls) as client:
        with engine.writer() as writer:
            writer.add(document("3"))
        lose = lambda: client.delete_pit(body={"pit_id": [snapshot._state.reading.point._pit]})  # noqa: E731
        lose()
        assert sorted(hit.key for hit in snapshot.search(everything).hits) == ["1", "2"]
        lose()
        assert snapshot.doc_freqs("body", ["b"]) == [0]
        with engine.writer() as writer:
            writer.delete("area", "1")
        assert snapshot.search(everything).total == 2  # it is held
        lose()
        with pytest.raises(SnapshotGone, match="search again"):
            snapshot.search(everything)
        with engine.snapshot() as after:
            assert sorted(hit.key for hit in after.search(everything).hits) == ["2", "3"]
    engine.close()


def test_deep_pages_follow_each_other(tmp_path: Path, opensearch: Callable[..., Any]) -> None:
    (tmp_path / "store").mkdir()
    engine = opensearch().create(
        tmp_path / "store", c.Schema((c.TextField("body"),), ("area",), ("place",))
    )
    with engine.writer() as writer:
        for number in range(10_500):
            writer.add(
                c.Document(f"{number:05}", {"body": ["a"]}, {"area": ["x"]}, {"place": -number}, "")
            )
    with engine.snapshot() as snapshot:
        for query in (c.MatchAll(), c.Term("body", "a")):
            last = snapshot.search(
                c.Request(query, 400, 10_200, order=(c.SortKey("place", descending=True),))
            )
            assert [hit.key for hit in last.hits] == [
                f"{number:05}" for number in range(10_200, 10_500)
            ]
        page = snapshot.search(c.Request(c.MatchAll(), 100, 10_300, order=(c.SortKey("place"),)))
        assert [hit.key for hit in page.hits] == [f"{number:05}" for number in range(199, 99, -1)]
        assert snapshot.search(c.Request(c.MatchAll(), 5, 20_000)).hits == ()
    engine.close()


class Load:
    """Threads that search and write without pause, while the test harms the cluster."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.searches = 0
        self.commits = 0
        self.wrong: list[BaseException | str] = []
        self._stop = threading.Event()
        work = [self._search] * 3 + [self._write]
        self._threads = [threading.Thread(target=self._repeat, args=(one,)) for one in work]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, work: Callable[[], None]) -> None:
        try:
            while not self._stop.is_set():
                work()
        except BaseException as error:
            self.wrong.append(error)

    def _search(self) -> None:
        found = self.index.search("giải ngân vốn", limit=5)
        if found.total % 50:
            self.wrong.append(f"half a commit was seen: {found.total}")
        self.searches += 1

    def _write(self) -> None:
        self.index.add(fifty(f"r{self.commits}"))
        self.commits += 1

    def goes_on(self, searches: int, commits: int) -> bool:
        """Whether so many more of each are done within two minutes, and nothing is wrong."""
        first = self.searches, self.commits
        return until(
            lambda: self.searches > first[0] + searches and self.commits > first[1] + commits,
            self.wrong,
        )


def fifty(report: str) -> list[Passage]:
    return [Passage(report, number, f"giải ngân vốn số {number}") for number in range(1, 51)]


def test_a_node_is_lost_under_load_and_nothing_with_it(
    tmp_path: Path, index_options: dict[str, Any], opensearch_cluster: Any
) -> None:
    if not hasattr(opensearch_cluster, "kill"):
        pytest.skip("the cluster that TRACUU_TEST_OPENSEARCH names was not started here")
    options = {**index_options, "shards": 3, "replicas": 1}
    with Index.create(tmp_path / "i", engine="opensearch", options=options) as index:
        index.add(fifty("first"))
        opensearch_cluster.wait()
        with Load(index) as load:
            before = load.goes_on(20, 2)
            opensearch_cluster.kill(1)
            after = load.goes_on(50, 3)
        try:
            assert load.wrong == []
            assert before
            assert after
            assert len(index.reports()) == load.commits + 1
            assert index.search("giải ngân vốn").total == 50 * (load.commits + 1)
            assert [finding for finding in check(tmp_path / "i") if finding.kind == "damage"] == []
        finally:
            opensearch_cluster.start(1)
            opensearch_cluster.wait()


def until(done: Callable[[], bool], wrong: list[Any], patience: float = 120.0) -> bool:
    """Wait until something is so, or gone wrong."""
    end = time.monotonic() + patience
    while not done() and not wrong and time.monotonic() < end:
        time.sleep(0.1)
    return done()
