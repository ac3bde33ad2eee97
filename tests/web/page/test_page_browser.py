"""The page in a real browser: with scripts, without, and by keyboard alone."""

from __future__ import annotations

import re

QUERY = "giải ngân vốn đầu tư"
REPORT = "/reports/bao-cao-kiem-diem-quan-uy-nhiem-ky-xi"
PHONE = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True}
BAD = "\"'><img src=x onerror=alert(2)><script>alert(1)</script>"


def search(page, query: str) -> None:
    page.fill("#q", query)
    page.press("#q", "Enter")
    page.wait_for_selector("[data-count]")


def count(page) -> int:
    return int(re.sub(r"\D", "", page.inner_text("[data-count]").split("trong")[-1]))


def swapped(page, act) -> None:
    """Does something that changes the list, and waits for it. The page must not be loaded anew."""
    page.evaluate("window.here = true")
    old = page.query_selector(".list")
    act()
    page.wait_for_function("old => !old.isConnected", arg=old)
    assert page.evaluate("window.here"), "the page was loaded anew"


def test_search_and_read_a_passage(tab):
    page = tab()
    page.goto("/")
    search(page, QUERY)
    assert (
        "giải ngân" in page.inner_text(".hit mark >> nth=1").lower()
        or page.locator(".hit mark").count() > 1
    )
    page.click(".hit h3 a >> nth=0")
    assert page.locator("[aria-current=true] .text").count() == 1
    assert page.locator("[aria-current=true] mark").count() > 0
    page.click("text=Trở lại kết quả")
    assert page.input_value("#q") == QUERY


def test_filters_change_list_and_address_at_once_and_back_undoes_them(tab):
    page = tab()
    page.goto(f"/?q={QUERY}")
    wide, first = count(page), page.url
    swapped(page, lambda: page.check("#f-assessment-shortcoming"))
    narrow = count(page)
    assert 0 < narrow < wide
    assert "assessment=shortcoming" in page.url
    assert page.evaluate("document.activeElement.id") == "f-assessment-shortcoming"
    assert page.inner_text("#status") == page.inner_text("[data-count]")
    assert {tone.split()[-1] for tone in page.locator(".hit .tone").all_inner_texts()} == {"tại"}
    swapped(page, lambda: page.check("#f-area-do-thi"))
    assert count(page) <= narrow
    swapped(page, page.go_back)
    assert count(page) == narrow
    assert not page.is_checked("#f-area-do-thi")
    swapped(page, page.go_back)
    assert (count(page), page.url) == (wide, first)
    assert not page.is_checked("#f-assessment-shortcoming")
    swapped(page, page.go_forward)
    assert count(page) == narrow
    page.reload()
    assert count(page) == narrow
    assert page.is_checked("#f-assessment-shortcoming")


def test_back_from_a_passage_leads_to_the_filtered_list(tab):
    page = tab()
    page.goto(f"/?q={QUERY}")
    swapped(page, lambda: page.check("#f-assessment-shortcoming"))
    narrow = count(page)
    page.click(".hit h3 a >> nth=0")
    page.wait_for_selector(".sheet")
    page.go_back()
    page.wait_for_selector(".hit")
    assert count(page) == narrow
    assert page.is_checked("#f-assessment-shortcoming")


def test_chips_take_filters_away_and_the_focus_is_not_lost(tab):
    page = tab()
    page.goto("/?q=ngân sách&assessment=shortcoming&area=kinh-te")
    swapped(page, lambda: page.click(".chip >> nth=0"))
    assert page.locator(".chip").count() == 1
    assert page.evaluate("document.activeElement.matches('[data-count]')")


def test_the_next_page_begins_at_its_top(tab):
    page = tab(viewport={"width": 1000, "height": 600})
    page.goto("/?q=thủy lợi&sort=reading")
    page.locator(".pages").scroll_into_view_if_needed()
    swapped(page, lambda: page.click("a[rel=next]"))
    assert page.inner_text(".hit-rank >> nth=0") == "11"
    page.wait_for_function("() => scrollY === 0")
    swapped(page, page.go_back)
    assert page.inner_text(".hit-rank >> nth=0") == "1"
    assert page.evaluate("scrollY") > 0


