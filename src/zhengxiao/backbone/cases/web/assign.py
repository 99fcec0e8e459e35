"""Naming the person who handles a case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengxiao.backbone.cases.ledger import case_url
from zhengxiao.backbone.cases.masking import applicant_shown
from zhengxiao.backbone.cases.models import SCOPE
from zhengxiao.backbone.cases.queries import people_for
from zhengxiao.backbone.cases.services import case_assign
from zhengxiao.backbone.cases.web.base import Request, visible_case
from zhengxiao.backbone.cases.web.forms import AssignForm
from zhengxiao.kernel.access.api import can, page
from zhengxiao.lib.refusals import NotPermitted


@page("cases.assign")
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: Request, number: str) -> HttpResponse:
    """Choose among the people who hold a post in the department today."""
    case = visible_case(request, number)
    if not can(request.actor, "cases.assign", case, SCOPE):
        raise NotPermitted(action=gettext("指定经办人"))
    people = people_for(case, request.moment)
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        people=[(str(key), name) for key, name in people.items()],
        initial={"handler": str(case.handler_id or "")},
    )
    if form.is_valid():
        chosen = int(form.cleaned_data["handler"])
        case_assign(
            case_id=case.pk,
            handler_id=chosen,
            handler_name=people[chosen],
            actor=request.actor,
            at=request.moment,
        )
        messages.success(request, gettext("经办人已改为{name}。").format(name=people[chosen]))
        return redirect(case_url(case))
    context = {"case": case, "case_url": case_url(case), "applicant": applicant_shown(case), "form": form}
    return render(request, "cases/assign.html", context, status=422 if form.errors else 200)
