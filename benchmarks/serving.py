"""Load test of the HTTP service: requests per second, times and errors.

    python benchmarks/serving.py [INDEX] [--seconds 10] [--clients 1 8] [--workers 1 2] [--write]
    python benchmarks/serving.py [INDEX] --office --workers 1 [--seconds 20]

INDEX is an index made by ``benchmarks/indexing.py --keep DIR`` (DIR/tracuu), or any other; by
default the sample reports are indexed. It is copied first, since one row is measured while reports
are added and removed. The queries are runs of one to eight words from the index's passages, a
seventh without diacritics; suggestions are requested for their beginnings. Each client is a process
with one persistent connection, which sends the next request when it has read the response. Every
query is run once before. ``--office`` measures the page instead: one person, then twenty who
search, export and view charts, about one request per second each. ``--write`` inserts the table
into docs/http.md.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from environment import environment

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "http.md"
BEGIN, END = "<!-- serving: begin -->\n", "<!-- serving: end -->\n"
OFFICE_BEGIN, OFFICE_END = "<!-- office: begin -->\n", "<!-- office: end -->\n"
TOKEN = "a-token-for-this-run"
_WORD = re.compile(r"\w+")
_BODY = "BÁO CÁO\n\nI. KINH TẾ\n\nThu ngân sách năm {} tăng đều, giải ngân vốn đầu tư còn chậm."


class Row(NamedTuple):
    """One measurement; times in seconds."""

    what: str
    workers: int
    clients: int
    seconds: float
    times: list[float]
    errors: int

    def cells(self) -> list[str]:
        """The row of the table."""
        times = sorted(self.times)
        at = [
            1000 * times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.95, 0.99)
        ]
        shown = [f"{value:.1f}" for value in at]
        rate = f"{len(times) / self.seconds:,.0f}"
        return [
            self.what,
            str(self.workers),
            str(self.clients),
            rate,
            *shown,
            f"{len(times):,}",
            str(self.errors),
        ]


def paths(index: Path, count: int) -> tuple[list[str], list[str]]:
    """Paths of searches, and of suggestions."""
    from tracuu import Index
    from tracuu.vietnamese import fold

    chance, searches, suggestions = random.Random(8), [], []
    with Index.open(index) as opened:
        total = opened.search("", limit=0).total
        texts = [
            hit.passage.text
            for _ in range(min(60, total))
            for hit in opened.search("", limit=5, offset=chance.randrange(max(1, total - 5)))
        ]
    while len(searches) < count:
        words = [word for word in _WORD.findall(chance.choice(texts).lower()) if word.isalpha()]
        size = chance.choice((1, 2, 2, 3, 3, 4, 8))
        if len(words) >= size:
            start = chance.randint(0, len(words) - size)
            text = " ".join(words[start : start + size])
            text = fold(text) if chance.random() < 1 / 7 else text
            searches.append(f"/api/v1/search?{urlencode({'q': text})}")
            suggestions.append(
                f"/api/v1/suggest?{urlencode({'q': text[: chance.randint(2, len(text) + 2)]})}"
            )
    return searches, suggestions


def ask(port: int, addresses: Sequence[str], seconds: float, seed: int, answers: Any) -> None:
    """Run one client; return its times and the number of errors."""
    chance, times, errors = random.Random(seed), [], 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        try:
            connection.request("GET", chance.choice(addresses))
            answer = connection.getresponse()
            answer.read()
            errors += answer.status != 200
        except (OSError, http.client.HTTPException):
            connection.close()
            errors += 1
        times.append(time.perf_counter() - start)
    answers.put((times, errors))


def measure(
    what: str, port: int, addresses: Sequence[str], workers: int, clients: int, seconds: float
) -> Row:
    """Send requests from several clients for some seconds."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    started = [
        context.Process(target=ask, args=(port, addresses, seconds, number, answers), daemon=True)
        for number in range(clients)
    ]
    for process in started:
        process.start()
    found = [answers.get() for _ in started]
    for process in started:
        process.join()
    return Row(
        what,
        workers,
        clients,
        seconds,
        [one for times, _ in found for one in times],
        sum(e for _, e in found),
    )


