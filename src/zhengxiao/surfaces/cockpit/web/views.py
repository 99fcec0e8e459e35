"""The cockpit, and the cases behind its numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from zhengxiao.backbone.cases.api import cases_shown
from zhengxiao.kernel.access.api import page, require
from zhengxiao.kernel.ui.api import BadAddress, ledger_view, page_or_fragment, wants_fragment
from zhengxiao.lib.actors import Actor
from zhengxiao.surfaces.cockpit.asked import Asked, board_asked
from zhengxiao.surfaces.cockpit.ledgers import set_ledger
from zhengxiao.surfaces.cockpit.regions import narrowed, regions_offered
from zhengxiao.surfaces.cockpit.rules import CUSTOM, PERIODS
from zhengxiao.surfaces.cockpit.snapshots import board_shown


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


@page("cockpit.view")
@require_safe
def board(request: Request) -> HttpResponse:
    """What must be looked after today."""
    asked = board_asked(request.GET, request.actor, request.moment)
    html, taken_at = board_shown(request.GET, request.actor, request.moment)
    if wants_fragment(request):
        return answer_fragment(html)
    context: dict[str, Any] = {
        "asked": asked,
        "at": timezone.localtime(taken_at),
        "periods": PERIODS.items(),
        "custom": asked.span.key == CUSTOM,
        "regions": regions_offered(request.actor, asked.region_id),
        "board": html,
    }
    return page_or_fragment(request, "cockpit/board.html", "cockpit/board.html", context)


@page("cockpit.view")
def cases(request: Request) -> HttpResponse:
    """Cases of a named set. A file needs the right to export and holds only what that right reaches."""
    region = chosen_region(request)
    ledger = set_ledger(region, request.GET.get("department", ""), request.GET.get("window", ""))
    actor = narrowed(request.actor, region)
    rows = cases_shown(actor, request.moment)
    if request.GET.get("export"):
        require(request.actor, "cases.export")
        rows = rows.visible_to(actor, "cases.export")
    return ledger_view(request, ledger, rows, template="cockpit/cases.html")


def answer_fragment(html: str) -> HttpResponse:
    """The board alone, for htmx; caches are told that it differs from the page."""
    response = HttpResponse(html)
    patch_vary_headers(response, ["HX-Request"])
    return response


def chosen_region(request: Request) -> int | None:
    text = request.GET.get("region", "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 18):
        raise BadAddress(name="region")
    return int(text) if text else None


__all__ = ["Asked", "Request", "board", "cases"]
