"""One move of a case: what it asks for, and taking it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengxiao.backbone.cases.ledger import case_url
from zhengxiao.backbone.cases.masking import applicant_shown
from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.services import case_move
from zhengxiao.backbone.cases.web.base import Request, visible_case
from zhengxiao.backbone.cases.web.offers import offers
from zhengxiao.backbone.cases.workflow import WORKFLOW
from zhengxiao.kernel.access.api import page, require
from zhengxiao.kernel.ui.api import MoveForm, focus_first, page_or_fragment, refusal_text
from zhengxiao.kernel.workflow.api import MoveNotLawful, Transition
from zhengxiao.lib.refusals import NotPermitted, Refusal


@page("cases.view")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, number: str, transition: str) -> HttpResponse:
    """Ask for what the move needs; on POST take it and go back to the case. A refusal stands at its field."""
    case = visible_case(request, number)
    step = _transition(transition)
    form = MoveForm(step, request.POST if request.method == "POST" else None, initial=_initial(case, step))
    if request.method == "POST" and form.is_valid():
        try:
            moved = case_move(
                case_id=case.pk,
                transition=step.name,
                actor=request.actor,
                at=request.moment,
                data=form.cleaned_data,
            )
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
            focus_first(form)
        else:
            messages.success(request, _done(moved, step))
            return redirect(case_url(moved))
    return _shown(request, case, step, form)


def _shown(request: Request, case: Case, step: Transition, form: MoveForm) -> HttpResponse:
    offer = next((o for o in offers(case, request.actor, request.moment) if o.transition is step), None)
    if offer is None and not form.errors:
        require(request.actor, step.action)
        if case.state in step.sources:
            raise NotPermitted(action=step.label)
        raise MoveNotLawful(state=WORKFLOW.state(case.state).label, move=step.label)
    context = {
        "case": case,
        "case_url": case_url(case),
        "applicant": applicant_shown(case),
        "state": WORKFLOW.state(case.state),
        "after": WORKFLOW.state(step.target) if step.target else None,
        "step": step,
        "form": form,
        "why_not": offer.why_not if offer else "",
        "allowed": offer is None or offer.allowed,
    }
    status = 422 if form.errors else 200
    return page_or_fragment(request, "cases/move.html", "cases/_move.html", context, status)


def _transition(name: str) -> Transition:
    try:
        step = WORKFLOW.transition(name)
    except KeyError:
        raise Http404 from None
    if step.by_system:
        raise Http404
    return step


def _initial(case: Case, step: Transition) -> dict[str, Any]:
    """The step at hand and the next one, as the item's process names them."""
    if step.name != "finish_step":
        return {}
    planned = [
        str(row.get("name", "")) for row in case.item_version.process_steps or [] if isinstance(row, dict)
    ]
    done = set(case.steps.values_list("name", flat=True))
    left = [name for name in planned if name and name not in done and name not in ("申请", "收件", "受理")]
    return {"step": left[0] if left else "审查", "next_step": left[1] if len(left) > 1 else ""}


def _done(case: Case, step: Transition) -> str:
    state = WORKFLOW.state(case.state).label
    return gettext("已完成“{move}”，办件现为“{state}”。").format(move=step.label, state=state)