def test_suggestions_are_chosen_by_keyboard(tab):
    page = tab()
    page.goto("/")
    page.focus("#q")
    page.fill("#q", "giai ng")  # at once: no list of fewer letters comes first
    page.wait_for_selector("#q-list [role=option]")
    assert page.get_attribute("#q", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.get_attribute("#q", "aria-activedescendant")
    assert page.get_attribute(f"#{chosen}", "aria-selected") == "true"
    text = page.get_attribute(f"#{chosen}", "data-query")
    assert "giải" in text
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    assert page.input_value("#q") == text


def test_escape_closes_suggestions_and_keeps_what_was_typed(tab):
    page = tab()
    page.goto("/")
    page.focus("#q")
    page.keyboard.type("ngan", delay=20)
    page.wait_for_selector("#q-list [role=option]")
    page.keyboard.press("Escape")
    assert page.is_hidden("#q-list")
    assert page.input_value("#q") == "ngan"
    page.keyboard.press("Escape")
    assert page.input_value("#q") == ""


def test_everything_by_keyboard_alone(tab):
    page = tab()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "Đến nội dung chính"
    page.keyboard.press("/")
    page.keyboard.type(QUERY)
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert (
        page.evaluate(
            "document.activeElement.closest('.hit').querySelector('.hit-rank').textContent"
        )
        == "2"
    )
    page.keyboard.press("k")
    address = page.get_attribute(":focus", "href")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sheet")
    assert address in page.url.replace("%20", " ") or page.url.endswith(address)
    here = page.title()
    page.keyboard.press("n")
    page.wait_for_function("here => document.title !== here", arg=here)
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    page.keyboard.press("Escape")
    assert page.is_hidden("dialog#keys")


def test_single_keys_can_be_switched_off(tab):
    page = tab()
    page.goto(f"/?q={QUERY}")
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "q"


def test_copying_a_citation(tab, site):
    page = tab(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{REPORT}/6")
    page.click(".quote [data-copy]")
    page.wait_for_selector(".toast:has-text('Đã sao chép')")
    assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#cite")
    page.goto(f"/?q={QUERY}&assessment=shortcoming")
    page.click("[data-copy-link]")
    page.wait_for_selector(".toast:has-text('Đã sao chép')")
    link = page.evaluate("navigator.clipboard.readText()")
    wanted = count(page)
    page.goto(link)
    assert link.startswith(site)
    assert count(page) == wanted


def test_exports_are_downloaded(tab):
    page = tab()
    page.goto(f"/?q={QUERY}")
    for name in ("csv", "docx"):
        with page.expect_download() as download:
            page.click(f"a[href^='/export.{name}']")
        assert download.value.suggested_filename == f"tracuu.{name}"


def test_without_scripts_the_whole_way_can_be_gone(tab):
    page = tab(java_script_enabled=False)
    page.goto("/")
    assert page.locator(".js-only:visible").count() == 0
    page.fill("#q", QUERY)
    page.click("button.go")
    wide = int(re.findall(r"\d+", page.inner_text("#count"))[-1])
    page.check("#f-assessment-shortcoming")
    page.click(".filters button.plain-button:visible")
    narrow = int(re.findall(r"\d+", page.inner_text("#count"))[-1])
    assert 0 < narrow < wide
    assert page.is_checked("#f-assessment-shortcoming")
    page.select_option("select[name=sort]", "date")
    page.click(".list-tools button")
    assert "sort=date" in page.url
    page.click(".hit h3 a >> nth=0")
    assert page.locator(".quote .cite").inner_text().endswith(".")
    page.click("a[rel=next], a[rel=prev]")
    page.click("text=Đọc cả báo cáo từ đây")
    assert page.locator(".step").count() > 5
    page.click("text=English")
    assert page.get_attribute("html", "lang") == "en"
    page.goto("/?q=NOT")
    assert page.inner_text("h1") == "Không hiểu được câu tìm"


def test_markup_in_reports_and_queries_does_nothing(tab):
    page = tab()
    alerts = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto("/")
    search(page, BAD)
    assert page.input_value("#q") == BAD
    page.goto("/?q=nội dung chậm&report=bad/report 1")
    assert "<script>alert(1)</script>" in page.inner_text(".hit .text")
    swapped(
        page,
        lambda: (
            page.check("#f-assessment-none")
            if page.locator("#f-assessment-none").count()
            else page.check("#f-literal")
        ),
    )
    page.click(".hit h3 a")
    assert "<img src=x onerror=alert(2)>" in page.inner_text(".step .text")
    page.goto("/narrow?q=chậm")
    page.fill("#find", BAD)
    page.wait_for_function(
        "() => document.querySelector('[data-count]').textContent.startsWith('0')"
    )
    assert alerts == []
    assert page.locator("main img").count() == 0


def test_lists_of_reports_narrow_while_typing(tab):
    page = tab()
    page.goto("/reports")
    page.fill("#find", "xa so 7")
    page.wait_for_function("() => document.querySelectorAll('.report').length === 1")
    assert page.inner_text(".report h3") == "Báo cáo xã số 7"
    assert "find=xa+so+7" in page.url


def test_colours_follow_the_device_and_the_switch(tab):
    page = tab(color_scheme="dark")
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.select_option("#theme", "light")
    light = page.evaluate(ground)
    assert light != dark
    page.reload()
    assert page.evaluate(ground) == light
    page.emulate_media(color_scheme="light")
    page.select_option("#theme", "dark")
    assert page.evaluate(ground) == dark


ADDRESSES = [
    "/",
    f"/?q={QUERY}",
    "/?area=kinh-te&area=do-thi&assessment=shortcoming&report=bao-cao-kiem-diem-quan-uy-nhiem-ky-xi",
    "/?q=nội dung chậm&report=bad/report 1",
    "/?q=" + "dài" * 80,
    "/?q=kỷ luật AND",
    "/narrow?q=chè",
    "/reports",
    REPORT,
    f"{REPORT}/6?q={QUERY}",
    "/charts?q=lãnh đạo",
    "/help",
    "/help?lang=en",
    "/nowhere",
]


def test_nothing_sticks_out_on_the_smallest_phone(tab):
    page = tab(**PHONE)
    wide = {}
    for address in ADDRESSES:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address] = width
    assert wide == {}


def test_the_head_of_the_page_leaves_a_phone_room_for_the_rest(tab):
    for lang in ("vi", "en"):
        page = tab(viewport={"width": 375, "height": 740})
        page.goto(f"/?lang={lang}")
        heights = [
            box["height"] for link in page.locator(".menu a").all() if (box := link.bounding_box())
        ]
        assert len(heights) == 5
        assert max(heights) < 50  # one line each
        assert page.locator(".top").bounding_box()["height"] < 110


def on_screen(page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    height = page.viewport_size["height"]
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


def test_a_hit_opens_on_the_words_that_were_found(tab):
    for size in ({"width": 375, "height": 740}, {"width": 1280, "height": 860}):
        page = tab(viewport=size)
        page.goto("/?q=lãnh đạo thực hiện&size=20")
        links = [link.get_attribute("href") for link in page.locator(".hit h3 a").all()]
        assert len(links) > 10
        for link in links:
            page.goto(link)
            place = "#found" if link.endswith("#found") else "[aria-current=true]"
            assert page.locator(place).count() == 1
            page.wait_for_function(
                """place => { const box = document.querySelector(place).getBoundingClientRect();
                return box.top >= 0 && box.top < innerHeight - 24; }""",
                arg=place,
            )
            assert page.locator(".where-line").bounding_box()["height"] < 40
            page.goto(link.partition("#")[0])  # an address that was passed on leads there too
            assert (
                page.locator("[aria-current=true] .text").bounding_box()["y"] < size["height"] * 0.7
            )


def test_whole_hits_stand_above_the_fold(tab):
    for size, least in (({"width": 1280, "height": 860}, 3), ({"width": 375, "height": 740}, 1)):
        page = tab(viewport=size)
        page.goto(f"/?q={QUERY}")
        whole = [
            hit
            for hit in page.locator(".hit").all()
            if (box := hit.bounding_box())["y"] + box["height"] <= size["height"]
        ]
        assert len(whole) >= least


def test_results_come_before_filters_and_can_be_skipped_to(tab):
    page = tab()
    page.goto(f"/?q={QUERY}")
    page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "Đến kết quả"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#results') !== null")


def test_filters_fold_away_on_a_phone(tab):
    page = tab(**PHONE)
    page.goto(f"/?q={QUERY}")
    assert page.is_hidden("#filters-in")
    page.tap("[data-filters]")
    assert page.is_visible("#filters-in")
    swapped(page, lambda: page.tap("label:has(#f-assessment-shortcoming)"))
    assert page.is_visible("#filters-in")
    assert page.get_attribute("[data-filters]", "aria-expanded") == "true"


def test_filters_of_a_phone_lead_back_to_the_results(tab):
    page = tab(viewport={"width": 390, "height": 700}, is_mobile=True, has_touch=True)
    page.goto(f"/?q={QUERY}")
    page.click("[data-filters] >> nth=0")
    swapped(page, lambda: page.check("#f-assessment-shortcoming"))
    done = page.locator(".filters-done a")
    assert on_screen(page, ".filters-done a")  # however far down the filters go
    assert str(count(page)) in done.inner_text()
    done.click()
    page.wait_for_function("!document.querySelector('#filters').classList.contains('is-open')")
    page.wait_for_function(
        "document.querySelector('.hit').getBoundingClientRect().top < innerHeight"
    )


def test_on_paper_there_are_passages_and_citations_and_no_controls(tab):
    page = tab()
    page.goto(f"/?q={QUERY}")
    page.emulate_media(media="print")
    assert page.locator(".hit .cite:visible").count() == page.locator(".hit").count() > 0
    assert (
        page.locator("header:visible, form:visible, button:visible, .filters:visible").count() == 0
    )


def test_no_column_is_cut_off_on_paper(tab):
    page = tab(viewport={"width": 624, "height": 900})  # A4 between its margins, in CSS pixels
    page.emulate_media(media="print")
    reports = ("bao-cao-kiem-diem-quan-uy-nhiem-ky-xi", "bao-cao-tong-ket-thanh-uy-2015-2020")
    for address in ("/charts", f"/compare?r={reports[0]}&r={reports[1]}"):
        page.goto(address)
        assert page.locator("table").count()
        wide = "[...document.querySelectorAll('table')].map((one) => one.getBoundingClientRect().right)"
        assert max(page.evaluate(wide)) <= 624
    cells = page.locator(".pairs tr:nth-child(2) td")
    if cells.count() > 1:  # then and now stand beside each other
        assert cells.nth(0).bounding_box()["y"] == cells.nth(1).bounding_box()["y"]


def test_the_font_of_the_service_is_used_and_nothing_comes_from_elsewhere(tab, site):
    page = tab()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/?q=ngân sách", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter((face) => face.status === 'loaded').length")
    assert loaded == 4  # two weights, each of Latin and of Vietnamese
    assert all(url.startswith(site) for url in asked)
