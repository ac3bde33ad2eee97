"""One state of an index follows another: created, rebuilt, followed by those who have it open."""

from __future__ import annotations

import json
import shutil
import threading

import pytest

from tracuu import Index, Taxonomy, check, rebuild
from tracuu.corpus.naming import shipped_text
from tracuu.errors import (
    IndexClosed,
    IndexDamaged,
    IndexExists,
    IndexNotFound,
    IndexOutdated,
    NotAnIndex,
)
from tracuu.index.directory import IndexDirectory

pytestmark = pytest.mark.usefixtures("each_engine")


_REBUILDS = """
import sys
from tracuu import rebuild
for _ in range(int(sys.argv[2])):
    print(len(list(rebuild(sys.argv[1]))), flush=True)
"""


def spoil(path, **values):
    data = json.loads((path / "tracuu.json").read_text(encoding="utf-8"))
    (path / "tracuu.json").write_text(
        json.dumps({**data, "checksum": None, **values}), encoding="utf-8"
    )


def mine(tmp_path, name="tien-bac"):
    path = tmp_path / f"{name}.toml"
    path.write_text(shipped_text().replace('"kinh-te"', f'"{name}"'), encoding="utf-8")
    return path


def test_imports_of_a_function_never_give_its_module():
    import tracuu

    for name in ("rebuild", "check", "watch"):
        assert callable(getattr(tracuu, name))
        assert callable(getattr(tracuu, name))


def test_an_open_index_follows_a_rebuild_in_another_process(own, reports, script, held, write):
    with Index.open(own) as index:
        before = held(index)
        results = index.search("giải ngân")
        write(reports / "bon.txt", "Đoạn về giải ngân của năm sau.")
        other = script(_REBUILDS, own, 1)
        assert other.wait(60) == 0
        assert len(list(results)) == 2  # what was found stays
        assert set(held(index)) == {*before, "bon"}
        assert index.search("giải ngân").total == 3
        assert not (own / "data-0001").exists()


def test_no_search_fails_while_others_rebuild(own, script):
    with Index.open(own) as index:
        other = script(_REBUILDS, own, 6)
        searches, failed = 0, []

        def search():
            nonlocal searches
            while other.poll() is None:
                try:
                    assert index.search("giải ngân").total == 2
                    assert index.report("mot").passages == 3
                    with Index.open(own) as again:
                        assert again.search("giải ngân").total == 2
                except Exception as error:
                    failed.append(error)
                    return
                searches += 1

        threads = [threading.Thread(target=search) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert searches > 6


def test_a_snapshot_outlives_commits_and_rebuilds(own):
    with Index.open(own) as index, index._snapshot() as snapshot:
        index.remove("mot")
        list(rebuild(own))
        index.remove("hai")
        assert snapshot.get("mot#1") is not None
        assert {report.id for report in index.reports()} == {"mot", "ba", "app"}


def test_a_closed_index_says_so(own):
    index = Index.open(own)
    index.close()
    for use in (lambda: index.search("x"), index.reports, index.info, lambda: index.remove("mot")):
        with pytest.raises(IndexClosed):
            use()


def test_what_a_killed_rebuild_left_is_swept_by_the_next_writer(own, tmp_path):
    storage = IndexDirectory(own)
    storage.new_data(2).joinpath("half").write_bytes(b"x")
    storage.save_taxonomy(mine(tmp_path).read_text(encoding="utf-8"), 2)
    (own / "tracuu.json.new").write_bytes(b"{")
    with Index.open(own) as index:  # the old taxonomy still counts
        assert index.taxonomy.fingerprint == Taxonomy.parse(shipped_text(), "x").fingerprint
        assert {finding.kind for finding in check(own)} == {"leftover"}
        index.remove("ba")
    assert not {"data-0002", "taxonomy-0002.toml", "tracuu.json.new"} & {
        path.name for path in own.iterdir()
    }
    assert check(own) == []


def test_a_rebuild_left_early_changes_nothing(own, held, tmp_path):
    before = held(own)
    names = sorted(path.name for path in own.glob("data-*/*"))
    changes = rebuild(own, taxonomy=mine(tmp_path))
    next(iter(changes))
    changes.close()
    assert held(own) == before
    assert sorted(path.name for path in own.glob("data-*/*")) == names
    assert check(own) == []


@pytest.mark.parametrize(
    "left", [[], ["data-0001"], ["data-0001", "sources-0001.json", "taxonomy-0001.toml"]]
)
def test_a_create_that_was_cut_off_can_be_done_again(own, tmp_path, left):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "unfinished").touch()
    (tmp_path / "new" / "write.lock").touch()
    for name in left:
        if name.startswith("data"):
            shutil.copytree(own / name, tmp_path / "new" / name)
        else:
            (tmp_path / "new" / name).write_text("half", encoding="utf-8")
    with pytest.raises(IndexNotFound, match="was interrupted"):
        Index.open(tmp_path / "new")
    with Index.create(tmp_path / "new") as index:
        assert index.reports() == ()
        assert check(tmp_path / "new") == []


