"""`zx webhooks` and what Prometheus reads: undelivered events are seen and sent again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from zhengxiao.config.cli import main
from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.timeline.api import Entry, Subject, record
from zhengxiao.kernel.webhooks.api import Message, WebhookTarget
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.surfaces.operation.gauges import outgoing

AT = datetime.fromisoformat("2026-03-26T10:30:00+08:00")


@pytest.fixture
def owed(transactional_db: Any) -> Message:
    from django.db import transaction

    org = sample_org()
    target = WebhookTarget.objects.create(
        name="示例交换平台",
        owner=org.market,
        user=org.users[Role.AUDITOR],
        url="https://example.com/hook",
        facts=["webhooks.secret_rotated"],
        state="active",
        proposed_at=AT,
        active_since=AT,
    )
    subject = Subject("webhook_target", target.pk)
    with transaction.atomic():
        entry = record(
            fact="webhooks.secret_rotated", subject=subject, actor=SYSTEM, at=AT, data={"name": "示例"}
        )
    assert Entry.objects.filter(pk=entry.pk).exists()
    return Message.objects.create(
        target=target,
        entry=entry,
        fact=entry.fact,
        subject_kind="webhook_target",
        subject_id=target.pk,
        subject_name=str(target.pk),
        state="dead",
        created_at=AT,
        not_before=AT,
    )


def figures(at: datetime) -> dict[str, float]:
    return {family.name: family.samples[0].value for family in outgoing(at=at)}


def test_undelivered_events_are_a_finding_and_are_sent_again(owed: Message) -> None:
    runner = CliRunner()
    assert figures(AT)["zx_webhooks_dead"] == 1
    for command in ("dead", "list"):
        told = runner.invoke(main, ["webhooks", command, "--json"])
        assert told.exit_code == 1, told.output
        assert "示例交换平台" in told.output
    done = runner.invoke(main, ["webhooks", "resend", "示例交换平台", "--json"])
    owed.refresh_from_db()
    assert (done.exit_code, owed.state) == (0, "waiting"), done.output
    told_figures = figures(AT + timedelta(hours=1))
    assert told_figures["zx_webhooks_waiting"] == 1
    assert told_figures["zx_webhook_oldest_seconds"] == 3600
    assert runner.invoke(main, ["webhooks", "dead", "--json"]).exit_code == 0
    assert runner.invoke(main, ["webhooks", "resend", "nobody"]).exit_code == 2
