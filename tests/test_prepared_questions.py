"""A prepared question answers like the queryset it was made from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from zhengxiao.kernel.access.testing import sample_org
from zhengxiao.kernel.calendar.api import install_shipped
from zhengxiao.kernel.calendar.models import CalendarVersion
from zhengxiao.kernel.database.api import Prepared
from zhengxiao.kernel.orgs.models import Post, Unit

pytestmark = pytest.mark.django_db


def of_kind(kind: str, begins: str) -> QuerySet[Unit]:
    return Unit.objects.filter(kind=kind, path__startswith=begins).select_related("region")


def test_rows_come_with_their_joins_as_the_queryset_gives_them() -> None:
    sample_org()
    asked = Prepared(of_kind, kind=str, begins=str)
    for begins in ("/", "/A-MARKET/", "/nothing/", "/100%_/"):
        found = asked(kind="department", begins=begins)
        assert found == list(of_kind("department", begins))
        with CaptureQueriesContext(connection) as queries:
            names = [unit.region.name for unit in found]
        assert len(names) == len(found)
        assert len(queries) == 0


def test_one_statement_is_sent_and_nothing_is_compiled_again() -> None:
    sample_org()
    calls: list[str] = []

    def build(code: str) -> QuerySet[Unit]:
        calls.append(code)
        return Unit.objects.filter(code=code)

    asked = Prepared(build, code=str)
    with CaptureQueriesContext(connection) as queries:
        assert [unit.code for unit in asked(code="A-MARKET")] == ["A-MARKET"]
        assert asked(code="A-HOUSING")[0].code == "A-HOUSING"
    assert len(queries) == 2
    assert len(calls) == 1


def test_tuples_unions_and_days_are_answered_alike() -> None:
    org = sample_org()

    def build(user_id: int, on: date) -> QuerySet[Any, Any]:
        mine = (
            Post.objects.valid_on(on)
            .filter(user_id=user_id)
            .order_by()
            .values_list("role", "unit__path", Value(1))
        )
        return mine.union(mine, all=True)

    asked = Prepared(build, user_id=int, on=date)
    for user in Post.objects.values_list("user_id", flat=True):
        for day in (org.at.date(), date(1999, 1, 1)):
            assert sorted(asked(user_id=user, on=day)) == sorted(build(user, day))


def test_moments_are_compared_in_their_zone() -> None:
    org = sample_org()
    install_shipped(at=org.at)

    def build(at: datetime) -> QuerySet[Any, Any]:
        return CalendarVersion.objects.filter(Q(proposed_at__lte=at)).order_by("pk")

    asked = Prepared(build, at=datetime)
    for at in (org.at, datetime(2001, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)):
        assert asked(at=at) == list(build(at))


def test_a_parameter_that_does_not_arrive_unchanged_is_an_error_at_once() -> None:
    asked = Prepared(lambda code: Unit.objects.filter(code=code.upper()[:3]), code=str)
    with pytest.raises(RuntimeError, match="code"):
        asked(code="A")


def test_none_and_other_names_are_refused() -> None:
    asked = Prepared(lambda code: Unit.objects.filter(code=code), code=str)
    with pytest.raises(TypeError):
        asked(code=None)
    with pytest.raises(TypeError):
        asked(name="A")
