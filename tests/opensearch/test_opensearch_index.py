"""An index on a real cluster: made, updated, searched, shared by folders, rebuilt."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracuu import Index, Passage, check, copy, rebuild
from tracuu.errors import IndexBusy, IndexExists, IndexOutdated, NotAnIndex, OptionError

Reports = Callable[..., Path]


def ids(index: Index, query: str = "") -> list[str]:
    return sorted({hit.passage.report for hit in index.search(query, limit=100, collapse=False)})


def update(index: Index, *folders: Path, **options: Any) -> list[str]:
    return [change.kind for change in index.update(folders, jobs=1, **options)]


def test_made_updated_searched_and_reopened(
    tmp_path: Path, opensearch_options: dict[str, Any], reports: Reports
) -> None:
    folder = reports("in", a="khu công nghiệp", b="trường học")
    with Index.create(tmp_path / "i", engine="opensearch", options=opensearch_options) as index:
        assert update(index, folder) == ["added", "added"]
        assert update(index, folder) == ["unchanged", "unchanged"]
        found = index.search("trường học", limit=3)
        assert found.total == 4
        assert {hit.passage.report for hit in found} == {"b"}
        assert found.facets["area"] == {"kinh-te": 4}
        assert found.areas[0].area == "kinh-te"
        assert index.search("truong hoc").total == 4
        assert index.search('"khu công nghiệp"').total == 4
        assert [hit.passage.position for hit in index.search(report="a", limit=2, offset=2)] == [
            3,
            4,
        ]
        assert index.search("truongw hocj").did_you_mean or index.search("truong hcoj")
    reports("in", passages=2, a="nông thôn mới")
    with Index.open(tmp_path / "i") as index:
        assert sorted(update(index, folder)) == ["changed", "unchanged"]
        assert index.search('"khu công nghiệp"').total == 0
        assert index.search("nông thôn").total == 2
        assert index.remove("b") == 4
        assert [report.id for report in index.reports()] == ["a"]
        assert index.info().engine == "opensearch"
        assert index.info().passages == 2
    assert check(tmp_path / "i") == []


def test_nothing_secret_is_kept(tmp_path: Path, opensearch_options: dict[str, Any]) -> None:
    options = {**opensearch_options, "user": "anna", "password": "geheim-123", "timeout": 12}
    Index.create(tmp_path / "i", engine="opensearch", options=options).close()
    kept = json.loads((tmp_path / "i" / "tracuu.json").read_text())["options"]
    assert sorted(kept) == ["name", "origin", "replicas", "shards", "url"]
    assert not any("geheim" in path.read_text() for path in (tmp_path / "i").rglob("*.json"))
    with pytest.raises(OptionError, match="rebuild"):
        Index.open(tmp_path / "i", options={"shards": 7})


def test_a_name_that_is_taken_is_left_alone(
    tmp_path: Path, opensearch_options: dict[str, Any], opensearch_cluster: Any, reports: Reports
) -> None:
    from opensearchpy import OpenSearch

    with Index.create(tmp_path / "one", engine="opensearch", options=opensearch_options) as index:
        update(index, reports("in", a="khu công nghiệp"))
    with pytest.raises(IndexExists, match="--join"):
        Index.create(tmp_path / "two", engine="opensearch", options=opensearch_options)
    with OpenSearch(opensearch_cluster.urls) as client:
        other = f"{opensearch_options['name']}-000009-other"
        client.indices.create(index=other)
        try:
            with pytest.raises(NotAnIndex, match="--name"):
                Index.create(
                    tmp_path / "three",
                    engine="opensearch",
                    options={**opensearch_options, "name": other},
                )
            assert client.indices.exists(index=other)
        finally:
            client.indices.delete(index=other)
    with Index.open(tmp_path / "one") as index:
        assert ids(index) == ["a"]


def test_two_folders_fill_one_index_at_once(
    tmp_path: Path, index_options: dict[str, Any], reports: Reports
) -> None:
    names = [f"r{number}" for number in range(6)]
    here = reports("here", passages=8, **dict.fromkeys(names, "khu công nghiệp"))
    there = reports("there", passages=8, **{f"s{number}": "trường học" for number in range(6)})
    with (
        Index.create(tmp_path / "one", engine="opensearch", options=index_options) as one,
        Index.create(tmp_path / "two", engine="opensearch", options=index_options) as two,
    ):
        wrong: list[BaseException] = []

        def fill(index: Index, folder: Path) -> None:
            try:
                for name in sorted(folder.iterdir()):
                    update(index, name)
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=fill, args=pair) for pair in ((one, here), (two, there))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        for index in (one, two):
            assert len(index.reports()) == 12
            assert index.search("khu công nghiệp", literal=True).total == 48
            assert index.search("").total == 96
        # What the other folder added is neither missing nor moved, whatever lies in one's own folders.
        assert update(one, here, prune=True) == ["unchanged"] * 6
        assert len(two.reports()) == 12
    assert check(tmp_path / "one") == []


def test_the_last_commit_of_a_report_wins_whole(
    tmp_path: Path, index_options: dict[str, Any]
) -> None:
    with (
        Index.create(tmp_path / "one", engine="opensearch", options=index_options) as one,
        Index.create(tmp_path / "two", engine="opensearch", options=index_options) as two,
    ):
        begun = one._writer.transaction(0.0)  # it has not committed
        with begun as (writer, snapshot):
            from tracuu import Report
            from tracuu.indexer import DocumentWriter
            from tracuu.records import Record
            from tracuu.schema import passage_document
            from tracuu.vietnamese import Analyser

            two.add(
                [Passage("r", number, f"hai số {number} đồng") for number in range(1, 9)],
                report=Report("r", title="Hai"),
            )
            report = Report("r", title="Một", passages=3)
            DocumentWriter(writer, Analyser()).add(
                Record(report), [Passage("r", n, f"một số {n} đồng") for n in range(1, 4)]
            )
            assert snapshot.get("r#1") is None
            assert passage_document is not None
        for index in (one, two):
            assert [hit.passage.text for hit in index.search(report="r")] == [
                f"một số {n} đồng" for n in range(1, 4)
            ]
            assert index.report("r").title == "Một"
    assert check(tmp_path / "one") == []


def test_a_change_of_a_part_is_refused_where_another_machine_was_faster(
    tmp_path: Path, index_options: dict[str, Any]
) -> None:
    from tracuu import Report
    from tracuu.records import Record
    from tracuu.schema import KEY, report_key

    with (
        Index.create(tmp_path / "one", engine="opensearch", options=index_options) as one,
        Index.create(tmp_path / "two", engine="opensearch", options=index_options) as two,
    ):
        one.add([Passage("r", 1, "một đồng")])
        begun = one._writer.transaction(0.0)
        with pytest.raises(IndexBusy, match="run it again"), begun as (writer, _):  # noqa: PT012
            writer.delete(KEY, report_key("r"))
            writer.add(Record(Report("r", title="neu", passages=1)).document())
            two.add([Passage("r", 2, "hai đồng")])
        assert one.report("r").passages == 2
    assert check(tmp_path / "two") == []


def test_a_rebuild_takes_the_place_at_once_for_all(
    tmp_path: Path, index_options: dict[str, Any], reports: Reports
) -> None:
    here, there = reports("here", a="khu công nghiệp"), reports("there", b="trường học")
    with (
        Index.create(tmp_path / "one", engine="opensearch", options=index_options) as one,
        Index.create(tmp_path / "two", engine="opensearch", options=index_options) as two,
    ):
        update(one, here)
        update(two, there)
        seen: set[int] = set()
        wrong: list[BaseException] = []
        stop = threading.Event()

        def search() -> None:
            try:
                while not stop.is_set():
                    seen.add(two.search("giải ngân", collapse=False).total)
            except BaseException as error:
                wrong.append(error)

        thread = threading.Thread(target=search)
        thread.start()
        rebuilding = rebuild(tmp_path / "one", options={"shards": 3}, jobs=1)
        first = next(rebuilding)
        with pytest.raises(IndexBusy, match="rebuilding"):
            two.add([Passage("x", 1, "x y")])
        kinds = [first.kind, *(change.kind for change in rebuilding)]
        stop.set()
        thread.join()
        assert kinds == ["added"]
        assert wrong == []
        assert seen == {8}
        assert ids(one) == ids(two) == ["a", "b"]
        two.add([Passage("x", 1, "x y")])
        assert "x" in ids(one)
    kept = json.loads((tmp_path / "one" / "tracuu.json").read_text())
    assert (kept["options"]["shards"], kept["generation"]) == (3, 2)
    assert check(tmp_path / "one") == []


def test_a_rebuild_that_is_left_leaves_the_index_as_it_was(
    tmp_path: Path, index_options: dict[str, Any], reports: Reports, opensearch_cluster: Any
) -> None:
    from opensearchpy import OpenSearch

    folder = reports("in", a="khu công nghiệp", b="trường học")
    with Index.create(tmp_path / "i", engine="opensearch", options=index_options) as index:
        update(index, folder)
        rebuilding = rebuild(tmp_path / "i", jobs=1)
        next(rebuilding)
        rebuilding.close()
        assert ids(index) == ["a", "b"]
        update(index, reports("in", c="nông thôn"))
        with OpenSearch(opensearch_cluster.urls) as client:
            assert len(client.indices.get(index=f"{index_options['name']}-*")) == 1


def test_from_whoosh_to_the_cluster_and_back(
    tmp_path: Path, opensearch_options: dict[str, Any], reports: Reports
) -> None:
    folder = reports("in", a="khu công nghiệp", b="trường học")
    with Index.create(tmp_path / "i") as index:
        update(index, folder)
        before = [
            (hit.passage.id, round(hit.score, 6)) for hit in index.search("giải ngân trường học")
        ]
        list(rebuild(tmp_path / "i", engine="opensearch", options=opensearch_options, jobs=1))
        assert index.info().engine == "opensearch"
        found = [
            (hit.passage.id, round(hit.score, 6)) for hit in index.search("giải ngân trường học")
        ]
        assert found == before
        list(rebuild(tmp_path / "i", engine="whoosh", jobs=1))
        assert index.info().engine == "whoosh"


def test_copied_to_the_cluster_and_back_without_the_reports(
    tmp_path: Path, opensearch_options: dict[str, Any], root: Path
) -> None:
    with Index.create(tmp_path / "i") as index:
        update(index, root / "corpus" / "samples")
        before = [
            (hit.passage, round(hit.score, 6)) for hit in index.search("giai ngan von dau tu")
        ]
        reports = list(index.reports())
    copied = list(
        copy(tmp_path / "i", tmp_path / "c", engine="opensearch", options=opensearch_options)
    )
    assert [one.report for one in copied] == [report.id for report in reports]
    list(copy(tmp_path / "c", tmp_path / "back", engine="whoosh"))
    for name, engine in (("c", "opensearch"), ("back", "whoosh")):
        with Index.open(tmp_path / name) as index:
            assert index.info().engine == engine
            assert [
                (hit.passage, round(hit.score, 6)) for hit in index.search("giai ngan von dau tu")
            ] == before
            assert list(index.reports()) == reports
            assert set(update(index, root / "corpus" / "samples")) == {"unchanged"}


def test_another_analysis_on_the_cluster_is_told_of(
    tmp_path: Path, index_options: dict[str, Any]
) -> None:
    from tracuu import Taxonomy
    from tracuu.corpus import default_taxonomy

    own = tmp_path / "t.toml"
    own.write_text(
        default_taxonomy().text.replace("Kinh tế, ngân sách", "Kinh tế và ngân sách", 1),
        encoding="utf-8",
    )
    Index.create(tmp_path / "one", engine="opensearch", options=index_options).close()
    with pytest.raises(IndexOutdated, match="another analysis"):
        Index.create(
            tmp_path / "two",
            engine="opensearch",
            options=index_options,
            taxonomy=Taxonomy.load(own),
        )


def test_options_that_cannot_be(tmp_path: Path) -> None:
    pytest.importorskip("opensearchpy", reason="the extra opensearch is not installed")
    for options, words in (
        ({}, "--url"),
        ({"url": "ftp://x"}, "https://search.example:9200"),
        ({"url": "http://u:p@x"}, "TRACUU_OPENSEARCH_USER"),
        ({"url": "http://x", "shard": 2}, "shards"),
        ({"url": "http://x", "shards": 0}, "whole number"),
        ({"url": "http://x", "name": "A b"}, "small letters"),
        ({"url": "http://x", "user": "a"}, "together"),
        ({"url": "http://x", "ca_file": "x"}, "https"),
        ({"url": "https://x", "ca_file": str(tmp_path / "missing")}, "ca_file"),
        ({"url": "http://x", "timeout": 0}, "seconds"),
        ({"url": "http://x", "verify": "no"}, "True or False"),
    ):
        with pytest.raises(OptionError, match=words):
            Index.create(tmp_path / "i", engine="opensearch", options=options)
    with pytest.raises(OptionError, match="no options"):
        Index.create(tmp_path / "i", options={"url": "http://x"})
