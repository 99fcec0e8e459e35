"""The instruments of the page tests see what they are there to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.helpers import axe_violations, overflow, screenshot

pytestmark = pytest.mark.django_db

HEAD = "<!doctype html><html lang='zh'><head><title>页</title></head>"
PLAIN = HEAD + "<body><main><h1>页</h1>{}</main></body></html>"


def test_an_unlabelled_field_is_found(page: OpenPage) -> None:
    page.set_content(PLAIN.format("<input type='text'>"))
    assert [line.split(" ")[0] for line in axe_violations(page)] == ["label"]


def test_a_sound_page_has_no_finding(page: OpenPage) -> None:
    page.set_content(PLAIN.format("<p>办件</p>"))
    assert axe_violations(page) == []


def test_what_sticks_out_is_measured(phone: OpenPage) -> None:
    phone.set_content(PLAIN.format("<div style='width:600px'>宽</div>"))
    assert overflow(phone) > 150


def test_a_script_error_is_a_complaint(page: OpenPage) -> None:
    page.set_content(PLAIN.format("<script>nowhere.atAll()</script>"))
    page.wait_for_timeout(100)
    assert any("nowhere" in line for line in page.complaints)
    page.complaints.clear()


def test_chinese_is_drawn_with_a_chinese_font(page: OpenPage) -> None:
    page.set_content(PLAIN.format("<span id='a'>办</span><span id='b'>㐀</span>"))
    widths = [page.locator(f"#{name}").bounding_box()["width"] for name in "ab"]
    assert widths[0] >= 15


def test_a_picture_is_taken_where_pictures_are_asked_for(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tests.browser.helpers.PICTURES", tmp_path)
    page.set_content(PLAIN.format("办"))
    monkeypatch.delenv("ZX_PICTURES", raising=False)
    screenshot(page, "chinese")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("ZX_PICTURES", "1")
    screenshot(page, "chinese")
    assert (tmp_path / "chinese-desk.png").stat().st_size > 1000
