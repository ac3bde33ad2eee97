"""Convert tables to blocks: layout tables to paragraphs, data tables to rows.

A row of data becomes ``Chỉ tiêu: Thu ngân sách; Kế hoạch: 4.590 tỷ``: each cell after the heading
of its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..blocks import Block
from ..numbering import roman_value
from ..repair import tidy

# Content of the layout tables of letters: motto and Party name above, recipients and signature
# below.
LETTER = re.compile(
    r"độc\s+lập\s*[-–—]\s*tự\s+do|cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa|"
    r"đảng\s+cộng\s+sản\s+việt\s+nam|nơi\s+nhận\s*:|^(?:t/?m\b|tm\.|kt\.|k/t\b|tl\.|tuq\.)|"
    r"\((?:đã\s+)?(?:ký|chữ\s+ký)\b|^số\s*:?\s*\d*\s*[-/]",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[-+(]?\d[\d.,\s]*%?\)?$")
_COUNTER = re.compile(r"\(?(?:\d{1,2}|[A-ZĐ]|[ivxIVX]+)\)?(?:\s*=.*)?$")
FIRST_HEADING = re.compile(r"(?:s(?:ố)?\s*)?tt\b|stt|số\s+thứ\s+tự|no\.?$", re.IGNORECASE)
# Column names in lists of people, things, tasks and figures.
_HEADING_NAME = re.compile(
    r"(?:họ (?:và|,) tên|họ tên|tên|nội dung|chỉ tiêu|mục tiêu|tiêu chí|đơn vị|địa chỉ|địa điểm|"
    r"chức vụ|chức danh|năm sinh|ngày sinh|số lượng|số tiền|số người|số hộ|kết quả|kế hoạch|"
    r"thực hiện|tỷ lệ|thành tích|xếp loại|giải(?: thưởng)?|lớp|môn|khối|ghi chú|nhiệm vụ|"
    r"thời gian|người|tổng số|mức|diện tích|kinh phí|nguồn vốn|(?:giải|biện) pháp|cơ quan|"
    r"(?:thời )?hạn|công việc|sản phẩm|lĩnh vực|loại|danh mục|dự án|công trình)"
    r"(?![^\W\d_])[^.;!?]{0,40}$",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_LONG_HEADING = 150
_MOST_COLUMNS = 200
_MOST_HEADER_ROWS = 4
_LETTER_ROWS = 6
_MOST_TITLE_ROWS = 3
_LONGEST_CELL = 600  # characters of a cell that holds a table
# The number of a group of rows: "I", "A."; a bare figure numbers a row.
_GROUP_NUMBER = re.compile(r"(?P<number>[IVXLC]{1,6}|[A-HĐ])\s*[.)/:–-]*$")
_GROUP_TITLE = re.compile(r"(?P<number>[IVXLC]{1,6}|[A-HĐ])\s*[.)/:–-]\s*(?=[^\W\d_])")
_REMARK = re.compile(
    r"(?:ghi chú|lưu ý|chú thích|nguồn|đơn vị(?: tính)?|tổng(?: số| cộng)?)\b", re.IGNORECASE
)
_LONGEST_GROUP = 150  # characters


@dataclass(slots=True)
class Cell:
    """One cell: its blocks, the columns and rows it spans, whether it is a heading.

    ``continued`` marks the lower part of a cell that spans rows, in formats that store it (Word).
    """

    blocks: list[Block]
    columns: int = 1
    rows: int = 1
    heading: bool = False
    continued: bool = False

    @property
    def text(self) -> str:
        """The cell's text on one line.

        Soft hyphens and control codes are kept: in legacy encodings they are letters (ư in TCVN3).
        """
        text = ""
        for block in self.blocks:
            if not block.note:
                inner = text and block.kind == "table-row"  # of a table within the cell
                text += ("; " if inner else " ") + block.text
        return _BLANKS.sub(" ", text).strip(" ")

    @property
    def notes(self) -> list[Block]:
        """The footnotes of the cell."""
        return [block for block in self.blocks if block.note]


@dataclass(slots=True)
class Table:
    """Rows of cells.

    ``borders`` is False if the format declares that there are none, None if it is not set.
    """

    rows: list[list[Cell]] = field(default_factory=list)
    borders: bool | None = None
    nested: bool = False


def table_blocks(table: Table) -> Iterator[Block]:
    """The blocks of ``table`` in reading order: paragraphs for layout, else rows."""
    rows = [row for row in table.rows if any(cell.blocks for cell in row)]
    if not rows:
        return
    if is_layout(table, rows):
        for row in rows:
            for cell in row:
                if not cell.continued:
                    yield from cell.blocks
        return
    first = True
    for block in _data_blocks(rows):
        begins = first and not block.note
        yield replace(block, gap=True) if begins else block
        first = first and not begins


def _data_blocks(rows: list[list[Cell]]) -> Iterator[Block]:
    """The rows of a table of data, and the notes of their cells."""
    titles = _title_rows(rows)
    for row in rows[:titles]:
        block = _row_block([(cell.text, cell) for cell in row], row, [])
        if block is not None:
            yield block
        for cell in row:
            yield from cell.notes
    rows = rows[titles:]
    grid = _grid(rows)
    if not grid:
        return
    count = _header_rows(grid, rows)
    headings = _headings(grid[:count])
    for row in rows[:count]:
        for cell in row:
            yield from cell.notes
    used: set[int] = set()
    found: list[Block] = []
    depths = _group_depths(grid[count:], rows[count:])
    for entries, cells, depth in zip(grid[count:], rows[count:], depths, strict=True):
        block = _row_block(entries, cells, headings)
        if block is not None and depth:
            found.append(replace(block, text=_group_text(entries), group=depth))
        elif block is not None:
            found.append(block)
            some = {column for column, entry in enumerate(entries) if entry and entry[0]}
            if len({id(entries[column]) for column in some}) > 1:  # else without headings
                used |= some
        found += (note for cell in cells for note in cell.notes)
    yield from _unused_headings(rows[:count], grid[:count], used, bool(found))
    yield from found


def _group_depths(
    grid: Sequence[Sequence[tuple[str, Cell] | None]], rows: Sequence[Sequence[Cell]]
) -> list[int]:
    """The depth of each row that is a heading of the rows below it, else 0.

    Such a row holds one text and perhaps its number, as a cell across the table, in bold, or behind
    a Roman numeral or a letter. Kinds of number nest in the order in which they come.
    """
    width = max((len(row) for row in grid), default=0)
    filled = [_filled(row) for row in grid]
    plain = [
        any(not block.bold for cell in cells for block in cell.blocks if not block.note)
        for cells in rows
    ]
    strong = sum(plain) * 2 > len(rows)  # bold distinguishes a row
    kinds: list[str] = []
    depths: list[int] = []
    for texts, cells, is_plain in zip(filled, rows, plain, strict=True):
        kind = _group_kind(texts, width, bold=strong and not is_plain, kinds=kinds)
        if kind is not None and kind not in kinds:
            kinds.append(kind)
        depths.append(kinds.index(kind) + 1 if kind is not None and cells else 0)
    for place in range(len(depths) - 1, -1, -1):  # a heading has rows below it
        if depths[place] and (place + 1 == len(depths) or not _has_rows(depths, place)):
            depths[place] = 0
    return depths


def _has_rows(depths: Sequence[int], place: int) -> bool:
    """Whether another row comes before the next heading of the same depth or higher."""
    below = next((depth for depth in depths[place + 1 :] if depth <= depths[place]), None)
    return below == 0


def _filled(row: Sequence[tuple[str, Cell] | None]) -> list[tuple[str, int]]:
    """The texts of a row's cells, each with the number of columns that it covers."""
    found: dict[int, tuple[str, int]] = {}
    for entry in row:
        if entry is not None and entry[0]:
            count = found.get(id(entry[1]), ("", 0))[1]
            found[id(entry[1])] = entry[0], count + 1
    return list(found.values())


