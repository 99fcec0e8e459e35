"""The home page: what must I do next."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from zhengxiao.backbone.cases.api import LIGHT_NAMES, applicant_shown, lights, todo, todo_count, waiting_count
from zhengxiao.kernel.access.api import allows, page
from zhengxiao.kernel.calendar.api import horizon_findings
from zhengxiao.kernel.notices.api import unread_count, unread_for
from zhengxiao.kernel.ui.api import waiting_for
from zhengxiao.lib.actors import Actor

SHOWN = 100
WATCHED = 30
NOTICES = 5
LIGHTS = ("red", "yellow", "blue", "grey", "green")


class Request(HttpRequest):
    """A request as the middleware hands it on."""

    actor: Actor
    moment: datetime


@page("desk.view")
@require_safe
def home(request: Request) -> HttpResponse:
    """My to-do in the order in which it turns red; what lies with others; notices; the calendar's horizon."""
    actor, at = request.actor, request.moment
    mine = request.GET.get("mine") == "1"
    works = any(allows(actor, action) for action in ("cases.accept", "cases.review", "cases.decide"))
    tasks = todo(actor, at, mine=mine, limit=SHOWN) if works else []
    context: dict[str, Any] = {
        "works": works,
        "mine": mine,
        "tasks": [(task, applicant_shown(task.case)) for task in tasks],
        "total": todo_count(actor, at) if works else 0,
        "shown": SHOWN,
        "waiting": _watched(actor, at, mine) if works else [],
        "waiting_total": waiting_count(actor) if works else 0,
        "notices": unread_for(actor)[:NOTICES] if allows(actor, "notices.view") else [],
        "unread": unread_count(actor, at) if allows(actor, "notices.view") else 0,
        "horizon": [_finding(found) for found in horizon_findings(at=at) if found.level != "green"],
        "may_receive": allows(actor, "cases.receive"),
        "elsewhere": waiting_for(actor, at),
        **_lights(actor, at),
    }
    return render(request, "desk/home.html", context)


def _watched(actor: Actor, at: datetime, mine: bool) -> list[tuple[Any, str]]:
    tasks = todo(actor, at, waiting=True, mine=mine, limit=WATCHED)
    return [(task, applicant_shown(task.case)) for task in tasks]


def _finding(found: Any) -> tuple[str, str]:
    """The level and the words of a finding about the calendar."""
    return found.level, gettext(found.text)


def ledger_url(**conditions: Any) -> str:
    return f"{reverse('cases:ledger')}?{urlencode(conditions)}"


def _lights(actor: Actor, at: datetime) -> dict[str, Any]:
    """Running cases the actor may see, by light and by department; every number leads to its cases."""
    if not allows(actor, "cases.view"):
        return {"tiles": [], "departments": []}
    counts = lights(at, actor)
    tiles = [(name, LIGHT_NAMES[name], counts["lights"][name], ledger_url(light=name)) for name in LIGHTS]
    departments: list[dict[str, Any]] = []
    for found in counts["by_department"]:
        row: dict[str, Any] = dict(found)
        numbers = [(name, row[name], ledger_url(department=row["id"], light=name)) for name in LIGHTS]
        bar = {name: row[name] for name in LIGHTS}
        url = ledger_url(department=row["id"])
        departments.append({**row, "numbers": numbers, "bar": bar, "url": url})
    return {"tiles": tiles, "departments": departments, "running": counts["total"]}
