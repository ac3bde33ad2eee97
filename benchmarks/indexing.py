"""Speed of indexing and size of the index: tracuu's engines and peers.

    python benchmarks/indexing.py [--sizes 10000 30000 100000] [--script 10000] [--jobs N]
                                  [--keep DIR] [--out DIR]

The script is the simplest program for the task: underthesea.word_tokenize into one plain Whoosh
TEXT field, in one process. It runs only with the sizes given with ``--script``, since it is slow
and its time is linear. Bare tantivy indexes the paragraphs in one field with its default analyser.
Every measurement is a separate process, and all are made in one run. Prints Markdown; ``--out``
also writes ``indexing.md`` and ``indexing.svg`` (which needs matplotlib). ``--keep`` leaves the
indexes for searching.py.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from environment import environment
from memory import Peak
from scale import DEFAULT, kind, paragraphs, write_reports

PACKAGES = ("underthesea", "whoosh3", "whoosh", "tantivy")


def tracuu(work: Path, count: int, jobs: int | None, engine: str = "whoosh") -> dict[str, Any]:
    """First build, an update without changes, and one with one report changed.

    The minimum of three runs each; updates run in a process that has read reports before, like
    ``watch``.
    """
    from tracuu import Index
    from tracuu.engines.processes import available_jobs
    from tracuu.vietnamese import Analyser

    def update(index: Any) -> tuple[float, int]:
        start = time.perf_counter()
        passages = sum(change.passages for change in index.update([work / "reports"], jobs=jobs))
        return time.perf_counter() - start, passages

    place = work / ("tracuu" if engine == "whoosh" else f"tracuu-{engine}")
    with Index.create(place, engine=engine) as index:
        with Peak(jobs or available_jobs()) as memory:
            first, passages = update(index)
        size = index.info().size
    used = {"cpu": processor(), "memory": memory.megabytes, "kind": memory.kind}
    # an update without new files does not load the model; a running ``watch`` has it
    Analyser().warm_up()
    with Index.open(place) as index:
        nothing = min(update(index)[0] for _ in range(3))
        changed = work / "reports" / "bao-cao-00007.txt"
        before = changed.read_bytes()
        times = []
        for number in range(4):
            more = f"\nThêm một đoạn: giải ngân vốn đầu tư công còn chậm, lần {number}.\n"
            changed.write_bytes(before + more.encode())
            times.append(update(index)[0])
        one = min(times[1:])  # the first one includes loading the model
        changed.write_bytes(before)
        update(index)
    return {
        "seconds": first,
        "passages": passages,
        "size": size,
        "nothing": nothing,
        "one": one,
        **used,
    }


def script(work: Path, count: int, jobs: int | None) -> dict[str, Any]:
    """Index underthesea's words in one Whoosh field, with default settings."""
    from underthesea import word_tokenize
    from whoosh import fields
    from whoosh.index import create_in

    start = time.perf_counter()
    (work / "script").mkdir()
    index = create_in(
        str(work / "script"),
        fields.Schema(id=fields.ID(stored=True), text=fields.TEXT(stored=True)),
    )
    writer = index.writer()
    passages = 0
    with Peak(0) as memory:
        for path in sorted((work / "reports").iterdir()):
            for number, text in enumerate(path.read_text(encoding="utf-8").split("\n\n")):
                writer.add_document(
                    id=f"{path.stem}#{number}", text=word_tokenize(text, format="text")
                )
                passages += 1
        writer.commit()
    return measured(start, passages, work / "script", memory)


def measured(start: float, passages: int, folder: Path, memory: Peak) -> dict[str, Any]:
    """The figures of a build that began at ``start``."""
    return {
        "seconds": time.perf_counter() - start,
        "passages": passages,
        "size": sum(path.stat().st_size for path in folder.iterdir()),
        "cpu": processor(),
        "memory": memory.megabytes,
    }


