"""What watching machines read: alive, ready, figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from zhengxiao.kernel.calendar.api import install_shipped
from zhengxiao.kernel.jobs.api import Job, heartbeat
from zhengxiao.surfaces.operation.figures import REQUESTS

AT = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
"""A Wednesday, ten in the morning."""
LATER = dict.fromkeys(("runner", "calendar", "history"), "unknown")


@pytest.fixture
def at(settings: Settings) -> datetime:
    settings.ZX_MOMENT = AT
    return AT


def states(client: Client) -> tuple[int, bool, dict[str, str]]:
    answer = client.get("/readyz")
    body = answer.json()
    return answer.status_code, body["ready"], {one["name"]: one["state"] for one in body["checks"]}


@pytest.mark.django_db
def test_alive_asks_no_database(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_a_runner_and_a_calendar(client: Client, at: datetime) -> None:
    install_shipped(at=at)
    heartbeat(runner="host-1", at=at)
    fine = dict.fromkeys(("database", "migrations", "runner", "calendar", "history"), "ok")
    assert states(client) == (200, True, fine)


@pytest.mark.django_db
def test_not_ready_while_the_runner_is_silent(client: Client, at: datetime) -> None:
    install_shipped(at=at)
    heartbeat(runner="host-1", at=at - timedelta(minutes=3))
    code, ready, found = states(client)
    assert (code, ready, found["runner"], found["calendar"]) == (503, False, "failed", "ok")


@pytest.mark.django_db
def test_a_calendar_that_ends_too_soon_warns_but_does_not_stop(client: Client, settings: Settings) -> None:
    settings.ZX_MOMENT = datetime(2026, 12, 2, 2, tzinfo=UTC)
    install_shipped(at=AT)
    heartbeat(runner="host-1", at=settings.ZX_MOMENT)
    code, ready, found = states(client)
    assert (code, ready, found["calendar"]) == (200, True, "warning")


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client: Client, at: datetime) -> None:
    MigrationRecorder(connection).record_unapplied("ui", "0001_initial")
    code, _ready, found = states(client)
    assert code == 503
    assert found == {"database": "ok", "migrations": "failed", **LATER}


@pytest.mark.django_db
def test_without_a_database_the_answer_still_comes(client: Client, at: datetime) -> None:
    def gone(*_given: object) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(gone):
        code, _ready, found = states(client)
        assert client.get("/healthz").status_code == 200
    assert code == 503
    assert found == {
        "database": "failed",
        "migrations": "unknown",
        **LATER,
    }


@pytest.mark.django_db
def test_only_the_named_networks_read_the_figures(client: Client, settings: Settings, at: datetime) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    settings.ZX_METRICS_ALLOW = ["192.0.2.0/24"]
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/metrics").status_code == 403


@pytest.mark.django_db
def test_the_figures_tell_what_waits(client: Client, at: datetime) -> None:
    Job.objects.create(name="operation.test", not_before=at, created_at=at)
    text = client.get("/metrics").content.decode()
    for line in (
        "zx_sweep_lag_seconds 0",
        "zx_deliveries_waiting 0",
        'zx_jobs{state="queued"} 1',
        'zx_clocks_running{light="red"} 0',
        "zx_runner_alive 0",
        "zx_proof_entries 0",
        "zx_proof_entries_waiting 0",
        "zx_proof_entries_unsigned 0",
        "# TYPE zx_http_request_seconds histogram",
    ):
        assert line in text.splitlines()


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_status_never_by_address(client: Client, at: datetime) -> None:
    REQUESTS.clear()
    client.get("/healthz?phone=13800138000")
    client.get("/nowhere/13800138000/")
    text = client.get("/metrics").content.decode()
    assert 'zx_http_request_seconds_count{route="operation:alive",status="2xx"' in text
    assert 'zx_http_request_seconds_count{route="none",status="4xx"' in text
    assert "13800138000" not in text


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.django_db
def test_nothing_is_sent_to_these_pages(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
