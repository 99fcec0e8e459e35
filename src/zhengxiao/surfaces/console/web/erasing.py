"""Erasing personal data from the record: number and ground, a look at how much it is, then for good. Done ones below."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.proof.api import (
    ERASED,
    erasables,
    personal_count,
    personal_erase,
    subject_to_erase,
)
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.kernel.ui.api import focus_first, refusal_text
from zhengxiao.lib.refusals import NotPermitted, Refusal

SHOWN = 50


class EraseForm(forms.Form):
    """Of whom, why; `sure` is asked for when it was said how much it is."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("对象"))
    number = forms.CharField(
        label=_("编号"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    ground = forms.CharField(
        label=_("依据"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如本人申请的日期和文号；不要写姓名和证件号码。依据会留在时间线上"),
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = erasables.values()
        self.fields["kind"].choices = [(one.kind, one.label) for one in known]  # type: ignore[attr-defined]
        self.fields["number"].help_text = "；".join(
            gettext("{kind}：{number}").format(kind=one.label, number=one.number_label) for one in known
        )
        focus_first(self)


@page("proof.erase", password_again=True)
def erase_page(request: HttpRequest) -> HttpResponse:
    form, count = EraseForm(request.POST or None), 0
    if request.method == "POST" and form.is_valid():
        try:
            count = _erased(request, form.cleaned_data)
            if form.cleaned_data["sure"]:
                messages.success(
                    request, gettext("已清除 {n} 处个人信息。散列和证明保持有效。").format(n=count)
                )
                return redirect("console:erase")
        except NotPermitted:
            raise
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal_text(refusal))
    context = {"form": form, "count": count, "done": _done()}
    return render(request, "console/erase.html", context, status=422 if form.errors else 200)


def _erased(request: HttpRequest, said: dict[str, Any]) -> int:
    """How many values are there; they are gone afterwards when `sure` was said."""
    actor, at = request.actor, request.moment  # type: ignore[attr-defined]
    subject = subject_to_erase(kind=said["kind"], number=said["number"], actor=actor)
    if said["sure"]:
        return personal_erase(subject=subject, ground=said["ground"], actor=actor, at=at)
    return personal_count(subject)


def _done() -> list[dict[str, Any]]:
    """The latest erasures: when, of what, how many, why, by whom."""
    entries = Entry.objects.filter(fact=ERASED).order_by("-pk")[:SHOWN]
    return [
        {
            "entry": entry,
            "count": entry.data["values"],
            "kind": erasables[entry.subject_kind].label
            if entry.subject_kind in erasables
            else entry.subject_kind,
        }
        for entry in entries
    ]
