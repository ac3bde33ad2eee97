"""Adding and removing reports over HTTP."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tracuu import Index, rebuild
from tracuu.index.directory import IndexDirectory

BODY = "BÁO CÁO\nKết quả năm 2011\n\nI. KINH TẾ\n\nThu ngân sách năm 2011 đạt 112 tỷ đồng, bằng 109% dự toán.".encode()
OTHER = BODY.replace(b"2011", b"2012")
PATH = "/api/v1/reports"


@pytest.fixture
def made(client, own, token):
    return client(own, token=token, upload_bytes=20_000, wait=0.1)


def test_without_a_token_in_the_settings_nothing_is_written(client, own, bearer):
    reader = client(own)
    for answer in (
        reader.post(f"{PATH}?name=x.txt", content=BODY, headers=bearer),
        reader.put(f"{PATH}/x?name=x.txt", content=BODY, headers=bearer),
        reader.delete(f"{PATH}/bao-cao-chinh-tri-huyen-uy-2020-2025", headers=bearer),
    ):
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:tracuu:problem:read-only"
    assert reader.get(PATH).json()["total"] == 3


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic YTpi",
        "Bearer a-token-for-tests-onl",
        "bearer é",
        "a-token-for-tests-only",
    ],
)
def test_another_token_is_none(made, header):
    headers = {} if header is None else {"Authorization": header.encode()}
    answer = made.post(f"{PATH}?name=x.txt", content=BODY, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert made.delete(f"{PATH}/x", headers=headers).status_code == 401
    assert made.get(PATH).json()["total"] == 3


def test_a_report_is_added_found_replaced_and_removed(made, bearer, own):
    answer = made.post(PATH, params={"name": "Báo cáo 2011.txt"}, content=BODY, headers=bearer)
    assert (answer.status_code, answer.json()["kind"]) == (201, "added")
    where = answer.headers["location"]
    assert where == f"{PATH}/bao-cao-2011"
    assert made.get(where).json() == answer.json()["reports"][0]
    assert made.get("/api/v1/search", params={"q": '"năm 2011 đạt 112"'}).json()["total"] == 1

    assert (
        made.put(where, content=BODY, headers={**bearer, "Content-Type": "text/plain"}).json()[
            "kind"
        ]
        == "unchanged"
    )
    changed = made.put(where, params={"name": "x.txt"}, content=OTHER, headers=bearer)
    assert (changed.status_code, changed.json()["kind"]) == (200, "changed")
    assert made.get("/api/v1/search", params={"q": '"năm 2011 đạt 112"'}).json()["total"] == 0

    list(rebuild(own))
    assert made.get("/api/v1/search", params={"q": '"năm 2012 đạt 112"'}).json()["total"] == 1

    gone = made.delete(where, headers=bearer)
    assert gone.json() == {"report": "bao-cao-2011", "passages": 1}
    assert made.get(where).status_code == 404
    assert made.delete(where, headers=bearer).status_code == 404
    assert [path.name for path in (own / "uploads").iterdir()] == ["uploads.json"]


def test_the_kind_of_file_is_told_by_name_or_type(made, bearer):
    page = b"<html><body><h1>I. KINH T\xe1\xba\xbe</h1><p>Thu ng\xc3\xa2n s\xc3\xa1ch t\xc4\x83ng.</p></body></html>"
    typed = {**bearer, "Content-Type": "text/html; charset=utf-8"}
    assert made.put(f"{PATH}/trang", content=page, headers=typed).status_code == 201
    assert "<p>" not in made.get(f"{PATH}/trang/passages").text
    unknown = made.put(
        f"{PATH}/khac", content=BODY, headers={**bearer, "Content-Type": "application/octet-stream"}
    )
    assert unknown.status_code == 415
    assert ".docx" in unknown.json()["detail"]


def test_an_id_of_somebody_else_is_a_conflict(made, bearer):
    answer = made.put(
        f"{PATH}/bao-cao-chinh-tri-huyen-uy-2020-2025?name=x.txt", content=BODY, headers=bearer
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:tracuu:problem:conflict")


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "x.txt", 422),
        (b" \n", "x.txt", 422),
        (b"\x00\x01\x02" * 50, "x.txt", 422),
        (b"PK\x03\x04torn", "x.docx", 422),
        (b"%PDF-1.7 torn", "x.pdf", 422),
        (b"\xd0\xcf\x11\xe0", "x.doc", 422),
        (b"x", "x.exe", 415),
        (b"x", "", 422),
        (b"x" * 20_001, "x.txt", 413),
        (b"x", "x" * 251, 422),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    made, bearer, own, content, name, status
):
    answer = made.post(PATH, params={"name": name}, content=content, headers=bearer)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(own) not in answer.text
    assert made.get(PATH).json()["total"] == 3
    assert {path.name for path in own.glob("uploads/*")} <= {"uploads.json"}


def test_too_much_is_refused_though_no_length_was_told(made, bearer):
    def pieces():
        for _ in range(100):
            yield b"x" * 1000

    answer = made.post(f"{PATH}?name=x.txt", content=pieces(), headers=bearer)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "name",
    ["../../../../tmp/x.txt", "/etc/x.txt", "C:\\x.txt", "a/../../b.txt", "\x00.txt", "~/x.txt"],
)
def test_a_name_is_no_place(made, bearer, own, tmp_path, name):
    before = set(tmp_path.rglob("*")) - set(own.rglob("*"))
    assert made.post(PATH, params={"name": name}, content=BODY, headers=bearer).status_code == 201
    assert set(tmp_path.rglob("*")) - set(own.rglob("*")) == before
    assert not Path("/tmp/x.txt").exists()


@pytest.mark.parametrize("id", ["..", "%2e%2e", "A", "a_b", "x" * 101, "a%20b", "a%00"])
def test_ids_are_plain(made, bearer, id):
    assert made.put(f"{PATH}/{id}?name=x.txt", content=BODY, headers=bearer).status_code in (
        400,
        404,
        405,
        422,
    )
    assert made.get(PATH).json()["total"] == 3


def test_while_another_writes_it_is_busy(made, bearer, own):
    with IndexDirectory(own).lock():
        answer = made.post(f"{PATH}?name=x.txt", content=BODY, headers=bearer)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:tracuu:problem:index-busy")
    assert int(answer.headers["retry-after"]) > 0
    assert made.post(f"{PATH}?name=x.txt", content=BODY, headers=bearer).status_code == 201


def test_many_writers_at_once_all_come_through(client, own, token, bearer):
    made = client(own, token=token, wait=30.0)
    answers = []

    def add(number):
        answers.append(
            made.put(
                f"{PATH}/r{number}?name=x.txt", content=BODY + b" %d" % number, headers=bearer
            ).status_code
        )

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 4
    with Index.open(own) as index:
        assert len(index.reports()) == 7


def test_problems_are_told_in_the_language_that_is_asked_for(client, own, token, bearer):
    http = client(own, token=token)

    def refused(language: str | None) -> tuple[str, str]:
        headers = {**bearer, **({"Accept-Language": language} if language else {})}
        answer = http.post("/api/v1/reports?name=a.xyz", content=b"x", headers=headers)
        assert answer.status_code == 415
        return answer.headers["content-language"], answer.json()["detail"]

    english = refused(None)
    assert english[0] == "en"
    assert refused("en-GB,vi;q=0.5") == refused("fr") == english
    language, detail = refused("vi-VN,vi;q=0.9,en;q=0.8")
    assert language == "vi"
    assert detail != english[1]
    assert ".docx" in detail
