"""Every page of the platform in three window sizes: what the address map names is looked at by itself.

From the addresses without a parameter on, links are followed as people of the sample city; each page is opened once in a
real browser, by the first who may. A route that no link leads to stands in NOT_LOOKED_AT with its reason, so a new page is
seen or argued about. Pages are looked at in PARTS, so that workers share them.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from zlib import crc32

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.access.test_routes import names
from tests.browser.conftest import SCREEN, OpenPage
from tests.browser.helpers import ALL_SIZES, axe_violations, beside_wrong_words, overflow, screenshot
from tests.browser.kept import Kept
from tests.browser.rows import import_runs
from tests.browser.visitors import HOLDER, NOBODY, client_of, hand_over
from tests.meta.routes import routes
from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.catalogue.api import ItemVersion
from zhengxiao.mechanisms.detection.models import RuleVersion

PEOPLE = (
    NOBODY,
    HOLDER,
    "citizen",
    "supervisor",
    "approver",
    "leader",
    "head",
    "clerk",
    "sysadmin",
    "secadmin",
    "auditor",
)
"""Who is asked first for a page: public pages are seen as the public sees them, the others by those with the most on them."""
MACHINES = ("openapi:", "operation:")
TRIES = 3
PARTS = 8

ONLY = os.environ.get("ZX_PAGES", "")
"""For work on some pages: the beginning of their route names, as `relay:`."""

SENT = "answers to a form that was sent"
LEADS = "leads on to another page"
FILE = "is a file"
ABSENT = (
    "is looked at where the sample city has a row that somebody may open; else by the tests of its package"
)
NOT_LOOKED_AT = {
    "cases:material": FILE,
    "cases:reveal": SENT,
    "catalogue:draft-edit": "is the form of a draft again, filled in; backbone/catalogue/tests",
    "citizen:elder": SENT,
    "citizen:head-file": FILE,
    "citizen:leave": SENT,
    "citizen:open": "takes the code of a QR picture and leads on",
    "citizen:proof-file": FILE,
    "citizen:verifier": FILE,
    "console:account-act": SENT,
    "console:account-post": SENT,
    "console:account-post-end": SENT,
    "console:calendar-confirm": SENT,
    "console:calendar-reject": SENT,
    "console:export": ABSENT,
    "console:export-move": ABSENT,
    "console:import-continue": SENT,
    "console:import-rejects": FILE,
    "console:webhook-message-resend": SENT,
    "console:webhook-move": SENT,
    "console:webhook-resend": SENT,
    "console:webhook-rotate": SENT,
    "desk:notice-open": LEADS,
    "desk:notices-read-all": SENT,
    "detection:back-test-start": SENT,
    "disclosures:batch-file": FILE,
    "disclosures:report": SENT,
    "parties:link": SENT,
    "portal:codes": "shows fresh recovery codes once; surfaces/portal/tests",
    "portal:home": LEADS,
    "portal:language": SENT,
    "portal:oidc-back": LEADS,
    "portal:oidc-go": LEADS,
    "portal:sessions": SENT,
    "portal:sign-out": SENT,
    "process:ocel": FILE,
    "process:xes": FILE,
    "supervision:card-file": FILE,
    "supervision:order-file": FILE,
}


def plain_addresses() -> list[str]:
    return [address for address, entry in routes() if "<" not in str(entry.pattern)]


def chosen_addresses() -> list[str]:
    """Pages in a state of their own, which nobody might come by: each is looked at by itself."""
    changed = ItemVersion.objects.filter(number=2).order_by("pk")[0].item_id
    busy = Case.objects.values("item").annotate(n=Count("pk")).order_by("-n", "item")[0]["item"]
    own = Case.objects.filter(department__code="A-APPROVAL").order_by("-received_at", "-pk")
    cases = [own.filter(state=state).first() for state in ("received", "accepted", "reviewing", "delivered")]
    return [
        f"/screen/{SCREEN}/",
        f"/screen/{SCREEN}/?turn=1",
        reverse("cases:new") + f"?item={changed}",
        *(reverse("cases:case", args=[case.number]) for case in cases if case),
        reverse("catalogue:item", args=[changed]),
        reverse("process:item", args=[busy]),
        reverse("console:due") + "?start=2026-09-28T09:00&amount=20&unit=wd",
        reverse("console:calendar-year", args=["CN"]) + "?year=2027",
        reverse("desk:search") + "?q=示例",
        *(reverse("detection:rule", args=[row.rule_id]) for row in RuleVersion.objects.filter(state="draft")),
        *(reverse("console:import", args=[run.pk]) for run in import_runs().values()),
    ]


def links(address: str, text: str) -> Iterator[str]:
    for found in re.findall(r'(?:href|hx-get)="([^"]+)"', text):
        parts = urlsplit(urljoin("http://testserver" + address, html.unescape(found)))
        if parts.netloc == "testserver" and not parts.path.startswith(("/static", "/api")):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def kind_of(address: str) -> str | None:
    """What is looked at once: the route, and each move, form and part by itself."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    if match.view_name.startswith(MACHINES):
        return None
    told = [
        str(value) for name, value in match.kwargs.items() if name in ("transition", "part", "scope_kind")
    ]
    return " ".join([match.view_name, *told])


