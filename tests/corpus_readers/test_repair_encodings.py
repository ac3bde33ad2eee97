"""Bytes become the text they were meant as, whatever they were saved in."""

from __future__ import annotations

import unicodedata

import pytest

from tracuu.corpus.repair import DecodedText, UndecodableError, decode, repair_texts, tidy
from tracuu.corpus.repair.tables import TCVN3, VISCII_BYTES, VNI, convert

TEXT = (
    "Đảng bộ huyện đã lãnh đạo nhân dân hoàn thành các chỉ tiêu kinh tế, giữ vững quốc phòng và an ninh; "
    "song việc giải ngân vốn đầu tư còn chậm, một số tổ chức cơ sở đảng sinh hoạt chưa đều kỳ."
)
BACK_TCVN3 = {letter: sign for sign, letter in TCVN3.items()}
BACK_VNI: dict[str, str] = {}
for _written, _letter in VNI.items():
    BACK_VNI.setdefault(_letter, _written)


def in_tcvn3(text: str) -> str:
    return "".join(BACK_TCVN3.get(c, c) for c in text)


def in_vni(text: str) -> str:
    return "".join(BACK_VNI.get(c, c) for c in text)


def in_1258(text: str) -> bytes:
    """As Windows saves it: vowels with their mark in one code, tones as a code of their own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        bare = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        out.append(bare + "".join(c for c in parts if c in tones))
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_text_is_read_in_every_form(encoding: str) -> None:
    data = TEXT.encode(encoding)
    assert decode(data).text == TEXT
    assert decode(data).notes == ()


def test_windows_1258_is_recognised() -> None:
    found = decode(in_1258(TEXT))
    assert (tidy(found.text), found.encoding) == (TEXT, "windows-1258")


def test_tcvn3_is_recognised() -> None:
    found = decode(in_tcvn3(TEXT).encode("cp1252"))
    assert found.encoding == "tcvn3"
    assert found.text == TEXT


def test_vni_is_recognised() -> None:
    found = decode(in_vni(TEXT).encode("cp1252"))
    assert (found.text, found.encoding) == (TEXT, "vni")


def test_viscii_is_recognised() -> None:
    data = bytes(VISCII_BYTES.index(char) for char in TEXT)
    assert decode(data).text == TEXT


def test_capitals_of_tcvn3_come_back_as_capitals() -> None:
    # TCVN3 has no capitals with a tone; typists wrote the small letter among capitals.
    assert (
        convert("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", "tcvn3")
        == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    )
    assert convert("Sè 15, ViÖt Nam", "tcvn3") == "Số 15, Việt Nam"
    assert convert("C¤NG TY Sè 5", "tcvn3") == "CÔNG TY SỐ 5"


def test_a_sentence_below_a_heading_in_capitals_begins_with_one() -> None:
    assert (
        convert("N¤NG TH¤N\nVô ®«ng xu©n, §¶ng bé", "tcvn3") == "NÔNG THÔN\nVụ đông xuân, Đảng bộ"
    )
    assert convert("UBND Së nµy", "tcvn3") == "UBND Sở này"


def test_english_with_curly_quotes_is_western() -> None:
    found = decode(
        "The committee’s “annual” report – a résumé of the year and its many plain words.".encode(
            "cp1252"
        )
    )
    assert (found.encoding, "’s “annual”" in found.text) == ("windows-1252", True)


def test_a_wrong_declaration_loses_to_the_bytes() -> None:
    assert decode(TEXT.encode(), "windows-1252").text == TEXT
    assert tidy(decode(in_1258(TEXT), "utf-8").text) == TEXT


def test_a_real_declaration_is_believed() -> None:
    russian = "Отчёт комитета о выполнении плана"
    assert decode(russian.encode("cp1251"), "windows-1251").text == russian


@pytest.mark.parametrize(
    "name", ["unicode_escape", "idna", "rot13", "zlib", "no-such-thing", "utf-7\x00"]
)
def test_declarations_that_are_no_text_encoding_do_no_harm(name: str) -> None:
    assert decode(in_tcvn3(TEXT).encode("cp1252"), name).text == TEXT


def test_a_few_broken_bytes_in_utf8_are_told_not_hidden() -> None:
    data = (TEXT * 5).encode() + "ề".encode()[:2]
    found = decode(data)
    assert found.text.startswith(TEXT)
    assert any("not valid UTF-8" in note for note in found.notes)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(500),
        "зжыю щъэя чшёй жщпр фъыэ".encode("cp1251") * 5,
        b"\x00\x01\x02\x03" * 100,
    ],
)
def test_what_is_no_text_in_a_known_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(UndecodableError):
        decode(data)


def test_text_decoded_wrongly_long_ago_is_put_right_in_unicode() -> None:
    twice = TEXT.encode().decode("latin-1")
    for wrong in (in_tcvn3(TEXT), in_vni(TEXT), in_1258(TEXT).decode("cp1252")):
        assert tidy(repair_texts([wrong]).texts[0]) == TEXT
    assert repair_texts([twice]).texts[0] == TEXT


def test_short_paragraphs_follow_the_others_of_their_document() -> None:
    headings = ["Công tác đảng", "Ưu điểm", "Tồn tại, hạn chế"]
    wrong = [in_tcvn3(text) for text in (headings[0], TEXT, *headings[1:])]
    found = repair_texts(wrong)
    assert list(found.texts) == [headings[0], TEXT, *headings[1:]]
    assert "TCVN3" in found.notes[0]


def test_unicode_paragraphs_among_legacy_ones_stay() -> None:
    assert list(repair_texts([TEXT, in_vni(TEXT), "Ủy ban nhân dân"]).texts) == [
        TEXT,
        TEXT,
        "Ủy ban nhân dân",
    ]


def test_rubbish_is_noted() -> None:
    rubbish = " ".join(f"ç{a}ß{b}øÿ" for a in "abcdefgh" for b in "klmnoprst")
    found = repair_texts([rubbish])
    assert found.texts == (rubbish,)
    assert "no known encoding" in found.notes[0]


def test_tidy_keeps_what_can_be_seen() -> None:
    assert tidy("  co\u0301u\u0300\u00a0 \u200bnh\u00ad\tan\x00 ") == "cóù nh an"
    assert tidy("a\ud800b\ufeff c\u2028d") == "ab c d"
    assert tidy("") == ""


VIQR = """BA'O CA'O
Ke^'t qua? co^ng ta'c Ho^.i va` phong tra`o no^ng da^n

