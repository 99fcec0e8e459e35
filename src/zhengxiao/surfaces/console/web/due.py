"""The due-date calculator: start, term, place and pauses in; the due moment and every day of the way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengxiao.kernel.access.api import page
from zhengxiao.kernel.calendar.api import (
    NATION,
    Calendar,
    DateOutOfReach,
    DayLine,
    DayTable,
    Due,
    Pause,
    Term,
    Unit,
    amount_in_words,
    day_table,
    read_pause,
)
from zhengxiao.kernel.ui.api import BadAddress, refusal_text
from zhengxiao.lib.refusals import Refusal

UNITS = (Unit.WORKDAY, Unit.WORKHOUR, Unit.HOUR, Unit.DAY, Unit.MONTH, Unit.YEAR)
MOST_LINES = 800
"""A longer way is given without its days."""
REACH = timedelta(days=MOST_LINES)


class DueForm(forms.Form):
    """What the calculator asks."""

    start = forms.DateTimeField(
        label=_("起算时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("起算当日不计入按日计算的期限"),
    )
    amount = forms.IntegerField(label=_("期限"), min_value=0, max_value=99_999)
    unit = forms.ChoiceField(
        label=_("单位"),
        choices=lambda: [(unit.value, gettext(unit.label)) for unit in UNITS],
    )
    region = forms.ChoiceField(label=_("日历"), required=False)
    pauses = forms.CharField(
        label=_("暂停"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一次，例如：2026-03-02:2026-03-09；仍在暂停写 2026-03-02:"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(row.key, gettext(row.name)) for row in Calendar.objects.order_by("key")]
        if NATION not in {key for key, _name in known}:
            known.insert(0, (NATION, gettext("全国")))
        known.sort(key=lambda pair: (pair[0] != NATION, pair[0]))
        self.fields["region"].choices = known  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Answer:
    """The way of a term, or the reason why it cannot be worked out."""

    due: Due
    lines: tuple[DayLine, ...]
    counted: int
    term: Term
    term_words: str
    table: DayTable
    start: datetime
    hourly: bool
    too_long: bool

    @property
    def local(self) -> datetime | None:
        """The due moment where the calendar is."""
        return self.due.at.astimezone(self.table.zone) if self.due.at else None


@page("console.due")
@require_safe
def due_page(request: HttpRequest) -> HttpResponse:
    """Works by address alone, so an answer can be sent to a colleague."""
    for name in request.GET:
        if name not in DueForm.base_fields:
            raise BadAddress(name=name)
    asked = "start" in request.GET
    moment: datetime = request.moment  # type: ignore[attr-defined]
    initial = {"start": timezone.localtime(moment), "amount": 20, "unit": "wd", "region": NATION}
    form = DueForm(request.GET) if asked else DueForm(initial=initial)
    answer = _answer(form) if asked and form.is_valid() else None
    status = 422 if asked and form.errors else 200
    return render(request, "console/due.html", {"form": form, "answer": answer}, status=status)


def _answer(form: DueForm) -> Answer | None:
    """None when something is refused; the form then says what."""
    given = form.cleaned_data
    try:
        table = day_table(given["region"] or NATION)
        start = given["start"].replace(tzinfo=table.zone)
        term = Term(given["amount"], Unit(given["unit"]))
        pauses = read_pauses(given["pauses"], table.zone)
        due = table.due(start, term, pauses)
        too_long = due.at is not None and due.at - start > REACH
        lines = () if too_long else tuple(table.explain(start, term, pauses, None))
    except Refusal as refusal:
        field = {"term": "amount", "pause": "pauses", "start": "start"}.get(refusal.field or "")
        form.add_error(
            field or ("start" if isinstance(refusal, DateOutOfReach) else None), refusal_text(refusal)
        )
        return None
    words = amount_in_words(term.amount, term.unit)
    counted = sum(line.counted for line in lines)
    return Answer(due, lines, counted, term, words, table, start, term.unit.is_hourly, too_long)


def read_pauses(text: str, zone: ZoneInfo) -> tuple[Pause, ...]:
    """One pause a line. Refuses PauseUnreadable, MomentUnreadable, PauseBackwards."""
    return tuple(read_pause(line, zone) for line in text.splitlines() if line.strip())
