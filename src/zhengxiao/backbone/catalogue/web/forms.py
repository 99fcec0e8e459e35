"""Forms of the catalogue: limits are typed as people write them, lists one entry a line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.catalogue.content import Material, VersionContent
from zhengxiao.backbone.catalogue.inputs import limit_columns
from zhengxiao.backbone.catalogue.limits import Limit, limit_from_text
from zhengxiao.backbone.catalogue.rules import Kind
from zhengxiao.backbone.catalogue.steps import limit_words, step_words, steps_from_words
from zhengxiao.backbone.catalogue.vocabulary import KINDS, ONLINE_DEPTHS, SERVICE_OBJECTS, TASK_TYPES
from zhengxiao.kernel.ui.api import refusal_text
from zhengxiao.kernel.workflow.api import FieldKind, Transition
from zhengxiao.lib.refusals import Refusal

_LONG = forms.Textarea(attrs={"rows": 3})


def _choices(table: Any) -> Any:
    return lambda: [("", "—"), *((key, gettext(getattr(row, "label", row))) for key, row in table.items())]


def add_refusal(form: forms.Form, refusal: Refusal, words: str) -> None:
    """Put a refusal beside the input it names, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, words)


class LimitField(forms.CharField):
    """A limit in words; its value is a Limit."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return limit_from_text(text)
        except Refusal as refusal:
            raise forms.ValidationError(refusal_text(refusal)) from refusal


class LinesField(forms.CharField):
    """One entry a line; its value is a tuple."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        return tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())


class StepsField(LinesField):
    """Steps of a process, one a line, some with a limit of their own; the form reads them beside what was there."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value if isinstance(value, str) else step_words(value or ()))


class DraftForm(forms.Form):
    """The content of a draft. What it does not show is kept as it was."""

    name = forms.CharField(label=_("事项名称"), max_length=1000)
    sub_name = forms.CharField(label=_("子项（情形）"), max_length=1000, required=False)
    task_type = forms.ChoiceField(label=_("事项类型"), choices=_choices(TASK_TYPES))
    kind = forms.ChoiceField(label=_("办件类型"), choices=_choices(KINDS))
    statutory = LimitField(
        label=_("法定时限"),
        required=False,
        help_text=_("例如：20个工作日、1个月、15天；法律未规定的写“无”"),
    )
    promised = LimitField(
        label=_("承诺时限"), required=False, help_text=_("不得长于法定时限；即办件写“即时办结”")
    )
    legal_basis = forms.CharField(label=_("设定依据"), widget=_LONG, required=False)
    conditions = forms.CharField(label=_("受理条件"), widget=_LONG, required=False)
    process_steps = StepsField(
        label=_("办理环节"),
        required=False,
        help_text=_("每行一个环节；有单独时限的写在冒号后，例如“审核：3个工作日”"),
    )
    materials = LinesField(label=_("申请材料"), required=False, help_text=_("每行一份材料"))
    form_ref = forms.CharField(label=_("表单"), max_length=500, required=False)
    result_name = forms.CharField(label=_("审批结果"), max_length=500, required=False)
    service_objects = forms.MultipleChoiceField(
        label=_("服务对象"),
        required=False,
        choices=lambda: [(name, gettext(name)) for name in SERVICE_OBJECTS],
        widget=forms.CheckboxSelectMultiple,
    )
    visits = forms.IntegerField(label=_("到现场次数"), min_value=0, max_value=99, required=False)
    location = forms.CharField(label=_("办理地点"), widget=_LONG, required=False)
    office_hours = forms.CharField(label=_("办理时间"), widget=_LONG, required=False)
    consult_phone = forms.CharField(label=_("咨询电话"), max_length=200, required=False)
    complaint_phone = forms.CharField(label=_("监督投诉电话"), max_length=200, required=False)
    is_online = forms.NullBooleanField(label=_("网上办理"), required=False)
    online_url = forms.CharField(label=_("网办地址"), max_length=2000, required=False)
    online_depth = forms.ChoiceField(label=_("网办深度"), choices=_choices(ONLINE_DEPTHS), required=False)
    is_nearby = forms.NullBooleanField(label=_("就近办理"), required=False)
    reason = forms.CharField(
        label=_("调整理由"), widget=_LONG, help_text=_("说明为什么设立或修改，会记入版本")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("is_online", "is_nearby"):
            widget = forms.Select(choices=[("", "—"), ("true", gettext("是")), ("false", gettext("否"))])
            self.fields[name].widget = widget

    @staticmethod
    def initial_of(content: VersionContent) -> dict[str, Any]:
        """What the form shows of a content."""
        shown = {name: getattr(content, name) for name in DraftForm.base_fields if hasattr(content, name)}
        flags = {
            name: {True: "true", False: "false"}.get(shown[name], "") for name in ("is_online", "is_nearby")
        }
        return {
            **shown,
            **flags,
            "statutory": limit_words(content.statutory),
            "promised": limit_words(content.promised),
            "materials": tuple(row.name for row in content.materials),
        }

    def content(self, before: VersionContent) -> VersionContent:
        """The content as typed on top of what was; materials that stay keep their details."""
        data = dict(self.cleaned_data)
        data.pop("reason")
        statutory: Limit = data.pop("statutory")
        promised: Limit = data.pop("promised")
        known = {row.name: row for row in before.materials}
        return replace(
            before,
            **{
                **data,
                "service_objects": tuple(data["service_objects"]),
                "materials": tuple(known.get(name, Material(name)) for name in data["materials"]),
                **limit_columns(data["kind"], statutory, promised),
            },
        )

    def clean_process_steps(self) -> Any:
        try:
            return steps_from_words(
                self.cleaned_data["process_steps"], self.initial.get("process_steps") or ()
            )
        except Refusal as refusal:
            raise forms.ValidationError(refusal_text(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        promised = data.get("promised")
        if data.get("kind") == Kind.INSTANT.value and promised and promised.term and promised.term.amount:
            self.add_error("promised", gettext("即办件的承诺时限应为 0，当场办结。"))
        return data


class NewItemForm(DraftForm):
    """A new item: its code and its department before the content."""

    code = forms.CharField(
        label=_("事项编码"), max_length=80, help_text=_("31 位实施编码、33 位业务办理项编码或省级事项编码")
    )
    unit = forms.ChoiceField(label=_("实施部门"))
    field_order = ["code", "unit"]

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """What a transition asks for, from its declaration; the move itself checks the values."""

    def __init__(self, *args: Any, step: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for need in step.needs:
            widget = _LONG if need.kind is FieldKind.LONG_TEXT else forms.TextInput
            self.fields[need.name] = forms.CharField(
                label=need.label, required=need.required, help_text=need.help, widget=widget
            )


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("不认领理由"), widget=_LONG)
