"""`zx work`, `zx sweep`, `zx check`, `zx facts` and `zx seed` by their contract, on a small sample city."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import transaction

from zhengxiao.config.cli import main
from zhengxiao.config.cli.reference import findings
from zhengxiao.config.cli.running import is_gone, runner_name
from zhengxiao.config.demo import sample_accounts
from zhengxiao.kernel.clock.api import ClockRung
from zhengxiao.kernel.jobs.api import heartbeat, run_once
from zhengxiao.kernel.timeline.api import Delivery, backlog
from zhengxiao.surfaces.portal.api import DemoAccount
from zhengxiao.surfaces.sample.api import city_seed

AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
"""A Friday, half past ten."""
MONDAY = AT + timedelta(days=3)


def zx(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def answer(*words: str, code: int = 0) -> Any:
    result = zx(*words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def module_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        city_seed(size="300", seed=3, with_password=True, at=AT)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def city(module_city: None) -> Iterator[None]:
    """The module's city; what a test changes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def level(name: str, at: datetime) -> str:
    return next(finding.level for finding in findings(at) if finding.name == name)


def test_one_sweep_tells_what_fell_due_since_and_a_second_finds_nothing(city: None) -> None:
    first = answer("sweep", "--once", "--at", MONDAY.isoformat())
    assert first["looked"] > 0
    assert first["warned"] + first["breached"] > 0
    assert answer("sweep", "--once", "--at", MONDAY.isoformat())["looked"] == 0


def test_sweep_takes_once_and_refuses_what_is_no_moment(city: None) -> None:
    assert zx("sweep").exit_code == 2
    assert zx("sweep", "--once", "--at", "tomorrow").exit_code == 2


def test_one_round_of_work_sweeps_delivers_and_says_what_it_did(city: None) -> None:
    done = answer("work", "--once")
    assert done["schedules"] >= 3
    assert done["failures"] == 0
    assert done["runner"]


def test_two_runners_in_the_same_moment_do_each_thing_once(city: None) -> None:
    before = ClockRung.objects.count()
    first = run_once(at=MONDAY, runner="a")
    told = ClockRung.objects.count()
    second = run_once(at=MONDAY, runner="b")
    assert (first.schedules > 0, second.schedules) == (True, 0)
    assert told > before
    assert ClockRung.objects.count() == told
    for moment in (3, 6, 9):
        run_once(at=MONDAY + timedelta(seconds=moment), runner="ab"[moment % 2])
    assert backlog(at=MONDAY + timedelta(seconds=9)).waiting == 0
    assert not Delivery.objects.filter(attempts__gt=1).exists()


def test_a_stopped_runner_turns_the_check_red(city: None) -> None:
    heartbeat(runner="host-1", at=AT)
    assert level("jobs.runner", AT + timedelta(seconds=30)) == "green"
    assert level("jobs.runner", AT + timedelta(minutes=5)) == "red"
    assert answer("check", code=1)["level"] == "red"


def test_facts_that_wait_and_parked_ones_are_findings(city: None) -> None:
    assert level("deliveries", AT) == "green"
    one = Delivery.objects.order_by("pk")[:1].values("pk")
    Delivery.objects.filter(pk__in=one).update(state="waiting", not_before=AT)
    assert level("deliveries", AT + timedelta(minutes=3)) == "yellow"
    assert level("deliveries", AT + timedelta(hours=1)) == "red"
    Delivery.objects.filter(state="waiting").update(state="parked")
    assert level("deliveries", AT) == "red"


def test_the_missing_year_turns_the_check_red_from_december(city: None) -> None:
    assert level("calendar.CN", AT) == "yellow"
    assert level("calendar.CN", datetime(2026, 12, 1, 2, tzinfo=UTC)) == "red"


def test_every_subscription_has_its_fact_and_every_fact_its_text(city: None) -> None:
    assert level("subscriptions", AT) == "green"
    rows = answer("facts")
    warned = next(row for row in rows if row["fact"] == "clock.warned")
    assert warned["listeners"]
    assert warned["app"] == "clock"
    assert all(row["text"] for row in rows)


def test_workflows_are_written_as_documents(city: None, tmp_path: Path) -> None:
    assert zx("facts", "--workflows", str(tmp_path)).exit_code == 0
    assert "stateDiagram-v2" in (tmp_path / "case.md").read_text(encoding="utf-8")


def test_a_used_database_is_not_seeded(city: None) -> None:
    result = zx("seed", "--size", "S")
    assert result.exit_code == 2
    assert "已有数据" in result.output


@pytest.mark.django_db
def test_seeding_tells_what_was_made_and_gives_no_password_outside_the_demo() -> None:
    made = answer("seed", "--size", "60", "--seed", "4", "--at", AT.isoformat())
    assert made["cases"] >= 60
    assert made["seed"] == 4


def test_the_sign_in_page_is_told_of_the_ten_accounts(city: None) -> None:
    accounts = list(sample_accounts())
    assert len(accounts) == 10
    assert all(isinstance(account, DemoAccount) and account.role and account.place for account in accounts)


@pytest.mark.django_db
def test_no_account_is_offered_that_is_not_there() -> None:
    assert list(sample_accounts()) == []


def test_schedules_are_declared_for_sweep_and_deliveries() -> None:
    from zhengxiao.kernel.jobs.declarations import SCHEDULES

    assert {"clock.sweep", "timeline.deliver"} <= set(SCHEDULES)
    assert SCHEDULES["clock.sweep"].every == timedelta(seconds=15)
    assert SCHEDULES["timeline.deliver"].every == timedelta(seconds=2)


def test_only_dead_processes_of_this_machine_count_as_gone() -> None:
    host = socket.gethostname()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert is_gone(runner_name())
    assert is_gone(f"{host}-{ended.pid}")
    assert not is_gone(f"{host}-{os.getppid()}")
    assert not is_gone(f"elsewhere-{ended.pid}")
    assert not is_gone(f"{host}-{'9' * 30}")
    assert not is_gone("")
