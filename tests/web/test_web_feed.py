"""The Atom feed of new passages that match saved searches."""

from __future__ import annotations

import json
from xml.etree.ElementTree import fromstring

from tracuu import Index
from tracuu.index import IndexDirectory
from tracuu.index.alerts import keep_alerts, recent_alerts
from tracuu.index.directory import ALERTS
from tracuu.index.saved import Alert, AlertFinder, SavedSearch, SavedSearches

ATOM = "{http://www.w3.org/2005/Atom}"
BODY = "BÁO CÁO\nKết quả năm 2011\n\nI. KINH TẾ\n\nThu ngân sách năm 2011 đạt 112 tỷ đồng; chợ <Mới> & bến.".encode()
OTHER = BODY.replace("Thu ngân sách".encode(), "Nuôi ong lấy mật".encode())


def entries(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + name) is not None
    found = []
    for entry in feed.iter(f"{ATOM}entry"):
        texts = {child.tag.removeprefix(ATOM): child.text or "" for child in entry}
        link = entry.find(f"{ATOM}link")
        assert link is not None
        found.append({**texts, "link": link.get("href", "")})
    return found


def test_the_feed_has_new_passages_of_uploads_and_updates(client, own, token, bearer, tmp_path):
    with Index.open(own) as index:
        SavedSearches(index).add("thu", "thu ngân sách 2011")
        SavedSearches(index).add("ong", "nuôi ong")
    service = client(own, token=token)
    assert entries(service.get("/alerts.atom")) == []
    answer = service.post(
        "/api/v1/reports", params={"name": "moi.txt"}, content=BODY, headers=bearer
    )
    assert answer.status_code == 201
    (entry,) = entries(service.get("/alerts.atom"))
    assert entry["title"] == "thu: BÁO CÁO Kết quả năm 2011"
    assert "chợ <Mới> & bến" in entry["content"]
    assert service.get(entry["link"]).status_code == 200
    (tmp_path / "ong.txt").write_bytes(OTHER)
    with Index.open(own) as index, AlertFinder(index) as finder:
        assert len(list(finder.alerts(list(index.update([tmp_path / "ong.txt"]))))) == 1
    found = entries(service.get("/alerts.atom"))
    assert [one["title"].partition(":")[0] for one in found] == ["ong", "thu"]
    assert len({one["id"] for one in found}) == 2
    assert len(entries(service.get("/alerts.atom?search=ong"))) == 1
    assert entries(service.get("/alerts.atom?search=nothing")) == []


def test_the_feed_holds_the_last_hundred_of_a_thousand_that_are_kept(client, own):
    with Index.open(own) as index:
        alerts = [Alert(SavedSearch("thu", "thu"), tuple(index.search("ngân", limit=1)))]
    directory = IndexDirectory(own)
    entry = {"when": "2026-01-01T00:00:00+00:00", "passage": "a#1", "title": "", "text": ""}
    lines = [json.dumps({**entry, "search": f"s{number}"}) for number in range(1200)]
    directory.put(ALERTS, "\n".join(lines).encode())
    keep_alerts(directory, alerts)
    assert len(recent_alerts(directory)) == 1000
    found = entries(client(own).get("/alerts.atom"))
    assert len(found) == 100
    assert [one["title"].partition(":")[0] for one in found[:2]] == ["thu", "s1199"]


def test_metadata_over_http(client, own, token, bearer):
    service = client(own, token=token)
    answer = service.put(
        "/api/v1/reports/moi", params={"name": "moi.txt", "extra": ["nguồn=văn thư", "mật=không"]},
        content=BODY, headers=bearer,
    )  # fmt: skip
    assert answer.json()["reports"][0]["extra"] == {"nguồn": "văn thư", "mật": "không"}
    found = service.get("/api/v1/search", params={"extra": "nguồn=văn thư"}).json()
    assert {hit["passage"]["report"] for hit in found["hits"]} == {"moi"}
    both = service.get("/api/v1/search", params={"extra": ["nguồn=văn thư", "mật=có"]})
    assert both.status_code == 422
    assert service.get("/", params={"extra": "nguồn=văn thư"}).status_code == 200
    wrong = service.put(
        "/api/v1/reports/moi",
        params={"name": "moi.txt", "extra": "x"},
        content=BODY,
        headers=bearer,
    )
    assert wrong.status_code == 422


def test_archives_and_messages_can_be_uploaded(client, own, token, bearer):
    import io
    import zipfile
    from email.message import EmailMessage

    service = client(own, token=token)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xa-a/2011.txt", BODY)
        archive.writestr("xa-b/2012.txt", OTHER)
    headers = {**bearer, "Content-Type": "application/zip"}
    answer = service.put("/api/v1/reports/nam?name=nam", content=stream.getvalue(), headers=headers)
    assert [one["id"] for one in answer.json()["reports"]] == ["nam-2011", "nam-2012"]
    assert [one["member"] for one in answer.json()["reports"]] == ["xa-a/2011.txt", "xa-b/2012.txt"]
    mail = EmailMessage()
    mail["Subject"] = "Gửi biểu thống kê"
    mail.set_content("Xã Mai gửi biểu thống kê hộ nghèo còn thiếu.\n")
    headers["Content-Type"] = "message/rfc822"
    answer = service.post("/api/v1/reports?name=thu", content=mail.as_bytes(), headers=headers)
    assert answer.json()["reports"][0]["title"] == "Gửi biểu thống kê"
    answer = service.post("/api/v1/preview?name=nam.zip", content=stream.getvalue(), headers=bearer)
    assert [one["passages"] for one in answer.json()["reports"]] == [1, 1]
