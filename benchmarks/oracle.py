"""Compare random queries on every engine with a scan of all passages.

    python benchmarks/oracle.py [--examples N] [--trees N] [--seed N] [--engine NAME …]
                                [--opensearch URL]

The queries use the whole query language (docs/query-language.md): words with and without
diacritics, phrases, proximity, prefixes, fuzzy words, titles, headings, areas, assessments,
reports, kinds, terms and years, combined by AND, OR, NOT, + and -, and parentheses, some with
filters. The oracle has no index: it knows the words each passage was generated from, and implements
each clause as documented. It compares the passages found, their order if it is fixed, and the
counts by area and assessment. Indexes are made in several commits, with removals and replaced
reports in between. ``--trees`` runs the contract's own test
(tests/contract/test_contract_random.py) on that number of sets of random documents and random trees
of nodes, including scores; it needs hypothesis. ``--opensearch`` is the address of a cluster
(``python tests/opensearch/cluster.py`` starts one); its indexes are deleted afterwards, except
those of the trees. Exits with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tracuu import Index, Passage, Report
from tracuu.vietnamese import fold

ENGINES = ("whoosh", "tantivy", "memory")
WORLDS = 100  # queries per set of reports
# Syllables that differ in one diacritic or letter, so that clauses overlap; no function words.
WORDS = (
    "ngân", "ngan", "ngần", "ngâm", "nhân", "vốn", "von", "vôn", "vón", "giải", "giai", "chậm",
    "cham", "chăm", "luật", "luất", "lụt", "đường", "dường", "duong", "trường", "thôn", "hôn",
    "môn", "chợ", "cho", "thuế", "thue",
)  # fmt: skip
UNKNOWN = ("khoai", "quít", "mướp")  # words that no passage contains
AREAS = ("kinh-te", "do-thi", "dan-van", "chung")
ASSESSMENTS = ("achievement", "shortcoming", "cause", None)
KINDS = ("báo cáo", "nghị quyết", None)
_MOST_VIETNAMESE = 3  # clauses of a query with Vietnamese operators (VÀ, HOẶC, KHÔNG)


@dataclass(frozen=True)
class Row:
    """A generated passage: words of its headings and text, and its report."""

    passage: Passage
    report: Report
    parts: tuple[tuple[str, ...], ...]
    title: tuple[str, ...]


Fits = Callable[[Row], bool]
Holds = Callable[[Row, bool], bool]


@dataclass(frozen=True)
class Clause:
    """A part of a query.

    ``holds`` tests whether a passage matches it, in a query without any diacritics or with some;
    ``words`` are its plain words, ``marked`` is whether it has a word with diacritics.
    """

    text: str
    holds: Holds
    words: tuple[str, ...] = ()
    marked: bool = False


# --- reports -------------------------------------------------------------------------------------


def make_reports(chance: random.Random) -> dict[str, list[Row]]:
    """Generate reports: report → its passages."""
    found = {}
    for number in range(chance.randint(3, 9)):
        first = chance.choice((1998, 2000, 2005, 2010))
        term = (first, first + chance.choice((0, 2, 5))) if chance.random() < 0.8 else None
        title = tuple(chance.choices(WORDS, k=chance.randint(1, 4)))
        report = Report(f"r{number}", " ".join(title), kind=chance.choice(KINDS), term=term)
        found[report.id] = [
            _row(chance, report, title, at) for at in range(1, chance.randint(2, 9))
        ]
    return found


def _row(chance: random.Random, report: Report, title: tuple[str, ...], at: int) -> Row:
    words = lambda most: tuple(chance.choices(WORDS, k=chance.randint(1, most)))  # noqa: E731
    headings = tuple(words(3) for _ in range(chance.randint(0, 2)))
    text = words(60 if chance.random() < 0.1 else 9)
    passage = Passage(
        report.id,
        at,
        " ".join(text),
        tuple(map(" ".join, headings)),
        chance.choice(AREAS),
        chance.choice(ASSESSMENTS),  # type: ignore[arg-type]
    )
    return Row(passage, report, (*headings, text), title)


def fill(index: Index, chance: random.Random, reports: dict[str, list[Row]]) -> None:
    """Add the reports in random order, replacing some and removing others."""
    other = make_reports(chance)
    for name in chance.sample(sorted(reports), len(reports)):
        if name in other and chance.random() < 0.5:
            add(index, other[name])
            index.remove(name)
        add(index, reports[name])
        gone = [Row(Passage("gone", 1, " ".join(WORDS)), Report("gone", "đi"), (), ())]
        if chance.random() < 0.3:
            add(index, gone)
            index.remove("gone")


def add(index: Index, rows: Sequence[Row]) -> None:
    """Add one report."""
    index.add([row.passage for row in rows], report=rows[0].report, classify=False)


# --- clauses -------------------------------------------------------------------------------------


def is_word(typed: str, token: str, *, folded: bool = True) -> bool:
    """Whether a word of a text matches the one typed.

    Missing diacritics are ignored if ``folded``.
    """
    return token == typed or (folded and _is_folded(typed) and fold(token) == typed)


def _is_folded(typed: str) -> bool:
    return typed == fold(typed)


def _word(chance: random.Random) -> str:
    word = chance.choice(UNKNOWN) if chance.random() < 0.04 else chance.choice(WORDS)
    return fold(word) if chance.random() < 0.3 else word


def _plain(chance: random.Random) -> Clause:
    typed = _word(chance)
    shown = typed.capitalize() if chance.random() < 0.1 else typed

    def holds(row: Row, folded: bool) -> bool:
        # beside words with diacritics, one without matches only itself
        return _has(row.parts, lambda token: is_word(typed, token, folded=folded))

    return Clause(shown, holds, (typed,), not _is_folded(typed))


def _has(parts: Sequence[Sequence[str]], fits: Callable[[str], bool]) -> bool:
    return any(fits(token) for part in parts for token in part)


def _phrase(chance: random.Random) -> Clause:
    typed = [_word(chance) for _ in range(chance.randint(2, 3))]
    # A phrase with a diacritic is searched as typed, one without any is searched folded.
    marked = not all(map(_is_folded, typed))
    slop = chance.choice((0, 0, 1, 2, 5))
    text = f'"{" ".join(typed)}"' + (f"~{slop}" if slop else "")
    holds = lambda row, _: _has_phrase(row.parts, typed, slop, marked=marked)  # noqa: E731
    return Clause(text, holds, (), marked)


def _has_phrase(
    parts: Sequence[Sequence[str]], typed: Sequence[str], slop: int, *, marked: bool
) -> bool:
    for part in parts:
        tokens = part if marked else [fold(token) for token in part]
        where = [[at for at, token in enumerate(tokens) if token == word] for word in typed]
        if _meet(where, slop):
            return True
    return False


def _meet(where: Sequence[Sequence[int]], slop: int, taken: tuple[int, ...] = ()) -> bool:
    """Whether positions, one of each list, are adjacent or within ``slop`` others."""
    if len(taken) == len(where):
        if not slop:
            return list(taken) == list(range(taken[0], taken[0] + len(taken)))
        return max(taken) - min(taken) - (len(taken) - 1) <= slop
    return any(_meet(where, slop, (*taken, at)) for at in where[len(taken)] if at not in taken)


def _beginning(chance: random.Random) -> Clause:
    word = _word(chance)
    typed = word[: chance.randint(1, len(word))]
    folded = _is_folded(typed)
    fits = lambda token: (fold(token) if folded else token).startswith(typed)  # noqa: E731
    return Clause(f"{typed}*", lambda row, _: _has(row.parts, fits), (), not folded)


def _fuzzy(chance: random.Random) -> Clause:
    typed = _word(chance)
    folded = _is_folded(typed)
    fits = lambda token: one_off(typed, fold(token) if folded else token)  # noqa: E731
    return Clause(f"{typed}~", lambda row, _: _has(row.parts, fits), (), not folded)


def one_off(one: str, other: str) -> bool:
    """Whether two words have edit distance 1 (transpositions included)."""
    if one == other:
        return True
    if len(one) == len(other):
        differ = [at for at, pair in enumerate(zip(one, other, strict=True)) if len({*pair}) > 1]
        if len(differ) == 1:
            return True
        return (
            len(differ) == 2
            and differ[1] == differ[0] + 1
            and (one[differ[0]] == other[differ[1]] and one[differ[1]] == other[differ[0]])
        )
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(
        long[:at] + long[at + 1 :] == short for at in range(len(long))
    )


def _in_part(chance: random.Random) -> Clause:
    """Clauses ``title:`` and ``heading:`` with a word, a phrase or a prefix."""
    name = chance.choice(("title", "heading", "tiêu-đề", "đề-mục"))
    parts: Callable[[Row], Sequence[Sequence[str]]] = (
        (lambda row: [row.title]) if name in ("title", "tiêu-đề") else (lambda row: row.parts[:-1])
    )
    how = chance.random()
    if how < 0.5:
        typed = _word(chance)
        fits = lambda token: is_word(typed, token)  # noqa: E731
        marked = not _is_folded(typed)
        return Clause(f"{name}:{typed}", lambda row, _: _has(parts(row), fits), (), marked)
    if how < 0.75:
        begun = _beginning(chance)
        typed = begun.text[:-1]
        folded = _is_folded(typed)
        starts = lambda token: (fold(token) if folded else token).startswith(typed)  # noqa: E731
        return Clause(f"{name}:{typed}*", lambda row, _: _has(parts(row), starts), (), not folded)
    words = [_word(chance) for _ in range(2)]
    return Clause(
        f'{name}:"{" ".join(words)}"',
        lambda row, _: any(
            is_word(words[0], left) and is_word(words[1], right)
            for part in parts(row)
            for left, right in pairwise(part)
        ),
        (),
        not all(map(_is_folded, words)),
    )


def _filter(chance: random.Random, names: Sequence[str]) -> Clause:
    kind = chance.choice(("area", "assessment", "report", "kind", "term", "year"))
    if kind == "area":
        areas = chance.sample(AREAS, chance.randint(1, 2))
        return Clause(f"area:{','.join(areas)}", lambda row, _: row.passage.area in areas)
    if kind == "assessment":
        wanted = chance.choice(ASSESSMENTS)
        return Clause(
            f"assessment:{wanted or 'none'}", lambda row, _: row.passage.assessment == wanted
        )
    if kind == "report":
        name = chance.choice(names)
        return Clause(f"report:{name}", lambda row, _: row.report.id == name)
    if kind == "kind":
        return Clause("kind:nghị-quyết", lambda row, _: row.report.kind == "nghị quyết")
    if kind == "term":
        first = chance.choice((1998, 2000, 2005))
        term = (first, first + 5)
        return Clause(f"term:{first}-{first + 5}", lambda row, _: row.report.term == term)
    first, last = sorted(chance.choices(range(1995, 2018), k=2))
    low, high = chance.choice(((first, last), (first, None), (None, last), (first, first)))
    text = str(low) if low == high else f"{low or ''}..{high or ''}"
    return Clause(
        f"{chance.choice(('year', 'năm'))}:{text}", lambda row, _: _in_years(row, low, high)
    )


def _in_years(row: Row, low: int | None, high: int | None) -> bool:
    if row.report.term is None:
        return False
    first, last = row.report.term
    return (high is None or first <= high) and (low is None or low <= last)


# --- queries -------------------------------------------------------------------------------------


class Maker:
    """Generates queries over some reports."""

    def __init__(self, chance: random.Random, names: Sequence[str]) -> None:
        self._chance = chance
        self._names = names
        self._leaves = 0
        self._vietnamese = False

    def query(self) -> Clause:
        """Generate a whole query."""
        self._leaves, self._vietnamese = 0, False
        state = self._chance.getstate()
        made = self._either(2)
        if self._leaves <= _MOST_VIETNAMESE and self._chance.random() < 0.3:
            self._chance.setstate(state)
            self._vietnamese = True
            made = self._either(2)
        return made

    def _either(self, depth: int) -> Clause:
        children = [self._all(depth) for _ in range(self._few())]
        return self._joined(children, "OR", "HOẶC", any)

    def _all(self, depth: int) -> Clause:
        children = [self._maybe_not(depth) for _ in range(self._few())]
        return self._joined(children, "AND", "VÀ", all)

    def _few(self) -> int:
        return self._chance.choice((1, 1, 1, 2, 2, 3))

    def _joined(
        self, children: list[Clause], english: str, vietnamese: str, how: Callable[[Any], bool]
    ) -> Clause:
        if len(children) == 1:
            return children[0]
        operator = vietnamese if self._vietnamese else english
        text = f" {operator} ".join(child.text for child in children)
        words = tuple(word for child in children for word in child.words)
        return Clause(
            text,
            lambda row, folded: how(child.holds(row, folded) for child in children),
            words,
            any(child.marked for child in children),
        )

    def _maybe_not(self, depth: int) -> Clause:
        child = self._single(depth)
        if self._chance.random() < 0.8:
            return child
        operator = "KHÔNG" if self._vietnamese else "NOT"
        return Clause(
            f"{operator} {child.text}",
            lambda row, folded: not child.holds(row, folded),
            (),
            child.marked,
        )

    def _single(self, depth: int) -> Clause:
        how = self._chance.random()
        if depth and how < 0.2:
            inner = self._either(depth - 1)
            return Clause(f"({inner.text})", inner.holds, inner.words, inner.marked)
        if depth and how < 0.4:
            inner = self._signed(depth)
            return Clause(f"({inner.text})", inner.holds, inner.words, inner.marked)
        return self._leaf()

    def _leaf(self) -> Clause:
        self._leaves += 1
        makers: list[Callable[[random.Random], Clause]] = [
            *(_plain, _plain, _plain, _phrase, _phrase, _beginning, _fuzzy, _in_part),
            lambda chance: _filter(chance, self._names),
        ]
        return self._chance.choice(makers)(self._chance)

    def _signed(self, depth: int) -> Clause:
        """Clauses in a row: at most one plain word, then some with + or -."""
        chance = self._chance
        plain = [_plain(chance)] if chance.random() < 0.4 else []
        needed = [_plain(chance) for _ in range(chance.randint(0, 2))]
        others = [self._leaf() for _ in range(chance.randint(0, 2))]
        others = [one for one in others if not one.words]
        unwanted = [self._single(0) for _ in range(chance.randint(0, 2))]
        texts = [
            *(f"+{one.text}" for one in needed),
            *(("+" if chance.random() < 0.5 else "") + one.text for one in others),
            *(f"-{one.text}" for one in unwanted),
        ]
        chance.shuffle(texts)
        self._leaves += len(texts) + len(plain)
        if not texts and not plain:
            return self._leaf()
        # beside a word with a plus, one without is optional
        musts = [*needed, *others, *([] if needed else plain)]
        return Clause(
            " ".join([*(one.text for one in plain), *texts]),
            lambda row, folded: (
                all(one.holds(row, folded) for one in musts)
                and not any(one.holds(row, folded) for one in unwanted)
            ),
            tuple(word for one in (*plain, *needed) for word in one.words),
            any(one.marked for one in (*plain, *needed, *others, *unwanted)),
        )


def options(chance: random.Random, names: Sequence[str]) -> tuple[dict[str, Any], Fits]:
    """Random filters, as keyword arguments of ``Index.search``."""
    given: dict[str, Any] = {}
    tests: list[Fits] = []
    if chance.random() < 0.25:
        areas = chance.sample(AREAS, 2)
        given["area"] = areas
        tests.append(lambda row: row.passage.area in areas)
    if chance.random() < 0.2:
        assessment = chance.choice(ASSESSMENTS)
        given["assessment"] = assessment or "none"
        tests.append(lambda row: row.passage.assessment == assessment)
    if chance.random() < 0.15:
        report = chance.choice(names)
        given["report"] = report
        tests.append(lambda row: row.report.id == report)
    if chance.random() < 0.2:
        first, last = sorted(chance.choices(range(1995, 2018), k=2))
        given["year"] = (first, last)
        tests.append(lambda row: _in_years(row, first, last))
    return given, lambda row: all(test(row) for test in tests)


# --- comparison ----------------------------------------------------------------------------------


def differences(
    indexes: dict[str, Index], rows: Sequence[Row], query: Clause, given: dict[str, Any], fits: Fits
) -> Iterator[str]:
    """Differences between each engine and the oracle."""
    wanted = [row for row in rows if fits(row) and query.holds(row, not query.marked)]
    ids = {row.passage.id for row in wanted}
    for name, index in indexes.items():
        results = index.search(query.text, **given, limit=1000, collapse=False)
        found = [hit.passage.id for hit in results]
        label = f"{name}: {query.text!r} {given}"
        relaxed = results.relaxed not in (None, "apart")  # words that are apart match as typed
        if relaxed or any(word.replaced_by for word in results.missing):
            # words were replaced, as the results report: nothing matches the query as typed
            named = {word.word.lower() for word in results.missing}
            known = {word for word in named if _is_known(word, rows, folded=not query.marked)}
            if ids and relaxed:
                yield f"{label}: relaxed, though {sorted(ids)} are right"
            if known:
                yield f"{label}: {sorted(known)} are not missing"
            continue
        if set(found) != ids or len(found) != len(ids) or results.total != len(ids):
            more, less = sorted(set(found) - ids), sorted(ids - set(found))
            yield f"{label}: total {results.total} of {len(ids)}, wrongly {more}, not {less}"
            continue
        counts = {
            "area": Counter(row.passage.area for row in wanted),
            "assessment": Counter(row.passage.assessment or "none" for row in wanted),
            "report": Counter(row.report.id for row in wanted),
        }
        if {facet: dict(results.facets.get(facet, {})) for facet in counts} != counts:
            yield f"{label}: counts {results.facets} and not {counts}"
        reading = index.search(query.text, **given, sort="reading", limit=1000, collapse=False)
        order = [hit.passage.id for hit in reading]
        if order != sorted(found, key=lambda one: (one.split("#")[0], int(one.split("#")[1]))):
            yield f"{label}: reading order {order}"


def _is_known(word: str, rows: Sequence[Row], *, folded: bool) -> bool:
    fits = lambda token: is_word(word, token, folded=folded)  # noqa: E731
    return any(_has(row.parts, fits) for row in rows)


def run(
    folder: Path, *, examples: int, seed: int, engines: dict[str, dict[str, Any]]
) -> tuple[Counter[str], list[str]]:
    """Run the queries on each engine (name → options); return counts and differences."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    while counts["queries"] < examples and len(wrong) < 10:
        place = folder / f"world{counts['worlds']}"
        place.mkdir()
        counts["worlds"] += 1
        reports = make_reports(chance)
        rows = [row for name in sorted(reports) for row in reports[name]]
        with ExitStack() as stack:
            indexes = {}
            order = chance.random()
            for name, given in engines.items():
                made = (
                    {"options": {**given, "name": f"{given['name']}-{counts['worlds']}"}}
                    if given
                    else {}
                )
                index = stack.enter_context(Index.create(place / name, engine=name, **made))
                fill(index, random.Random(order), reports)
                indexes[name] = index
            maker = Maker(chance, sorted(reports))
            for _ in range(min(WORLDS, examples - counts["queries"])):
                query = maker.query()
                given, fits = options(chance, sorted(reports))
                counts["queries"] += 1
                counts["passages that match"] += sum(
                    fits(row) and query.holds(row, not query.marked) for row in rows
                )
                wrong += differences(indexes, rows, query, given, fits)
        for made in filter(None, engines.values()):
            drop(made["url"], f"{made['name']}-{counts['worlds']}")
    return counts, wrong


