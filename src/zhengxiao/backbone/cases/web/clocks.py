"""The calculation sheet (计算单) of one clock: every day, counted or not, by which rule and source."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from zhengxiao.backbone.cases.ledger import case_url
from zhengxiao.backbone.cases.masking import applicant_shown
from zhengxiao.backbone.cases.sheets import ShownClock, line_words, sheet_json, shown_clock
from zhengxiao.backbone.cases.web.base import Request, visible_case
from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.calendar.api import DayLine
from zhengxiao.kernel.clock.api import clocks_of
from zhengxiao.kernel.ui.api import BadAddress


@dataclass(frozen=True, slots=True)
class Day:
    """One line of the sheet in words."""

    line: DayLine
    words: str
    past: bool
    """Counted by now; a later day will only count when it comes."""


@page("cases.view")
@require_safe
def sheet(request: Request, number: str, clock_id: int) -> HttpResponse:
    """The sheet as a page, or with `?format=json` as data."""
    case = visible_case(request, number)
    clock = get_object_or_404(clocks_of("case", case.pk), pk=clock_id)
    shown = shown_clock(clock, request.moment)
    wanted = request.GET.get("format", "html")
    if wanted == "json":
        return JsonResponse(sheet_json(shown), json_dumps_params={"ensure_ascii": False})
    if wanted != "html":
        raise BadAddress(name="format")
    context = {
        "case": case,
        "case_url": case_url(case),
        "applicant": applicant_shown(case),
        "shown": shown,
        "days": days(shown),
        "held": shown.held,
        "others": [other for other in clocks_of("case", case.pk) if other.pk != clock.pk],
    }
    return render(request, "cases/sheet.html", context)


def days(shown: ShownClock) -> list[Day]:
    today = shown.sheet.until.date()
    stopped = shown.clock.stopped_at is not None
    return [
        Day(line, line_words(line), line.date < today or (stopped and line.date == today))
        for line in shown.lines
    ]
