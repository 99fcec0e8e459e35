"""The left navigation: entries by the four verbs, only those the actor may use, with what waits for the
actor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import allows
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.registry import Registry

Verb = Literal["办", "督", "评", "改", "设置"]
VERBS: dict[str, Promise] = {"办": _("办"), "督": _("督"), "评": _("评"), "改": _("改"), "设置": _("设置")}
"""Handle, supervise, evaluate, improve, and settings: the order of the navigation."""


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One line of the navigation.

    `action` empty: everyone signed in. `order`: place within the verb. `count(actor, moment)`: how many wait
    for this actor; it runs on every full page, so it must be one cheap indexed query.
    """

    verb: Verb
    label: str | Promise
    url_name: str
    action: str = ""
    order: int = 100
    count: Callable[[Actor, datetime], int | None] | None = None


@dataclass(frozen=True, slots=True)
class NavLine:
    """An entry as shown to one actor."""

    label: str | Promise
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class NavGroup:
    verb: str
    label: Promise
    lines: tuple[NavLine, ...]


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """Where the search box of every page sends its words (parameter `q`)."""

    url_name: str
    label: str | Promise
    action: str = ""


_entries: Registry[NavEntry] = Registry("navigation entry")
_search: Registry[SearchTarget] = Registry("search target")


def register_nav(entry: NavEntry) -> None:
    """Declare an entry; called from `apps.ready()`. One entry per `url_name`."""
    if entry.verb not in VERBS:
        raise ValueError(f"{entry.verb!r} is none of {', '.join(VERBS)}")
    _entries.add(entry.url_name, entry)


def register_search(target: SearchTarget) -> None:
    """Declare the one page that answers the search box; without it the box is not shown."""
    _search.add("search", target)


def nav_entries() -> list[NavEntry]:
    order = list(VERBS)
    return sorted(_entries.values(), key=lambda e: (order.index(e.verb), e.order, e.url_name))


def search_target(actor: Actor) -> tuple[SearchTarget, str] | None:
    """The search target this actor may use, with its address."""
    for target in _search.values():
        url = _url(target.url_name)
        if url and (not target.action or allows(actor, target.action)):
            return target, url
    return None


def nav_for(actor: Actor, *, path: str, at: datetime) -> list[NavGroup]:
    """The groups with at least one entry for `actor`; the entry with the longest matching address is
    current.
    """
    shown = [
        (entry, url)
        for entry in nav_entries()
        if (url := _url(entry.url_name)) and (not entry.action or allows(actor, entry.action))
    ]
    here = max((url for _entry, url in shown if path.startswith(url)), key=len, default="")
    groups: dict[str, list[NavLine]] = {}
    for entry, url in shown:
        count = entry.count(actor, at) if entry.count else None
        groups.setdefault(entry.verb, []).append(NavLine(entry.label, url, count, url == here))
    return [NavGroup(verb, VERBS[verb], tuple(lines)) for verb, lines in groups.items()]


def _url(name: str) -> str:
    """The address, or empty when the URL map lacks it (system check ui.W001 reports that)."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@cache
def _address(name: str, urlconf: str, prefix: str) -> str:
    """Asked for every entry on every page, and always the same below one `prefix`."""
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""
