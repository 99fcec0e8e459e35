"""The form of a rule version: for each clock and light the level of the card, and whether it waits for confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.mechanisms.supervision.rules import LIGHTS, LIMIT, CardRule, CardRules, Windows
from zhengxiao.mechanisms.supervision.words import KIND_NAMES, LEVEL_NAMES, LIGHT_OF_KIND

PRESET_NAMES: dict[str, Promise] = {
    "two-limit": _("模型 A：蓝黄红（两个时限）"),
    "remind-warn-alarm": _("模型 B：提醒、预警、报警"),
}
CHAINED = ("promised", "statutory")
"""Promise and law of a case are one matter."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a clock with its three lights."""

    kind: str
    label: Any
    cells: tuple[tuple[BoundField, BoundField], ...]


class RulesForm(forms.Form):
    """Every kind of clock that may give cards, those of the version it begins from filled in."""

    use_required_attribute = False

    def __init__(self, begin: CardRules, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin = begin
        self.kinds = [*KIND_NAMES, *sorted({rule.kind for rule in begin.rules} - set(KIND_NAMES))]
        choices = [("", gettext("不发牌")), *LEVEL_NAMES.items()]
        for kind in self.kinds:
            for light in LIGHTS:
                rule = begin.rule_for(kind, light)
                label = f"{KIND_NAMES.get(kind, kind)} {LIGHT_OF_KIND[light]}"
                self.fields[f"{kind}-{light}"] = forms.ChoiceField(
                    choices=choices,
                    required=False,
                    initial=rule.level if rule else "",
                    label=label,
                    widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
                )
                self.fields[f"{kind}-{light}-confirm"] = forms.BooleanField(
                    required=False, initial=bool(rule and rule.confirm), label=gettext("先确认再发")
                )
        days = begin.windows
        for name, words, value in (
            ("explain", _("说明期限（工作日）"), days.explain),
            ("appeal", _("申诉期限（工作日）"), days.appeal),
            ("ruling", _("裁定期限（工作日）"), days.ruling),
        ):
            self.fields[name] = forms.IntegerField(label=words, min_value=1, max_value=60, initial=value)
        self.fields["departments"] = forms.CharField(
            label=_("一律先确认的部门编码"), required=False, max_length=1000,
            initial=" ".join(sorted(begin.confirm_departments)), help_text=_("机构编码，用空格分开；没有可不填。"),
        )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label=_("修改理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300})
        )

    @property
    def lines(self) -> list[Line]:
        return [
            Line(
                kind,
                KIND_NAMES.get(kind, kind),
                tuple((self[f"{kind}-{light}"], self[f"{kind}-{light}-confirm"]) for light in LIGHTS),
            )
            for kind in self.kinds
        ]

    @property
    def others(self) -> list[BoundField]:
        return [self[name] for name in ("explain", "appeal", "ruling", "departments", "reason")]

    def rules(self) -> CardRules:
        data = self.cleaned_data
        found = []
        for kind in self.kinds:
            for light in LIGHTS:
                level = data[f"{kind}-{light}"]
                if level:
                    chain = LIMIT if kind in CHAINED else ""
                    found.append(CardRule(kind, light, level, data[f"{kind}-{light}-confirm"], chain))
        return CardRules(
            rules=tuple(found),
            windows=Windows(data["explain"], data["appeal"], data["ruling"]),
            confirm_departments=frozenset(data["departments"].split()),
        )
