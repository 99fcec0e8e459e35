"""What page tests call: pictures, accessibility findings, and the watch over what the browser reports."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

SIZES = {"desk": (1366, 768), "phone": (390, 844)}
ALL_SIZES = {**SIZES, "wall": (1920, 1080)}
PICTURES = Path(__file__).resolve().parents[2] / "test-artifacts"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
AXE = Axe().axe_script
MEASURE = """async (rules) => (await axe.run(document, rules)).violations.map((one) => (
  {id: one.id, impact: one.impact, nodes: one.nodes.map((node) => ({target: node.target}))}))"""


@dataclass
class OpenPage:
    """A playwright page, its window size and the complaints of the browser; all else is the page's own."""

    page: Page
    size: str
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Response | None:
        """Go to an address of this server and wait until all of it is there."""
        answer = self.page.goto(address, wait_until="load")
        wait_for_focus(self.page)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)


def plain(page: Page | OpenPage) -> Page:
    return page.page if isinstance(page, OpenPage) else page


def watch(page: OpenPage, server: str) -> None:
    """Collect script errors, refused inline code, requests to elsewhere and answers of 500."""

    def console(message: ConsoleMessage) -> None:
        # A 4xx answer is a test's own business; the browser logs it as an error all the same.
        if message.type == "error" and "status of 4" not in message.text:
            page.complaints.append(f"console: {message.text}")

    def request(sent: Request) -> None:
        if not sent.url.startswith((server, "data:", "blob:", "about:")):
            page.complaints.append(f"request to elsewhere: {sent.url}")

    def response(got: Response) -> None:
        if got.status >= 500:
            page.complaints.append(f"{got.status}: {got.url}")

    page.page.on("console", console)
    page.page.on("pageerror", lambda error: page.complaints.append(f"script: {error}"))
    page.page.on("request", request)
    page.page.on("response", response)


def axe_violations(page: Page | OpenPage) -> list[str]:
    """One line per accessibility finding: rule, impact, where. Empty is what every page owes."""
    shown = plain(page)
    if not shown.evaluate("'axe' in window"):
        shown.evaluate(AXE)
    found = shown.evaluate(MEASURE, RULES)
    return [f"{finding['id']} ({finding['impact']}): {_places(finding)}" for finding in found]


def _places(finding: dict[str, Any]) -> str:
    return ", ".join(str(node["target"]) for node in finding["nodes"])


def screenshot(page: Page | OpenPage, name: str, *, full: bool = True) -> None:
    """Photograph the page into test-artifacts/NAME-SIZE.png where ZX_PICTURES is set, for people to look at."""
    if not os.environ.get("ZX_PICTURES"):
        return
    PICTURES.mkdir(exist_ok=True)
    size = page.size if isinstance(page, OpenPage) else "page"
    path = PICTURES / f"{name}-{size}.png"
    plain(page).screenshot(path=str(path), full_page=full, animations="disabled")


def overflow(page: Page | OpenPage) -> int:
    """By how many pixels the page is wider than its window: 0 unless something sticks out sideways."""
    return int(
        plain(page).evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def beside_wrong_words(page: Page | OpenPage) -> list[str]:
    """Labels of values that stand in the place of a label: on a phone a row of a table is a list of labels and values."""
    found: list[str] = plain(page).evaluate(SHIFTED)
    return found


SHIFTED = """() => [...document.querySelectorAll('.zx-rows tr')].flatMap((row) => [...row.querySelectorAll('td')]
  .filter((cell) => getComputedStyle(cell).display === 'contents')
  .filter((cell) => {
    const inside = document.createRange();
    inside.selectNodeContents(cell);
    const place = inside.getBoundingClientRect();
    return place.width && place.left - row.getBoundingClientRect().left < 24;
  })
  .map((cell) => cell.dataset.label || cell.innerText))"""


def tab_to(page: Page | OpenPage, words: str, *, most: int = 80) -> None:
    """Press Tab until what has the focus reads `words`."""
    for _ in range(most):
        plain(page).keyboard.press("Tab")
        if str(plain(page).evaluate(FOCUSED)).strip() == words:
            return
    raise AssertionError(f"the keyboard does not reach {words!r} within {most} steps")


def enter(page: Page | OpenPage, key: str = "Enter") -> None:
    """Press Enter and wait for the page it leads to."""
    with plain(page).expect_navigation(wait_until="load"):
        plain(page).keyboard.press(key)
    wait_for_focus(plain(page))


def wait_for_focus(page: Page) -> None:
    """Until the field that asks for the focus has it.

    A browser gives it when it paints, which on a busy machine comes after the page has loaded: keys pressed before are lost.
    """
    page.wait_for_function(
        "!document.querySelector('[autofocus]') || document.activeElement !== document.body"
    )


FOCUSED = """() => {
  const e = document.activeElement;
  return e.getAttribute('aria-label') || e.innerText || e.value || e.name || e.tagName;
}"""