def _group_kind(
    texts: Sequence[tuple[str, int]], width: int, *, bold: bool, kinds: Sequence[str]
) -> str | None:
    """The kind of number of a row that may be a heading of others (""), or None."""
    if not 1 <= len(texts) <= 2 or width < 2:
        return None
    title, columns = texts[-1]
    if len(title) > _LONGEST_GROUP or title[-1] in ".;" or title[0].islower():
        return None
    if _REMARK.match(title):
        return None
    number = ""
    if len(texts) == 2:
        if not _COUNTER.match(texts[0][0]):
            return None
        number = texts[0][0]
    found = _GROUP_NUMBER.match(number) or _GROUP_TITLE.match(title)
    across = columns + (texts[0][1] if len(texts) == 2 else 0) >= width and columns > 1
    if not (across or (width > 2 and (bold or found))) or not re.search(r"[^\W\d_]{2}", title):
        return None
    if found is None:
        return "number" if number else ""
    text = found["number"]
    if text in ("C", "D"):  # a letter or a numeral
        return "upper" if "upper" in kinds else "roman"
    return "roman" if roman_value(text) else "upper"


def _group_text(row: Sequence[tuple[str, Cell] | None]) -> str:
    """The number and title of a row that is a heading: "I. Lĩnh vực kinh tế"."""
    texts = [text for text, _ in _filled(row)]
    if len(texts) == 1:
        return texts[0]
    number = texts[0]
    return f"{number}{'' if number[-1] in '.):' else '.'} {texts[1]}"


