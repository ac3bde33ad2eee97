"""Our decoding of underthesea's word model gives the very words that underthesea gives."""

import struct
from pathlib import Path

import pytest

from tracuu.vietnamese import Segmenter
from tracuu.vietnamese.crf import Decoder, UnknownModelError, is_plain, read_model, titled

ROOT = Path(__file__).resolve().parents[2]
REPORTS = sorted([*ROOT.glob("corpus/samples/*.txt"), *ROOT.glob("tests/data/reports/*.txt")])


def both_ways(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    segmenter = Segmenter()
    segmenter.warm_up()
    assert Segmenter._cutter is not None
    ours = segmenter.segment(text)
    with monkeypatch.context() as patched:
        patched.setattr(Segmenter, "_cutter", None)
        return ours, segmenter.segment(text)


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_words_of_a_report_are_those_of_underthesea(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = both_ways(report.read_text(encoding="utf-8"), monkeypatch)
    assert ours
    assert ours == theirs


@pytest.mark.parametrize(
    "text",
    [
        "quận ủy",
        "mạng 4g phủ sóng 4g, diện tích 25m2 đất 3ha rừng, 4g 5g 6g kinh tế 4g",
        "Quận 3, Quận 12, số 4092739299, 2147483647 và 2147483648 đồng; +5 -5",
        "4.590 tỷ đồng (12,5%) – v.v. … ngày 21/9/2004, từ 2000-2005, 15-CT/TU, H'Mông, N’Thôn Hạ",
        "Straße, naïve, façade, ĸ, ƛ, ª, º, ², ½, ς, 日本 thành phố, приказ thành phố",
        "vanban.chinhphu.vn của chính phủ, a@b.vn của chính phủ: kinh tế:xã hội & an ninh + quốc phòng",
        "-- kinh tế -- => xã hội == văn hóa >> an ninh",
    ],
)
def test_words_of_odd_text_are_those_of_underthesea(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = both_ways(text, monkeypatch)
    assert ours == theirs


def test_words_beside_each_plain_letter_are_those_of_underthesea(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Slips of scanners and converters are full of them: ``ˆ``, ``ƒ``, a Cyrillic ``с``."""
    letters = [
        letter for letter in map(chr, range(0xA1, 0x20A0)) if letter.isalnum() and is_plain(letter)
    ]
    assert {"ˆ", "ƒ", "с", "µ", "₂", "ỵ"} <= set(letters)
    for letter in letters:
        ours, theirs = both_ways(
            f"kinh tế {letter} xã hội, an{letter} ninh {letter}{letter} thành phố", monkeypatch
        )
        assert ours == theirs, letter


def test_underthesea_is_seldom_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    Segmenter().warm_up()
    asked: list[str] = []
    real = Segmenter._tokenise
    assert real is not None
    monkeypatch.setattr(Segmenter, "_tokenise", lambda text: asked.append(text) or real(text))
    text = REPORTS[0].read_text(encoding="utf-8")
    assert Segmenter().segment(text)
    assert not asked


def test_titled_is_what_underthesea_means_by_istitle() -> None:
    core = pytest.importorskip("underthesea_core")
    featurizer = core.CRFFeaturizer(["T[0].istitle", "T[0].lower"], set())
    marks = [chr(code) for code in range(0x21, 0x2100) if is_plain(chr(code))]
    assert len(marks) > 400
    for mark in marks:
        ((title, lower),) = featurizer.process([[[mark]]])[0]
        assert title == f"T[0].istitle={titled(mark)}", mark
        assert lower == f"T[0].lower={mark}", mark


def test_another_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="features"):
        Decoder(tmp_path)
    for name in ("features.bin", "dictionary.bin", "models.bin"):
        (tmp_path / name).write_bytes(b"\x80\x04].")
    with pytest.raises(UnknownModelError):
        Decoder(tmp_path)
    with pytest.raises((UnknownModelError, struct.error)):
        read_model(b"lCRF" + b"\0" * 400)


def test_without_a_model_we_know_underthesea_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tracuu.vietnamese.segmentation import _Cutter

    assert _Cutter.load(tmp_path) is None
    assert _Cutter.load(tmp_path / "none") is None
