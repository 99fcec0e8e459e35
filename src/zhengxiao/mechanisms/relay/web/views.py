"""The ledger, one licence, and its moves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.kernel.access.api import page, require
from zhengxiao.kernel.ui.api import MoveForm, ledger_view, refusal_text
from zhengxiao.kernel.workflow.api import Transition
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.relay import permissions
from zhengxiao.mechanisms.relay.ledger import LEDGER, relayed_url
from zhengxiao.mechanisms.relay.pages import relayed_context
from zhengxiao.mechanisms.relay.queries import relayed_shown
from zhengxiao.mechanisms.relay.services import relay_move
from zhengxiao.mechanisms.relay.web.base import Request, visible_row
from zhengxiao.mechanisms.relay.workflow import WORKFLOW


@page(permissions.VIEW)
def ledger(request: Request) -> HttpResponse | FileResponse:
    """Visible rows. A file needs the right to export and holds only what that right reaches."""
    rows = relayed_shown(request.actor, request.moment)
    if request.GET.get("export"):
        require(request.actor, permissions.EXPORT)
        rows = rows & rows.model.objects.visible_to(request.actor, permissions.EXPORT)
    return ledger_view(request, LEDGER, rows)


@page(permissions.VIEW)
@require_safe
def relayed(request: Request, key: int) -> HttpResponse:
    row = visible_row(request, key)
    return render(request, "relay/relayed.html", relayed_context(row, request.actor, request.moment))


@page(permissions.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, key: int, name: str) -> HttpResponse:
    row, step = visible_row(request, key), _transition(name)
    require(request.actor, step.action)
    form: Any = MoveForm(step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _taken(request, row.pk, step, form):
        messages.success(request, gettext("已完成：{move}。").format(move=step.label))
        return redirect(relayed_url(row))
    context = {"form": form, "row": row, "step": step, "state": WORKFLOW.state(row.state)}
    return render(request, "relay/move.html", context, status=422 if form.errors else 200)


def _taken(request: Request, key: int, step: Transition, form: Any) -> bool:
    """Whether the move was taken; a refusal stands beside the input it names."""
    try:
        relay_move(
            relayed_id=key,
            transition=step.name,
            actor=request.actor,
            at=request.moment,
            data=form.cleaned_data,
        )
    except NotPermitted:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        return False
    return True


def _transition(name: str) -> Transition:
    found = next((step for step in WORKFLOW.transitions if step.name == name and not step.by_system), None)
    if found is None:
        raise Http404
    return found