def _unused_headings(
    rows: Sequence[Sequence[Cell]],
    grid: Sequence[Sequence[tuple[str, Cell] | None]],
    used: set[int],
    filled: bool,
) -> Iterator[Block]:
    """The headings of columns without any text below them, as a separate row.

    An empty form consists only of those.
    """
    for cells, row in zip(rows, grid, strict=True):
        columns: dict[int, set[int]] = {}
        for column, entry in enumerate(row):
            if entry is not None:
                columns.setdefault(id(entry[1]), set()).add(column)
        lone = [
            cell
            for cell in cells
            if cell.text
            and not (filled and _COUNTER.match(cell.text))
            and not columns.get(id(cell), set()) & used
        ]
        block = _row_block([(cell.text, cell) for cell in lone], lone, [])
        if block is not None:
            yield block


def is_layout(table: Table, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the table only places paragraphs side by side.

    Letterheads, signatures and web pages use such tables.
    """
    # in Markdown the first row is always a header
    if any(cell.heading for row in rows for cell in row):
        return len(rows) <= _LETTER_ROWS and max(map(len, rows)) <= 3 and _is_letter(rows[:1])
    filled = [[cell for cell in row if cell.blocks and not cell.continued] for row in rows]
    if max(len(row) for row in filled) < 2 or len(rows) < 2:
        return True
    widest = max(len(row) for row in filled)
    if table.nested:
        return not _names_columns(rows, widest)
    if table.borders is False and not _holds_data(rows, widest):
        return True
    if table.borders is None and not _is_regular(rows, widest):
        return True
    if widest > 3:
        return False
    # Recipients and signature are seldom more than two columns wide and a few rows high.
    return len(rows) <= _LETTER_ROWS and _is_letter(rows)


def _is_letter(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the texts are those of the layout table of a letter."""
    return any(
        LETTER.search(tidy(block.text)) for row in rows for cell in row for block in cell.blocks
    )


def _is_regular(rows: Sequence[Sequence[Cell]], widest: int) -> bool:
    """Whether a table of unknown borders holds data: short cells below headings."""
    cells = [cell for row in rows for cell in row if cell.blocks]
    full = sum(sum(cell.columns for cell in row) >= widest for row in rows)
    short = sum(len(cell.blocks) == 1 and len(cell.blocks[0].text) < 300 for cell in cells)
    return (
        full * 2 > len(rows)
        and short * 10 >= 9 * len(cells)
        and _looks_like_heading(_grid(rows), rows)
    )


def _names_columns(rows: Sequence[Sequence[Cell]], widest: int) -> bool:
    """Whether the first row of a table with nested tables names columns of data."""
    names = [cell.text for cell in rows[0]]
    known = sum(bool(_HEADING_NAME.match(name)) for name in names)
    first = bool(FIRST_HEADING.match(names[0])) or known * 2 >= len(names)
    short = all(len(cell.text) <= _LONGEST_CELL for row in rows for cell in row)
    full = sum(sum(cell.columns for cell in row) >= widest for row in rows)
    return widest > 2 and len(names) == widest and first and short and full * 2 > len(rows)


def _holds_data(rows: Sequence[Sequence[Cell]], widest: int) -> bool:
    """Whether a table without lines holds data.

    It has a row of headings over three columns or more, the first of them "TT", or figures below
    one of them.
    """
    if widest < 3 or not _is_regular(rows, widest) or _is_letter(rows):
        return False
    grid = _grid(rows)
    first = next((entry[0] for entry in grid[0] if entry and entry[0]), "")
    below = [entry[0] for row in grid[1:] for entry in row if entry and entry[0]]
    return bool(FIRST_HEADING.match(first)) or any(map(NUMBER.match, below))


def _title_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """The number of rows at the top with a title or a remark ("Đơn vị: triệu đồng")."""
    count = 0
    while count < min(len(rows) - 2, _MOST_TITLE_ROWS):
        filled = [cell for cell in rows[count] if cell.text and not cell.continued]
        wide = sum(cell.columns for cell in rows[count])
        if len(filled) != 1 or filled[0].rows > 1 or wide < 2 or filled[0].columns * 2 <= wide:
            break
        count += 1
    return count


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[tuple[str, Cell] | None]]:
    """Texts by row and column; a spanning cell is repeated in each place it covers."""
    grid: list[list[tuple[str, Cell] | None]] = []
    hanging: dict[int, tuple[int, tuple[str, Cell]]] = {}
    for row in rows:
        line: list[tuple[str, Cell] | None] = []
        above = grid[-1] if grid else []
        for cell in row:
            _take_hanging(line, hanging)
            entry = (cell.text, cell)
            if cell.continued and len(line) < len(above) and above[len(line)]:
                entry = above[len(line)] or entry
            for _ in range(max(1, min(cell.columns, _MOST_COLUMNS))):
                if len(line) >= _MOST_COLUMNS:
                    break
                if cell.rows > 1:
                    hanging[len(line)] = (cell.rows - 1, entry)
                line.append(entry)
        _take_hanging(line, hanging)
        grid.append(line)
    return grid


