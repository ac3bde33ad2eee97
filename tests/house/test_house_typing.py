"""What a type checker says of an application's imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tracuu


def test_a_mistyped_public_name_is_a_type_error(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="the extra dev is not installed")
    (tmp_path / "app.py").write_text(
        "from tracuu import serach\nfrom tracuu import Index, copy, rebuild\n"
        "index: Index = Index.open(1)\n",
        encoding="utf-8",
    )
    options = ["--cache-dir", os.devnull, "--follow-imports=silent", "--ignore-missing-imports"]
    try:  # a checker does not follow an editable installation
        (tmp_path / "path").mkdir()
        (tmp_path / "path" / "tracuu").symlink_to(Path(tracuu.__file__).parent)
    except OSError:
        pytest.skip("no symbolic links here")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "app.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(tmp_path / "path")},
        capture_output=True,
        encoding="utf-8",
    )
    found = [line.partition(": error: ")[2] for line in done.stdout.splitlines()]
    assert found[0].startswith('Module "tracuu" has no attribute "serach"')
    assert 'Argument 1 to "open" of "Index" has incompatible type "int"' in found[1]
    assert len(list(filter(None, found))) == 2
