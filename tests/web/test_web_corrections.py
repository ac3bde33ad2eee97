"""Correcting passages over HTTP."""

from __future__ import annotations

import pytest

REPORT = "bao-cao-chinh-tri-huyen-uy-2020-2025"
PATH = f"/api/v1/reports/{REPORT}/passages/3/correction"


@pytest.fixture
def made(client, own, token):
    return client(own, token=token)


def test_a_passage_is_corrected_listed_and_restored(made, bearer):
    before = made.get(PATH.removesuffix("/correction")).json()["passage"]
    answer = made.put(PATH, json={"area": "dan-van", "who": "lan"}, headers=bearer)
    assert answer.status_code == 200, answer.text
    assert answer.json()["passage"]["area_decision"]["source"] == "hand"
    after = made.get(PATH.removesuffix("/correction")).json()["passage"]
    assert after["area"] == "dan-van"
    listed = made.get("/api/v1/corrections", headers=bearer).json()
    assert (listed["total"], listed["corrections"][0]["who"]) == (1, "lan")
    assert made.delete(PATH, headers=bearer).json()["passage"] == before
    assert made.delete(PATH, headers=bearer).status_code == 404


def test_without_the_token_nobody_corrects_or_reads_who_did(made, client, own):
    assert made.put(PATH, json={"area": "dan-van"}).status_code == 401
    assert made.delete(PATH).status_code == 401
    assert made.get("/api/v1/corrections").status_code == 401
    assert client(own).put(PATH, json={"area": "dan-van"}).status_code == 403


def test_what_is_wrong_is_a_problem(made, bearer):
    for body in ({}, {"area": "không có"}, {"assessment": "hay"}, {"x": 1}):
        answer = made.put(PATH, json=body, headers=bearer)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:tracuu:problem:bad-value")
    missing = PATH.replace("/3/", "/999/")
    assert made.put(missing, json={"area": "dan-van"}, headers=bearer).status_code == 404