def _take_hanging(
    line: list[tuple[str, Cell] | None], hanging: dict[int, tuple[int, tuple[str, Cell]]]
) -> None:
    """Fill the next places of ``line`` with cells that span down from rows above."""
    while (place := len(line)) in hanging and place < _MOST_COLUMNS:
        left, entry = hanging[place]
        # A cell of this row spans only the rows below it.
        if left <= 0:
            del hanging[place]
            break
        line.append(entry)
        hanging[place] = (left - 1, entry)
        if left == 1:
            del hanging[place]


def _header_rows(
    grid: Sequence[Sequence[tuple[str, Cell] | None]], rows: Sequence[Sequence[Cell]]
) -> int:
    """The number of heading rows at the top: marked by the format, else by content."""
    marked = 0
    for row in rows:
        if not (row and all(cell.heading or cell.continued or not cell.blocks for cell in row)):
            break
        marked += 1
    if marked:
        return _with_counters(grid, min(marked, len(grid) - 1, _MOST_HEADER_ROWS))
    if len(grid) < 2 or not _looks_like_heading(grid, rows):
        return 0
    count = 1
    # Cells spanning rows from the first row down are headings of these rows.
    reach = max((cell.rows for cell in rows[0]), default=1)
    while count < min(len(grid) - 1, _MOST_HEADER_ROWS) and (
        count < reach or (any(cell.continued for cell in rows[count]) and _above(grid, count))
    ):
        count += 1
    return _with_counters(grid, count)


