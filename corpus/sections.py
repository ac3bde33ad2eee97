"""The parts of a document, and the documents of a file.

Parts are the letterhead, title, body and signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from ..vietnamese import fold
from .line_types import (
    ABOUT,
    BLANKS,
    BYLINE,
    FORM_NUMBER,
    NUMBER,
    OFFICE,
    RECIPIENTS,
    RULE,
    SECTION,
    SHORT,
    SIGNED_BY,
    STATE,
    document_kind,
    is_annex,
    is_bare_kind,
    is_form_note,
    is_furniture,
    is_letterhead,
    is_name,
    is_nation,
    is_organisation,
    is_place_date,
    is_signature,
    is_source,
    is_title_start,
    leads_elsewhere,
    lists_articles,
    signs,
    stripped,
)
from .lines import Line

# below an annex's title
_ATTACHED = re.compile(
    r"(?:\((?:ban hành )?kèm theo [^)]*\)|ban hành kèm theo [^.;]*)$", re.IGNORECASE
)
_QUESTION = re.compile(r"(?:câu(?: hỏi)?|bài|chuyên đề)\s+(?:số\s+)?\d{1,3}\s*[.:]", re.IGNORECASE)
_CONGRESS = re.compile(r"đại hội (?:đại biểu|đảng|đoàn|hội|công đoàn|lần)", re.IGNORECASE)
_PERIOD = re.compile(r"\bnăm(?: học)? \d{4}|nhiệm kỳ|\bquý [IVX\d]", re.IGNORECASE)
_LETTERHEAD = 4  # lines; half of the maximum of a letterhead
_FRONT_LINES = 12  # maximum lines of a letterhead and a title
_SIGNATURE = 8  # maximum lines from the signing office to an annex
_RECIPIENT = 120  # maximum words of an item in a list of recipients
_HEADER_SENTENCES = 4  # maximum lines of a web page's header that are long
_LONG_TITLE = 80  # words; titles of decisions run long


@dataclass
class DocumentSections:
    """One document of a file, its lines by their part."""

    furniture: list[Line] = field(default_factory=list)
    letterhead: list[Line] = field(default_factory=list)
    title: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    signature: list[Line] = field(default_factory=list)


def split_documents(lines: list[Line]) -> list[list[Line]]:
    """The documents bound into one file, each with its own letterhead or title.

    A new one begins at a nation's line, or at a title after a signature, once the one before has
    text.
    """
    starts = [0]
    text_since = False
    for place, line in enumerate(lines):
        begins = (
            _heads_document(lines, place)
            or _heads_page(lines, place)
            or (
                is_title_start(line)
                and line.caps
                and _after_signature(lines, place, starts[-1])
                and not (
                    place + 1 < len(lines) and lines[place + 1].kind == "article"
                )  # that enacts
            )
        )
        if begins and text_since:
            start = place
            while start > starts[-1] + 1 and _belongs_above(lines[start - 1], start - 1):
                start -= 1
            starts.append(start)
            text_since = False
        elif line.size > SHORT or (line.end == "." and line.size > 8):
            text_since = True
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _heads_document(lines: list[Line], place: int) -> bool:
    """Whether the nation's line stands in a letterhead.

    A number, a date or a title must be near it; else it is only quoted or mentioned.
    """
    line = lines[place]
    if not (is_nation(line) and line.caps and STATE.search(line.text)):
        return False
    near = lines[max(0, place - _LETTERHEAD) : place + 2 * _LETTERHEAD]
    return any(
        is_place_date(other)
        or (NUMBER.search(other.text[:24]) and other.size <= 12)
        or (other.caps and is_title_start(other))
        for other in near
    )


def _heads_page(lines: list[Line], place: int) -> bool:
    """Whether a page begins with a letterhead without the nation's line.

    Bound papers of a congress begin so: names of the congress and its body, then a title or the
    term.
    """
    head = lines[place : place + 2 * _LETTERHEAD]
    if not place or head[0].block.page in (None, lines[place - 1].block.page):
        return False
    named = is_organisation(head[0]) or _CONGRESS.match(head[0].text)
    capitals = list(takewhile(lambda line: line.caps and line.marker is None, head))
    return bool(named) and any(
        is_title_start(line) or _PERIOD.search(line.text) for line in capitals[1:]
    )


def _belongs_above(line: Line, place: int) -> bool:
    """Whether a line before a letterhead's anchor is part of it.

    Such lines are a body's name, a number (also of a form), a rule or a blank to be filled in.
    """
    text = line.text.strip()
    if RULE.fullmatch(text) or BLANKS.match(text) or FORM_NUMBER.match(text):
        return True
    return is_letterhead(line) and line.caps and not (OFFICE.match(stripped(text)) and place)


def _after_signature(lines: list[Line], place: int, start: int) -> bool:
    """Whether a signing office or recipients are among the lines before ``place``."""
    before = [line for line in lines[max(start, place - 12) : place] if line.size <= 16]
    return any(
        OFFICE.match(stripped(line.text)) or RECIPIENTS.match(stripped(line.text))
        for line in before
    )


def congress_names(matter: DocumentSections) -> str | None:
    """The names of a congress and its body as one text, or None."""
    lines = sorted([*matter.letterhead, *matter.title], key=lambda line: line.index)
    lines = [line for line in lines if line.caps][: 2 * _LETTERHEAD]
    named = any(_CONGRESS.match(line.text) for line in lines)
    return " ".join(line.text for line in lines) if named else None


def is_page_header(lines: list[Line]) -> bool:
    """Whether the lines before a file's first letterhead belong to a web page.

    A page header contains no title, no table and hardly any sentence.
    """
    if any(line.block.kind == "table-row" for line in lines):
        return False
    longer = sum(line.size > SHORT for line in lines)
    official = any(is_nation(line) or (line.caps and is_title_start(line)) for line in lines)
    return not official and longer <= _HEADER_SENTENCES


def split_sections(lines: list[Line]) -> DocumentSections:
    """The lines of one document by part.

    The parts are letterhead, title, body, signature and furniture.
    """
    matter = DocumentSections()
    notes = [line for line in lines if line.block.note]
    lines = [line for line in lines if not line.block.note]
    last = _page_footer(lines)
    notes += _form_notes(lines[last:])
    matter.furniture = [line for line in lines[last:] if line not in notes]
    lines = lines[:last]
    signed = _signed_before_annex(lines)
    matter.signature = [line for line in lines[signed] if not is_furniture(line)]
    matter.furniture += [line for line in lines[signed] if is_furniture(line)]
    lines = [*lines[: signed.start], *lines[signed.stop :]]
    end = _signature_start(lines)
    matter.signature += [line for line in lines[end:] if not is_furniture(line)]
    matter.furniture += [line for line in lines[end:] if is_furniture(line)]
    start = _front(lines[:end], matter)
    for place in range(start, end):
        line = lines[place]
        source = place > start and place + 1 < end and is_source(line)  # of a table or figure
        gone = (is_furniture(line) and not source) or _ATTACHED.match(line.text)
        (matter.furniture if gone else matter.body).append(line)
    matter.body = sorted([*matter.body, *notes], key=lambda line: line.index)
    return matter


def _form_notes(lines: Sequence[Line]) -> list[Line]:
    """The lines below a signature that explain the form above it, as notes."""
    found = [line for line in lines if is_form_note(line)]
    for line in found:
        line.blocks = [replace(block, note=True) for block in line.blocks]
    return found


def _front(lines: list[Line], matter: DocumentSections) -> int:
    """Sort the lines before the body into ``matter``; return their number."""
    titled = False  # a line that names the kind of document was seen
    head = _letterhead_end(lines)
    menu: list[Line] = []  # of a web page, above its links; the title if there is no other
    place = 0
    for place, line in enumerate(lines):
        if is_furniture(line):
            matter.furniture.append(line)
            if not titled and leads_elsewhere(line):
                menu += matter.title
                matter.title = []
        elif (is_title_start(line) or (not place and _is_only_top(line, lines))) and not (
            titled and _same(line, matter.title)
        ):
            matter.title.append(line)
            titled = True
        elif (
            titled
            and line.text[:1] in "(*"
            and line.text.rstrip(" *.").endswith(")")
            and line.size <= _LONG_TITLE
        ):
            matter.letterhead.append(line)  # a remark: "(Kèm theo Quyết định số …)"
        elif titled and signs(line) and line.marker is None:
            matter.letterhead.append(line)  # the deciding body: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH"
        elif titled and ABOUT.match(line.text) and line.size <= _LONG_TITLE and line.end != ".":
            matter.title.append(line)
        elif titled and is_organisation(line) and document_kind(matter.title[-1].text) == "điều lệ":
            matter.title.append(line)  # the owner of the statutes
        elif titled and BYLINE.match(line.text):
            matter.letterhead.append(line)
        elif (
            titled and line.caps and _PERIOD.search(line.text) and lines[place - 1] in matter.title
        ):
            matter.title.append(line)  # "XÃ ĐỒNG SIM SÁU THÁNG ĐẦU NĂM 2025"
        elif (place < head and line.caps) or (
            is_letterhead(line) and not (titled and _is_prose(line))
        ):
            matter.letterhead.append(line)
        elif _begins_body(line, lines, place, titled):
            break
        else:
            matter.title.append(line)
    else:
        place = len(lines)
    if matter.title:
        matter.furniture += menu
    else:
        matter.title = menu
    _drop_repeated_title(matter)
    return place


def _is_only_top(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line is the only level-1 heading, like a Markdown title."""
    level = line.block.level
    return level == 1 and sum(other.block.level == 1 for other in lines) == 1


