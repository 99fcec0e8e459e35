"""Requests for files that need a second person: the list, one request, the decision, and fetching what was approved."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.kernel.access.api import page, require
from zhengxiao.kernel.exports.api import (
    EXPORTS,
    FETCH,
    KIND,
    WORKFLOW,
    ExportRequest,
    export_move,
    exports_for,
    exports_to_fetch,
    exports_waiting,
    form_words,
    why_words,
)
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.ui.api import FETCH as TAKE
from zhengxiao.kernel.ui.api import MoveForm, ledger_view, offers_of, refusal_text
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.refusals import NotPermitted, Refusal


def request_url(row: ExportRequest) -> str:
    return reverse("console:export", args=[row.pk])


SHOWN = replace(EXPORTS, row_url=request_url)


def _found(request: HttpRequest, request_id: int) -> ExportRequest:
    found = exports_for(request.actor).filter(pk=request_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@page("exports.view")
def requests_page(request: HttpRequest) -> HttpResponse | FileResponse:
    actor, at = request.actor, request.moment  # type: ignore[attr-defined]
    extra = {"waiting": exports_waiting(actor, at)[:20], "to_fetch": exports_to_fetch(actor, at)[:20]}
    return ledger_view(request, SHOWN, exports_for(actor), extra=extra, template="console/exports.html")


@page("exports.view")
@require_safe
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    row, actor, at = _found(request, request_id), request.actor, request.moment  # type: ignore[attr-defined]
    moves = lawful_moves(workflow=WORKFLOW.name, obj=row, actor=actor, at=at)
    others = [lawful for lawful in moves if lawful.transition.name != FETCH]
    context = {
        "row": row,
        "why": why_words(row),
        "form_words": form_words(row),
        "state": WORKFLOW.state(row.state),
        "moves": offers_of(others, lambda step: reverse("console:export-move", args=[row.pk, step.name])),
        "fetchable": exports_to_fetch(actor, at).filter(pk=row.pk).exists(),
        "fetch": TAKE,
        "own": row.state == "waiting" and row.asked_by_id == actor.user_id,
        "entries": entries_for(Subject(KIND, row.pk)).select_related("actor").order_by("-pk"),
    }
    return render(request, "console/export.html", context)


@page("exports.view")
@require_http_methods(["GET", "HEAD", "POST"])
def move_page(request: HttpRequest, request_id: int, name: str) -> HttpResponse:
    row = _found(request, request_id)
    known = (step for step in WORKFLOW.transitions if not step.by_system and step.name != FETCH)
    step = next((step for step in known if step.name == name), None)
    if step is None:
        raise Http404
    require(request.actor, step.action)  # type: ignore[attr-defined]
    form = MoveForm(step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            export_move(
                request=row,
                transition=name,
                data=form.cleaned_data,
                actor=request.actor,  # type: ignore[attr-defined]
                at=request.moment,  # type: ignore[attr-defined]
            )
            messages.success(request, gettext("已完成“{move}”。").format(move=step.label))
            return redirect(request_url(row))
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
    context = {"form": form, "step": step, "row": row, "why": why_words(row)}
    return render(request, "console/export_move.html", context, status=422 if form.errors else 200)
