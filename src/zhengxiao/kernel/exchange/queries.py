"""Reads: runs and their refusals, and the refused rows as a table that can be corrected and brought in
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from zhengxiao.kernel.exchange.models import ImportRun, Rejection, SourceRecord
from zhengxiao.lib.refusals import gettext_noop

REJECT_COLUMNS = (gettext_noop("拒收原因"), gettext_noop("字段"), gettext_noop("源文件行号"))


def run_counts(run: ImportRun) -> dict[str, Any]:
    """The counts of a run in units, with the same in rows under `rows`."""
    names = ("read", "accepted", "updated", "unchanged", "rejected")
    counts: dict[str, Any] = {name: getattr(run, name) for name in names}
    counts["rows"] = {name: getattr(run, f"rows_{name}") for name in names}
    return counts


def rejections_of(run: ImportRun) -> QuerySet[Rejection]:
    """The refusals of a run in file order, warnings left out."""
    return run.rejections.filter(warning=False).order_by("unit", "id")


def warnings_of(run: ImportRun) -> QuerySet[Rejection]:
    """What came in but should be looked at."""
    return run.rejections.filter(warning=True).order_by("unit", "id")


def rejected_rows(run: ImportRun) -> tuple[list[str], Iterator[list[str]]]:
    """Headers and rows of the rejects file: every original column, then the reasons, field and row in the
    source.
    """
    columns: dict[str, None] = {}
    for rejection in rejections_of(run).exclude(raw=[]).iterator(chunk_size=500):
        for entry in rejection.raw:
            columns.update(dict.fromkeys(name for name, _ in entry["values"]))
    names = list(columns)
    return [*names, *REJECT_COLUMNS], _rows(run, names)


def _rows(run: ImportRun, names: list[str]) -> Iterator[list[str]]:
    group: list[Rejection] = []
    for rejection in rejections_of(run).iterator(chunk_size=500):
        if group and rejection.unit != group[0].unit:
            yield from _unit_rows(group, names)
            group = []
        group.append(rejection)
    yield from _unit_rows(group, names)


def _unit_rows(group: list[Rejection], names: list[str]) -> Iterator[list[str]]:
    raw: list[dict[str, Any]] = next((rejection.raw for rejection in group if rejection.raw), [])
    fields = "；".join(dict.fromkeys(rejection.field for rejection in group if rejection.field))
    reasons = "；".join(dict.fromkeys(rejection.reason for rejection in group))
    for entry in raw:
        values = dict(entry["values"])
        yield [*(values.get(name, "") for name in names), reasons, fields, str(entry["row"])]


def subject_of(*, system: str, kind: str, source_id: str) -> tuple[str, int] | None:
    """(subject kind, subject id) a source record became, or None."""
    found = SourceRecord.objects.filter(source_system=system, kind=kind, source_id=source_id)
    return found.values_list("subject_kind", "subject_id").first()


def sources_of(*, subject_kind: str, subject_id: int) -> QuerySet[SourceRecord]:
    """Where a subject came from."""
    return SourceRecord.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id")
