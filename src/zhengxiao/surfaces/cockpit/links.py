"""Addresses of what is behind a number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from zhengxiao.kernel.metrics.api import Part
from zhengxiao.surfaces.cockpit.rules import Days

NO_KEY = "-"
"""The key of subjects that belong to no department, section or region."""


def set_url(name: str, region_id: int | None, **conditions: Any) -> str:
    """The list of a set of cases, with further conditions of the ledger."""
    return f"{reverse('cockpit:cases')}?{_query(set=name, region=region_id, **conditions)}"


def figure_url(name: str, days: Days, region_id: int | None, by: str | None = None) -> str:
    """A figure broken down."""
    return f"{reverse('cockpit:figure', args=[name])}?{_query(**_period(days), region=region_id, by=by)}"


def part_url(
    name: str, part: Part | str, days: Days, region_id: int | None, by: str | None = None, key: Any = None
) -> str:
    """The cases behind one part of a figure, or of one row of its breakdown."""
    said = None if by is None else NO_KEY if key is None else key
    query = _query(**_period(days), region=region_id, by=by, key=said)
    return f"{reverse('cockpit:figure-cases', args=[name, str(part)])}?{query}"


def _period(days: Days) -> dict[str, str]:
    return {"period_from": days.first.isoformat(), "period_to": days.last.isoformat()}


def _query(**conditions: Any) -> str:
    return urlencode({name: value for name, value in conditions.items() if value not in (None, "")})
