"""Scanned pages from the command line, in Python and over HTTP."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tracuu import Index

SENTENCE = "Thu ngan sach nam 2004 dat 112 ty dong, vuot du toan."


def has_vietnamese() -> bool:
    program = shutil.which("tesseract")
    if program is None:
        return False
    done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return "vie" in done.stdout.split()


pytestmark = pytest.mark.skipif(
    not has_vietnamese(), reason="tesseract with Vietnamese is not installed"
)


@pytest.fixture(scope="module")
def scan(tmp_path_factory):
    """A PDF of one page that is a picture of a sentence."""
    drawing = pytest.importorskip("PIL.ImageDraw", reason="the extra browser is not installed")
    pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
    from PIL import Image, ImageFont

    page = Image.new("L", (1754, 1240), 255)
    font = ImageFont.load_default(size=40)
    drawing.Draw(page).text((120, 300), SENTENCE, fill=0, font=font)
    path = tmp_path_factory.mktemp("scans") / "quet.pdf"
    page.save(path, resolution=150)
    return path


def test_a_scan_is_refused_with_the_option_and_read_with_it(run, scan, tmp_path):
    place = tmp_path / "idx"
    refused = run("index", scan.parent, "--index", place)
    assert refused.exit_code == 3
    assert "--ocr" in refused.stderr
    assert "ocr=True" not in refused.stderr
    done = run("index", scan.parent, "--index", place, "--ocr")
    assert done.exit_code == 0, done.stderr
    found = run("search", "112", "--index", place, "--jsonl")
    assert json.loads(found.stdout)["passage"]["page"] == 1
    assert run("rebuild", "--index", place, "--ocr-language", "vie+eng", "-q").exit_code == 0
    with Index.open(place) as index:
        assert index.search("ngan sach").total == 1


def test_each_page_is_shown_on_a_terminal(run, scan, tmp_path, monkeypatch):
    image = pytest.importorskip("PIL.Image")
    page = image.new("L", (800, 400), 255)
    page.save(tmp_path / "hai.pdf", resolution=100, save_all=True, append_images=[page])
    assert "page 1 of 2" not in run("outline", tmp_path / "hai.pdf", "--ocr").stderr
    for module in ("changes", "index", "pages"):
        monkeypatch.setattr(f"tracuu.cli.{module}.is_terminal", lambda stream: True)
    errors = run("index", scan, "--index", tmp_path / "idx", "--ocr").stderr
    assert "0 of 1 files …  quet.pdf: page 1 of 1" in errors
    errors = run("outline", tmp_path / "hai.pdf", "--ocr").stderr
    assert "\rhai.pdf: page 1 of 2" in errors
    assert "\rhai.pdf: page 2 of 2" in errors


def test_outline_and_put_read_scans_too(run, scan, tmp_path):
    assert "112" in run("outline", scan, "--ocr").stdout
    with Index.create(tmp_path / "idx") as index:
        index.put(scan.read_bytes(), name="quet.pdf", ocr=True)
        assert index.search("112").total == 1


def test_a_language_that_is_none_is_wrong_usage(run, scan, tmp_path):
    done = run("index", scan, "--index", tmp_path / "idx", "--ocr-language", "vie;ls")
    assert done.exit_code == 2
    assert "names no language of tesseract" in done.stderr