def _letterhead_end(lines: list[Line]) -> int:
    """The start of the title below a letterhead with the nation's line, or 0.

    Lines in capitals before it belong to the letterhead, such as the second line of a body's name.
    """
    for place, line in enumerate(lines[: 3 * _LETTERHEAD]):
        if is_title_start(line):
            headed = any(map(is_nation, lines[:place]))
            return place if headed or _congress_end(lines[: place + 1]) == place else 0
    return _congress_end(lines)


def _congress_end(lines: list[Line]) -> int:
    """Start of a title in capitals below a congress's name and term, or 0.

    "ĐẠI HỘI HỘI NÔNG DÂN XÃ …", "LẦN THỨ IX, NHIỆM KỲ 2025 - 2030".
    """
    capitals = list(takewhile(lambda line: line.caps and line.marker is None, lines))
    if not capitals or not _CONGRESS.match(capitals[0].text):
        return 0
    terms = (at for at, line in enumerate(capitals[:-1]) if at and _PERIOD.search(line.text))
    return next(terms, -1) + 1


def _begins_body(line: Line, lines: list[Line], place: int, titled: bool) -> bool:
    if line.block.kind == "table-row":
        return True
    if line.marker and (line.numbered or line.bullet):
        return True
    if titled and line.size <= _LONG_TITLE and _goes_on(lines[place - 1], line, lines[:place]):
        return False
    if titled and (_is_set_as_title(lines[place - 1], line) or line.words[:1] == ["và"]):
        return False
    if line.sentence or line.size > _LONG_TITLE:
        return True
    if not titled and _is_first_heading(line, lines, place):
        return True
    if (SECTION.match(line.text) and line.marker) or (place and _QUESTION.match(line.text)):
        return True
    if line.verdict and line.verdict.pure:
        return True
    if titled and _title_is_whole(lines[:place]) and _is_off_title(line, lines[place - 1]):
        return True
    if (
        titled
        and not line.caps
        and place
        and lines[place - 1]
        and line.block.gap
        and _title_is_whole(lines[:place])
    ):
        return True
    if line.end == ":" and not line.caps:
        return True
    return line.size > 40 and not line.caps