def office(
    port: int, queries: Sequence[str], people: int, seconds: float
) -> tuple[list[float], int, int]:
    """Simulate people who search; every fifth request exports or draws.

    Each sends about one request per second. Returns the times of searches, the number of failed
    searches, and the number of other requests without an answer.
    """
    times: list[float] = []
    failed, others = [0], [0]
    end = time.perf_counter() + seconds

    def person(seed: int) -> None:
        chance = random.Random(seed)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while time.perf_counter() < end:
            query = chance.choice(queries)
            other = chance.random() < 0.2
            page = chance.choice(("export.docx", "export.csv", "charts")) if other else ""
            start = time.perf_counter()
            try:
                connection.request("GET", f"/{page}?{urlencode({'q': query})}")
                answer = connection.getresponse()
                answer.read()
                good = answer.status == 200
            except (OSError, http.client.HTTPException):
                connection.close()
                good = False
            if other:
                others[0] += not good
            else:
                failed[0] += not good
                times.append(time.perf_counter() - start)
            time.sleep(chance.uniform(0.5, 1.5))

    threads = [threading.Thread(target=person, args=(seed,)) for seed in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, failed[0], others[0]


def office_rows(index: Path, token: Path, given: argparse.Namespace) -> Iterator[str]:
    """Lines of a table for one person, then twenty."""
    from urllib.parse import parse_qs, urlsplit

    searches, _ = paths(index, 40)
    queries = [parse_qs(urlsplit(one).query)["q"][0] for one in searches]
    yield (
        "| people | searches | p50, ms | p95, ms | failed searches | other requests not answered |"
    )
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    used, start = time.process_time(), time.perf_counter()
    with served(index, "--workers", given.workers[0], "--token-file", token) as port:
        for people in (1, 20):
            times, failed, others = office(port, queries, people, given.seconds)
            times.sort()
            at = [1000 * times[min(len(times) - 1, int(len(times) * p))] for p in (0.5, 0.95)]
            yield f"| {people} | {len(times)} | {at[0]:.0f} | {at[1]:.0f} | {failed} | {others} |"
    used, passed = time.process_time() - used, time.perf_counter() - start
    yield ""
    yield f"The clients used {used:.1f} s of processor time in {passed:.0f} s."


@contextmanager
def served(index: Path, *options: object) -> Iterator[int]:
    """Run ``tracuu serve`` with further options; yields the port."""
    command = [sys.executable, "-m", "tracuu.cli", "serve", str(index), "--port", "0"]
    process = subprocess.Popen(
        [*command, "--no-access-log", *map(str, options)],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    try:
        lines = []
        for line in process.stderr:  # warnings may come first
            lines.append(line)
            if port := re.search(r"http://[^ ]*:(\d+)/", line):
                break
        else:
            raise SystemExit("".join(lines))
        yield int(port[1])
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def writing(port: int) -> Iterator[list[int]]:
    """Add and remove reports meanwhile; yields the statuses."""
    end, seen = threading.Event(), []

    def write() -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/plain"}
        for number in range(10**6):
            for method, body in (("PUT", _BODY.format(number).encode()), ("DELETE", None)):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
                connection.request(method, f"/api/v1/reports/luong-{number}", body, headers)
                seen.append(connection.getresponse().status)
                connection.close()
            if end.wait(0.2):
                return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield seen
    finally:
        end.set()
        thread.join()


def rows(index: Path, token: Path, given: argparse.Namespace) -> Iterator[Row]:
    """Make all measurements."""
    searches, suggestions = paths(index, given.queries)
    for workers in given.workers:
        with served(index, "--workers", workers, "--token-file", token) as port:
            for addresses in (searches, suggestions):
                warm = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
                for path in addresses * workers:
                    warm.request("GET", path)
                    warm.getresponse().read()
                warm.close()
            for clients in given.clients:
                yield measure("search", port, searches, workers, clients, given.seconds)
                yield measure("suggest", port, suggestions, workers, clients, given.seconds)
            with writing(port) as written:
                row = measure(
                    "search, while", port, searches, workers, max(given.clients), given.seconds
                )
            refused = sum(status not in (200, 201) for status in written)
            yield row._replace(
                what=f"search, while {len(written)} writes", errors=row.errors + refused
            )


def table(index: Path, token: Path, given: argparse.Namespace) -> Iterator[str]:
    """The lines of the table of all measurements."""
    head = [
        *("asked for", "workers", "clients", "requests/s", "p50, ms", "p95, ms", "p99, ms"),
        *("requests", "errors"),
    ]
    yield f"| {' | '.join(head)} |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows(index, token, given):
        yield f"| {' | '.join(row.cells())} |"


def put(begin: str, end: str, block: str) -> None:
    """Write ``block`` between two markers of docs/http.md."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    PAGE.write_text(before + begin + block + end + rest.partition(end)[2], encoding="utf-8")


def main() -> None:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path, nargs="?")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--office", action="store_true", help="twenty people on the page, instead")
    parser.add_argument("--write", action="store_true", help="put the table into docs/http.md")
    given = parser.parse_args()
    from tracuu import Index

    with tempfile.TemporaryDirectory() as folder:
        index, token = Path(folder) / "index", Path(folder) / "token"
        token.write_text(TOKEN, encoding="ascii")
        if given.index:
            shutil.copytree(given.index, index)
        else:
            with Index.create(index) as made:
                list(made.update([ROOT / "corpus" / "samples"], jobs=1))
        with Index.open(index) as opened:
            passages = opened.search("", limit=0).total
        lines = []
        for line in (office_rows if given.office else table)(index, token, given):
            print(line, flush=True)
            lines.append(line)
    made_on = f"{passages:,} passages; {environment(('uvicorn', 'fastapi', 'whoosh3'))}"
    if given.write:
        block = f"\n{made_on}\n\n" + "\n".join(lines) + "\n\n"
        put(*((OFFICE_BEGIN, OFFICE_END) if given.office else (BEGIN, END)), block)
    else:
        print(made_on)


if __name__ == "__main__":
    main()
