"""Forms of supervision: a card or an order by hand, and a rule version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengxiao.backbone.cases.api import Case
from zhengxiao.kernel.access.api import scope_q
from zhengxiao.kernel.orgs.api import Unit
from zhengxiao.kernel.ui.api import focus_first, refusal_text
from zhengxiao.lib.actors import Actor
from zhengxiao.mechanisms.supervision.refusals import CaseUnknown
from zhengxiao.mechanisms.supervision.services import NOBODY, UNIT_SCOPE, ByHand
from zhengxiao.mechanisms.supervision.words import LEVEL_NAMES

LONGEST = 2000


def _area(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST})
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST, required=required, widget=widget
    )


class MatterForm(forms.Form):
    """Against which unit, about which case."""

    use_required_attribute = False
    action = "supervision.issue"

    case = forms.CharField(
        label=_("办件编号"),
        max_length=60,
        required=False,
        help_text=_("针对某一办件时填写，责任单位按办件确定；不针对办件时留空。"),
    )
    unit = forms.ChoiceField(label=_("责任单位"), required=False)

    def __init__(self, actor: Actor, *args: Any, known: bool = False, **kwargs: Any) -> None:
        """`known`: the matter is given by a card; the form does not ask for it."""
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.found: Case | None = None
        if known:
            del self.fields["case"], self.fields["unit"]
            focus_first(self)
            return
        units = Unit.objects.filter(
            scope_q(actor, self.action, UNIT_SCOPE), kind="department", is_active=True
        )
        choices = [(str(unit.pk), unit.short_name or unit.name) for unit in units.order_by("code")]
        self.fields["unit"].choices = [("", gettext("请选择")), *choices]  # type: ignore[attr-defined]
        focus_first(self)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        number = data.get("case", "").strip()
        if number:
            self.found = Case.objects.visible_to(self.actor).filter(number=number).first()
            if self.found is None:
                self.add_error("case", refusal_text(CaseUnknown(number=number)))
        elif "unit" in self.fields and not data.get("unit"):
            self.add_error("unit", gettext("请选择责任单位，或填写办件编号。"))
        return data

    def matter(self, reason: str) -> ByHand:
        """What the form says; the case decides about unit and person."""
        if self.found is not None:
            return ByHand(self.found.unit_id, "case", self.found.pk, reason, self.found.handler_id)
        unit = int(self.cleaned_data["unit"])
        return ByHand(unit, NOBODY, unit, reason)


class CardForm(MatterForm):
    """A card by hand."""

    level = forms.ChoiceField(
        label=_("级别"), choices=list(LEVEL_NAMES.items()), widget=forms.RadioSelect, initial="yellow"
    )
    reason = _area(_("事由"), _("违反了什么规定、造成什么后果。"))
    evidence_text = _area(_("证据"), _("可以核对的事实：时间、文号、谁看到的。"))

    def by_hand(self) -> ByHand:
        return self.matter(self.cleaned_data["reason"])


class OrderForm(MatterForm):
    """A supervision order by hand."""

    action = "supervision.order"
    title = forms.CharField(label=_("督办事项"), max_length=200)
    reason = _area(_("督办要求"), _("要办成什么、办到什么程度。"))
    workdays = forms.IntegerField(label=_("办理期限（工作日）"), min_value=1, max_value=60, initial=5)

    def by_hand(self) -> ByHand:
        return self.matter(self.cleaned_data["reason"])
