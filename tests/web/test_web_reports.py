"""Reports and passages over HTTP."""

from __future__ import annotations

import pytest

from tracuu import Index, Passage, Report

ODD = ["a/b", "hai chữ", "q?x=1&y", "50%", "../x", "é", "outline", "x/outline", "a+b", "'\"<>"]


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """An index of reports whose ids an application chose badly."""
    path = tmp_path_factory.mktemp("odd") / "index"
    with Index.create(path, engine="memory") as index:
        for id in ODD:
            passages = [
                Passage(id, number, f"Đoạn số {number} nói về ngân sách.", ("Kinh tế",))
                for number in (1, 2, 3)
            ]
            index.add(passages, report=Report(id, title=f"Báo cáo {id}"))
    return path


def test_all_reports_by_page(client, samples):
    made = client(samples)
    with Index.open(samples) as index:
        wanted = [report.id for report in index.reports()]
    page = made.get("/api/v1/reports?limit=2").json()
    assert page["total"] == len(wanted) == 3
    rest = made.get(page["links"]["next"]).json()
    assert [report["id"] for report in (*page["reports"], *rest["reports"])] == wanted
    assert rest["links"]["next"] is None
    assert made.get(page["reports"][0]["link"]).json() == page["reports"][0]


def test_reports_that_have_what_is_asked_for(client, samples):
    found = client(samples).get("/api/v1/reports", params={"term": "2015-2020"}).json()
    assert found["total"] == len(found["reports"]) > 0
    assert all(report["term"] == [2015, 2020] for report in found["reports"])


@pytest.mark.parametrize("id", ODD)
def test_every_id_has_an_address(client, odd, id):
    made = client(odd)
    listed = {
        report["id"]: report["link"]
        for report in made.get("/api/v1/reports?limit=50").json()["reports"]
    }
    link = listed[id]
    assert "#" not in link
    assert "?" not in link
    if id not in (
        "outline",
        "x/outline",
    ):  # which read as the outline of a report named by the rest
        assert made.get(link).json()["title"] == f"Báo cáo {id}"
    found = made.get(f"{link}/passages/2", params={"before": 1, "after": 0}).json()
    assert found["passage"]["id"] == f"{id}#2"
    assert [passage["position"] for passage in found["passages"]] == [1, 2]
    assert made.get(found["passage"]["link"]).json()["passage"] == found["passage"]
    assert made.get(f"{link}/outline").json()["headings"][0]["path"] == ["Kinh tế"]
    assert made.get(f"{link}/passages/2/explain?q=ngân").json()["matches"]


def test_passages_similar_to_one(client, samples):
    made = client(samples)
    hit = made.get("/api/v1/search", params={"q": "thu ngân sách", "limit": 1}).json()["hits"][0][
        "passage"
    ]
    found = made.get(f"{hit['link']}/similar", params={"limit": 1}).json()
    with Index.open(samples) as index:
        assert [one["passage"]["id"] for one in found["hits"]] == [
            one.passage.id for one in index.similar(hit["id"], limit=1)
        ]
    assert made.get(found["links"]["next"]).json()["offset"] == 1


def test_an_explanation_adds_up(client, samples):
    made = client(samples)
    hit = made.get("/api/v1/search", params={"q": "giải ngân", "limit": 1}).json()["hits"][0]
    told = made.get(f"{hit['passage']['link']}/explain", params={"q": "giải ngân"}).json()
    assert told["score"] == pytest.approx(hit["score"], rel=1e-3)
    assert sum(part["score"] for part in told["parts"]) == pytest.approx(told["score"], rel=1e-3)


def test_an_outline_covers_every_passage_once(client, samples):
    made = client(samples)
    for report in made.get("/api/v1/reports").json()["reports"]:
        headings = made.get(f"{report['link']}/outline").json()["headings"]
        covered = [number for one in headings for number in range(one["first"], one["last"] + 1)]
        assert covered == list(range(1, report["passages"] + 1))
        assert sum(sum(one["areas"].values()) for one in headings) == report["passages"]


def test_passages_of_a_report_in_reading_order(client, samples):
    made = client(samples)
    report = made.get("/api/v1/reports").json()["reports"][0]
    found = made.get(f"{report['link']}/passages", params={"limit": 5, "offset": 10}).json()
    assert [passage["position"] for passage in found["passages"]] == [11, 12, 13, 14, 15]
    assert found["total"] == report["passages"]


@pytest.mark.parametrize(
    "path",
    [
        "reports/khong-co",
        "reports/khong-co/outline",
        "reports/khong-co/passages",
        "reports/khong-co/passages/1",
        "reports/khong-co/passages/1/similar",
        "reports/khong-co/passages/1/explain?q=a",
        "reports/bao-cao-chinh-tri-huyen-uy-2020-2025/passages/9999",
        "reports/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "nothing",
        "",
    ],
)
def test_what_is_not_there_is_said_to_be_missing(client, samples, path):
    answer = client(samples).get(f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "urn:tracuu:problem:not-found"


@pytest.mark.parametrize("position", ["0", "-1", "x", "1.5", "99999999999999999999"])
def test_a_position_is_a_number_from_1(client, samples, position):
    assert client(samples).get(f"/api/v1/reports/a/passages/{position}").status_code in (404, 422)


def test_no_answer_names_a_folder_of_the_server(client, samples, root):
    made = client(samples)
    report = made.get("/api/v1/reports").json()["reports"][0]
    assert report["source"] == f"{report['id']}.txt"
    for path in (
        "/api/v1/reports",
        "/api/v1/search?q=ngân",
        "/api/v1/info",
        report["link"],
        f"{report['link']}/passages/1",
    ):
        text = made.get(path).text
        assert str(samples) not in text
        assert str(root) not in text