def _is_off_title(line: Line, before: Line) -> bool:
    """Whether a line is a heading below the title, or plain below a title's heading."""
    if line.block.level is not None:
        return True
    plain = not (line.caps or line.block.bold or line.block.centred)
    return before.block.level == 1 and plain and line.capitalised


def _is_first_heading(line: Line, lines: list[Line], place: int) -> bool:
    """Whether a bold line is a heading below a headline in capitals, as in a bulletin."""
    below = lines[place + 1 : place + 2]
    return (
        (line.block.bold and line.block.gap and not line.caps)
        and any(other.caps for other in lines[:place])
        and any(_is_long(other) and not other.block.bold for other in below)
    )


def _goes_on(before: Line, line: Line, above: list[Line]) -> bool:
    """Whether a title continues in a line.

    The line begins with a lower-case letter, or the one before ends in a comma: "kết quả năm 2025,"
    / "nhiệm vụ năm 2026".
    """
    if line.capitalised or line.end in (".", ":", ";"):
        return False
    return not _title_is_whole(above) or before.end == ","


def _is_set_as_title(before: Line, line: Line) -> bool:
    """Whether a line in small letters is centred below a centred title on its page."""
    block, above = line.block, before.block
    centred = block.centred and above.centred and block.page == above.page and not block.gap
    return centred and not line.capitalised and line.end not in (".", ":", ";")


