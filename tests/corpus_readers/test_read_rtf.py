"""Rich Text Format."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracuu.corpus.readers import Contents, Limits
from tracuu.errors import TooLarge

Read = Callable[..., Contents]
HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times New Roman;}{\f1\fcharset0 .VnTime;}"
    r"{\f2\fcharset163 Arial;}{\f3\fcharset0 VNI-Times;}{\f4\fcharset0 .VnTimeH;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\qc\outlinelevel0\b heading 1;}}{\info{\title B\u225?o "
    r"c\u225?o}{\author An}}"
)


def rtf(body: str) -> bytes:
    return (HEAD + body + "}").encode("cp1252")


def texts(contents: Contents) -> list[str]:
    return [block.text for block in contents.blocks]


def test_look_and_properties(read: Read) -> None:
    found = read(
        "a.rtf",
        rtf(r"\pard\s1\b T\u236?nh h\u236?nh\par\pard\plain{\b \'d0i\u7873?u 1.} Thu\line chi\par"),
    )
    assert [(b.text, b.level, b.bold, b.centred, b.lead) for b in found.blocks] == [
        ("Tình hình", 1, True, True, 0),
        ("Ðiều 1. Thu chi", None, False, False, 7),
    ]
    assert found.properties == {"title": "Báo cáo", "author": "An"}


def test_every_font_has_its_own_encoding(read: Read) -> None:
    body = (
        r"\pard\f1 C\'e9ng h\'dfa\par \f3 Co\'e2ng ho\'f8a\par \f2 Ti\'ea\'ecng Vi\'ea\'f2t\par \f4 "
        r"\'aei\'d2u\par "
        r"\f0 \u7910?y ban\par{\uc2\f0 \u7910\'55\'79y ban}\par \f1 tr­êng"
    )
    assert texts(read("a.rtf", rtf(body))) == [
        "Cộng hòa", "Công hòa", "Tiếng Việt", "ĐIỀU", "Ủy ban", "Ủy ban", "trường",
    ]  # fmt: skip


def test_hidden_deleted_and_side_matter_are_left_out(read: Read) -> None:
    body = (
        r"\pard th\u7845?y{\v an}{\deleted xoa}{\*\annotation ban}{\header dau}{\footer chan}{\pict 0102ff}"
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt  link}}{\*\unknown gi}\~sau\_do\-n\par"
    )
    assert texts(read("a.rtf", rtf(body))) == ["thấy link sau-don"]


def test_notes_lists_and_boxes(read: Read) -> None:
    body = (
        r"\pard Th\'e2n{\footnote\pard\plain m\u7897?t.\par hai.}\par{\listtext\pard 1.\tab}so\par"
        r"{\pntext\f0\'b7\tab}cham\par{\shp{\*\shpinst{\shptxt \pard khung\par}}}\pard cuoi\par"
    )
    found = texts(read("a.rtf", rtf(body)))
    assert found == ["Thân", "[1] một.", "hai.", "1. so", "- cham", "khung", "cuoi"]


def test_tables(read: Read) -> None:
    def row(*cells: str) -> str:
        edges = "".join(rf"\clbrdrt\brdrs\cellx{1000 * (i + 1)}" for i in range(len(cells)))
        return (
            rf"\trowd{edges}" + "".join(rf"\pard\intbl {cell}\cell " for cell in cells) + r"\row "
        )

    body = (
        row("TT", "Ch\\u7881? ti\\u234?u", "K\\u7871? ho\\u7841?ch")
        + row("1", "Thu", "12")
        + r"\pard sau\par"
    )
    assert texts(read("a.rtf", rtf(body))) == ["TT: 1; Chỉ tiêu: Thu; Kế hoạch: 12", "sau"]


def test_characters_in_two_halves(read: Read) -> None:
    assert texts(read("a.rtf", rtf(r"\pard t\u7889?t \u-10179?\u-8704?\par"))) == ["tốt \U0001f600"]


def test_side_matter_does_not_touch_the_paragraph_around_it(read: Read) -> None:
    (block,) = read(
        "a.rtf", rtf(r"\pard\qc gi{\header\pard\intbl dau\cell\row\par}\u7919?a\par")
    ).blocks
    assert (block.text, block.centred, block.kind) == ("giữa", True, "paragraph")


def test_a_file_cut_short_is_read_as_far_as_it_goes(read: Read) -> None:
    found = read("a.rtf", rtf(r"\pard m\u7897?t\par{\b hai")[:-1])
    assert texts(found) == ["một", "hai"]
    assert "cut short" in found.notes[0]


def test_binary_parts_are_skipped(read: Read) -> None:
    assert texts(read("a.rtf", rtf(r"\pard a{\pict\bin4 }}{{}b\par"))) == ["ab"]


def test_groups_nested_too_deeply(read: Read) -> None:
    with pytest.raises(TooLarge, match="nested"):
        read("a.rtf", b"{\\rtf1" + b"{" * 5000 + b"x", Limits())


def test_a_footnote_in_a_group_that_old_readers_skip(read: Read) -> None:
    data = (
        rb"{\rtf1\ansi Xa nop du thu{{\super \chftn{\*\footnote \chftn\pard\plain "
        rb"{ So lieu cua kho bac.}}}} va chi.\par Het nam.\par}"
    )
    blocks = read("a.rtf", data).blocks
    assert [b.text for b in blocks if not b.note] == ["Xa nop du thu va chi.", "Het nam."]
    assert [b.text.endswith("So lieu cua kho bac.") for b in blocks if b.note] == [True]
