"""The template tags of the design system; a builtin, so templates need no `{% load %}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any

import lucide as icons
from django import template
from django.forms import BoundField, CheckboxInput, Field, RadioSelect
from django.forms.widgets import CheckboxSelectMultiple, ChoiceWidget, Select, Textarea
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from zhengxiao.kernel.calendar.api import DayLine
from zhengxiao.kernel.timeline.api import Entry, actor_name, entry_label, entry_text
from zhengxiao.kernel.ui.ledger.rows import Cell, Line, shown_text
from zhengxiao.kernel.ui.shapes import WIDTH, light_segments, share
from zhengxiao.kernel.ui.strip import cells_of, strip_days, strip_text
from zhengxiao.kernel.ui.words import LIGHT_WORDS

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A line icon, always beside words, so it is hidden from screen readers."""
    return _drawn(str(name), size)


@cache
def _drawn(name: str, size: int) -> SafeString:
    """Drawn once: a page has some twenty icons, and drawing reads and writes XML."""
    drawn = icons._render_icon(
        name, size, **{"class": "zx-icon", "aria-hidden": "true", "focusable": "false"}
    )
    return mark_safe(drawn)  # noqa: S308  # drawn from the packaged icon set, no input of people


@register.filter
def thousands(value: Any) -> Any:
    """A number with a comma after every third digit, whatever the language; anything else as it is."""
    return f"{value:,}" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value


@register.inclusion_tag("ui/tags/light.html")
def light(value: Any, words: Any = "", small: bool = False) -> dict[str, Any]:
    """A light: colour, shape and words. `value`: green, blue, yellow, red, grey or none."""
    name = str(value or "none")
    return {"value": name, "words": words or LIGHT_WORDS[name], "small": small}


@register.inclusion_tag("ui/tags/light_shape.html")
def light_shape(value: Any) -> dict[str, Any]:
    """Only the shape; for places where the words stand beside it anyway."""
    return {"value": str(value or "none")}


@register.inclusion_tag("ui/tags/day_strip.html", takes_context=True)
def day_strip(
    context: template.Context,
    lines: Iterable[Any],
    light: Any = "",
    caption: Any = "",
    until: date | None = None,
) -> dict[str, Any]:
    """One cell per day from start to due. `lines`: day lines of a calculation sheet, or day cells made by
    hand.

    Seen on the day of the request; `until`: the last day of a clock that has stopped. `light` colours the due
    day.
    """
    moment = getattr(context.get("request"), "moment", None)
    today = timezone.localtime(moment).date() if moment else None
    listed = list(lines)
    if listed and isinstance(listed[0], DayLine):
        listed = cells_of(listed, today=today, until=until)
    return {"days": strip_days(listed), "text": strip_text(listed), "light": str(light), "caption": caption}


@register.inclusion_tag("ui/tags/light_bar.html")
def light_bar(counts: Mapping[str, int], label: Any = "") -> dict[str, Any]:
    """How a number divides over the lights."""
    named = {str(getattr(key, "value", key)): value for key, value in counts.items()}
    segments = light_segments(named)
    words = [(LIGHT_WORDS[segment.light], segment.count) for segment in segments]
    return {"segments": segments, "words": words, "label": label, "width": WIDTH}


@register.inclusion_tag("ui/tags/progress.html")
def progress(value: Any, total: Any, label: Any = "", light: Any = "") -> dict[str, Any]:
    """A share of a whole, with the same in words."""
    return {
        "value": value,
        "total": total,
        "filled": share(value or 0, total or 0),
        "label": label,
        "light": str(light),
        "width": WIDTH,
    }


@register.inclusion_tag("ui/tags/figure_tile.html")
def figure_tile(
    label: Any, value: Any, url: str = "", n: Any = None, note: Any = "", light: Any = "", as_of: Any = None
) -> dict[str, Any]:
    """A number with its name, its n and its cut-off; the number opens what is behind it."""
    return {
        "label": label,
        "value": value,
        "url": url,
        "n": n,
        "note": note,
        "light": str(light),
        "as_of": as_of,
    }


@register.inclusion_tag("ui/tags/number_link.html")
def number_link(value: Any, url: str = "", label: Any = "") -> dict[str, Any]:
    """A number as a link to the rows behind it; zero is quiet, nothing is a dash that says so."""
    return {"value": value, "url": url, "label": label}


@register.inclusion_tag("ui/tags/kv_list.html")
def kv_list(pairs: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """Name and value pairs: (label, value) or (label, value, address)."""
    return {"pairs": [(*pair, "") if len(pair) == 2 else tuple(pair) for pair in pairs]}


register.tag("kv", register.tags["kv_list"])


@register.inclusion_tag("ui/tags/fact_timeline.html")
def fact_timeline(entries: Iterable[Any], empty: Any = "") -> dict[str, Any]:
    """What happened, in the order given: timeline entries, or anything with `at` and `text` (`label`,
    `actor_name`, `light`, `light_words` and `links` if known).
    """
    return {
        "entries": [_told(entry) if isinstance(entry, Entry) else entry for entry in entries],
        "empty": empty,
    }


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "label": entry_label(entry),
        "text": entry_text(entry),
        "actor_name": actor_name(entry),
    }


