"""What a session on PostgreSQL will not wait for, and that the figures an operator alarms on are all there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection, connections, transaction

from zhengxiao.kernel.identity.api import User
from zhengxiao.surfaces.operation.gauges import families, requests

LIMITS = {
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "5min",
    "statement_timeout": "5min",
    "jit": "off",
}


@pytest.mark.django_db
def test_a_session_on_postgresql_has_its_limits() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, who is waited for twenty seconds")
    with connection.cursor() as cursor:
        for name, value in LIMITS.items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone()[0] == value


@pytest.mark.django_db(transaction=True)
def test_a_statement_a_lock_and_a_forgotten_transaction_end_by_themselves() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, who is waited for twenty seconds")
    user = User.objects.create(
        username="held", display_name="示例", joined_at=datetime(2026, 3, 2, tzinfo=UTC)
    )
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(display_name="别的")
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '50ms'")
                with pytest.raises(OperationalError, match="lock timeout"):
                    cursor.execute("UPDATE identity_user SET display_name = '' WHERE id = %s", [user.pk])
        with other.cursor() as cursor:
            cursor.execute("SET statement_timeout = '50ms'")
            with pytest.raises(OperationalError, match="statement timeout"):
                cursor.execute("SELECT pg_sleep(5)")
            cursor.execute("SET idle_in_transaction_session_timeout = '50ms'")
            cursor.execute("BEGIN")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        with pytest.raises(DatabaseError, match="idle-in-transaction"), other.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        other.close()


@pytest.mark.django_db
def test_the_figures_that_alarms_are_set_on_are_told() -> None:
    names = {family.name for family in families(at=datetime(2026, 3, 2, tzinfo=UTC))}
    assert names >= {
        "zx_sweep_lag_seconds",
        "zx_deliveries_waiting",
        "zx_delivery_oldest_seconds",
        "zx_proof_entries_waiting",
        "zx_runner_alive",
        requests().name,
    }
    assert requests().kind == "histogram"