@pytest.mark.parametrize("name", ["write.lock", "writer.json", "writer.json.new", "unfinished.new"])
def test_a_create_that_had_hardly_begun_can_be_done_again(tmp_path, name):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / name).write_text("{", encoding="utf-8")
    Index.create(tmp_path / "new").close()
    assert check(tmp_path / "new") == []


def test_create_never_takes_the_place_of_anything(own, tmp_path):
    with pytest.raises(IndexExists):
        Index.create(own)
    (own / "tracuu.json").unlink()
    with pytest.raises(IndexExists):
        Index.create(own)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(IndexExists):
        Index.create(tmp_path / "full")
    with pytest.raises(NotAnIndex):
        Index.open(tmp_path / "full")
    with pytest.raises(NotAnIndex):
        next(iter(rebuild(tmp_path / "full")))


# --- formats and upgrades -----------------------------------------------------------------------


def test_the_index_says_which_version_wrote_it(own):
    from tracuu.index.fingerprint import tracuu_version

    with Index.open(own) as index:
        assert index.info().version == tracuu_version()


def test_an_older_format_names_the_command_and_a_newer_one_the_version(own):
    spoil(own, format=0, version="0.0.9")
    with pytest.raises(
        IndexOutdated, match=r"tracuu 0\.0\.9 in format 0.*tracuu rebuild --index"
    ) as old:
        Index.open(own)
    assert "install" not in str(old.value)
    spoil(own, format=99, version="9.9")
    with pytest.raises(
        IndexOutdated,
        match=r"tracuu 9\.9 in format 99.*install that version.*tracuu rebuild --index",
    ):
        Index.open(own)
    assert [finding.kind for finding in check(own)] == ["outdated"]


def test_what_a_later_version_adds_to_the_manifest_does_no_harm(own, held):
    before = held(own)
    spoil(own, colour="blue")
    assert held(own) == before


@pytest.mark.parametrize(
    "other", [{"format": 0}, {"format": 99, "colour": "blue"}, {"fingerprint": "analysis=0"}]
)
def test_one_rebuild_brings_an_index_up_to_date_and_keeps_its_settings(
    tmp_path, reports, write, held, other
):
    path = tmp_path / "idx"
    with Index.create(path, engine="memory", taxonomy=mine(tmp_path)) as index:
        list(index.update([reports]))
        (reports / "mot.txt").rename(reports / "doi-ten.txt")
        list(index.update([reports]))
        before = held(index)
    assert "mot" in before
    spoil(path, **other)
    with pytest.raises(IndexOutdated):
        Index.open(path)
    list(rebuild(path))
    with Index.open(path) as index:
        assert held(index) == before
        info = index.info()
        assert (info.engine, info.taxonomy, info.sources) == ("memory", "own", (str(reports),))
        assert index.taxonomy.resolve("tien-bac") == "tien-bac"
    assert check(path) == []


def test_an_engine_that_this_version_does_not_have(own, each_engine):
    spoil(own, engine="lucene", format=99)
    assert len(list(rebuild(own))) == 3
    with Index.open(own) as index:
        assert index.info().engine == each_engine


def test_a_taxonomy_is_changed_by_rebuild_and_followed(own, tmp_path):
    with Index.open(own) as index:
        list(rebuild(own, taxonomy=mine(tmp_path)))
        assert index.taxonomy.resolve("tien-bac") == "tien-bac"
        list(rebuild(own, taxonomy=mine(tmp_path, "tai-chinh")))
        assert index.taxonomy.resolve("tai-chinh") == "tai-chinh"
        assert [path.name for path in own.glob("*.toml")] == ["taxonomy-0003.toml"]
    (own / "taxonomy-0003.toml").unlink()
    with pytest.raises(IndexDamaged, match="--taxonomy FILE"):
        Index.open(own)
    assert [finding.kind for finding in check(own)] == ["damage"]
    with pytest.raises(IndexDamaged, match="--taxonomy FILE"):
        list(rebuild(own))
    list(rebuild(own, taxonomy=mine(tmp_path)))
    assert check(own) == []
