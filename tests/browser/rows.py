"""Rows that the sample city has not, for pages that would stand empty without them."""

from __future__ import annotations

from datetime import UTC, datetime

from zhengxiao.kernel.exchange.models import ImportRun, Rejection

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
REASON = "时间“2026/13/41”不符合配置中的任何一种格式。"


def import_runs() -> dict[str, ImportRun]:
    """One run in each state, the finished one with refused lines."""
    common = {
        "kind": "cases",
        "source_system": "sample-permits",
        "profile": "sample-permit-log",
        "profile_digest": "0",
        "file_digest": "0",
        "started_at": AT,
        "requested_by_name": "陈示例",
    }
    done = ImportRun.objects.create(
        **common,
        file_name="示例许可事件日志_2026年2月.csv",
        state="done",
        finished_at=AT,
        percent=100,
        offset=12_000,
        read=12_000,
        accepted=11_000,
        updated=300,
        unchanged=690,
        rejected=10,
        rows_read=96_000,
        rows_accepted=88_000,
        rows_updated=2_400,
        rows_unchanged=5_520,
        rows_rejected=80,
    )
    for unit in range(10):
        Rejection.objects.create(
            run=done,
            unit=unit,
            row_from=unit * 8 + 2,
            row_to=unit * 8 + 9,
            source_id=f"sample-{unit}",
            field="deadline",
            code="UnreadableMoment",
            reason=REASON,
            at=AT,
        )
    waiting = ImportRun.objects.create(**common, file_name="示例工单.xlsx", state="waiting", dry_run=True)
    running = ImportRun.objects.create(**common, file_name="示例工单.xlsx", state="running", percent=43)
    stopped = ImportRun.objects.create(
        **common,
        file_name="示例工单.xlsx",
        state="stopped",
        percent=43,
        error="OperationalError: 示例",
        finished_at=AT,
    )
    return {"done": done, "waiting": waiting, "running": running, "stopped": stopped}
