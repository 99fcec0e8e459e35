"""Forms of double publicity, made from the field rules: one source for form, bulk check, report file and API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.ui.api import focus_first
from zhengxiao.lib.identifiers import normalise_code
from zhengxiao.mechanisms.disclosures.checking import Fault, check_record
from zhengxiao.mechanisms.disclosures.fields import ALWAYS, CODES, TABLES, FieldRule, Form
from zhengxiao.mechanisms.disclosures.rules import GRADE_WORDS, Kind

STATUS = {"1": _("1 有效"), "2": _("2 无效")}


class Typed(forms.CharField):
    """Text as it was typed: said to be required where it is, judged by the field rules alone."""

    def validate(self, value: Any) -> None:
        """Nothing is refused here; what is wrong is told at the field and may be kept for now."""


class Chosen(forms.ChoiceField):
    """The same for a choice."""

    def validate(self, value: Any) -> None:
        """See Typed."""


def form_field(rule: FieldRule, stored: bool) -> forms.Field:
    """One field; what is wrong is judged by the rules, not by the widget, so that everything typed is kept."""
    help_text: Any = _("已加密保存；不改则留空") if rule.secret and stored else rule.example
    if rule.need is not None and rule.need is not ALWAYS and not (rule.secret and stored):
        help_text = gettext("{kinds}必填").format(kinds=gettext("、").join(rule.need.values))
    common: dict[str, Any] = {
        "label": _(rule.label),
        "required": rule.need is not None,
        "help_text": help_text,
    }
    if rule.form is Form.CHOICE and not rule.other:
        choices = [("", gettext("请选择")), *((value, STATUS.get(value, value)) for value in rule.choices)]
        return Chosen(choices=choices, **common)
    if rule.choices:
        listed = gettext("、").join([*rule.choices, "其他-…"])
        several = gettext("可多选，用分号分隔：{listed}") if rule.form is Form.CHOICES else "{listed}"
        common["help_text"] = several.format(listed=listed)
    if rule.form is Form.LONG_TEXT:
        return Typed(widget=forms.Textarea(attrs={"rows": 3}), **common)
    return Typed(widget=forms.TextInput(attrs={"autocomplete": "off"}), **common)


class RecordForm(forms.Form):
    """The content of a record. Faults stand at their fields; they keep nothing from being saved, only from being reported."""

    use_required_attribute = False

    def __init__(self, kind: Kind, *args: Any, stored: Mapping[str, str], **kwargs: Any) -> None:
        self.kind = kind
        secrets = TABLES[kind].secrets
        initial = {name: value for name, value in stored.items() if name not in secrets}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.stored = stored
        for rule in TABLES[kind].fields:
            self.fields[rule.name] = form_field(rule, bool(stored.get(rule.name)))

    def record(self) -> dict[str, str]:
        """What was typed, codes in their one spelling."""
        record = {}
        for rule in TABLES[self.kind].fields:
            value = str(self.cleaned_data.get(rule.name, "")).strip()
            record[rule.name] = normalise_code(value) if rule.form in CODES else value
        return record

    def judged(self, today: date) -> list[Fault]:
        """The faults of what was typed together with what lies sealed."""
        typed = self.record()
        secrets = TABLES[self.kind].secrets
        whole = {
            name: value or (self.stored.get(name, "") if name in secrets else "")
            for name, value in typed.items()
        }
        return check_record(self.kind, whole, today=today)

    def tell(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.add_error(fault.name, gettext(fault.reason))
        focus_first(self)


class PenaltyForm(RecordForm):
    """A penalty to be entered: its content, the section, and the grade."""

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(Kind.PENALTY, *args, stored={}, **kwargs)
        grades = [
            ("", gettext("按处罚类别和金额判断")),
            *((g.value, gettext(w)) for g, w in GRADE_WORDS.items()),
        ]
        own: dict[str, forms.Field] = {
            "unit": forms.ChoiceField(label=_("承办科室"), choices=units),
            "grade": forms.ChoiceField(label=_("等级"), choices=grades, required=False,
                                       help_text=_("决定公示多久：轻微不公示，一般 1 年，严重 3 年")),
        }  # fmt: skip
        self.fields = {**own, **self.fields}


class CheckForm(forms.Form):
    """A table to be checked; it is read and forgotten."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("文件"), help_text=_("CSV 或 Excel，第一行为字段代码或中文名称，至多 20 MB；只检查，不保存")
    )


class FindingForm(forms.Form):
    """A decision that inspection found and no system told of."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("种类"), choices=[("licence", _("行政许可")), ("penalty", _("行政处罚"))]
    )
    department = forms.ChoiceField(label=_("被检查单位"))
    number = forms.CharField(label=_("决定文书号"), max_length=64)
    decided_on = forms.CharField(label=_("决定日期"), max_length=10, help_text=_("写成 2026-03-04"))
    subject_name = forms.CharField(label=_("行政相对人"), max_length=200)
    title = forms.CharField(label=_("事项或案由"), max_length=300)
    ground = forms.CharField(label=_("认定依据"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    document_no = forms.CharField(label=_("检查文书号"), max_length=128)

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["department"].choices = [("", gettext("请选择")), *departments]
        focus_first(self)
