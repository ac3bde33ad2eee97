from __future__ import annotations

import inspect
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

FIRST = """BÁO CÁO
KIỂM ĐIỂM CỦA BAN CHẤP HÀNH ĐẢNG BỘ QUẬN BÌNH SƠN, NHIỆM KỲ 2000 - 2005

Lãnh đạo phát triển kinh tế, ngân sách

Mặt được

Thu ngân sách hằng năm đều vượt dự toán, riêng năm 2004 tăng 18%. Việc giải ngân nguồn vốn khuyến công được làm sớm.

Mặt tồn tại

Giải ngân vốn đầu tư còn chậm, nhiều công trình chợ phải chuyển vốn sang năm sau.

Lãnh đạo lĩnh vực quốc phòng - an ninh

Mặt được

Lực lượng dân quân tự vệ được huấn luyện đủ nội dung, tuyển quân đạt chỉ tiêu từng năm.

Mặt tồn tại

Tệ nạn ma túy ở khu vực bến xe chưa giảm, việc quản lý tạm trú còn lỏng lẻo.
"""

SECOND = """BÁO CÁO
TỔNG KẾT CÔNG TÁC XÂY DỰNG ĐẢNG CỦA ĐẢNG BỘ HUYỆN AN PHÚ TRUNG, NHIỆM KỲ 2005 - 2010

I. CÔNG TÁC XÂY DỰNG ĐẢNG

1. Kết quả đạt được

Kết nạp 320 đảng viên mới, trong đó có 41 giáo viên và 26 chủ trang trại.

2. Hạn chế, khuyết điểm

Sinh hoạt chi bộ ở một số ấp còn đơn điệu, tự phê bình chưa thẳng thắn.
"""

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TRACUU_INDEX", "NO_COLOR", "PAGER", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    logger = logging.getLogger("tracuu")
    before, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = before
    logger.setLevel(level)


def _runner() -> CliRunner:
    # Before 8.2 click mixed both streams unless told not to.
    apart = "mix_stderr" in inspect.signature(CliRunner).parameters
    options: dict[str, Any] = {"mix_stderr": False} if apart else {}
    return CliRunner(**options)


def _invoke(*args: object, input: str | None = None) -> Result:
    from tracuu.cli import main

    return _runner().invoke(main, [str(arg) for arg in args], input=input)


@pytest.fixture
def run() -> Run:
    """Runs a command line in this process."""
    return _invoke


@pytest.fixture
def data() -> Callable[..., Any]:
    """Runs a command line that must succeed, and reads the JSON it prints."""

    def read(*args: object) -> Any:
        result = _invoke(*args)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return read


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command line in a process of its own."""

    def start(*args: object, **options: Any) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **options.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "tracuu.cli", *map(str, args)],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            check=False,
            **options,
        )

    return start


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two reports; nobody may change it."""
    place = tmp_path_factory.mktemp("reports")
    (place / "binh-son.txt").write_text(FIRST, encoding="utf-8")
    (place / "an-phu-trung.txt").write_text(SECOND, encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> str:
    """An index of both reports and the samples; nobody may change it."""
    path = str(tmp_path_factory.mktemp("index") / "idx")
    result = _invoke("index", folder, "--samples", "--index", path, "--quiet")
    assert result.exit_code == 0, result.stderr
    return path


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with two reports, to be changed."""
    place = tmp_path / "reports"
    place.mkdir()
    (place / "binh-son.txt").write_text(FIRST, encoding="utf-8")
    (place / "an-phu-trung.txt").write_text(SECOND, encoding="utf-8")
    return place


@pytest.fixture
def own(tmp_path: Path, reports: Path) -> str:
    """An index of two reports, to be changed."""
    path = str(tmp_path / "own.idx")
    result = _invoke("index", reports, "--index", path, "--quiet")
    assert result.exit_code == 0, result.stderr
    return path
