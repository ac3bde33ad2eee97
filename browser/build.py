"""Make the page that searches reports inside a browser.

    python browser/build.py FOLDER

FOLDER then contains static files for any web server: Pyodide (CPython for WebAssembly, from its npm
package), the wheels of tracuu and its dependencies, and the page. They are not committed. The
command needs pip, npm and the network; the page works offline after the first visit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYODIDE = "314.0.7"  # the release on npm, with CPython 3.14
PLATFORM = "pyemscripten_2026_0_wasm32"  # the platform tag of that release's wheels (PEP 783)
PURE = (
    "click",
    "whoosh3",
    "underthesea",
    "joblib",  # needed by underthesea's splitting of unusual text
    "ftfy",
    "wcwidth",
    "pathspec",
    "defusedxml",
    "olefile",
    "markdown-it-py",
    "mdurl",
)
NATIVE = ("pypdfium2",)
RUNTIME = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
PAGE = ("index.html", "page.js", "worker.js", "engine.py", "style.css", "service-worker.js")


def build(folder: Path) -> None:
    """Fill ``folder``, which must be missing or empty, with the page."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty: name a new folder, or empty it")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        _add_runtime(Path(scratch), folder / "pyodide")
        wheels = _add_wheels(Path(scratch), folder / "wheels")
    for name in PAGE:
        shutil.copy(HERE / name, folder / name)
    files = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    digest = hashlib.sha256()
    for name in files:
        digest.update(name.encode() + (folder / name).read_bytes())
    manifest = {"version": digest.hexdigest()[:16], "wheels": wheels, "files": files}
    text = json.dumps(manifest, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    # Browsers fetch a new page when the bytes of its service worker change.
    worker = folder / "service-worker.js"
    source = worker.read_text(encoding="utf-8").replace(
        '"VERSION"', json.dumps(manifest["version"])
    )
    worker.write_text(source, encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {len(files) + 1} files, {size / 1e6:.1f} MB", file=sys.stderr)


def _add_runtime(scratch: Path, target: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch Pyodide; install Node.js")
    subprocess.run([npm, "pack", "--silent", f"pyodide@{PYODIDE}"], cwd=scratch, check=True)
    target.mkdir()
    with tarfile.open(next(scratch.glob("pyodide-*.tgz"))) as archive:
        for name in RUNTIME:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"the npm package of Pyodide {PYODIDE} has no file {name}")
            (target / name).write_bytes(member.read())


def _add_wheels(scratch: Path, target: Path) -> list[str]:
    """Fetch the wheels; return their names in order of installation."""
    target.mkdir()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    fetch = [*pip, "download", "--no-deps", "--only-binary", ":all:", "--dest", str(target)]
    fetch += ["--constraint", str(ROOT / "constraints.txt")]
    version = ["--python-version", "314", "--implementation", "cp"]
    subprocess.run([*fetch, *version, "--platform", "any", *PURE], check=True)
    subprocess.run([*fetch, *version, "--platform", PLATFORM, *NATIVE], check=True)
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--wheel-dir", str(target), str(ROOT)], check=True, cwd=scratch
    )
    return sorted(path.name for path in target.glob("*.whl"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    build(parser.parse_args().folder.resolve())
