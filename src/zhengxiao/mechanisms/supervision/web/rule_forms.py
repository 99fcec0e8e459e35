"""The form of a rule version: for each clock and light the level of the card, and whether it waits for confirmation.

Below the lines of the kinds stand those of single warning policies, and empty ones for new exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.clock.api import POLICIES
from zhengxiao.mechanisms.supervision.rules import LIGHTS, CardRule, CardRules, Windows, chain_of
from zhengxiao.mechanisms.supervision.words import KIND_NAMES, LEVEL_NAMES, LIGHT_OF_KIND, POLICY_NAMES

PRESET_NAMES: dict[str, Promise] = {
    "two-limit": _("模型 A：蓝黄红（两个时限）"),
    "remind-warn-alarm": _("模型 B：提醒、预警、报警"),
}
SPARE = 2
"""Empty lines for exceptions of a warning policy."""
NO_CARD = "none"
"""An exception that says: no card. An empty choice of an exception says nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a clock, or clocks of one warning policy, with the three lights.

    `kind` and `policy` are fields where the line is new; a cell is None where the policy never shows that light.
    """

    label: Any
    cells: tuple[tuple[BoundField, BoundField] | None, ...]
    kind: BoundField | None = None
    policy: BoundField | None = None


def shows(policy: str, light: str) -> bool:
    """Whether clocks of this policy ever show this light."""
    return any(rung.level == light for rung in POLICIES.get(policy, ()))


def label_of(kind: str, policy: str) -> str:
    """Which clocks a line is about."""
    name = str(KIND_NAMES.get(kind, kind))
    return f"{name} · {POLICY_NAMES.get(policy, policy)}" if policy else name


class RulesForm(forms.Form):
    """Every kind of clock that may give cards, those of the version it begins from filled in."""

    use_required_attribute = False

    def __init__(self, begin: CardRules, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin = begin
        self.kinds = [*KIND_NAMES, *sorted({rule.kind for rule in begin.rules} - set(KIND_NAMES))]
        named = sorted({(rule.kind, rule.policy) for rule in begin.rules if rule.policy})
        self.known = [*((kind, "") for kind in self.kinds), *named]
        for kind, policy in self.known:
            self._add_line(f"{kind}@{policy}" if policy else kind, kind, policy)
        for number in range(SPARE):
            self._add_spare(f"new{number}")
        self._add_others()

    def _add_line(self, name: str, kind: str, policy: str) -> None:
        for light in LIGHTS:
            if policy and not shows(policy, light):
                continue
            rule = self.begin.stated_for(kind, light, policy)
            level = (rule.level or NO_CARD) if rule else ""
            label = f"{label_of(kind, policy)} {LIGHT_OF_KIND[light]}"
            self._add_cell(
                f"{name}-{light}", label, level, bool(rule and rule.confirm), exception=bool(policy)
            )

    def _add_spare(self, name: str) -> None:
        kinds = [("", gettext("时限")), *((kind, KIND_NAMES.get(kind, kind)) for kind in self.kinds)]
        policies = [("", gettext("预警策略")), *POLICY_NAMES.items()]
        for part, label, choices in (("kind", _("时限"), kinds), ("policy", _("预警策略"), policies)):
            self.fields[f"{name}-{part}"] = forms.ChoiceField(
                choices=choices, required=False, label=label, widget=_select()
            )
        for light in LIGHTS:
            words = f"{gettext('例外')} {LIGHT_OF_KIND[light]}"
            self._add_cell(f"{name}-{light}", words, "", confirm=False, exception=True)

    def _add_cell(self, name: str, label: str, level: str, confirm: bool, *, exception: bool) -> None:
        choices: list[Any] = [("", gettext("不发牌")), *LEVEL_NAMES.items()]
        if exception:
            choices = [("", gettext("同类规则")), (NO_CARD, gettext("不发牌")), *LEVEL_NAMES.items()]
        self.fields[name] = forms.ChoiceField(
            choices=choices, required=False, initial=level, label=label, widget=_select()
        )
        self.fields[f"{name}-confirm"] = forms.BooleanField(
            required=False, initial=confirm, label=gettext("先确认再发")
        )

    def _add_others(self) -> None:
        days = self.begin.windows
        for name, words, value in (
            ("explain", _("说明期限（工作日）"), days.explain),
            ("appeal", _("申诉期限（工作日）"), days.appeal),
            ("ruling", _("裁定期限（工作日）"), days.ruling),
        ):
            self.fields[name] = forms.IntegerField(label=words, min_value=1, max_value=60, initial=value)
        self.fields["departments"] = forms.CharField(
            label=_("一律先确认的部门编码"), required=False, max_length=1000,
            initial=" ".join(sorted(self.begin.confirm_departments)), help_text=_("机构编码，用空格分开；没有可不填。"),
        )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label=_("修改理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300})
        )

    @property
    def lines(self) -> list[Line]:
        named = [
            Line(label_of(kind, policy), self._cells(f"{kind}@{policy}" if policy else kind))
            for kind, policy in self.known
        ]
        spare = [
            Line("", self._cells(name), self[f"{name}-kind"], self[f"{name}-policy"])
            for name in (f"new{number}" for number in range(SPARE))
        ]
        return named + spare

    def _cells(self, name: str) -> tuple[tuple[BoundField, BoundField] | None, ...]:
        return tuple(
            (self[f"{name}-{light}"], self[f"{name}-{light}-confirm"])
            if f"{name}-{light}" in self.fields
            else None
            for light in LIGHTS
        )

    @property
    def others(self) -> list[BoundField]:
        return [self[name] for name in ("explain", "appeal", "ruling", "departments", "reason")]

    def clean(self) -> dict[str, Any]:
        """A new exception names a clock and a policy, and one light at least."""
        data: dict[str, Any] = super().clean() or {}
        for name in (f"new{number}" for number in range(SPARE)):
            given = [bool(data.get(f"{name}-{part}")) for part in ("kind", "policy")]
            given.append(any(data.get(f"{name}-{light}") for light in LIGHTS))
            if any(given) and not all(given):
                self.add_error(f"{name}-kind", gettext("例外须写明时限、预警策略和至少一种灯的发牌。"))
        return data

    def rules(self) -> CardRules:
        data = self.cleaned_data
        found = []
        names = [(f"{kind}@{policy}" if policy else kind, kind, policy) for kind, policy in self.known]
        spare = (f"new{number}" for number in range(SPARE))
        names += [(name, data[f"{name}-kind"], data[f"{name}-policy"]) for name in spare]
        for name, kind, policy in names:
            for light in LIGHTS:
                level = data.get(f"{name}-{light}")
                if level:
                    stated = "" if level == NO_CARD else level
                    confirm = data[f"{name}-{light}-confirm"]
                    found.append(CardRule(kind, light, stated, confirm, chain_of(kind), policy))
        return CardRules(
            rules=tuple(found),
            windows=Windows(data["explain"], data["appeal"], data["ruling"]),
            confirm_departments=frozenset(data["departments"].split()),
        )


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select form-select-sm"})