A. TI`NH HI`NH
II. KE^'T QUA? THU+.C HIE^.N NHIE^.M VU.
Va^.n ddo^.ng 9 thanh nie^n nha^.p ngu~, dda.t 100%. Giu+~ vu+~ng an ninh tra^.t tu+.. Die^.n ti'ch 3.200 m2 dda^'t ca`y.
Vu. ddo^ng xua^n, DDa?ng bo^. xa~ Phu' Tha.nh thu ho^.i phi' chu+a dde^`u. Ca'c chi ho^.i ddi ddau?
"""


def test_viqr_is_read_as_its_author_meant_it() -> None:
    found = decode(VIQR.encode())
    assert found.encoding == "viqr"
    for words in (
        "BÁO CÁO\n", "Kết quả công tác Hội và phong trào nông dân\n", "A. TÌNH HÌNH\nII. KẾT QUẢ THỰC HIỆN NHIỆM VỤ\n",
        "Vận động 9 thanh niên nhập ngũ, đạt 100%. Giữ vững an ninh trật tự. ", "3.200 m2 đất cày.\n",
        "Vụ đông xuân, Đảng bộ xã Phú Thạnh thu hội phí chưa đều. Các chi hội đi đau?\n",
    ):  # fmt: skip
        assert words in found.text


@pytest.mark.parametrize(
    "text",
    [
        "The committee's report. Is it new? It's a fine (and good) one: see page (3), to be read. a+b o^2",
        "Bao cao ket qua cong tac Hoi nong dan. Dat 100%. Da lam (xong) chua? Chua.",
        "x = foo(a) + bar(e)^2; y = o+u; do(i); re('a'); go(o)",
        "",
    ],
)
def test_other_text_in_ascii_is_no_viqr(text: str) -> None:
    assert decode(text.encode()) == DecodedText(text, "utf-8")


@pytest.mark.parametrize("times", [1, 2])
def test_utf8_garbled_once_or_twice(times: int) -> None:
    texts = [
        "Đảng ủy xã đã lãnh đạo nhân dân dựng lại bảy chiếc cầu bị lũ cuốn trôi.",
        "Việc giao đất, giao rừng cho các hộ còn chậm, một số thôn chưa có sổ.",
    ]
    garbled = texts
    for _ in range(times):
        garbled = [text.encode().decode("sloppy-windows-1252") for text in garbled]
    found = repair_texts(garbled)
    assert list(found.texts) == texts
    assert "UTF-8" in found.notes[0]
