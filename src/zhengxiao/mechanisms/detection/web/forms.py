"""The form of a draft: one field per parameter of the detector, beside name, level, scope and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.catalogue.api import Item
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.mechanisms.detection.detectors import DETECTORS
from zhengxiao.mechanisms.detection.models import LEVELS, RuleVersion
from zhengxiao.mechanisms.detection.rules import Parameter
from zhengxiao.mechanisms.detection.services import Draft


class DraftForm(forms.Form):
    """What a version says; the service checks again."""

    use_required_attribute = False
    name = forms.CharField(label=_("名称"), max_length=60)
    level = forms.ChoiceField(label=_("级别"), choices=LEVELS, help_text=_("启用后由督办按此级别发牌"))
    departments = forms.CharField(
        label=_("适用部门"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一个部门编码，不填即全部"),
    )
    items = forms.CharField(
        label=_("适用事项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一个事项编码，不填即全部"),
    )
    source = forms.CharField(label=_("依据"), max_length=300)
    template = forms.CharField(label=_("证据文字"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    note = forms.CharField(
        label=_("起草说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("为什么这样设定"),
    )

    def __init__(self, version: RuleVersion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.detector = DETECTORS[version.rule.detector]
        for parameter in self.detector.parameters:
            self.fields[f"p_{parameter.name}"] = _field(parameter)
        told = "、".join(f"{{{name}}}" for name in self.detector.evidence)
        self.fields["template"].help_text = gettext("可以填入：{names}").format(names=told)
        self.order_fields(["name", "level", *(f"p_{p.name}" for p in self.detector.parameters)])

    @staticmethod
    def initial_of(version: RuleVersion, *, fresh: bool) -> dict[str, Any]:
        """What the form shows of a version; a new draft says anew why."""
        detector = DETECTORS[version.rule.detector]
        shown = {name: getattr(version, name) for name in ("name", "level", "source", "template")}
        values = {f"p_{p.name}": version.parameters.get(p.name, p.default) for p in detector.parameters}
        return {**shown, **values, **_codes(version.scope), "note": "" if fresh else version.note}

    def clean_departments(self) -> list[int]:
        return _ids(Unit.objects.filter(kind="department"), self.cleaned_data["departments"])

    def clean_items(self) -> list[int]:
        return _ids(Item.objects.all(), self.cleaned_data["items"])

    def draft(self) -> Draft:
        data = self.cleaned_data
        parameters = {p.name: data[f"p_{p.name}"] for p in self.detector.parameters}
        scope = {name: data[name] for name in ("departments", "items")}
        return Draft(
            data["name"], data["level"], parameters, data["source"], data["template"], data["note"], scope
        )


def _field(parameter: Parameter) -> forms.Field:
    if parameter.choices:
        words = [(number, gettext(word)) for number, word in enumerate(parameter.choices)]
        return forms.TypedChoiceField(label=gettext(parameter.label), choices=words, coerce=int)
    unit = f"（{gettext(parameter.unit)}）" if parameter.unit else ""
    return forms.IntegerField(
        label=f"{gettext(parameter.label)}{unit}",
        min_value=parameter.least,
        max_value=parameter.most,
        help_text=f"{parameter.least}–{parameter.most}",
    )


def _codes(scope: Mapping[str, list[int]]) -> dict[str, str]:
    departments = Unit.objects.filter(pk__in=scope.get("departments") or []).order_by("code")
    items = Item.objects.filter(pk__in=scope.get("items") or []).order_by("code")
    return {
        "departments": "\n".join(unit.code for unit in departments),
        "items": "\n".join(item.code for item in items),
    }


def _ids(rows: Any, text: str) -> list[int]:
    """The ids of codes typed one a line; a code nobody knows is refused by name."""
    codes = sorted({line.strip() for line in text.splitlines() if line.strip()})
    known = dict(rows.filter(code__in=codes).values_list("code", "pk"))
    strange = [code for code in codes if code not in known]
    if strange:
        raise forms.ValidationError(gettext("没有这些编码：{codes}").format(codes="、".join(strange[:5])))
    return sorted(known.values())
