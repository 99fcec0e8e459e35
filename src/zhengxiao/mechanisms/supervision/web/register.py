"""The public register of cards: numbers per department and level, no case, no person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.ui.api import BadAddress
from zhengxiao.mechanisms.supervision.queries import register_rows
from zhengxiao.mechanisms.supervision.web.base import Request

MONTHS = 12
SMALL = 5
"""Fewer than so many cards say little about a department; the page says so."""


@page(public=True)
@require_safe
def register(request: Request) -> HttpResponse:
    """One month, the running one unless another of the last twelve is asked for."""
    months = _months(request.moment)
    asked = request.GET.get("month", months[0][0])
    found = next(((first, after) for name, first, after in months if name == asked), None)
    if found is None:
        raise BadAddress(name="month")
    rows = register_rows(*found, request.moment)
    context: dict[str, Any] = {
        "months": [name for name, _first, _after in months],
        "month": asked,
        "rows": rows,
        "totals": {
            name: sum(getattr(row, name) for row in rows) for name in ("red", "yellow", "blue", "lifted")
        },
        "small": SMALL,
        "has_small": any(0 < row.total < SMALL for row in rows),
    }
    return render(request, "supervision/register.html", context)


def _months(at: datetime) -> list[tuple[str, datetime, datetime]]:
    """(name, first moment, moment after) of the running month and the eleven before it, the youngest first."""
    first = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = []
    for _number in range(MONTHS):
        after = (first + timedelta(days=32)).replace(day=1)
        found.append((f"{first:%Y-%m}", first, after))
        first = (first - timedelta(days=1)).replace(day=1)
    return found
