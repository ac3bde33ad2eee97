"""Many paragraphs for measuring speed: real ones from a file, or generated."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

# one paragraph per line: ``{"text": …}``
DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "scale" / "phapdien-100k.jsonl.gz"

_TEXT = """
ban chấp hành đảng bộ quận lãnh đạo công tác kinh tế xã hội phát triển nông thôn đô thị quản lý
nhà nước cải cách thủ tục hành chính giải ngân vốn đầu tư xây dựng cơ bản ngân sách thu chi
giáo dục y tế văn hóa quốc phòng an ninh trật tự an toàn giao thông dân vận mặt trận đoàn thể
hội phụ nữ thanh niên nông dân cựu chiến binh kiểm tra giám sát kỷ luật cán bộ đảng viên tổ chức
cơ sở chi bộ nghị quyết chỉ thị kế hoạch chương trình hành động nhiệm vụ trọng tâm chỉ tiêu
hoàn thành vượt mức hạn chế tồn tại khuyết điểm nguyên nhân chủ quan khách quan
"""
_SYLLABLES = _TEXT.split()


def paragraphs(count: int, source: Path = DEFAULT) -> Iterator[str]:
    """The first ``count`` paragraphs."""
    if source.is_file():
        with gzip.open(source, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in islice(lines, count))
    else:
        yield from islice(_generated(random.Random(6)), count)


def kind(source: Path = DEFAULT) -> str:
    """A description of the paragraphs."""
    return f"paragraphs of {source.name}" if source.is_file() else "generated paragraphs"


def _generated(chance: random.Random) -> Iterator[str]:
    # Words of one syllable, or two for rare ones, drawn by Zipf's law as in natural text.
    rare = [f"{chance.choice(_SYLLABLES)} {chance.choice(_SYLLABLES)}" for _ in range(20_000)]
    weights = [1 / rank for rank in range(1, len(rare) + 1)]
    while True:
        words = chance.choices(rare, weights, k=chance.randint(8, 45))
        text = " ".join(words)
        yield f"{text[0].upper()}{text[1:]} {chance.randint(1, 2500)}."


def write_reports(texts: Iterator[str], count: int, folder: Path, reports: int = 1000) -> int:
    """Write ``count`` paragraphs as ``reports`` files; return the total bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    each, size = max(1, -(-count // reports)), 0
    for number in range(reports):
        mine = list(islice(texts, each))
        if not mine:
            break
        content = f"BÁO CÁO\nvề tình hình số {number}\n\n" + "\n\n".join(mine) + "\n"
        size += (folder / f"bao-cao-{number:05}.txt").write_bytes(content.encode("utf-8"))
    return size
