"""Count words for restoring diacritics, and write corpus/models/words.txt.

    python benchmarks/count_words.py

They are the words of benchmarks/data/areas-train.jsonl, and of the text around the body of reports.
Prints the share of words of the annotated reports, which were not counted, that are restored
correctly after their diacritics are removed.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from tracuu.corpus.diacritics import WORD, BigramTable, DiacriticRestorer
from tracuu.corpus.line_types import KINDS
from tracuu.vietnamese import fold

ROOT = Path(__file__).resolve().parent.parent
AROUND_TIMES = 4  # weight of the phrases of AROUND
# Text around the body of reports: letterhead, signature, headings of sections.
AROUND = (
    "cộng hòa xã hội chủ nghĩa việt nam", "độc lập - tự do - hạnh phúc", "đảng cộng sản việt nam",
    "số", "ngày tháng năm", "ngày 1 tháng 1 năm 1", "năm 1", "số 1", "nơi nhận", "kính gửi",
    "t/m ban thường vụ", "t/m ban chấp hành", "bí thư", "phó bí thư thường trực", "chủ tịch",
    "phó chủ tịch", "giám đốc", "trưởng ban", "phó trưởng ban", "chánh văn phòng", "chủ nhiệm",
    "đã ký", "lưu văn phòng", "phần thứ nhất", "phần thứ hai", "phần thứ ba", "phần thứ tư",
    "phụ lục", "ủy ban nhân dân tỉnh", "ủy ban nhân dân huyện", "ủy ban nhân dân xã",
    "ủy ban nhân dân phường", "hội đồng nhân dân", "ban chấp hành đảng bộ tỉnh",
    "ban chấp hành đảng bộ huyện", "ban chấp hành đảng bộ xã", "ủy ban kiểm tra", "huyện ủy",
    "tỉnh ủy", "thành ủy", "quận ủy", "thị ủy", "đảng ủy xã", "đảng ủy phường", "đảng ủy sở",
    "đảng bộ xã", "đảng bộ phường", "đảng bộ huyện", "đảng bộ tỉnh", "đảng bộ thành phố", "chi bộ",
    "chi ủy", "thị trấn", "thị xã", "thành phố", "sở", "ủy ban mặt trận tổ quốc việt nam",
    "hội liên hiệp phụ nữ", "đoàn thanh niên", "hội nông dân", "hội cựu chiến binh", "về việc",
    "kèm theo", "quyết nghị", "phần một", "phần hai", "phần ba", "nhiệm kỳ 1 - 1", "khóa",
    "trên đây là báo cáo", "ưu điểm", "khuyết điểm", "hạn chế", "tồn tại", "nguyên nhân khách quan",
    "nguyên nhân chủ quan", "bài học kinh nghiệm", "kiến nghị đề xuất", "tuy nhiên",
    "phương hướng nhiệm vụ", "kết quả đạt được", "đánh giá chung", "đặc điểm tình hình",
    "mặt làm được",
)  # fmt: skip


def count_words() -> BigramTable:
    """Count pairs of neighbouring words in running text, and in the text around it."""
    table = BigramTable({}, {})
    for line in (
        (ROOT / "benchmarks/data/areas-train.jsonl").read_text(encoding="utf-8").splitlines()
    ):
        table.learn(json.loads(line)["text"])
    for phrase in (*KINDS, *AROUND):
        table.learn(phrase, AROUND_TIMES)
    return table


def main() -> None:
    """Count the words, write the table and measure it."""
    table = count_words()
    (ROOT / "corpus/models/words.txt").write_text(table.write(), encoding="utf-8")
    marker = DiacriticRestorer()
    right = total = 0
    for path in sorted((ROOT / "tests/data/reports").glob("*.txt")):
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
        for line in text.splitlines():
            pairs = list(
                zip(WORD.findall(line), WORD.findall(marker.mark(fold(line))), strict=True)
            )
            right += sum(wanted == got for wanted, got in pairs)
            total += len(pairs)
    print(
        f"{len(table.words):,} words; {right:,} of {total:,} ({right / total:.1%}) found again in "
        "the annotated reports"
    )


if __name__ == "__main__":
    main()
