"""What underthesea makes of one token of ours, told without it."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracuu.vietnamese import segmentation
from tracuu.vietnamese.letters import LETTER, listed
from tracuu.vietnamese.segmentation import Segmenter, _laid_out, _Parts, _split
from tracuu.vietnamese.splitting import is_known, parts_of
from tracuu.vietnamese.tokens import columns_of

RUNS = listed(
    "nđ cp e mail qđ ubnd ttg qh12 x v 3 12 123 2024 1234 12345 60 000 tỷ t.ư vn com http ftp đ hđnd m2 học"
)
REPORTS = sorted((Path(__file__).parents[1] / "data" / "reports").glob("*.txt"))


def tokens() -> Iterator[str]:
    """Letters, marks, what the shipped reports hold, and a great many runs that marks join."""
    yield from {letter.lower() for letter in LETTER.values()} | set(
        "đabcdefghijklmnopqrstuvwxyz0123456789ßàçñöøüčłśšžſˆ"
    )
    yield from ".,;:?!()[]\"'“”‘’«»-–—/%&+*…"
    for report in REPORTS:
        text = report.read_text(encoding="utf-8", errors="replace")
        yield from _laid_out(text, columns_of(text))[0]
    chance = random.Random(5)
    for _ in range(20_000):
        yield "".join(
            chance.choice("0123456789" * 3 + "axebnđéơưmilšïv" * 2 + "-/.," * 5) for _ in range(12)
        )
        yield "".join(
            chance.choice(RUNS) + chance.choice("-/.,x") for _ in range(chance.randint(1, 6))
        ).strip("-/.,")


def test_all_that_is_known_is_what_underthesea_says() -> None:
    told = {token: parts for token in tokens() if (parts := parts_of(token)) is not None}
    assert len(told) > 15_000
    assert {token: tuple(_split(token)) for token in told} == told


@pytest.mark.parametrize(
    "token",
    ["so-y-te.vn/x", "a.vn/", "http://a.vn", "a@b.vn", "h'mông", "москва", "ð", "a_b", "", "--"],
)
def test_what_is_not_known_is_left_to_underthesea(token: str) -> None:
    assert parts_of(token) is None


def test_the_installed_underthesea_is_one_we_know() -> None:
    """Else indexing begins half a second later, and this list has to be looked at."""
    found = importlib.util.find_spec(segmentation._SPLITTER)
    assert found is not None
    assert found.origin is not None
    assert is_known(Path(found.origin))


def test_another_underthesea_is_asked_about_every_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "regex_tokenize.py").write_text("# of another version\n", encoding="utf-8")
    assert not is_known(tmp_path / "regex_tokenize.py")
    asked: list[str] = []
    monkeypatch.setattr(segmentation, "_split", lambda feed: asked.append(feed) or [feed])
    assert _Parts(knows_splitting=False)["phố"] == ("phố",)
    assert _Parts(knows_splitting=True)["phố"] == ("phố",)
    assert asked == ["phố"]


def test_a_broken_underthesea_is_told_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    from tracuu.errors import MissingExtra

    def broken(name: str) -> None:
        raise ImportError(f"{name}: no module named 'numpy'")

    Segmenter().warm_up()
    monkeypatch.setattr(segmentation, "import_module", broken)
    with pytest.raises(MissingExtra, match=r"numpy.*pip install underthesea"):
        Segmenter().segment("quốc phòng Москва")
