"""Serial numbers of calls that come in at once: settled beside the calls, so that none waits for another's end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from zhengxiao.backbone.cases.serials import take_many_serials, take_serials
from zhengxiao.kernel.database.api import ASIDE, undone_as_a_whole

KEY = "990102-20260302"


class Refused(Exception):
    pass


@pytest.fixture(autouse=True)
def aside(settings: Any) -> Iterator[None]:
    settings.SETTLED_ASIDE = True
    yield
    ASIDE.close()  # the database of the tests cannot be dropped while somebody is connected


def apart(work: Any) -> Any:
    """Run in a thread of its own, with a connection of its own."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=20)


def one_call() -> int:
    with undone_as_a_whole():
        return take_serials(KEY)


def refused_call() -> None:
    with undone_as_a_whole():
        take_serials(KEY)
        raise Refused


only_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"
)


@only_postgres
@pytest.mark.django_db(transaction=True)
def test_a_call_gets_its_number_while_another_that_has_one_is_still_open() -> None:
    with undone_as_a_whole():
        assert take_serials(KEY) == 1
        assert apart(one_call) == 2
        assert take_serials(KEY) == 3


@pytest.mark.django_db(transaction=True)
def test_a_refused_call_never_lets_its_number_be_given_twice() -> None:
    assert one_call() == 1
    with pytest.raises(Refused):
        refused_call()
    after = one_call()
    assert after == (3 if connection.vendor == "postgresql" else 2)
    assert one_call() == after + 1


@only_postgres
@pytest.mark.django_db(transaction=True)
def test_a_call_that_meets_an_import_of_the_same_day_waits_for_it_in_its_own_transaction() -> None:
    before = ASIDE.opened
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert take_many_serials({KEY: 5})[KEY] == 1
            waiting = pool.submit(apart, one_call)
            assert any(somebody_waits_for_a_row() or sleep(0.05) for _try in range(200))
        assert waiting.result(timeout=20) == 6
    assert ASIDE.opened == before + 1, "the connection aside was thrown away though nothing was wrong with it"


def somebody_waits_for_a_row() -> bool:
    """Longer than a call waits aside: it has gone over to its own transaction by then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot()"
        )  # within a transaction the activity is looked at once
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO %casecounter%'"
            " AND clock_timestamp() - query_start > interval '250 milliseconds'"
        )
        return bool(cursor.fetchone()[0])


@only_postgres
@pytest.mark.django_db(transaction=True)
def test_numbers_go_on_after_the_connection_aside_was_lost() -> None:
    assert one_call() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        assert cursor.fetchone()[0] >= 1
    assert one_call() == 2


@only_postgres
@pytest.mark.django_db(transaction=True)
def test_elsewhere_a_rollback_gives_the_number_back() -> None:
    def refused() -> None:
        with transaction.atomic():
            assert take_serials(KEY) == 1
            raise Refused

    with pytest.raises(Refused):
        refused()
    with transaction.atomic():
        assert take_serials(KEY) == 1
