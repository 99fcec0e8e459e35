"""What a call from outside may take for granted, and what happens when something in it is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import transaction

from zhengxiao.kernel.database.api import held, holding, joined, undone_as_a_whole
from zhengxiao.kernel.jobs.models import Heartbeat

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Refused(Exception):
    pass


def write(name: str) -> None:
    Heartbeat.objects.create(runner=name, at=NOON)


def verb(name: str, *, refuse: bool = False) -> None:
    with joined():
        write(name)
        if refuse:
            raise Refused


@pytest.mark.django_db(transaction=True)
def test_a_caller_that_goes_on_after_a_refusal_keeps_its_own_work_and_loses_the_verb_s() -> None:
    with transaction.atomic():
        write("caller")
        with pytest.raises(Refused):
            verb("verb", refuse=True)
        verb("second")
    assert set(Heartbeat.objects.values_list("runner", flat=True)) == {"caller", "second"}


@pytest.mark.django_db(transaction=True)
def test_a_refusal_undoes_the_whole_call_even_when_somebody_in_it_swallowed_it() -> None:
    def call_that_swallows() -> None:
        with undone_as_a_whole():
            write("caller")
            with suppress(Refused):
                verb("verb", refuse=True)
            verb("second")

    with pytest.raises(transaction.TransactionManagementError):
        call_that_swallows()
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_call_without_refusals_is_kept_and_the_next_one_has_savepoints_again() -> None:
    with undone_as_a_whole():
        verb("first")
        verb("second")
    with transaction.atomic():
        with pytest.raises(Refused):
            verb("third", refuse=True)
        verb("fourth")
    assert set(Heartbeat.objects.values_list("runner", flat=True)) == {"first", "second", "fourth"}


def test_a_question_is_asked_once_inside_holding_and_anew_outside() -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(len(asked))
        return asked[-1]

    assert [held("a", ask), held("a", ask)] == [0, 1]
    with holding():
        assert [held("a", ask), held("a", ask), held("b", ask)] == [2, 2, 3]
        with holding():
            assert held("a", ask) == 2
        assert held("a", ask) == 2
    assert held("a", ask) == 4
