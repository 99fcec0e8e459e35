"""The ledger of rules, one version, its draft and its moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from zhengxiao.kernel.access.api import page, require
from zhengxiao.kernel.ui.api import MoveForm, ledger_view, refusal_text
from zhengxiao.kernel.workflow.api import Transition
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.detection import permissions
from zhengxiao.mechanisms.detection.ledger import VERSIONS, version_url
from zhengxiao.mechanisms.detection.models import RuleVersion
from zhengxiao.mechanisms.detection.pages import rule_context
from zhengxiao.mechanisms.detection.queries import versions_shown
from zhengxiao.mechanisms.detection.services import Draft, draft_revise, rule_draft, version_move
from zhengxiao.mechanisms.detection.web.base import Request
from zhengxiao.mechanisms.detection.web.forms import DraftForm
from zhengxiao.mechanisms.detection.workflow import WORKFLOW


@page(permissions.RULES)
def rule_list(request: Request) -> HttpResponse:
    return ledger_view(request, VERSIONS, versions_shown(request.actor))


@page(permissions.RULES)
@require_safe
def rule_page(request: Request, version_id: int) -> HttpResponse:
    version = get_object_or_404(versions_shown(request.actor), pk=version_id)
    return render(request, "detection/rule.html", rule_context(version, request.actor, request.moment))


@page(permissions.PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_new_draft(request: Request, version_id: int) -> HttpResponse:
    """A new draft of the same rule, from what this version says."""
    version = get_object_or_404(versions_shown(request.actor), pk=version_id)
    return _edit(
        request,
        version,
        lambda draft: rule_draft(code=version.rule.code, draft=draft, actor=request.actor, at=request.moment),
        fresh=True,
    )


@page(permissions.PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: Request, version_id: int) -> HttpResponse:
    version = get_object_or_404(versions_shown(request.actor), pk=version_id)
    return _edit(
        request,
        version,
        lambda draft: draft_revise(
            version_id=version.pk, draft=draft, actor=request.actor, at=request.moment
        ),
        fresh=False,
    )


def _edit(
    request: Request, version: RuleVersion, save: Callable[[Draft], RuleVersion], *, fresh: bool
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = DraftForm(version, posted, initial=DraftForm.initial_of(version, fresh=fresh))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(version_url(save(form.draft())))
        except NotPermitted:
            raise
        except Refusal as refusal:
            _add(form, refusal)
    context = {"form": form, "version": version, "fresh": fresh}
    return render(request, "detection/edit.html", context, status=422 if form.errors else 200)


def _add(form: Any, refusal: Refusal) -> None:
    """A refusal beside the input it names, or above the form."""
    names = [name for name in (refusal.field, f"p_{refusal.field}") if name in form.fields]
    form.add_error(names[0] if names else None, refusal_text(refusal))


@page(permissions.RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_move(request: Request, version_id: int, name: str) -> HttpResponse:
    version = get_object_or_404(versions_shown(request.actor), pk=version_id)
    step = _transition(name)
    require(request.actor, step.action)
    form = MoveForm(step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            moved = version_move(
                version_id=version.pk,
                transition=name,
                actor=request.actor,
                at=request.moment,
                data=form.cleaned_data,
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            _add(form, refusal)
        else:
            messages.success(request, gettext("已完成：{move}。").format(move=step.label))
            return redirect(version_url(moved))
    context = {"form": form, "version": version, "step": step, "state": WORKFLOW.state(version.state)}
    return render(request, "detection/move.html", context, status=422 if form.errors else 200)


def _transition(name: str) -> Transition:
    found = next((step for step in WORKFLOW.transitions if step.name == name and not step.by_system), None)
    if found is None:
        raise Http404
    return found
