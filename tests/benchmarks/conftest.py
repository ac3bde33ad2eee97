"""Benchmarks are scripts: they are run as a person runs them, or imported from their folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

DOCUMENTS = [
    ("d1", "Kinh tế", "Giải ngân vốn đầu tư xây dựng cơ bản đạt thấp so với kế hoạch năm."),
    ("d2", "Văn hoá", "Phong trào toàn dân đoàn kết xây dựng đời sống văn hoá được duy trì."),
    ("d3", "Quốc phòng", "Công tác tuyển quân hàng năm hoàn thành chỉ tiêu trên giao."),
    ("d4", "Xây dựng Đảng", "Một số chi bộ sinh hoạt chưa đều, nội dung còn đơn điệu."),
    ("d5", "Sông Hương", "Dòng sông chảy qua thành phố rồi đổ ra biển."),
]
QUERIES = [
    ("q1", "giải ngân vốn đầu tư đạt bao nhiêu?", "d1"),
    ("q2", "tuyển quân hàng năm", "d3"),
    ("q3", "sông Hương chảy qua đâu", "d5"),
    ("q4", "(đời sống văn hoá", "d2"),
]


@pytest.fixture
def tiny_set(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    documents = [{"id": id, "title": title, "text": text} for id, title, text in DOCUMENTS]
    queries = [{"id": id, "text": text} for id, text, _ in QUERIES]
    queries.append({"id": "q5", "text": "không ai trả lời được"})
    for name, rows in (("corpus.jsonl", documents), ("queries.jsonl", queries)):
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    judgements = "".join(f"{id}\t{document}\t1\n" for id, _, document in QUERIES)
    (folder / "qrels.tsv").write_text(judgements, encoding="utf-8")
    return folder


@pytest.fixture
def run_benchmark(root: Path, tmp_path: Path) -> Run:
    """Runs ``benchmarks/NAME.py`` in a process of its own, in which some packages may be missing."""

    def run(
        name: str, *arguments: object, missing: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        absent = tmp_path / "absent"
        absent.mkdir(exist_ok=True)
        for package in missing:
            text = f"raise ImportError(\"No module named '{package}'\", name={package!r})\n"
            (absent / f"{package}.py").write_text(text, encoding="utf-8")
        path = os.pathsep.join(filter(None, [str(absent), os.environ.get("PYTHONPATH")]))
        return subprocess.run(
            [sys.executable, str(root / "benchmarks" / f"{name}.py"), *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    return run
