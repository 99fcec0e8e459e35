"""The rule version in force at a moment. Before the first one is confirmed the shipped rules (model A) hold, as version 0."""

from __future__ import annotations

from datetime import datetime

from zhengxiao.mechanisms.supervision.models import CardPolicy
from zhengxiao.mechanisms.supervision.rules import MODEL_A, CardRules, rules_of


class Policies:
    """All versions that ever were in force, read once for a batch."""

    def __init__(self) -> None:
        rows = CardPolicy.objects.filter(valid_from__isnull=False).order_by("-valid_from", "-number")
        self.versions = [(row, rules_of(row.rules)) for row in rows]

    def at(self, moment: datetime) -> tuple[int | None, int, CardRules]:
        """(key, number, rules) of the version that was in force; a later version never reaches back."""
        for row, rules in self.versions:
            if row.valid_from is not None and row.valid_from <= moment:
                return row.pk, row.number, rules
        return None, 0, MODEL_A