@register.inclusion_tag("ui/tags/move_panel.html", takes_context=True)
def move_panel(
    context: template.Context, moves: Iterable[Any], url: str = "", post: bool = False
) -> dict[str, Any]:
    """What is lawful now, as buttons; what is not, with the reason.

    A move leads to `url` + its name + "/" (a page that asks for what the move needs); with `post` the button
    itself posts `move=<name>` to `url`.
    """
    listed = list(moves)
    return {
        "allowed": [move for move in listed if move.allowed],
        "refused": [move for move in listed if not move.allowed],
        "url": url,
        "post": post,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/tags/field.html")
def field(bound: BoundField, example: Any = "", rows: int = 0) -> dict[str, Any]:
    """A form field: label above, example under it, the error at the field in words."""
    widget = bound.field.widget
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    check = isinstance(widget, CheckboxInput)
    style = "form-check-input" if check else "form-select" if isinstance(widget, Select) else "form-control"
    attrs: dict[str, str | bool] = (
        {} if group else {"class": f"{style} is-invalid" if bound.errors else style}
    )
    hint = example or bound.help_text
    told = [name for name, there in (("helptext", hint), ("error", bound.errors)) if there]
    if told:
        attrs["aria-describedby"] = " ".join(f"{bound.auto_id}_{name}" for name in told)
    if rows and isinstance(widget, Textarea):
        attrs["rows"] = str(rows)
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attrs),
        "hint": hint,
        "group": group,
        "check": check,
        "errors": _errors_in_words(bound),
    }


def _errors_in_words(bound: BoundField) -> list[Any]:
    """The errors of a field; Django's bare "required" becomes a sentence that says what to do."""
    usual = str(Field.default_error_messages["required"])
    wanted = _("请选择{label}。") if isinstance(bound.field.widget, ChoiceWidget) else _("请填写{label}。")
    return [str(wanted).format(label=bound.label) if str(error) == usual else error for error in bound.errors]


@register.inclusion_tag("ui/tags/state.html")
def empty_state(title: Any, hint: Any = "", url: str = "", action: Any = "") -> dict[str, Any]:
    """Nothing to show, and what to do about it."""
    return {"kind": "empty", "icon": "inbox", "title": title, "hint": hint, "url": url, "action": action}


@register.inclusion_tag("ui/tags/state.html")
def loading_state(title: Any, hint: Any = "") -> dict[str, Any]:
    return {"kind": "loading", "icon": "loader", "title": title, "hint": hint}


@register.inclusion_tag("ui/tags/state.html")
def error_state(title: Any, hint: Any = "", url: str = "", action: Any = "") -> dict[str, Any]:
    return {
        "kind": "error",
        "icon": "circle-alert",
        "title": title,
        "hint": hint,
        "url": url,
        "action": action,
    }


@register.inclusion_tag("ui/tags/state.html")
def too_many_state(title: Any, hint: Any = "", url: str = "", action: Any = "") -> dict[str, Any]:
    """More rows than anyone reads: asks for a narrower question."""
    return {"kind": "many", "icon": "list-filter", "title": title, "hint": hint, "url": url, "action": action}


@register.inclusion_tag("ui/tags/pagination.html")
def pagination(page: Any) -> dict[str, Any]:
    """`page`: number, size, sizes, first, last, total_words, previous_url, next_url, size_urls (see
    ui.ledger).
    """
    return {"page": page}


@register.inclusion_tag("ui/tags/sorted_th.html")
def sorted_th(head: Any) -> dict[str, Any]:
    """A column head that sorts: label, kind, url (empty when it does not sort), direction (asc, desc or
    empty).
    """
    return {"head": head}


@register.inclusion_tag("ui/tags/ledger_cell.html")
def ledger_cell(shown: Cell, link: bool = True) -> dict[str, Any]:
    """One cell of a ledger row."""
    return {"cell": shown, "url": shown.url if link else "", "text": shown_text(shown)}


ONE_LINE = 8
"""So many signs of a cell stay together: a state or a number of days is not broken in two."""


@register.simple_tag
def ledger_rows(lines: Iterable[Line]) -> SafeString:
    """The rows of a ledger's table. Written here and not in a template because a page has a thousand cells."""
    opening: dict[str, str] = {}
    lights: dict[tuple[str, str], str] = {}
    rows = []
    for line in lines:
        cells = []
        for shown in line.cells:
            column = shown.column
            if column.key not in opening:
                opening[column.key] = f'<td data-label="{escape(str(column.label))}" class="k-{column.kind}'
            text = "" if shown.light else shown_text(shown)
            short = " is-short" if not shown.light and len(text) <= ONE_LINE else ""
            cells.append(f'{opening[column.key]}{short}">{_cell(shown, text, lights)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return mark_safe("\n".join(rows))  # noqa: S308  # every value went through escape


def _cell(shown: Cell, text: str, lights: dict[tuple[str, str], str]) -> str:
    """The same as ui/tags/ledger_cell.html, with the text already made; equal lights are drawn once."""
    if shown.light:
        key = (shown.light, str(shown.words))
        if key not in lights:
            lights[key] = render_to_string("ui/tags/light.html", light(*key))
        inner = lights[key]
    elif shown.value is None or shown.value == "":
        return '<span class="zx-none">–</span>'
    else:
        inner = escape(text)
    return f'<a href="{escape(shown.url)}">{inner}</a>' if shown.url else inner
