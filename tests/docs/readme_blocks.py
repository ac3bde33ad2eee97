"""README's console blocks: the commands in them and what they print.

``python tests/docs/readme_blocks.py`` puts the real output into README.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"```console\n\$ (?P<command>tracuu [^\n]*)\n(?P<output>.*?)```\n", re.DOTALL)


def run(arguments: str, index: str) -> str:
    """What ``tracuu …`` prints on stdout, with the samples in ``index``."""
    import shlex

    environment = {
        **os.environ,
        "TRACUU_INDEX": index,
        "PYTHONIOENCODING": "utf-8",
        "NO_COLOR": "1",
        "TRACUU_LANG": "en",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tracuu.cli", *shlex.split(arguments)[1:]],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=tempfile.gettempdir(),
        check=True,
    )
    shown = re.sub(r"\S*[/\\]corpus[/\\]samples[/\\]", "…/corpus/samples/", done.stdout)
    return "\n".join(line.rstrip() for line in shown.splitlines()).strip("\n") + "\n"


def make_index(folder: str) -> str:
    """An index of the samples below ``folder``."""
    index = str(Path(folder) / "index")
    run("tracuu index --samples --quiet", index)
    return index


def main() -> None:
    """Write the real output into README."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        index = make_index(folder)
        text = BLOCK.sub(
            lambda found: f"```console\n$ {found['command']}\n{run(found['command'], index)}```\n",
            text,
        )
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
