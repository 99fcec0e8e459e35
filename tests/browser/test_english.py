"""The product in English: on the main pages nothing Chinese remains but what people and documents wrote themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import polib
from django.apps import apps
from django.db import models
from django.urls import reverse

from tests.browser.conftest import CITY_AT, OpenPage
from tests.browser.helpers import overflow, screenshot
from tests.meta.source import SOURCE
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.catalogue.api import ItemVersion
from zhengxiao.kernel.access.api import actor_for
from zhengxiao.kernel.calendar.api import CalendarVersion
from zhengxiao.kernel.clock.api import clocks_of
from zhengxiao.kernel.identity.api import User

SignIn = Callable[[OpenPage, str], None]

CHINESE = re.compile(r"[㐀-鿿]+")
OWN_WORDS = {
    "identity",
    "orgs",
    "parties",
    "catalogue",
    "cases",
    "calendar",
    "notices",
    "detection",
    "disclosures",
    "relay",
}
"""Apps that keep what people wrote: names, titles, reasons, and what was told in the reader's language of that day."""

SEEN = """() => {
  const zh = /[\\u3400-\\u9fff]/, found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim(), box = walk.currentNode.parentElement;
    if (zh.test(text) && box && !box.closest('[lang|=zh], script, style, textarea')) found.push(text);
  }
  for (const name of ['title', 'aria-label', 'placeholder', 'data-label', 'alt'])
    for (const box of document.querySelectorAll('[' + name + ']'))
      if (zh.test(box.getAttribute(name)) && !box.closest('[lang|=zh]')) found.push(box.getAttribute(name));
  return [document.title, ...found].filter((text) => zh.test(text));
}"""


def texts(value: Any) -> Iterable[str]:
    """Every string inside a stored value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


def written() -> str:
    """All Chinese that people and documents wrote, as one text to search in."""
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label not in OWN_WORDS:
            continue
        kept = models.CharField, models.TextField, models.JSONField
        names = [field.attname for field in model._meta.concrete_fields if isinstance(field, kept)]
        for row in model._default_manager.values_list(*names) if names else ():
            found.update(text for text in texts(list(row)) if CHINESE.search(text))
    return "\n".join(found)


def ours() -> set[str]:
    """Texts of the interface as they read in Chinese."""
    path = SOURCE / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    return {entry.msgid for entry in polib.pofile(str(path)) if CHINESE.search(entry.msgid)}


def leftovers(page: OpenPage, stored: str, labels: set[str]) -> list[str]:
    """Chinese on the page that nobody wrote there, and interface texts that stand there untranslated."""
    found = []
    for text in page.evaluate(SEEN):
        strange = any(run not in stored for run in CHINESE.findall(text))
        if strange or (text in labels and f"\n{text}\n" not in f"\n{stored}\n"):
            found.append(text)
    return found


def seen_by(username: str, *states: str) -> list[str]:
    """Addresses of cases in these states that somebody may open, each with its papers and a calculation sheet."""
    actor = actor_for(User.objects.get_by_natural_key(username), at=CITY_AT)
    found = []
    for state in states:
        case = Case.objects.visible_to(actor).filter(state=state).order_by("pk").last()
        if case is not None:
            found += [reverse(f"cases:{name}", args=[case.number]) for name in ("case", "voucher")]
            clock = next(iter(clocks_of("case", case.pk)))
            found.append(reverse("cases:clock", args=[case.number, clock.pk]))
    return found


def moves_of(username: str, state: str, *names: str) -> list[str]:
    actor = actor_for(User.objects.get_by_natural_key(username), at=CITY_AT)
    case = Case.objects.visible_to(actor).filter(state=state).order_by("pk").last()
    return [reverse("cases:move", args=[case.number, name]) for name in names] if case else []


def plan() -> dict[str, list[str]]:
    """Who opens what: every main page once, by somebody whose page is full."""
    version = ItemVersion.objects.order_by("-number").first()
    assert version is not None
    item = version.item_id
    calendars = [
        reverse("console:calendar-version", args=[pk])
        for pk in CalendarVersion.objects.order_by("-pk").values_list("pk", flat=True)[:2]
    ]
    return {
        "approver": [
            reverse("desk:home"),
            reverse("desk:notices"),
            reverse("desk:search") + "?q=示例",
            reverse("cases:ledger"),
            *seen_by("approver", "reviewing", "accepted"),
            *moves_of(
                "approver", "reviewing", "finish_step", "suspend", "request_extension", "grant", "deny"
            ),
            reverse("console:due") + "?start=2026-09-28T09:00&amount=20&unit=wd",
        ],
        "clerk": [
            reverse("desk:home"),
            reverse("cases:new"),
            *seen_by("clerk", "delivered", "archived"),
            reverse("catalogue:item", args=[item]),
        ],
        "head": [
            *(reverse(f"catalogue:{name}") for name in ("items", "versions", "unified", "basic", "claims")),
            reverse("catalogue:item-new"),
            reverse("catalogue:item-compare", args=[item]),
        ],
        "leader": [
            reverse("cockpit:board"),
            reverse("cockpit:figures"),
            reverse("cockpit:figure", args=["cases.on_time_rate"]),
        ],
        "secadmin": [reverse("console:calendar"), reverse("console:calendar-year", args=["CN"]), *calendars],
        "sysadmin": [
            reverse("console:calendar-propose"),
            reverse("console:imports"),
            reverse("console:import-new"),
        ],
        "": [reverse("portal:sign-in"), "/nowhere/"],
    }


PICTURED = (
    "desk:home",
    "cases:ledger",
    "catalogue:items",
    "cockpit:board",
    "console:imports",
    "portal:sign-in",
)


def test_in_english_only_what_people_wrote_is_chinese(
    open_window: Callable[..., OpenPage], sign_in: SignIn, city: None, live_server: object
) -> None:
    stored, labels = written(), ours()
    pictured = {reverse(name): name.replace(":", "-") for name in PICTURED}
    faults: dict[str, list[str]] = {}
    for username, addresses in plan().items():
        for size in ("desk", "phone"):
            page = open_window(size, locale="en")
            page.context.add_cookies([{"name": "zx_language", "value": "en", "url": str(live_server)}])
            if username:
                sign_in(page, username)
            for address in addresses if size == "desk" else [a for a in addresses if a in pictured]:
                answer = page.open(address)
                assert answer is not None
                assert answer.status == (404 if address == "/nowhere/" else 200), address
                assert page.locator("html").get_attribute("lang") == "en", address
                if left := leftovers(page, stored, labels):
                    faults[address] = left
                if address in pictured:
                    assert overflow(page) == 0, address
                    screenshot(page, f"english-{pictured[address]}")
    assert faults == {}


def test_the_language_button_leads_there_and_back(page: OpenPage, city: None) -> None:
    page.open(reverse("portal:sign-in"))
    page.get_by_role("button", name="English").click()
    page.page.wait_for_selector("html[lang=en]")
    assert page.get_by_role("button", name="Sign in").is_visible()
    page.get_by_role("button", name="中文").click()
    page.page.wait_for_selector("html[lang=zh-hans]")
    assert page.get_by_role("button", name="登录").is_visible()


def test_a_page_in_chinese_is_noticed(page: OpenPage, city: None) -> None:
    page.open(reverse("portal:sign-in"))
    page.evaluate("document.documentElement.lang = 'en'")
    assert {"登录", "用户名", "密码"} <= set(leftovers(page, written(), ours()))
