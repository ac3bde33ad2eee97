"""Markup in reports, queries and parameters stays text."""

from __future__ import annotations

from urllib.parse import quote

import pytest

BAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & <b>giải ngân</b>"  # as in the report of conftest.py

ADDRESSES = [
    f"/?q={quote(BAD)}",
    f"/?q={quote('nội dung chậm')}&report={quote('bad/report 1')}",
    f"/?q={quote(BAD)}&literal=1",
    f"/?area={quote(BAD)}",
    f"/?q=a&assessment={quote(BAD)}",
    f"/?q=a&year={quote(BAD)}",
    f"/?q=a&term={quote(BAD)}",
    f"/?q=a&kind={quote(BAD)}&number={quote(BAD)}",
    f"/?q=a&sort={quote(BAD)}&lang={quote(BAD)}&page={quote(BAD)}",
    f"/?q={quote('area:' + BAD)}",
    f"/?q={quote('+' + BAD + ' AND')}",
    f"/narrow?find={quote(BAD)}",
    "/narrow",
    f"/reports?find={quote(BAD)}",
    f"/reports/{quote('bad/report 1', safe='')}",
    f"/reports/{quote('bad/report 1', safe='')}/1?q={quote(BAD)}",
    f"/reports/{quote(BAD, safe='')}",
    f"/{quote(BAD)}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_markup_stays_text(browse, address):
    from lxml import html

    answer = browse(address)
    assert answer.status_code < 500
    page = html.document_fromstring(answer.text)
    assert page.xpath("//script[not(@src)] | //img | //b[not(ancestor::ul[@id='q-list'])]") == []
    assert [name for name in page.xpath("//@*") if "javascript:" in name.lower()] == []
    for element in page.iter():
        assert not [name for name in element.attrib if name.startswith("on")]


def test_the_report_with_markup_is_shown_letter_by_letter(browse):
    from lxml import html

    page = html.document_fromstring(browse(f"/reports/{quote('bad/report 1', safe='')}/1").text)
    assert (
        page.xpath("//div[@id='p1']//p[@class='text']")[0].text_content() == f"Nội dung {BAD} chậm."
    )
    assert BAD in page.xpath("//nav[@class='where']")[0].text_content()