def processor() -> float:
    """Processor seconds of this process and its children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def on_tantivy(work: Path, count: int, jobs: int | None) -> dict[str, Any]:
    """The same with the engine tantivy."""
    return tracuu(work, count, jobs, "tantivy")


def bare_tantivy(work: Path, count: int, jobs: int | None) -> dict[str, Any]:
    """tantivy with its default analyser: no words, no headings, no areas."""
    import tantivy

    start = time.perf_counter()
    (work / "bare-tantivy").mkdir()
    schema = tantivy.SchemaBuilder().add_text_field("text", stored=True).build()
    index = tantivy.Index(schema, path=str(work / "bare-tantivy"))
    writer = index.writer()
    passages = 0
    with Peak(0) as memory:
        for path in sorted((work / "reports").iterdir()):
            for text in path.read_text(encoding="utf-8").split("\n\n"):
                writer.add_document(tantivy.Document(text=text))
                passages += 1
        writer.commit()
        writer.wait_merging_threads()
    return measured(start, passages, work / "bare-tantivy", memory)


SYSTEMS = {
    "tracuu": tracuu,
    "tracuu-tantivy": on_tantivy,
    "tantivy": bare_tantivy,
    "script": script,
}
LABELS = {
    "tracuu": "tracuu",
    "tracuu-tantivy": "tracuu on tantivy",
    "tantivy": "bare tantivy",
    "script": "afternoon script",
}


def measure(system: str, work: Path, count: int, jobs: int | None) -> dict[str, Any]:
    """Run one measurement in a separate process."""
    command = [
        sys.executable,
        __file__,
        "--one",
        system,
        "--work",
        str(work),
        "--sizes",
        str(count),
    ]
    command += ["--jobs", str(jobs)] if jobs else []
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rows(results: dict[tuple[str, int], dict[str, Any]], texts: dict[int, int]) -> list[str]:
    """The table in Markdown."""
    lines = [
        f"| paragraphs | system | seconds | paragraphs/s | CPU s | memory, MB ({kind_of(results)}) "
        "| index ÷ text | nothing changed, s | one report of 1,000 changed, s |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for (system, count), found in results.items():
        rest = (
            [
                f"{found[name]:.3f} ({found[name] / found['seconds']:.2%} of the build)"
                for name in ("nothing", "one")
            ]
            if "one" in found
            else ["", ""]
        )
        cells = [
            f"{count:,}",
            LABELS[system],
            f"{found['seconds']:.1f}",
            f"{count / found['seconds']:,.0f}",
            f"{found['cpu']:.1f}",
            f"{found['memory']:.0f}",
            f"{found['size'] / texts[count]:.2f}",
            *rest,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def kind_of(results: dict[tuple[str, int], dict[str, Any]]) -> str:
    """The measure of memory, see memory.py."""
    return next((str(found["kind"]) for found in results.values() if "kind" in found), "PSS")


def summary(results: dict[tuple[str, int], dict[str, Any]]) -> list[str]:
    """The results compared with the targets, one sentence each."""
    said = []
    for (system, count), found in results.items():
        ours = results.get(("tracuu", count))
        if system == "script" and ours:
            times, work = found["seconds"] / ours["seconds"], found["cpu"] / ours["cpu"]
            again = found["seconds"] / ours["nothing"]
            said.append(f"- {count:,}: {times:.1f} × the script's paragraphs/s; an update with "
                        f"nothing changed is {again:,.0f} × faster than the script, which takes "
                        f"{work:.1f} × tracuu's processor time.")  # fmt: skip
    sizes = sorted(count for system, count in results if system == "tracuu")
    if len(sizes) > 1:
        small, large = results["tracuu", sizes[0]], results["tracuu", sizes[-1]]
        said.append(f"- {sizes[-1]:,} take {large['seconds'] / small['seconds']:.1f} × the time of "
                    f"{sizes[0]:,} ({large['cpu'] / small['cpu']:.1f} × the processor "
                    "time).")  # fmt: skip
    return said


def plot(results: dict[tuple[str, int], dict[str, Any]], path: Path) -> None:
    """Plot paragraphs per second by number of paragraphs."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.6))
    for system, label in LABELS.items():
        if system == "tantivy":  # so much faster that the others would look equal
            continue
        points = sorted(
            (count, count / found["seconds"])
            for (name, count), found in results.items()
                        if name == system)  # fmt: skip
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("paragraphs")
    axes.set_ylabel("paragraphs a second")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--script", type=int, nargs="*", default=[10_000])
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--scale", type=Path, default=DEFAULT)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--one", choices=SYSTEMS, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)  # fails before the measurements
    if given.one:
        print(json.dumps(SYSTEMS[given.one](given.work, given.sizes[0], given.jobs)))
        return
    results: dict[tuple[str, int], dict[str, Any]] = {}
    texts: dict[int, int] = {}
    with tempfile.TemporaryDirectory(prefix="tracuu-indexing-") as temporary:
        for count in given.sizes:
            work = (given.keep or Path(temporary)) / str(count)
            texts[count] = write_reports(paragraphs(count, given.scale), count, work / "reports")
            for system in SYSTEMS:
                if "tantivy" in system and find_spec("tantivy") is None:
                    continue
                if system != "script" or count in given.script:
                    results[system, count] = measure(system, work, count, given.jobs)
                    print(
                        rows({(system, count): results[system, count]}, texts)[-1], file=sys.stderr
                    )
    command = " ".join(
        ["python benchmarks/indexing.py", *(["--jobs", str(given.jobs)] if given.jobs else [])]
    )
    page = [
        f"# Indexing: {kind(given.scale)}",
        "",
        f"Made by `{command}` on {environment(PACKAGES)}.",
        "",
        *rows(results, texts),
        "",
        *summary(results),
    ]
    print("\n".join(page))
    if given.out:
        plot(results, given.out / "indexing.svg")
        text = "\n".join([*page, "", "![Paragraphs a second](indexing.svg)", ""])
        (given.out / "indexing.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