def _is_prose(line: Line) -> bool:
    """Whether a line below the title is prose.

    Only capitals, dates and addressees still belong to the letterhead there.
    """
    text = stripped(line.text)
    return not (
        line.caps
        or is_place_date(line)
        or NUMBER.search(text[:24])
        or RECIPIENTS.match(text)
        or SIGNED_BY.match(text)
    )


def _title_is_whole(before: list[Line]) -> bool:
    """Whether the title so far is more than a kind of document.

    "BÁO CÁO" alone continues on the next line.
    """
    last = next((line for line in reversed(before) if not RULE.fullmatch(line.text)), None)
    if last is None:
        return False
    kind = document_kind(last.text)
    return not (kind and (len(last.text.strip(" *:")) <= len(kind) + 1 or is_bare_kind(last.text)))


def _same(line: Line, others: list[Line]) -> bool:
    return any(fold(line.text).lower() == fold(other.text).lower() for other in others)


def _drop_repeated_title(matter: DocumentSections) -> None:
    """Drop a page's headline that the report's title repeats, as furniture."""
    kept: list[Line] = []
    for place, line in enumerate(matter.title):
        later = matter.title[place + 1 :]
        if any(
            _key(line) == _key(other) or (line.size >= 5 and _key(other).startswith(_key(line)))
            for other in later
        ):
            matter.furniture.append(line)
        else:
            kept.append(line)
    matter.title = kept


def _key(line: Line) -> str:
    return " ".join(line.words)


