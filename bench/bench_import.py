"""Validated case import on the configured database, beside a bare bulk write of the same number of rows.

Run with a migrated empty database in ZX_DATABASE_URL (PostgreSQL for the published figure).
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.common import Figure

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 20, 10, tzinfo=ZONE)


def table_of(cases: int, first: int = 0) -> str:
    """A case table of `cases` rows: nine in ten decided, ten items, four departments, working hours."""
    stream = io.StringIO()
    write = csv.writer(stream).writerow
    write(
        [
            "办件编号",
            "事项编码",
            "事项名称",
            "部门",
            "申请人",
            "办理摘要",
            "收件时间",
            "受理时间",
            "办结时间",
            "状态",
            "文书号",
            "理由",
            "法定时限",
            "承诺时限",
        ]
    )
    start = datetime(2025, 9, 1, 9, tzinfo=ZONE)
    for number in range(first, first + cases):
        received = start + timedelta(minutes=13 * (number % 40_000))
        ended = received + timedelta(days=number % 9 + 1, hours=3)
        done = number % 10 != 0
        write(
            [
                f"B{number}", "", f"示例事项{number % 10}", f"示例部门{number % 4}", "示例建设有限公司", "",
                received.strftime("%Y-%m-%d %H:%M"), (received + timedelta(minutes=20)).strftime("%Y-%m-%d %H:%M"),
                ended.strftime("%Y-%m-%d %H:%M") if done else "", "办结" if done else "受理",
                f"示许准{number}" if done else "", "", "20(工作日)", "10(工作日)",
            ]
        )  # fmt: skip
    return stream.getvalue()


def run(cases: int = 20_000) -> dict[str, float]:
    """Import `cases` cases; returns cases per second and the ratio to a bare COPY/insert of as many rows."""
    from django.db import connection, transaction

    from zhengxiao.backbone.cases.models import Case
    from zhengxiao.kernel.calendar.api import install_shipped
    from zhengxiao.kernel.exchange.api import profile_load, run_import
    from zhengxiao.kernel.jobs.api import bulk_insert
    from zhengxiao.kernel.timeline.api import Delivery, Entry
    from zhengxiao.lib.actors import SYSTEM

    install_shipped(at=AT)
    first = Case.objects.count()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.csv"
        path.write_text(table_of(cases, first), encoding="utf-8")
        begin = time.perf_counter()
        done = run_import(profile=profile_load("case-table"), path=path, dry_run=False, actor=SYSTEM, at=AT)
        seconds = time.perf_counter() - begin
    if done.accepted != cases:
        raise SystemExit(
            f"only {done.accepted} of {cases} came in: {list(done.rejections.values('reason')[:3])}"
        )
    sample = list(Entry.objects.order_by("-id")[:20_000])
    for entry in sample:
        entry.pk = None
    begin = time.perf_counter()
    with transaction.atomic():
        bulk_insert(Entry, sample)
        transaction.set_rollback(True)
    bare = time.perf_counter() - begin
    return {
        "database": connection.vendor,
        "cases": cases,
        "seconds": round(seconds, 2),
        "cases_per_s": round(cases / seconds),
        "bare_rows_per_s": round(len(sample) / bare),
        "ratio_to_bare_rows": round(cases / seconds / (len(sample) / bare), 3),
        "deliveries": Delivery.objects.count(),
    }


def figures(size: str) -> list[Figure]:
    """Validated cases a second, beside bare rows a second."""
    found = run(20_000 if size == "full" else 500)
    rate = found["cases_per_s"]
    return [
        Figure(
            "import.cases_per_s", rate, "/s", "bare bulk rows/s", found["bare_rows_per_s"],
            goal="≥ 2,000" if size == "full" else "", met=rate >= 2000 if size == "full" else None,
            note=f"{found['database']}, {found['cases']:,} cases",
        )
    ]  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)))
