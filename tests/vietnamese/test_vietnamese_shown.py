"""The tokens of a shown text are those of any text."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tracuu.vietnamese import Analysis, tokenise
from tracuu.vietnamese.letters import listed
from tracuu.vietnamese.shown import DisplayTokens
from tracuu.vietnamese.tokens import columns_of

SYLLABLES = "hành chánh hành chính Đảng bộ quận tỷ tỉ hoà hòa uỷ ủy UBND công phản ảnh đắc lắc hanh chanh cóù"
CODES = "15-CT/TU 12/2004/QĐ-UB 4.590 94,6% 2020-2025 21/9/2023 2005.Trong a.b toa\u0300n"
WORDS = st.sampled_from([*listed(SYLLABLES), *listed(CODES)])
GAPS = st.sampled_from([" ", ", ", ". ", "\n\n", "-", "/", "\u00a0", "", ":", " – ", "- ", "  / "])
WRITTEN = st.lists(st.tuples(WORDS, GAPS)).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)
ANY = st.text(st.characters() | st.sampled_from("aăâđ ̣̀́̉̃.,-/%\u200b\ud800\r\n0123456789"))


@given(WRITTEN | ANY)
@example("")
@example("theo số 15 - CT/TU, 12/2004/QĐ- UB và a12 - CT/TU; 33 - chi bộ")
@example("\u0301a  - \t– 7 /2023/ NQ-HĐND hành  chánh")
@example("Nghị định 30/2020/NĐ-CP và Chỉ thị 15-CT/TU, hành chánh")
@example("ho\u0300a gia\u0309i\u200b 4.590")
def test_they_are_those_of_any_text(text: str) -> None:
    tokens = tokenise(text)
    folded = [form for form, _ in Analysis(columns_of(text)).folded]
    rows = list(zip(tokens, folded, strict=True))
    plain = [
        (token.text, form, (token.start, token.end)) for token, form in rows if token.kind != "code"
    ]
    codes = [
        (token.text, form, (token.start, token.end)) for token, form in rows if token.kind == "code"
    ]
    shown = DisplayTokens(text)
    spans = shown.spans((at, at) for at in range(len(shown.texts)))
    assert list(zip(shown.texts, shown.folded, spans, strict=True)) == plain
    assert shown.codes == codes
