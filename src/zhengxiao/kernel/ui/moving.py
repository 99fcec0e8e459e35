"""What every workflow page needs: the moves lawful now with their pages, and a form from what a move asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

from zhengxiao.kernel.ui.answers import refusal_text
from zhengxiao.kernel.workflow.api import Field, FieldKind, Move, NeedsField, Transition

LONGEST = 2000
EMPHASIS = {"primary": 0, "normal": 1, "danger": 2}


@dataclass(frozen=True, slots=True)
class Offer:
    """A move with its page, or the reason against it in the reader's language."""

    transition: Transition
    allowed: bool
    why_not: str
    url: str


def offers_of(moves: Iterable[Move], url_of: Callable[[Transition], str]) -> list[Offer]:
    """Lawful moves, the expected one first, the grave ones last; then those not lawful now with the reason."""
    found = [
        Offer(
            move.transition,
            move.allowed,
            refusal_text(move.why_not) if move.why_not else "",
            url_of(move.transition),
        )
        for move in moves
    ]
    return sorted(found, key=lambda offer: EMPHASIS[offer.transition.emphasis])


def _text(value: Any) -> str:
    return gettext(str(value)) if value else ""


def form_field(field: Field) -> forms.Field:
    """A declared field of a transition as a form field; what is missing is said in the workflow's own words."""
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": field.help,
        "required": field.required,
        "initial": _text(field.initial) or None,
        "error_messages": {"required": refusal_text(NeedsField(label=field.label))},
    }
    if field.kind is FieldKind.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}), **common)
    if field.kind is FieldKind.NUMBER:
        numeric = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 6, "autocomplete": "off"})
        return forms.CharField(widget=numeric, **common)
    if field.kind is FieldKind.CHOICE:
        choices = [(value, _text(label)) for value, label in field.choices]
        return forms.ChoiceField(choices=[("", gettext("请选择")), *choices], **common)
    if field.kind is FieldKind.BOOLEAN:
        return forms.BooleanField(**{**common, "required": False})
    return forms.CharField(widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}), **common)


class MoveForm(forms.Form):
    """Made from the `needs` of a transition. The workflow checks again; this form only keeps what was typed."""

    use_required_attribute = False

    def __init__(self, transition: Transition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in transition.needs:
            self.fields[field.name] = form_field(field)
        focus_first(self)


def focus_first(form: forms.Form) -> None:
    """The keyboard starts in the first field that is wrong, else in the first field."""
    faulty = [name for name in form.errors if name in form.fields] if form.is_bound else []
    for name in faulty or list(form.fields):
        form.fields[name].widget.attrs["autofocus"] = True
        return
