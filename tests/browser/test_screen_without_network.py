"""The hall screen when its network is cut: it keeps the last picture, says how old it is, and recovers by itself."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from tests.browser.conftest import SCREEN, OpenPage
from tests.browser.helpers import screenshot

SECONDS = 1000


def test_the_screen_says_how_old_it_is_and_recovers(open_window: Callable[..., OpenPage], city: None) -> None:
    hall = open_window("desk")
    hall.page.set_viewport_size({"width": 1920, "height": 1080})
    hall.page.clock.install()
    hall.open(reverse("screen:screen", args=[SCREEN]))
    hall.page.clock.run_for(2 * SECONDS)
    age, picture = hall.locator("#age"), hall.locator(".picture")
    assert not age.is_visible()
    before = picture.inner_text()

    hall.page.context.set_offline(True)
    hall.page.clock.run_for(30 * SECONDS)
    assert not age.is_visible()  # one failed turn is not worth a word
    hall.page.clock.run_for(60 * SECONDS)
    assert age.inner_text() == "网络中断，数据停在 10:30:00（92 秒前）"
    hall.page.clock.run_for(60 * SECONDS)
    assert age.inner_text() == "网络中断，数据停在 10:30:00（2 分钟前）"
    assert picture.inner_text() == before
    screenshot(hall, "screen-cut")
    assert [line for line in hall.complaints if "ERR_INTERNET_DISCONNECTED" not in line] == []
    hall.complaints.clear()

    hall.page.context.set_offline(False)
    with hall.page.expect_response("**/screen/**"):
        hall.page.clock.run_for(10 * SECONDS)
    age.wait_for(state="hidden")
    assert picture.get_attribute("data-turn") == "1"


WIDER = "() => [...document.querySelectorAll('td')].filter((c) => c.scrollWidth > c.clientWidth).map((c) => c.innerText)"


def test_no_word_runs_out_of_its_column(open_window: Callable[..., OpenPage], city: None) -> None:
    hall = open_window("desk")
    hall.page.set_viewport_size({"width": 1920, "height": 1080})
    for turn in range(5):
        hall.open(reverse("screen:screen", args=[SCREEN]) + f"?turn={turn}")
        assert hall.page.evaluate(WIDER) == [], turn