def drop(url: str, name: str) -> None:
    """Remove an index from a cluster."""
    from opensearchpy import OpenSearch

    with OpenSearch(url) as client:
        for index in client.indices.get_alias(name=name):
            client.indices.delete(index=index)


def main() -> int:
    """Compare in a temporary folder; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--examples", type=int, default=2000, help="queries, on every engine")
    parser.add_argument("--trees", type=int, default=0, help="sets of documents for random trees")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--engine", action="append", choices=(*ENGINES, "opensearch"))
    parser.add_argument("--opensearch", metavar="URL", help="a cluster, compared too")
    given = parser.parse_args()
    engines: dict[str, dict[str, Any]] = {name: {} for name in given.engine or ENGINES}
    engines.pop("opensearch", None)
    if given.opensearch:
        name = f"tracuu-oracle-{os.getpid()}"
        engines["opensearch"] = {"url": given.opensearch, "name": name, "replicas": 0}
    elif "opensearch" in (given.engine or ()):
        parser.error("--engine opensearch needs --opensearch URL")
    print(f"seed {given.seed}")
    with tempfile.TemporaryDirectory(prefix="tracuu-oracle-") as folder:
        counts, wrong = run(
            Path(folder),
            examples=given.examples,
            seed=given.seed,
            engines=engines,
        )
    print(", ".join(f"{name} {number:,}" for name, number in counts.items()), end=", ")
    print(f"differences {len(wrong)}")
    for line in wrong:
        print(line, file=sys.stderr)
    if given.trees:
        run_trees(given.trees, given.seed)
    return 1 if wrong else 0


def run_trees(examples: int, seed_number: int) -> None:
    """Run the contract's random trees. Raises the errors of its test."""
    from hypothesis import HealthCheck, given, seed, settings

    tests = Path(__file__).resolve().parent.parent / "tests" / "contract"
    sys.path.insert(0, str(tests))
    from test_contract_random import WORLD, check_agreement

    limits = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    seed(seed_number)(limits(given(*WORLD)(check_agreement)))()
    print(f"{examples:,} sets of documents with random trees: all engines as the contract")


if __name__ == "__main__":
    sys.exit(main())
