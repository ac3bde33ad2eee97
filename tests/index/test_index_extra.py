"""An application's own metadata of reports: kept, and searched by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from tracuu import Index, Passage, Report, check, copy, rebuild, upgrade
from tracuu.errors import OptionError, PassageError, UnknownReport
from tracuu.index import facade, fingerprint
from tracuu.index.saved import SavedSearches
from tracuu.schema import SCHEMAS

Make = Callable[..., Path]


@pytest.fixture
def filled(index: Index, make: Make, tmp_path: Path) -> Index:
    """Two reports that were put, and one that was added, with metadata; one without."""
    for name, year, extra in (
        ("mot", 2001, {"nguồn": "văn thư", "mật": "không"}),
        ("hai", 2002, {"nguồn": "họp", "mật": "không"}),
        ("ba", 2003, None),
    ):
        content = make(tmp_path / "text.txt", year).read_bytes()
        index.put(content, name=f"{name}.txt", extra=extra)
    index.add(
        [Passage("bon", 1, "Giải ngân vốn còn chậm.")],
        report=Report("bon", extra={"nguồn": "văn thư"}),
    )
    return index


def found(index: Index, **filters: object) -> set[str]:
    return set(index.search("giải ngân", limit=0, **filters).facets["report"])  # type: ignore[arg-type]


def test_searches_filter_by_it(filled: Index) -> None:
    assert filled.report("mot").extra == {"nguồn": "văn thư", "mật": "không"}
    assert found(filled, extra={"nguồn": "văn thư"}) == {"mot", "bon"}
    assert found(filled, extra={"nguồn": "văn thư", "mật": "không"}) == {"mot"}
    assert found(filled, extra={"nguồn": ["văn thư", "họp"]}) == {"mot", "hai", "bon"}
    assert found(filled, extra="nguồn=họp") == {"hai"}
    assert found(filled, extra=["nguon=VAN THU", "mat=khong"]) == {"mot"}  # forgiving
    counts = filled.tally("giải ngân", by="extra").counts
    assert counts == {("mật=không",): 2, ("nguồn=họp",): 1, ("nguồn=văn thư",): 2}


def test_a_value_that_is_nowhere_is_an_error_that_names_the_nearest(filled: Index) -> None:
    with pytest.raises(OptionError, match="nguồn=văn thư"):
        found(filled, extra={"nguồn": "văn thu x"})
    with pytest.raises(OptionError, match="key=value"):
        found(filled, extra="nguồn")


def test_it_outlives_everything(filled: Index, tmp_path: Path, make: Make) -> None:
    content = make(tmp_path / "text.txt", 2011).read_bytes()
    filled.put(content, name="mot.txt", report="mot")  # another text, the same metadata
    assert found(filled, extra="nguồn=văn thư") == {"mot", "bon"}
    filled.close()
    list(rebuild(filled.path))
    list(copy(filled.path, tmp_path / "copy"))
    list(upgrade(tmp_path / "copy"))
    list(rebuild(tmp_path / "copy"))
    with Index.open(tmp_path / "copy") as again:
        assert found(again, extra="nguồn=văn thư") == {"mot", "bon"}
        assert again.report("bon").extra == {"nguồn": "văn thư"}
        assert again.search("2011", literal=True, extra="nguồn=văn thư").total == 3
    assert check(tmp_path / "copy") == []


def test_it_can_be_replaced(filled: Index, tmp_path: Path, make: Make) -> None:
    content = make(tmp_path / "text.txt", 2001).read_bytes()
    assert filled.put(content, name="mot.txt").kind == "unchanged"
    assert filled.put(content, name="mot.txt", extra={"nguồn": "họp"}).kind == "changed"
    assert found(filled, extra="nguồn=họp") == {"mot", "hai"}
    filled.put(content, name="mot.txt", extra={})
    assert filled.report("mot").extra == {}
    list(rebuild(filled.path))
    with Index.open(filled.path) as again:
        assert found(again, extra="nguồn=họp") == {"hai"}


@pytest.mark.parametrize(
    "extra",
    [{"": "x"}, {"a=b": "x"}, {"a": ""}, {"a": 1}, {"a\n": "x"}, "a=b", {"a": "x" * 1001}],
)
def test_what_is_no_metadata_is_refused(index: Index, extra: object) -> None:
    report = Report("r", extra=extra)  # type: ignore[arg-type]
    with pytest.raises(PassageError):
        index.add([Passage("r", 1, "Một câu.")], report=report)
    with pytest.raises(OptionError):
        index.put("Một câu dài.".encode(), name="a.txt", extra=extra)  # type: ignore[arg-type]
    assert index.reports() == ()


def test_a_saved_search_keeps_it(filled: Index) -> None:
    SavedSearches(filled).add("hop", "giải ngân", extra=["nguồn=họp"])
    assert SavedSearches(filled).run("hop").hits[0].passage.report == "hai"


def test_an_index_with_fewer_fields_answers_until_it_is_upgraded(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    older = 2  # the last version without metadata of the application
    make(tmp_path / "reports" / "mot.txt", 2001)
    with monkeypatch.context() as then:  # as the version before made it
        then.setattr(facade, "SCHEMA", SCHEMAS[older])
        then.setattr(fingerprint, "FIELDS_VERSION", older)
        then.setattr(fingerprint, "SCHEMAS", {older: SCHEMAS[older]})
        with Index.create(tmp_path / "old", engine=engine) as index:
            list(index.update([tmp_path / "reports"]))
    with Index.open(tmp_path / "old") as index:
        assert "fields" in (index.outdated or "")
        assert found(index) == {"mot"}
        assert found(index, year=2001, folder="reports") == {"mot"}
        with pytest.raises(OptionError, match="tracuu upgrade"):
            found(index, extra="a=b")
        upgrading = upgrade(tmp_path / "old")
        next(upgrading)
        assert found(index, area="kinh-te") == {"mot"}  # meanwhile
        list(upgrading)
        assert index.outdated is None
        assert found(index) == {"mot"}
        with pytest.raises(OptionError, match="name none"):
            found(index, extra="a=b")
    assert check(tmp_path / "old") == []


def test_reports_of_a_folder_get_it_and_keep_it(
    index: Index, folder: Path, tmp_path: Path, make: Make
) -> None:
    list(index.update([folder]))
    before = [hit.score for hit in index.search("giải ngân")]
    assert index.set_extra({"mot": {"kho": "A-12"}, "hai": {"kho": "B-3", "mật": "có"}}) == 2
    assert index.set_extra({"mot": {"kho": "A-12"}}) == 0
    assert found(index, extra="kho=A-12") == {"mot"}
    assert [hit.score for hit in index.search("giải ngân")] == before
    make(folder / "mot.txt", 2011)  # another text
    (folder / "hai.txt").rename(folder / "ba.txt")
    assert sorted(one.kind for one in index.update([folder])) == ["changed", "moved"]
    assert found(index, extra="kho=A-12") == {"mot"}
    index.close()
    list(rebuild(index.path))
    list(copy(index.path, tmp_path / "copy"))
    with Index.open(tmp_path / "copy") as again:
        assert found(again, extra=["kho=A-12", "kho=B-3"]) == {"mot", "hai"}
        assert again.report("hai").extra == {"kho": "B-3", "mật": "có"}
        assert again.set_extra({"hai": {}}) == 1
        list(again.update([folder]))
        assert again.report("hai").extra == {}
    assert check(tmp_path / "copy") == []


def test_a_report_that_was_put_keeps_what_it_is_given_later(
    filled: Index, tmp_path: Path, make: Make
) -> None:
    assert filled.set_extra({"mot": {"nguồn": "kho"}, "ba": {"nguồn": "kho"}, "bon": {}}) == 3
    content = make(tmp_path / "text.txt", 2012).read_bytes()
    filled.put(content, name="mot.txt", report="mot")
    filled.close()
    list(rebuild(filled.path))
    with Index.open(filled.path) as again:
        assert found(again, extra="nguồn=kho") == {"mot", "ba"}
        assert again.report("bon").extra == {}


def test_of_several_reports_in_one_file_each_has_its_own(index: Index, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "bo.zip", "w") as archive:
        for number in (1, 2):
            archive.writestr(
                f"so-{number}.txt", f"BÁO CÁO\n\nI. KINH TẾ\n\nGiải ngân đợt {number}.\n"
            )
    list(index.update([tmp_path / "bo.zip"]))
    first, second = (report.id for report in index.reports())
    index.set_extra({first: {"kho": "A"}})
    index.close()
    list(rebuild(index.path))
    with Index.open(index.path) as again:
        assert again.report(first).extra == {"kho": "A"}
        assert again.report(second).extra == {}


def test_nothing_is_changed_where_one_report_is_unknown(index: Index, folder: Path) -> None:
    list(index.update([folder]))
    with pytest.raises(UnknownReport):
        index.set_extra({"mot": {"kho": "A"}, "nirgends": {"kho": "B"}})
    with pytest.raises(OptionError):
        index.set_extra({"mot": {"kho=": "A"}})
    assert index.report("mot").extra == {}
