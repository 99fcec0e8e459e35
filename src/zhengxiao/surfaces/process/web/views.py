"""How an item's cases really went: the page, the cases behind each number, and the log as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.backbone.cases.api import cases_shown
from zhengxiao.backbone.catalogue.api import ItemVersion, versions_in_force
from zhengxiao.kernel.access.api import allows, page, require, scope_q
from zhengxiao.kernel.orgs.api import local_day
from zhengxiao.kernel.ui.api import Leaving, ledger_view, let_out
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.process import permissions
from zhengxiao.surfaces.process.asked import asked_in, asked_of
from zhengxiao.surfaces.process.choosing import cases_behind
from zhengxiao.surfaces.process.export import ocel, xes
from zhengxiao.surfaces.process.ledger import CASES, ITEMS, ITEMS_SCOPE, departments
from zhengxiao.surfaces.process.loading import log_of
from zhengxiao.surfaces.process.page import process_context


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


@page(permissions.VIEW)
def items(request: Request) -> HttpResponse:
    return ledger_view(request, ITEMS, _items(request))


@page(permissions.VIEW)
@require_safe
def item(request: Request, item_id: int) -> HttpResponse:
    version = _version(request, item_id)
    asked = asked_of(item_id, request.GET, request.moment)
    context: dict[str, Any] = {
        "version": version,
        "asked": asked,
        "at": request.moment,
        "departments": departments(request.actor),
        "may_export": allows(request.actor, permissions.EXPORT),
        **process_context(log_of(asked.cases(request.actor)), asked, request.GET.get("without", "")),
    }
    return render(request, "process/item.html", context)


@page(permissions.VIEW)
def cases(request: Request, item_id: int, scope: str, kind: str, key: str) -> HttpResponse:
    """The cases behind one number. Files need the right to export cases and hold what that right reaches."""
    version, asked = _version(request, item_id), asked_in(item_id, scope)
    behind = cases_behind(log_of(asked.cases(request.actor)), kind, key)
    rows = cases_shown(request.actor, request.moment).filter(pk__in=behind.tolist())
    if request.GET.get("export"):
        require(request.actor, "cases.export")
        rows = rows.visible_to(request.actor, "cases.export")
    extra = {"version": version, "asked": asked}
    return ledger_view(request, CASES, rows, extra=extra, template="process/cases.html")


@page(permissions.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def log_xes(request: Request, item_id: int, scope: str) -> HttpResponse:
    name = f"process-{item_id}.xes"
    return _exported(request, item_id, scope, "xes", lambda found: _file(xes(found), "application/xml", name))


@page(permissions.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def log_ocel(request: Request, item_id: int, scope: str) -> HttpResponse:
    name = f"process-{item_id}.ocel.json"
    return _exported(
        request, item_id, scope, "ocel", lambda found: _file(ocel(found), "application/json", name)
    )


def _exported(
    request: Request, item_id: int, scope: str, form: str, make: Callable[[QuerySet[Any]], Any]
) -> HttpResponse:
    """The log of the cases the right to export reaches, by way of the gate; it names no person."""
    version = _version(request, item_id)
    found = asked_in(item_id, scope).cases(request.actor, permissions.EXPORT)
    title = gettext("“{name}”的过程日志").format(name=version.name)
    leaving = Leaving(name="process.log", title=title, form=form, rows=found.count())
    return let_out(request, leaving, lambda: make(found))


def _file(pieces: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(pieces, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _items(request: Request) -> QuerySet[Any]:
    """The versions in force of the items whose office the actor reaches."""
    reached = scope_q(request.actor, permissions.VIEW, ITEMS_SCOPE)
    return versions_in_force(local_day(request.moment)).filter(reached).select_related("item__unit")


def _version(request: Request, item_id: int) -> ItemVersion:
    """The newest published version of an item in reach, also of one that is no longer in force."""
    reached = scope_q(request.actor, permissions.VIEW, ITEMS_SCOPE)
    rows = ItemVersion.objects.filter(reached, item_id=item_id, state__in=["published", "retired"])
    version = rows.select_related("item__unit").order_by("-number").first()
    if version is None:
        raise Http404
    return version
