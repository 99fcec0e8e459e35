"""What the pages of supervision share: the request as the middleware hands it on, a card or order by its number, its moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import require
from zhengxiao.kernel.files.api import FileRefused, file_store
from zhengxiao.kernel.ui.api import MoveForm, Offer, focus_first, page_or_fragment, refusal_text
from zhengxiao.kernel.workflow.api import Transition, Workflow
from zhengxiao.lib.actors import Actor
from zhengxiao.lib.refusals import NotPermitted, Refusal
from zhengxiao.mechanisms.supervision.models import Card, Order
from zhengxiao.mechanisms.supervision.queries import WITH


class Request(HttpRequest):
    """A request with its moment and actor."""

    actor: Actor
    moment: datetime


def visible_card(request: Request, number: str) -> Card:
    """The card, or 404 when there is none or the actor may not see it."""
    cards = Card.objects.visible_to(request.actor)
    return get_object_or_404(
        cards.select_related(*WITH, "issuer", "explanation_clock", "policy"), number=number
    )


def visible_order(request: Request, number: str) -> Order:
    orders = Order.objects.visible_to(request.actor)
    return get_object_or_404(
        orders.select_related("department", "unit", "person", "region", "card"), number=number
    )


def transition_of(flow: Workflow, name: str) -> Transition:
    """The transition that a person may take; 404 for any other name."""
    try:
        step = flow.transition(name)
    except KeyError:
        raise Http404 from None
    if step.by_system:
        raise Http404
    return step


class UploadingForm(MoveForm):
    """A move that may carry a file: the file takes the place of the number that the workflow knows."""

    def __init__(self, transition: Transition, *args: Any, **kwargs: Any) -> None:
        super().__init__(transition, *args, **kwargs)
        if "file" in self.fields:
            self.fields["file"] = forms.FileField(
                label=_("附件"), required=False, help_text=_("PDF、图片或 Office 文件；没有可不选。")
            )


def store_upload(request: Request, form: forms.Form, kind: str, key: int) -> dict[str, Any] | None:
    """The cleaned data with the stored file's number in place of the upload; None when the file was refused."""
    data = dict(form.cleaned_data)
    if "file" not in data:
        return data
    upload = data.pop("file")
    if not upload:
        return {**data, "file": ""}
    try:
        stored = file_store(
            stream=upload,
            name=upload.name,
            actor=request.actor,
            at=request.moment,
            subject_kind=kind,
            subject_id=key,
        )
    except FileRefused as refusal:
        form.add_error("file", refusal_text(refusal))
        return None
    return {**data, "file": str(stored.pk)}


def taken(
    request: Request, obj: Any, step: Transition, form: forms.Form, kind: str, take: Any
) -> HttpResponse | None:
    """Take the move with what the form holds; None when something stands at a field, and the page is shown again."""
    data = store_upload(request, form, kind, obj.pk)
    if data is None:
        return None
    try:
        take(data)
    except NotPermitted:
        raise
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
        focus_first(form)
        return None
    messages.success(request, gettext("已完成“{move}”。").format(move=step.label))
    return redirect("..")


def move_page(
    request: Request, flow: Workflow, obj: Any, step: Transition, form: forms.Form, **more: Any
) -> HttpResponse:
    """The page that asks for what a move needs, or says why it is not lawful now."""
    offer = more.pop("offer")
    if offer is None and not form.errors:
        require(request.actor, step.action)
        raise NotPermitted(action=step.label)
    context = {
        "obj": obj,
        "state": flow.state(obj.state),
        "after": flow.state(step.target) if step.target else None,
        "step": step,
        "form": form,
        "why_not": offer.why_not if offer else "",
        "allowed": offer is None or offer.allowed,
        "multipart": form.is_multipart(),
        **more,
    }
    status = 422 if form.errors else 200
    return page_or_fragment(request, "supervision/move.html", "supervision/_move.html", context, status)


def step_page(
    request: Request,
    flow: Workflow,
    obj: Any,
    transition: str,
    *,
    take: Callable[[str, dict[str, Any]], object],
    offers: Callable[[Request, Any], list[Offer]],
    title: str,
    back: str,
    action: str,
) -> HttpResponse:
    """Ask for what the move needs; on POST `take` it and go `back`. A refusal stands at its field."""
    step = transition_of(flow, transition)
    sent = request.method == "POST"
    form = UploadingForm(step, request.POST, request.FILES) if sent else UploadingForm(step)
    if sent and form.is_valid():
        kind = flow.subject_kind
        if taken(request, obj, step, form, kind, lambda data: take(step.name, data)) is not None:
            return redirect(back)
    offer = next((one for one in offers(request, obj) if one.transition is step), None)
    return move_page(request, flow, obj, step, form, offer=offer, title=title, back=back, action=action)


def qr(number: str) -> SafeString:
    """The number as inline SVG; readers of screens get the number beside it."""
    drawn = segno.make(number, error="m", micro=False).svg_inline(scale=3, border=1, svgclass="case-qr")
    return mark_safe(drawn)  # noqa: S308  # drawn by the packaged library from our own number