def is_page(client: Client, address: str) -> str:
    """The text of a page; empty where there is none."""
    answer = client.get(address)
    if answer.streaming:
        answer.close()
        return ""
    page = answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", "")
    return answer.content.decode() if page else ""


def pages_of(client: Client, chosen: list[str], known: set[str]) -> Iterator[tuple[str, str]]:
    """(kind, address) of the pages somebody reaches that nobody before has reached."""
    waiting, asked, tried = plain_addresses() + chosen, set[str](), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        kind = address if address in chosen else kind_of(address)
        if kind is None or address in asked or tried.get(kind, 0) >= (1 if kind in known else TRIES):
            continue
        asked.add(address)
        tried[kind] = tried.get(kind, 0) + 1
        if text := is_page(client, address):
            if kind not in known:
                known.add(kind)
                yield kind, address
            waiting += links(address, text)


def faults_of(page: OpenPage, address: str) -> list[str]:
    """What is wrong with a page, in each size by itself."""
    page.page.set_viewport_size({"width": ALL_SIZES["desk"][0], "height": ALL_SIZES["desk"][1]})
    answer = page.open(address)
    faults = [] if answer is not None and answer.status == 200 else [f"status {answer and answer.status}"]
    if (heads := page.locator("h1").count()) != 1:
        faults.append(f"{heads} h1")
    if not page.title().strip():
        faults.append("no title")
    for size, (width, height) in ALL_SIZES.items():
        page.page.set_viewport_size({"width": width, "height": height})
        page.size = size
        faults += [f"{size}: {line}" for line in axe_violations(page)]
        if wide := overflow(page):
            faults.append(f"{size}: {wide} px too wide")
        if shifted := beside_wrong_words(page):
            faults.append(f"{size}: beside the wrong words: {', '.join(shifted)}")
        screenshot(page, "page-" + re.sub(r"\W+", "-", kind_of(address) or address))
    faults += page.complaints
    page.complaints.clear()
    return faults


@dataclass(frozen=True, slots=True)
class Found:
    """A page there is: what it is, where, and the first who reaches it with the session in which it was reached."""

    kind: str
    address: str
    who: str
    visitor: Client

    @property
    def part(self) -> int:
        """By what the page is, not by its place in the walk: every worker walks by itself."""
        return crc32(self.kind.encode()) % PARTS


def walk() -> list[Found]:
    """Every page there is, person by person."""
    known: set[str] = set()
    chosen, found = chosen_addresses(), []
    for who in PEOPLE:
        client = client_of(who)
        found += [Found(kind, address, who, client) for kind, address in pages_of(client, chosen, known)]
    return found


@pytest.fixture
def found(city: None, kept: Kept) -> list[Found]:
    """The walk is taken once in a session; its rows, the visitors' sessions among them, are put back."""
    return kept.laid_out("every page", walk)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_sound_in_every_size(
    found: list[Found], open_window: Callable[..., OpenPage], live_server: object, part: int
) -> None:
    faults, windows = dict[str, list[str]](), dict[str, OpenPage]()
    for page in found:
        if page.part != part or not name_of(page).startswith(ONLY):
            continue
        if page.who not in windows:
            windows[page.who] = open_window("desk")
            hand_over(page.visitor, windows[page.who], str(live_server))
        if wrong := faults_of(windows[page.who], page.address):
            faults[f"{page.kind}: {page.address}"] = wrong
    assert faults == {}


def test_every_page_is_looked_at_or_its_absence_argued(found: list[Found]) -> None:
    print(f"{len(found)} pages in {len(ALL_SIZES)} sizes")
    assert {page.part for page in found} == set(range(PARTS))
    unseen = {name for name in names() if not name.startswith(MACHINES)} - {name_of(page) for page in found}
    assert unseen - set(NOT_LOOKED_AT) == set()
    assert set(NOT_LOOKED_AT) - names() == set()


def name_of(page: Found) -> str:
    return resolve(urlsplit(page.address).path).view_name