def _page_footer(lines: list[Line]) -> int:
    """The start of a web page's footer; ``len(lines)`` if there is none.

    It is the list of other articles at the end of the page. Or it follows an office in capitals
    with a name directly below, in the second half of the document, if neither numbered headings nor
    a title (an annex) come after them.
    """
    articles = _article_list(lines)
    if articles < len(lines):
        return _page_footer(lines[:articles])
    for place in range(len(lines) // 3, len(lines)):
        if not (signs(lines[place]) and lines[place].caps):
            continue
        for name in range(place, min(place + 5, len(lines))):
            if is_name(lines[name].text) or (
                lines[name].text != lines[name].text.upper() and _signs_off(lines[name])
            ):
                below = lines[name + 1 :]
                annex = any(
                    line.kind in ("part", "chapter", "article", "roman", "upper")
                    or line.block.kind == "table-row"
                    or is_title_start(line)
                    or (line.block.page is not None and _is_long(line))  # a PDF, not a web page
                    for line in below
                )
                return len(lines) if annex else name + 1 + _leading_signature(below)
    return len(lines)


def _article_list(lines: list[Line]) -> int:
    """The start of the titles of other articles; ``len(lines)`` if there are none.

    They end the document. No sentence stands below it, but dates and links of the page may.
    """
    start = len(lines)
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if lists_articles(line):
            start = place
        elif not is_furniture(line) and (line.sentence or line.numbered or line.end == ":"):
            break
    return start


def _signed_before_annex(lines: list[Line]) -> slice:
    """The lines of a signature followed by annexes or tables; empty if there is none.

    A body's name alone counts only if there is no signing office in the document.
    """
    lone: slice | None = None
    for place, line in enumerate(lines):
        table = line.block.kind == "table-row" and lines[place - 1].block.kind != "table-row"
        signed = place > 1 and is_name(lines[place - 1].text) and _is_long(line)
        annex = table or signed or (line.kind == "part" and is_annex(line))
        if (
            annex
            and place
            and any(signs(other) for other in lines[max(0, place - _SIGNATURE) : place])
        ):
            return slice(_signature_start(lines[:place]), place)
        if annex and place and is_organisation(lines[place - 1]) and lines[place - 1].end == "":
            lone = lone or slice(place - 1, place)
    return lone or slice(len(lines), len(lines))


def _is_long(line: Line) -> bool:
    """Whether a line is too long a sentence for a letterhead or a signature."""
    return line.size > SHORT and line.sentence


def _signs_off(line: Line) -> bool:
    """Whether office and name share a line: ``PHÓ CHỦ TỊCH Phùng Thành Vinh``."""
    return (
        line.size <= 16
        and bool(OFFICE.match(stripped(line.text)))
        and is_name(" ".join(line.text.split()[-3:]))
    )


def _leading_signature(lines: list[Line]) -> int:
    """The number of leading lines that still belong to signature and recipients."""
    count = 0
    while count < len(lines) and (
        is_signature(lines[count])
        or (lines[count].bullet and _recipients_above(lines, count) is not None)
    ):
        count += 1
    return count


def _signature_start(lines: list[Line]) -> int:
    """The start of signature and recipients; ``len(lines)`` if there are none."""
    start = len(lines)
    place = start - 1
    front = {word for line in lines[:_FRONT_LINES] if line.caps for word in line.words}
    while place >= 0:
        line = lines[place]
        if (
            is_furniture(line)
            or (_is_name_again(line, front) and place > len(lines) // 2)
            or is_signature(line)
            or (is_place_date(line) and place > len(lines) // 2)
            or (_is_stray(line) and any(signs(other) for other in lines[max(0, place - 4) : place]))
        ):
            start = place
        elif (
            line.size <= (_RECIPIENT if line.bullet else 16)
            and (above := _recipients_above(lines, place)) is not None
        ):
            start = place = above
        else:
            break
        place -= 1
    return start


def _is_name_again(line: Line, front: set[str]) -> bool:
    """Whether a line in capitals repeats a name from the top of the document."""
    return (
        line.caps
        and line.marker is None
        and line.size <= SHORT
        and line.end in ("", ",")
        and set(line.words) <= front
    )


def _is_stray(line: Line) -> bool:
    """Whether a line is a few words below a report on a web page, not a sentence."""
    return line.size <= 8 and not line.marker and not line.sentence and line.end != ":"


def _recipients_above(lines: list[Line], place: int) -> int | None:
    """The index of "Nơi nhận:" above the list of recipients at ``place``, or None."""
    for above in range(place, max(-1, place - 25), -1):
        if RECIPIENTS.match(stripped(lines[above].text)):
            return above
        if lines[above].size > (_RECIPIENT if lines[above].bullet else 16) or lines[above].numbered:
            return None
    return None
