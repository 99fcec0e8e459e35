from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from zhengxiao.kernel.metrics.api import (
    FigureAlreadyFrozen,
    FrozenFigure,
    NothingToFreeze,
    Part,
    PeriodNotOver,
    figure_freeze,
)
from zhengxiao.kernel.metrics.tests.conftest import CHINA, AddPost
from zhengxiao.kernel.timeline.api import Entry
from zhengxiao.lib.actors import SYSTEM, Actor
from zhengxiao.lib.refusals import NotPermitted

pytestmark = pytest.mark.django_db

FEBRUARY: dict[str, Any] = {"period_from": date(2026, 2, 1), "period_to": date(2026, 3, 1)}
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)  # Monday 2 March 2026, 09:00 in China


def local(day: int) -> datetime:
    return datetime(2026, 2, day, 9, tzinfo=CHINA)


def test_a_frozen_figure_keeps_its_numbers_and_its_ids(add_post: AddPost) -> None:
    good = add_post(local(2), local(3), due=local(4))
    late = add_post(local(2), local(9), due=local(4))
    (frozen,) = figure_freeze(name="posts.on_time_rate", actor=SYSTEM, at=AT, **FEBRUARY)
    good.delete()
    frozen.refresh_from_db()
    assert (frozen.numerator, frozen.denominator, frozen.n) == (1, 2, 2)
    assert frozen.value is not None
    assert float(frozen.value) == 0.5
    assert frozen.ids(Part.DENOMINATOR) == sorted([late.pk, late.pk - 1])
    assert frozen.ids(Part.NUMERATOR) == [late.pk - 1]
    entry = Entry.objects.get(fact="metrics.frozen")
    assert entry.data["digests"] == [frozen.ids_digest]


def test_an_endless_fraction_is_kept_to_twelve_places(add_post: AddPost) -> None:
    add_post(local(2), local(3))
    (frozen,) = figure_freeze(name="posts.third", actor=SYSTEM, at=AT, **FEBRUARY)
    frozen.refresh_from_db()
    assert frozen.value == Decimal("0.333333333333")


def test_every_row_of_a_breakdown_is_frozen(add_post: AddPost) -> None:
    add_post(local(2), region=0)
    add_post(local(2), region=1)
    rows = figure_freeze(name="posts.accepted", by="region", actor=SYSTEM, at=AT, **FEBRUARY)
    assert [(row.label, row.value) for row in rows] == [("东区", 1), ("西区", 1)]
    assert FrozenFigure.objects.count() == 2


def test_a_period_is_published_once(add_post: AddPost) -> None:
    add_post(local(2))
    figure_freeze(name="posts.accepted", actor=SYSTEM, at=AT, **FEBRUARY)
    with pytest.raises(FigureAlreadyFrozen):
        figure_freeze(name="posts.accepted", actor=SYSTEM, at=AT, **FEBRUARY)
    assert Entry.objects.filter(fact="metrics.frozen").count() == 1


def test_a_period_that_still_runs_is_not_published() -> None:
    with pytest.raises(PeriodNotOver):
        figure_freeze(name="posts.accepted", actor=SYSTEM, at=local(28), **FEBRUARY)


def test_an_empty_breakdown_is_not_published() -> None:
    with pytest.raises(NothingToFreeze):
        figure_freeze(name="posts.accepted", by="region", actor=SYSTEM, at=AT, **FEBRUARY)


def test_publishing_needs_a_post_that_allows_it() -> None:
    with pytest.raises(NotPermitted):
        figure_freeze(name="posts.accepted", actor=Actor(user_id=1, name="王示例"), at=AT, **FEBRUARY)


def test_what_was_published_is_not_edited(add_post: AddPost) -> None:
    add_post(local(2))
    figure_freeze(name="posts.accepted", actor=SYSTEM, at=AT, **FEBRUARY)
    with pytest.raises(TypeError):
        FrozenFigure.objects.update(value=1)