def _above(grid: Sequence[Sequence[tuple[str, Cell] | None]], count: int) -> bool:
    """Whether a cell of the first row continues in row ``count``."""
    first = {id(entry[1]) for entry in grid[0] if entry}
    return any(entry is not None and id(entry[1]) in first for entry in grid[count])


def _looks_like_heading(
    grid: Sequence[Sequence[tuple[str, Cell] | None]], rows: Sequence[Sequence[Cell]]
) -> bool:
    texts = [entry[0] for entry in grid[0] if entry]
    filled = [text for text in texts if text]
    if len(filled) < 2 or len(filled) < len(texts) * 0.6:
        return False
    if any(len(text) > _LONG_HEADING or NUMBER.match(text) for text in filled):
        return False
    if FIRST_HEADING.match(filled[0]):
        return True
    if all(block.bold for cell in rows[0] for block in cell.blocks):
        return True
    if sum(bool(_HEADING_NAME.match(text)) for text in filled) * 2 >= len(filled):
        return True
    below = [entry[0] for row in grid[1:] for entry in row if entry and entry[0]]
    return any(NUMBER.match(text) for text in below) or max(map(len, below), default=0) > 2 * max(
        map(len, filled)
    )


def _with_counters(grid: Sequence[Sequence[tuple[str, Cell] | None]], count: int) -> int:
    """The number of header rows, with one below them that only numbers the columns.

    Such a row is ``(1) (2) (3)``.
    """
    if count < len(grid) - 1:
        texts = [entry[0] for entry in grid[count] if entry and entry[0]]
        if (
            len(texts) > 1
            and all(_COUNTER.match(text) for text in texts)
            and len(set(texts)) == len(texts)
        ):
            numbers = [int(text.strip("()")) for text in texts if text.strip("()").isdigit()]
            if numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False:
                return count + 1
    return count


def _headings(rows: Sequence[Sequence[tuple[str, Cell] | None]]) -> list[str]:
    """One heading per column; those above each other are joined by a dash."""
    width = max((len(row) for row in rows), default=0)
    headings: list[str] = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            entry = row[column] if column < len(row) else None
            if entry and entry[0] and entry[0] not in parts and not _COUNTER.match(entry[0]):
                parts.append(entry[0])
        headings.append(" – ".join(parts).rstrip(" :"))
    return headings


def _row_block(
    row: Sequence[tuple[str, Cell] | None], cells: Sequence[Cell], headings: Sequence[str]
) -> Block | None:
    first = next((block for cell in cells for block in cell.blocks if not block.note), None)
    if first is None:
        return None
    parts: list[str] = []
    seen: set[int] = set()
    for column, entry in enumerate(row):
        if entry is None or not entry[0] or id(entry[1]) in seen:
            continue
        seen.add(id(entry[1]))
        heading = headings[column] if column < len(headings) else ""
        parts.append(f"{heading}: {entry[0]}" if heading else entry[0])
    # A single cell across the table is a heading within it: `I. Kinh tế`.
    single = len(seen) == 1
    text = next(entry[0] for entry in row if entry and entry[0]) if single else "; ".join(parts)
    if single and len(headings) > 1 and _COUNTER.match(text):
        return None  # only the row's number: an empty form
    bold = all(block.bold for cell in cells for block in cell.blocks)
    return replace(
        first, text=text, kind="table-row", level=None, bold=bold, centred=False, lead=0, gap=False
    )
