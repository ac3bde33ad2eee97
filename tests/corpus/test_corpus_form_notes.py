"""What stands below signatures and tables of a form stays findable."""

from __future__ import annotations

from tracuu.corpus import Block, Reader

LINES = [
    "BIÊN BẢN", "Hội nghị cử tri thôn Nà Ỏi", "Thôn mời tám mươi cử tri, có mặt bảy mươi mốt người.",
    "THƯ KÝ", "(ký, ghi rõ họ tên)", "CHỦ TRÌ HỘI NGHỊ", "CHỦ TỊCH", "Lò Văn Yêu",
    "Ghi chú: Mẫu này dùng cho hội nghị ở thôn.", "(1) Tên thôn hoặc tổ dân phố nơi họp.",
]  # fmt: skip


def test_notes_below_a_signature_are_passages(reader: Reader) -> None:
    reading = reader.parse([Block(text) for text in LINES], id="r")[0]
    texts = [passage.text for passage in reading.passages]
    assert LINES[-2:] == texts[-2:]
    assert "Lò Văn Yêu" not in texts


def test_the_source_of_a_table_s_figures_is_a_passage(reader: Reader) -> None:
    blocks = [
        Block("BÁO CÁO"), Block("Về chăn nuôi"), Block("I. KẾT QUẢ"),
        Block("Vật nuôi: Bò; Số con: 412", kind="table-row"), Block("Nguồn: Trạm Thú y khu vực Nậm Rốm"),
        Block("Đàn bò tăng đều nhờ dự án trồng cỏ voi ở ba thôn ven suối."),
    ]  # fmt: skip
    assert [p.text for p in reader.parse(blocks, id="r")[0].passages][1] == blocks[4].text


def test_an_organ_is_named_with_its_body(reader: Reader) -> None:
    def issuer(*head: str) -> str | None:
        lines = [*head, "BÁO CÁO", "Về công tác tháng ba", "Chi hội họp đúng kỳ, góp quỹ đủ."]
        return reader.parse([Block(text) for text in lines], id="r")[0].report.issuing_body

    assert issuer("HUYỆN ỦY MƯỜNG TÚC", "BAN TỔ CHỨC") == "BAN TỔ CHỨC HUYỆN ỦY MƯỜNG TÚC"
    assert (
        issuer("HỘI LHPN TỈNH", "BAN THƯỜNG VỤ", "HỘI LHPN XÃ SA LÔNG")
        == "BAN THƯỜNG VỤ HỘI LHPN XÃ SA LÔNG"
    )
    assert issuer("TỈNH ỦY LAI SƠN", "ĐẢNG ỦY XÃ TÀ MUNG") == "ĐẢNG ỦY XÃ TÀ MUNG"
