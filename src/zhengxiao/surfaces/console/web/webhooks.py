"""Ways out: proposed by the system administrator, confirmed by the security administrator; what was sent and what was not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhengxiao.kernel.access.api import allows, page, require
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.timeline.api import Subject, entries_for
from zhengxiao.kernel.ui.api import (
    MoveForm,
    focus_first,
    form_field,
    ledger_view,
    offers_of,
    refusal_text,
)
from zhengxiao.kernel.webhooks.api import (
    FIELDS,
    KIND,
    MESSAGES,
    OUTCOMES,
    TARGETS,
    WORKFLOW,
    Message,
    MessageState,
    WebhookTarget,
    fact_label,
    messages_for,
    messages_resend,
    offered_facts,
    proposed,
    secret_rotate,
    target_move,
    targets_for,
)
from zhengxiao.kernel.workflow.api import lawful_moves
from zhengxiao.lib.refusals import NotPermitted, Refusal

LATEST = 20


def target_url(target: WebhookTarget) -> str:
    return reverse("console:webhook", args=[target.pk])


def message_url(message: Message) -> str:
    return reverse("console:webhook-message", args=[message.pk])


SHOWN = replace(TARGETS, row_url=target_url)
SENT = replace(MESSAGES, row_url=message_url)


class ProposeForm(forms.Form):
    """The fields machines give, with units and events to choose from."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in FIELDS:
            self.fields[field.name] = form_field(field)
        units = Unit.objects.filter(is_active=True, kind="department").order_by("code")
        self.fields["owner"] = forms.ChoiceField(
            label=_("责任单位"),
            help_text=_("对接收方负责的单位"),
            choices=[("", _("请选择")), *((unit.code, unit.name) for unit in units)],
        )
        self.fields["url"].widget = forms.URLInput(attrs={"maxlength": 500, "autocomplete": "off"})
        facts = sorted(offered_facts().items())
        self.fields["facts"] = forms.MultipleChoiceField(
            label=_("事件"),
            choices=[(name, f"{label} · {name}") for name, label in facts],
            widget=forms.SelectMultiple(attrs={"size": 10}),
            help_text=_("按住 Ctrl 可选多个；只推送编号与链接，不含个人信息"),
        )
        focus_first(self)

    def data_given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "facts": ",".join(self.cleaned_data["facts"])}


def _actor(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.moment}  # type: ignore[attr-defined]


def _target(request: HttpRequest, target_id: int) -> WebhookTarget:
    found = targets_for(request.actor).filter(pk=target_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@page("webhooks.view")
def targets_page(request: HttpRequest) -> HttpResponse | FileResponse:
    extra = {"may_propose": allows(request.actor, "webhooks.propose")}  # type: ignore[attr-defined]
    rows = targets_for(request.actor)  # type: ignore[attr-defined]
    return ledger_view(request, SHOWN, rows, extra=extra, template="console/webhooks.html")


@page("webhooks.view")
def messages_page(request: HttpRequest) -> HttpResponse | FileResponse:
    return ledger_view(request, SENT, messages_for(request.actor), template="console/webhook_messages.html")  # type: ignore[attr-defined]


@page("webhooks.propose")
def propose_page(request: HttpRequest) -> HttpResponse:
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            target, secret = proposed(data=form.data_given(), **_actor(request))
            return _secret_page(request, target, secret)
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
    status = 422 if form.errors else 200
    return render(request, "console/webhook_new.html", {"form": form}, status=status)


@page("webhooks.view")
@require_safe
def target_page(request: HttpRequest, target_id: int) -> HttpResponse:
    target, actor = _target(request, target_id), request.actor  # type: ignore[attr-defined]
    moves = lawful_moves(workflow=WORKFLOW.name, obj=target, **_actor(request))
    latest = messages_for(actor).filter(target=target).order_by("-pk")
    context = {
        "target": target,
        "facts": [(name, fact_label(name)) for name in target.facts],
        "state": WORKFLOW.state(target.state),
        "moves": offers_of(moves, lambda step: reverse("console:webhook-move", args=[target.pk, step.name])),
        "latest": latest[:LATEST],
        "own": target.state == "proposed" and target.proposed_by_id == actor.user_id,
        "may_rotate": target.state != "closed" and allows(actor, "webhooks.propose"),
        "may_resend": target.state == "active" and target.dead_count and allows(actor, "webhooks.resend"),  # type: ignore[attr-defined]
        "entries": entries_for(Subject(KIND, target.pk)).select_related("actor").order_by("-pk"),
    }
    return render(request, "console/webhook.html", context)


@page("webhooks.view")
def move_page(request: HttpRequest, target_id: int, name: str) -> HttpResponse:
    target = _target(request, target_id)
    step = next((row for row in WORKFLOW.transitions if row.name == name and not row.by_system), None)
    if step is None:
        raise Http404
    require(request.actor, step.action)  # type: ignore[attr-defined]
    form = MoveForm(step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            target_move(target=target, transition=name, data=form.cleaned_data, **_actor(request))
            messages.success(request, gettext("已完成“{move}”。").format(move=step.label))
            return redirect(target_url(target))
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
    context = {"form": form, "step": step, "target": target}
    return render(request, "console/webhook_move.html", context, status=422 if form.errors else 200)


@require_POST
@page("webhooks.propose")
def rotate(request: HttpRequest, target_id: int) -> HttpResponse:
    target, secret = secret_rotate(target=_target(request, target_id), **_actor(request))
    return _secret_page(request, target, secret)


def _secret_page(request: HttpRequest, target: WebhookTarget, secret: str) -> HttpResponse:
    """The one page that shows a secret; it is an answer to a POST, kept nowhere."""
    answer = render(request, "console/webhook_secret.html", {"target": target, "secret": secret})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@page("webhooks.resend")
def resend(request: HttpRequest, target_id: int) -> HttpResponse:
    count = messages_resend(target=_target(request, target_id), **_actor(request))
    messages.success(request, gettext("{n} 条事件已排队重新推送。").format(n=count))
    return redirect("console:webhook", target_id)


@page("webhooks.view")
@require_safe
def message_page(request: HttpRequest, message_id: int) -> HttpResponse:
    message = _message(request, message_id)
    tries = [(row, OUTCOMES.get(row.outcome, row.outcome)) for row in message.tries.order_by("-pk")]
    may_resend = message.state == MessageState.DEAD and allows(request.actor, "webhooks.resend")  # type: ignore[attr-defined]
    context = {"message": message, "fact": fact_label(message.fact), "tries": tries, "may_resend": may_resend}
    return render(request, "console/webhook_message.html", context)


@require_POST
@page("webhooks.resend")
def message_resend(request: HttpRequest, message_id: int) -> HttpResponse:
    message = _message(request, message_id)
    messages_resend(target=message.target, message_id=message.pk, **_actor(request))
    messages.success(request, gettext("{n} 条事件已排队重新推送。").format(n=1))
    return redirect("console:webhook-message", message_id)


def _message(request: HttpRequest, message_id: int) -> Message:
    found = messages_for(request.actor).filter(pk=message_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
