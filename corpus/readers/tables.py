"""Convert tables to blocks: layout tables to paragraphs, data tables to rows.

A row of data becomes ``Chỉ tiêu: Thu ngân sách; Kế hoạch: 4.590 tỷ``: each cell after the heading
of its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..blocks import Block
from ..repair import tidy
from .table_groups import COUNTER, NUMBER, group_depths, group_text, may_head

# Content of the layout tables of letters: motto and Party name above, recipients and signature
# below.
LETTER = re.compile(
    r"độc\s+lập\s*[-–—]\s*tự\s+do|cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa|"
    r"đảng\s+cộng\s+sản\s+việt\s+nam|nơi\s+nhận\s*:|^(?:t/?m\b|tm\.|kt\.|k/t\b|tl\.|tuq\.)|"
    r"\((?:đã\s+)?(?:ký|chữ\s+ký)\b|^số\s*:?\s*\d*\s*[-/]",
    re.IGNORECASE,
)
FIRST_HEADING = re.compile(r"(?:s(?:ố)?\s*)?tt\b|stt|số\s+thứ\s+tự|no\.?$", re.IGNORECASE)
# Column names in lists of people, things, tasks and figures.
_HEADING_NAME = re.compile(
    r"(?:họ (?:và|,) tên|họ tên|tên|nội dung|chỉ tiêu|mục tiêu|tiêu chí|đơn vị|địa chỉ|địa điểm|"
    r"chức vụ|chức danh|năm sinh|ngày sinh|số lượng|số tiền|số người|số hộ|kết quả|kế hoạch|"
    r"thực hiện|tỷ lệ|thành tích|xếp loại|giải(?: thưởng)?|lớp|môn|khối|ghi chú|nhiệm vụ|"
    r"thời gian|người|tổng số|mức|diện tích|kinh phí|nguồn vốn|(?:giải|biện) pháp|cơ quan|"
    r"(?:thời )?hạn|công việc|sản phẩm|lĩnh vực|loại|danh mục|dự án|công trình|"
    r"số (?:ký |/\s*ký )?hiệu|ngày (?:ban hành|ký|có hiệu lực)|trích yếu|hiệu lực)"
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
_LONGEST_LABEL = 80  # characters of the first column of a form
_LONGEST_NAME = 40  # characters of the heading of a form's second column


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
        labelled = [_labelled_rows(row) for row in rows]
        for row, inner in zip(rows, labelled, strict=True):
            names = any(labelled) and not inner and _row_block([(c.text, c) for c in row], row, [])
            if names and all(len(cell.blocks) == 1 for cell in row):
                yield names
                continue
            yield from inner or (
                block for cell in row if not cell.continued for block in cell.blocks
            )
        return
    first = True
    for block in _data_blocks(rows):
        begins = first and not block.note
        yield replace(block, gap=True) if begins else block
        first = first and not begins


def _labelled_rows(row: Sequence[Cell]) -> list[Block]:
    """The rows of a table within a table, below the cell to its left as their heading.

    Empty if ``row`` holds anything else.
    """
    filled = [cell for cell in row if cell.blocks and not cell.continued]
    if len(filled) != 2 or len(filled[0].blocks) != 1:
        return []
    label, rows = filled[0].blocks[0], filled[1].blocks
    if label.kind == "table-row" or not may_head(label.text):
        return []
    if any(block.kind != "table-row" and not block.note for block in rows):
        return []
    return [
        replace(label, kind="table-row", group=1, gap=True),
        *(replace(b, gap=False, group=b.group + 1 if b.group else 0) for b in rows),
    ]


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
    if _is_form(grid, rows):
        yield from _form_rows(rows)
        return
    count = _header_rows(grid, rows)
    headings = _headings(grid[:count])
    for row in rows[:count]:
        for cell in row:
            yield from cell.notes
    used: set[int] = set()
    found: list[Block] = []
    filled = [_filled(entries) for entries in grid[count:]]
    depths = group_depths(filled, [_is_bold(*cells) for cells in rows[count:]], max(map(len, grid)))
    for at, (entries, cells) in enumerate(zip(grid[count:], rows[count:], strict=True)):
        block = _row_block(entries, cells, headings)
        if block is not None and depths[at]:
            found.append(replace(block, text=group_text(filled[at]), group=depths[at]))
        if block is not None and not (depths[at] and len(filled[at]) <= 2):
            found.append(block)
            some = {column for column, entry in enumerate(entries) if entry and entry[0]}
            if len({id(entries[column]) for column in some}) > 1:  # else without headings
                used |= some
        found += (note for cell in cells for note in cell.notes)
    yield from _unused_headings(rows[:count], grid[:count], used, bool(found))
    yield from found


def _is_form(
    grid: Sequence[Sequence[tuple[str, Cell] | None]], rows: Sequence[Sequence[Cell]]
) -> bool:
    """Whether a table has labels in its first column and their values in the second.

    Its first row names no columns. Its labels are bold, end with a colon, or are such names; or its
    first value is a clause.
    """
    pairs = [[cell for cell in row if cell.blocks] for row in rows]
    if any(cell.heading for row in rows for cell in row) or len(rows) < 2:
        return False
    if max(map(len, grid)) != 2 or any(len(pair) != 2 for pair in pairs[:1]):
        return False
    labels = [pair[0] for pair in pairs if len(pair) == 2]
    texts = [cell.text for cell in labels]
    first, value = texts[0], pairs[0][1]
    if len(labels) < 0.7 * len(rows) or any(len(text) > _LONGEST_LABEL for text in texts):
        return False
    if any(map(COUNTER.match, texts)) or FIRST_HEADING.match(first):
        return False
    if first.endswith(":"):
        return sum(text.endswith(":") for text in texts) * 2 > len(texts)
    if _HEADING_NAME.match(value.text) or _is_bold(value):
        return False
    names = sum(bool(_HEADING_NAME.match(text)) for text in texts)
    clause = "," in value.text or len(value.text) > _LONGEST_NAME
    return (
        all(map(_is_bold, labels))
        or names * 2 > len(texts)
        or (clause and bool(_HEADING_NAME.match(first)))
    )


def _is_bold(*cells: Cell) -> bool:
    return all(block.bold for cell in cells for block in cell.blocks if not block.note)


def _form_rows(rows: Sequence[Sequence[Cell]]) -> Iterator[Block]:
    """Each label with its value; a label of several paragraphs is their heading."""
    headed = False
    for row in rows:
        label, *values = (cell for cell in row if cell.blocks)
        name = label.text.rstrip(" :")
        blocks = [block for cell in values for block in cell.blocks]
        first = replace(label.blocks[0], kind="table-row", level=None, lead=0, gap=headed)
        headed = sum(not block.note for block in blocks) > 1 and may_head(name)
        if headed:
            yield replace(first, text=name, group=1)
            yield from (replace(b, kind="table-row", level=None, gap=False) for b in blocks)
        else:
            text = "; ".join(cell.text for cell in values)
            yield replace(first, text=f"{name}: {text}" if text else label.text, bold=False)
            yield from (block for block in blocks if block.note)
        yield from label.notes


def _filled(row: Sequence[tuple[str, Cell] | None]) -> list[tuple[str, int]]:
    """The texts of a row's cells, each with the number of columns that it covers."""
    found: dict[int, tuple[str, int]] = {}
    for entry in row:
        if entry is not None and entry[0]:
            count = found.get(id(entry[1]), ("", 0))[1]
            found[id(entry[1])] = entry[0], count + 1
    return list(found.values())


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
            and not (filled and COUNTER.match(cell.text))
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
            and all(COUNTER.match(text) for text in texts)
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
            if entry and entry[0] and entry[0] not in parts and not COUNTER.match(entry[0]):
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
    if single and len(headings) > 1 and COUNTER.match(text):
        return None  # only the row's number: an empty form
    bold = all(block.bold for cell in cells for block in cell.blocks)
    return replace(
        first, text=text, kind="table-row", level=None, bold=bold, centred=False, lead=0, gap=False
    )
