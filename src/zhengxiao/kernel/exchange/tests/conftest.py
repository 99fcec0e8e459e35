"""A small target that writes heartbeat rows: the least model there is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhengxiao.kernel.exchange import services, targets
from zhengxiao.kernel.exchange.api import (
    ImportTarget,
    Outcome,
    RowRefusal,
    RowRefusals,
    Verdict,
    profile_from,
    run_import,
)
from zhengxiao.kernel.jobs.api import bulk_insert
from zhengxiao.kernel.jobs.models import Heartbeat
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.registry import Registry

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TABLE = {
    "kind": "pulses",
    "system": "test",
    "format": "csv",
    "columns": {"source_id": "id", "revision": "rev", "name": "name", "moment": "at"},
    "times": {"formats": ["iso", "%Y/%m/%d %H:%M:%S"]},
}


def parse(unit, profile, context):
    name = profile.unit_value("name", unit)
    if name.startswith("bad"):
        raise RowRefusals([RowRefusal(reason="名称不对", field="name", code="BadName")])
    return name, profile.unit_moment("moment", unit) or NOON


def write(parsed, existing, context, actor, at):
    fresh = [
        Heartbeat(runner=entry.value[0], at=entry.value[1])
        for entry in parsed
        if entry.unit.source_id not in existing
    ]
    keys = iter(bulk_insert(Heartbeat, fresh))
    outcomes = []
    for entry in parsed:
        known = existing.get(entry.unit.source_id)
        if known is None:
            outcomes.append(Outcome(Verdict.ACCEPTED, next(keys).pk))
        else:
            Heartbeat.objects.filter(pk=known).update(runner=entry.value[0], at=entry.value[1])
            outcomes.append(Outcome(Verdict.UPDATED, known))
    return outcomes


@pytest.fixture(autouse=True)
def pulses(monkeypatch):
    registry = Registry("import target")
    for module in (targets, services):
        monkeypatch.setattr(module, "TARGETS", registry)
    targets.register_target(
        ImportTarget(kind="pulses", subject_kind="pulse", parse_unit=parse, write_batch=write)
    )
    return registry


@pytest.fixture
def bring(tmp_path):
    """Write text to a file and import it; returns the run."""

    def run(content: str | bytes | Path, *, table=TABLE, dry_run=False, **more):
        path = content
        if not isinstance(content, Path):
            path = tmp_path / "feed"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        profile = profile_from(table, name="test")
        return run_import(profile=profile, path=path, dry_run=dry_run, actor=SYSTEM, at=NOON, **more)

    return run


def counts(run) -> tuple[int, int, int, int, int]:
    run.refresh_from_db()
    return (run.read, run.accepted, run.updated, run.unchanged, run.rejected)
