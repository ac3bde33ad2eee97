"""The pages of docs that are sessions: their commands run one after the other, as a reader would type them.

Of a page, what is run are ``console`` blocks (lines with ``$``: ``tracuu``, ``cp``, ``python`` with an example; what follows is what
a terminal shows) and ``python`` blocks that a ``text`` block with their output follows. They run in a folder with two sample
reports in ``reports/`` and a third in ``arrived/``.

``python tests/docs/page_blocks.py [PAGE…]`` puts the real output into the pages. Those of docs/vi run with ``TRACUU_LANG=vi``.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ("docs/tutorial.md", "docs/command-line.md", "docs/how-to.md", "docs/embedding.md", *(
    path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs" / "vi").glob("*.md"))
))  # fmt: skip
CONSOLE = re.compile(r"```console\n(?P<session>.*?)```\n", re.DOTALL)
PYTHON = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```\n", re.DOTALL)
BLOCK = re.compile(f"{CONSOLE.pattern}|{PYTHON.pattern}", re.DOTALL)
LATER = "bao-cao-tong-ket-thanh-uy-2015-2020.txt"


# What an update that took long says of its speed: on a busy machine only.
_RATE = re.compile(r" (?:in|trong) [\d.,:]+ [^\W\d]+, [\d.,]+ (?:passages/s|đoạn/giây)(?=\.)")


def language_of(page: str) -> str:
    """The language of a page, and of what its commands print."""
    return "vi" if page.startswith("docs/vi/") else "en"


def make_folder(folder: Path) -> None:
    """The reader's folder."""
    for name in ("reports", "arrived"):
        (folder / name).mkdir()
    for path in sorted((ROOT / "corpus" / "samples").glob("*.txt")):
        shutil.copy(path, folder / ("arrived" if path.name == LATER else "reports"))


def run_page(text: str, folder: Path, language: str = "en") -> Iterator[tuple[str, str]]:
    """Each block of a page as it stands, and as it should stand."""
    for found in BLOCK.finditer(text):
        if found["session"] is not None:
            commands = [line for line in found["session"].splitlines() if line.startswith("$ ")]
            session = "".join(f"{line}\n{_run(line[2:], folder, language)}" for line in commands)
            yield found[0], f"```console\n{session}```\n"
        else:
            shown = _process([sys.executable, "-c", found["code"]], folder, language)
            yield found[0], f"```python\n{found['code']}```\n\n```text\n{shown}```\n"


def _run(line: str, folder: Path, language: str) -> str:
    command, _, target = line.partition(" > ")
    words = shlex.split(command)
    own = dict(word.split("=", 1) for word in words if re.match("[A-Z_]+=", word))
    program, *args = words[len(own) :]
    if program == "tracuu":
        shown = _process(
            [sys.executable, "-m", "tracuu.cli", *args], folder, language, separate=bool(target)
        )
        if target:
            (folder / target).write_text(shown, encoding="utf-8")
            return ""
        return shown
    if program == "python":
        return _process([sys.executable, str(ROOT / args[0]), *args[1:]], folder, language, **own)
    if program == "cp" and args[0] == "-r":
        shutil.copytree(folder / args[1], folder / args[2])
    elif program == "cp":
        shutil.copy(folder / args[0], folder / args[1])
    else:
        raise ValueError(f"{program} is not run in pages: {line}")
    return ""


def _process(
    command: list[str], folder: Path, language: str, *, separate: bool = False, **own: str
) -> str:
    places = os.pathsep.join(filter(None, (str(ROOT / "examples"), os.environ.get("PYTHONPATH"))))
    environment = {
        **os.environ, "PYTHONPATH": places, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1", "TRACUU_LANG": language, **own,
    }  # fmt: skip
    for name in ("TRACUU_INDEX", "TRACUU_ABBREVIATIONS"):
        environment.pop(name, None)
    done = subprocess.run(
        command, encoding="utf-8", env=environment, cwd=folder, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if separate else subprocess.STDOUT,
    )  # fmt: skip
    shown = done.stdout if separate else done.stdout.replace(str(folder), "…")
    shown = _RATE.sub("", shown)
    return (
        "\n".join(line.rstrip() for line in shown.splitlines()).strip("\n") + "\n"
        if shown.strip()
        else ""
    )


def main() -> None:
    """Write the real output into the pages, or those that are named."""
    for name in sys.argv[1:] or PAGES:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            make_folder(Path(folder).resolve())
            for old, new in run_page(text, Path(folder).resolve(), language_of(name)):
                text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
