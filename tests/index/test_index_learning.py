"""The index learns areas from corrections."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tracuu import Index, copy, rebuild

# Words that the shipped model knows little of, in passages below a heading that names no area.
HIVES = [
    "Tổ nuôi ong {n} đã quay mật hai vụ và chuyển thùng ong lên rẫy cà phê.",
    "Đàn ong của tổ {n} được chia thành nhiều thùng, mật ong quay đều.",
    "Thùng ong của tổ {n} đặt ở rẫy, ong thợ đi lấy mật hoa cà phê.",
]
NEW = "Mật ong quay trong vụ này nhiều hơn, thùng ong đã chuyển hết lên rẫy."
OTHER = "Lớp mẫu giáo ở hai thôn đã có đủ phòng học cho trẻ năm tuổi."
AREA = "dan-van"


def write(path: Path, *passages: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "BÁO CÁO\nTình hình trong kỳ\n\nI. TÌNH HÌNH\n\n" + "\n\n".join(passages) + "\n", "utf-8"
    )


@pytest.fixture(scope="module")
def teach(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A folder for each engine, made once: an index, and its reports."""

    @cache
    def made(engine: str) -> Path:
        folder = tmp_path_factory.mktemp(engine)
        hives = [HIVES[number % 3].format(n=number) for number in range(1, 25)]
        write(folder / "reports" / "cu.txt", *hives)
        write(folder / "reports" / "truoc.txt", NEW, OTHER)
        with Index.create(folder / "index", engine=engine) as index:
            list(index.update([folder / "reports"], jobs=1))
            assert areas(index, "truoc")[0] != AREA
            for position in range(1, 25):
                index.correct(f"cu#{position}", area=AREA)
        return folder

    return made


@pytest.fixture
def taught(teach: Callable[[str], Path], engine: str, tmp_path: Path) -> Iterator[Index]:
    """Twenty-four passages of which somebody has corrected the area, and a report with like ones."""
    shutil.copytree(teach(engine), tmp_path, dirs_exist_ok=True)
    with Index.open(tmp_path / "index") as index:
        yield index


def areas(index: Index, report: str) -> list[str]:
    return [one.area for one in index.surroundings(f"{report}#1", after=10).passages]


@pytest.mark.parametrize("jobs", [1, 2])
def test_new_reports_follow_the_corrections_of_passages_like_theirs(
    taught: Index, tmp_path: Path, jobs: int
) -> None:
    before = areas(taught, "truoc")
    for number in range(30 if jobs > 1 else 1):  # so many that helpers are called
        write(tmp_path / "reports" / f"moi-{number}.txt", f"{NEW} Đợt {number}.", OTHER)
    list(taught.update([tmp_path / "reports"], jobs=jobs))
    assert areas(taught, "moi-0") == [AREA, before[1]]
    decision = taught.passage("moi-0#1").area_decision
    assert decision.source == "words"
    assert decision.evidence[0] == "corrections of passages like it"
    assert areas(taught, "truoc") == before  # read before anybody had corrected


def test_a_rebuild_reads_all_reports_so_and_a_copy_goes_on(taught: Index, tmp_path: Path) -> None:
    before = areas(taught, "truoc")
    taught.close()
    list(rebuild(taught.path, jobs=1))
    list(copy(taught.path, tmp_path / "copy"))
    write(tmp_path / "reports" / "moi.txt", f"{NEW} Đợt hai.", OTHER)
    with Index.open(tmp_path / "copy") as again:
        assert areas(again, "truoc") == [AREA, before[1]]
        list(again.update([tmp_path / "reports"], jobs=1))
        assert areas(again, "moi") == [AREA, before[1]]


def test_a_few_corrections_teach_nothing_and_undone_ones_are_forgotten(
    taught: Index, tmp_path: Path
) -> None:
    for position in range(1, 6):
        taught.undo_correction(f"cu#{position}")
    write(tmp_path / "reports" / "moi.txt", OTHER, NEW)
    list(taught.update([tmp_path / "reports"], jobs=1))
    assert areas(taught, "moi")[1] == areas(taught, "truoc")[0]


def test_what_an_application_adds_follows_them_too(taught: Index) -> None:
    from tracuu import Passage

    taught.add([Passage("app", 1, NEW), Passage("app", 2, OTHER)])
    assert areas(taught, "app")[0] == AREA


def test_a_heading_still_decides(taught: Index, tmp_path: Path) -> None:
    path = tmp_path / "reports" / "moi.txt"
    path.write_text(f"BÁO CÁO\n\nI. QUỐC PHÒNG, AN NINH\n\n{NEW}\n", "utf-8")
    list(taught.update([tmp_path / "reports"], jobs=1))
    assert areas(taught, "moi") == ["quoc-phong-an-ninh"]
