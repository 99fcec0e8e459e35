"""The formula of a declared figure in one line, written from the declaration itself so that the two cannot part."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from zhengxiao.kernel.metrics.api import AT_END, Metric, Part, PeriodEnd, PeriodStart, Sum
from zhengxiao.kernel.metrics.api import AsOf as CutOff

SIGNS = {"lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "in": "∈"}
LONGEST = 60


def formula_of(metric: Metric) -> str:
    """ "numerator ÷ denominator" in the terms of the declaration."""
    upper = _part(metric, Part.NUMERATOR)
    if not metric.denominator:
        return upper
    return f"({upper}) ÷ ({_part(metric, Part.DENOMINATOR)})"


def _part(metric: Metric, part: Part) -> str:
    return " + ".join(_term(metric, term) for term in metric.terms(part))


def _term(metric: Metric, term: Any) -> str:
    path = metric.field_of(term)
    when = gettext("期末") if path == AT_END else gettext("{field} 在期内").format(field=path)
    conditions = gettext("，").join(part for part in (when, _words(term.where)) if part)
    if isinstance(term, Sum):
        return f"Σ[{conditions}] {_short(term.expression)}"
    return gettext("件数") + f"[{conditions}]"


def _words(condition: Q) -> str:
    parts = []
    for child in condition.children:
        if isinstance(child, Q):
            words = _words(child)
            parts.append(f"({words})" if child.connector != condition.connector and len(child) > 1 else words)
        elif isinstance(child, tuple):
            parts.append(_comparison(str(child[0]), child[1]))
    joined = (" ∨ " if condition.connector == Q.OR else " ∧ ").join(parts)
    return f"¬({joined})" if condition.negated else joined


def _comparison(path: str, value: Any) -> str:
    field, _, lookup = path.rpartition("__")
    if lookup == "isnull" and field:
        return f"{field} = ∅" if value else f"{field} ≠ ∅"
    if lookup in SIGNS and field:
        return f"{field} {SIGNS[lookup]} {_value(value)}"
    return f"{path} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, F):
        return str(value.name)  # type: ignore[attr-defined]
    for kind, words in (
        (PeriodEnd, gettext("期末")),
        (PeriodStart, gettext("期初")),
        (CutOff, gettext("截至时刻")),
    ):
        if isinstance(value, kind):
            return words
    if isinstance(value, list | tuple | set | frozenset):
        return "{" + ", ".join(map(str, value)) + "}"
    if isinstance(value, QuerySet):  # a declared set of rows; it is named, not read
        return getattr(value, "told", str(value.model._meta.verbose_name))
    return str(value)


def _short(expression: Any) -> str:
    """A path as it is; an arithmetic expression by the fields it reads."""
    if isinstance(expression, str):
        return expression
    names = list(dict.fromkeys(_fields(expression)))
    return "f(" + ", ".join(names) + ")"


def _fields(node: Any) -> list[str]:
    if isinstance(node, F):
        return [str(node.name)]  # type: ignore[attr-defined]
    if isinstance(node, Q):
        return []
    found: list[str] = []
    for source in getattr(node, "get_source_expressions", list)():
        found += _fields(source)
    return found
