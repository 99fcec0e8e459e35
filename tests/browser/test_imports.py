"""The import console in a real browser: the ledger of runs, handing a file in, a run in each state."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests.browser.helpers import axe_violations, overflow, screenshot
from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.exchange.models import ImportRun, Rejection
from zhengxiao.lib.actors import Role

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
REASON = "时间“2026/13/41”不符合配置中的任何一种格式。"


@pytest.fixture
def runs(transactional_db):
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


def test_every_page_of_the_import_console_is_sound(any_size, sign_in, runs):
    sign_in(any_size, sample_org().users[Role.SYSTEM_ADMIN].username)
    addresses = {"list": reverse("console:imports"), "new": reverse("console:import-new")}
    addresses |= {name: reverse("console:import", args=[run.pk]) for name, run in runs.items()}
    for name, address in addresses.items():
        answer = any_size.open(address)
        assert answer is not None, name
        assert answer.status == 200, name
        screenshot(any_size, f"imports-{name}")
        assert axe_violations(any_size) == [], name
        assert overflow(any_size) == 0, name


def test_a_running_import_moves_by_itself_until_it_is_done(page, sign_in, runs):
    sign_in(page, sample_org().users[Role.SYSTEM_ADMIN].username)
    page.open(reverse("console:import", args=[runs["running"].pk]))
    ImportRun.objects.filter(pk=runs["running"].pk).update(state="done", percent=100, finished_at=AT)
    page.wait_for_selector("text=已完成")
    assert page.locator("#run[hx-trigger]").count() == 0
