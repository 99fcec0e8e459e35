"""One record: what it says, how it stands, what is lawful now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.mechanisms.disclosures import permissions
from zhengxiao.mechanisms.disclosures.facts import SUBJECT
from zhengxiao.mechanisms.disclosures.web.base import Request, visible_record
from zhengxiao.mechanisms.disclosures.workflow import WORKFLOW


@page(permissions.VIEW)
@require_safe
def record(request: Request, key: int) -> HttpResponse:
    """The record with its moves and its story."""
    row = visible_record(request, key)
    entries = entries_for(Subject(SUBJECT, row.pk))
    context = {"row": row, "state": WORKFLOW.state(row.state), "entries": reversed(list(entries))}
    return render(request, "disclosures/record.html", context)
