"""The supervisor's overview: every office's figures of a month, each number opening its records; findings of inspections."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.kernel.access.api import allows, page, scope_q
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import BadAddress, refusal_text
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.findings import UNIT_SCOPE, FoundDecision, decision_found
from zhengxiao.mechanisms.disclosures.ledger import disclosure_url
from zhengxiao.mechanisms.disclosures.queries import overview as figures_of
from zhengxiao.mechanisms.disclosures.rules import Kind
from zhengxiao.mechanisms.disclosures.web.base import Request
from zhengxiao.mechanisms.disclosures.web.forms import FindingForm

MONTHS_OFFERED = 14


def _month(text: str, today: date) -> date:
    """The first day of a month written 2026-03; the month before this one unless told: its reports have fallen due."""
    if not text:
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise BadAddress(name="month") from error


def _after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


@page(permissions.VIEW)
@require_safe
def overview(request: Request) -> HttpResponse:
    """Figures by department for one month of decisions."""
    today = timezone.localtime(request.moment).date()
    first = _month(request.GET.get("month", ""), today)
    months, month = [], today.replace(day=1)
    for _number in range(MONTHS_OFFERED):
        months.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    context = {
        "first": first,
        "from": first.isoformat(),
        "to": (_after(first) - timedelta(days=1)).isoformat(),
        "months": months,
        "lines": figures_of(request.actor, first, _after(first), request.moment),
        "may_find": allows(request.actor, permissions.INSPECT),
    }
    return render(request, "disclosures/overview.html", context)


@page(permissions.INSPECT)
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: Request) -> HttpResponse:
    """Enter a decision that was kept back."""
    units = Unit.objects.filter(
        scope_q(request.actor, permissions.INSPECT, UNIT_SCOPE), kind="department", is_active=True
    )
    choices = [(str(unit.pk), unit.name) for unit in units.order_by("code")[:300]]
    form = FindingForm(request.POST or None, departments=choices)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        office, kind = int(data.pop("department")), Kind(data.pop("kind"))
        told = FoundDecision(kind=kind, department_id=office, **data)
        try:
            row = decision_found(told=told, actor=request.actor, at=request.moment)
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        else:
            messages.success(request, gettext("已登记并认定。"))
            return redirect(disclosure_url(row))
    return render(request, "disclosures/finding.html", {"form": form}, status=422 if form.errors else 200)
