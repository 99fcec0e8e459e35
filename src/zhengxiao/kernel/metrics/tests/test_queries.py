from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengxiao.kernel.metrics.queries import UnknownDimension, UnknownKey, UnknownMetric, compute, ids
from zhengxiao.kernel.metrics.rules import Figure, Part
from zhengxiao.kernel.metrics.tests.conftest import CHINA, AddPost
from zhengxiao.lib.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 12, 31, tzinfo=UTC)
ALL: dict[str, Any] = {"actor": SYSTEM, "as_of": LATER}
QUARTER: dict[str, Any] = {"period_from": date(2026, 1, 1), "period_to": date(2026, 4, 1)}
FEBRUARY: dict[str, Any] = {"period_from": date(2026, 2, 1), "period_to": date(2026, 3, 1)}


def local(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


def one(name: str, *, actor: Actor = SYSTEM, as_of: datetime = LATER, **period: Any) -> Figure:
    (figure,) = compute(name, actor=actor, as_of=as_of, **(period or FEBRUARY))
    return figure


def test_a_count_takes_the_first_moment_of_the_period_and_not_its_end(add_post: AddPost) -> None:
    inside = [add_post(local(2, 1, 0)), add_post(datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=CHINA))]
    add_post(local(3, 1, 0))
    add_post(datetime(2026, 1, 31, 23, 59, 59, 999999, tzinfo=CHINA))
    figure = one("posts.accepted")
    assert (figure.value, figure.numerator, figure.denominator, figure.n) == (2, 2, None, 2)
    behind = ids("posts.accepted", part="numerator", **ALL, **FEBRUARY)
    assert set(behind) == set(inside)
    assert not ids("posts.accepted", part="denominator", **ALL, **FEBRUARY).exists()


def test_a_date_column_is_compared_by_local_date(add_post: AddPost) -> None:
    add_post(local(5, 1), began=date(2026, 2, 1))
    add_post(local(5, 1), began=date(2026, 2, 28))
    add_post(local(5, 1), began=date(2026, 3, 1))
    assert one("posts.began").value == 2
    assert one("posts.began", as_of=local(2, 1, 12)).value == 1
    by_month = compute("posts.began", by="month", **ALL, **QUARTER)
    assert [(figure.key, figure.value) for figure in by_month] == [("2026-02", 2), ("2026-03", 1)]


def test_no_target_is_in_neither_part_of_the_on_time_rate(add_post: AddPost) -> None:
    add_post(local(2, 2), local(2, 3), due=local(2, 3))
    add_post(local(2, 2), local(2, 5), due=local(2, 3))
    add_post(local(2, 2), local(2, 5), due=None)
    figure = one("posts.on_time_rate")
    assert (figure.numerator, figure.denominator, figure.value) == (1, 2, Decimal("0.5"))


def test_an_empty_denominator_is_no_data_and_a_count_of_nothing_is_nought(add_post: AddPost) -> None:
    add_post(local(2, 2), local(2, 5), due=None)
    assert one("posts.on_time_rate").value is None
    assert one("posts.on_time_rate").denominator == 0
    assert one("posts.accepted", period_from=date(2025, 1, 1), period_to=date(2025, 2, 1)).value == 0


def test_the_overdue_rate_adds_the_open_and_past_due_at_the_end_to_the_finished(add_post: AddPost) -> None:
    add_post(local(2, 2), local(2, 3), due=local(2, 4))  # on time
    late = add_post(local(2, 2), local(2, 6), due=local(2, 4))  # finished late
    open_late = add_post(local(2, 2), None, due=local(2, 27))  # still open, past due at the end of February
    finished_later = add_post(
        local(2, 2), local(3, 9), due=local(2, 28)
    )  # open and past due at the end of February
    add_post(local(2, 2), None, due=local(3, 1))  # open, not yet due
    add_post(local(2, 2), None, due=None)
    figure = one("posts.overdue_rate")
    assert (figure.numerator, figure.denominator, figure.value) == (3, 4, Decimal("0.75"))
    behind = ids("posts.overdue_rate", part=Part.NUMERATOR, **ALL, **FEBRUARY)
    assert set(behind) == {late, open_late, finished_later}


def test_a_running_period_does_not_count_what_is_only_due_later(add_post: AddPost) -> None:
    add_post(local(2, 2), None, due=local(2, 20))
    add_post(local(2, 2), local(2, 21), due=local(2, 25))
    assert one("posts.overdue_rate", as_of=local(2, 10)).value is None
    assert one("posts.overdue_rate", as_of=local(2, 21)).value == Decimal("0.5")  # the cut-off itself counts
    assert one("posts.accepted", as_of=local(2, 2)).value == 2


def test_a_period_that_lies_ahead_has_no_figures(add_post: AddPost) -> None:
    add_post(local(1, 2), None, due=local(1, 3))
    assert one("posts.overdue_rate", as_of=local(1, 31)).value is None
    assert compute("posts.overdue_rate", by="region", actor=SYSTEM, as_of=local(1, 31), **FEBRUARY) == []
    assert not ids(
        "posts.overdue_rate", part="numerator", actor=SYSTEM, as_of=local(1, 31), **FEBRUARY
    ).exists()


def test_sums_are_divided_by_sums_and_not_averaged(add_post: AddPost) -> None:
    for _ in range(3):
        add_post(local(2, 2), local(2, 3))
    figure = one("posts.speedup")  # (4 − 3) of 4, three times
    assert (figure.numerator, figure.denominator, figure.value, figure.n) == (3, 12, Decimal("0.25"), 3)


def test_sums_of_floats_come_out_the_same_on_every_database(add_post: AddPost) -> None:
    for _ in range(3):
        add_post(local(2, 2), local(2, 3))
    figure = one("posts.third")
    assert (figure.numerator, figure.denominator) == (Decimal("1.2"), Decimal("3.6"))


def test_figures_by_region_carry_names_and_open_to_their_own_subjects(add_post: AddPost) -> None:
    add_post(local(2, 2), local(2, 3), due=local(2, 4), region=0)
    late = add_post(local(2, 2), local(2, 9), due=local(2, 4), region=1)
    east, west = compute("posts.on_time_rate", by="region", **ALL, **FEBRUARY)
    assert [(f.label, f.value) for f in (east, west)] == [("东区", 1), ("西区", 0)]
    behind = ids(
        "posts.on_time_rate",
        part="denominator",
        by="region",
        key=west.key,
        actor=SYSTEM,
        as_of=LATER,
        **FEBRUARY,
    )
    assert list(behind) == [late]


def test_subjects_without_a_key_stand_last_and_can_be_opened(add_post: AddPost) -> None:
    post = add_post(local(2, 2))
    (figure,) = compute("posts.accepted", by="giver", **ALL, **FEBRUARY)
    assert (figure.key, figure.label) == (None, "未归属")
    behind = ids("posts.accepted", part="numerator", by="giver", key=None, **ALL, **FEBRUARY)
    assert list(behind) == [post]


def test_by_month_the_stock_is_taken_at_the_end_of_each_month(add_post: AddPost) -> None:
    add_post(local(1, 5), None, due=local(1, 20))
    add_post(local(1, 5), local(2, 10), due=local(2, 28))
    rows = compute("posts.overdue_rate", by="month", actor=SYSTEM, as_of=local(3, 15), **QUARTER)
    assert [(row.key, row.numerator, row.denominator) for row in rows] == [
        ("2026-01", 1, 1),
        ("2026-02", 1, 2),
        ("2026-03", 1, 1),
    ]
    behind = ids(
        "posts.overdue_rate",
        part="denominator",
        by="month",
        key="2026-02",
        actor=SYSTEM,
        as_of=LATER,
        **QUARTER,
    )
    assert behind.count() == 2
    with pytest.raises(UnknownKey):
        ids(
            "posts.overdue_rate",
            part="numerator",
            by="month",
            key="2026-07",
            actor=SYSTEM,
            as_of=LATER,
            **QUARTER,
        )


def test_a_month_is_a_month_of_the_platform_zone(add_post: AddPost) -> None:
    add_post(datetime(2026, 1, 31, 16, 0, tzinfo=UTC))  # 00:00 on 1 February in China
    add_post(datetime(2026, 1, 31, 15, 59, tzinfo=UTC))
    rows = compute("posts.accepted", by="month", **ALL, **QUARTER)
    assert [(row.key, row.label, row.value) for row in rows] == [
        ("2026-01", "2026-01", 1),
        ("2026-02", "2026-02", 1),
    ]


def test_an_actor_counts_only_what_the_population_shows_them(add_post: AddPost) -> None:
    mine = add_post(local(2, 2), user=1)
    add_post(local(2, 2), user=2)
    actor = Actor(user_id=mine.user_id, name="王示例")
    assert one("posts.accepted", actor=actor).value == 1
    assert list(ids("posts.accepted", part="numerator", actor=actor, as_of=LATER, **FEBRUARY)) == [mine]


def test_a_figure_of_few_subjects_is_marked(add_post: AddPost) -> None:
    for _ in range(2):
        add_post(local(2, 2), local(2, 3), due=local(2, 4))
    assert one("posts.overdue_rate").small_n
    add_post(local(2, 2), local(2, 3), due=local(2, 4))
    assert not one("posts.overdue_rate").small_n
    assert not one("posts.accepted").small_n


def test_one_query_answers_each_period_rule(add_post: AddPost) -> None:
    add_post(local(2, 2), local(2, 3), due=local(2, 4))
    for name, queries in (("posts.on_time_rate", 1), ("posts.overdue_rate", 2), ("posts.speedup", 1)):
        with CaptureQueriesContext(connection) as captured:
            compute(name, by="role", **ALL, **FEBRUARY)
        assert len(captured) == queries, name


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownMetric, match=r"posts\.accepted、posts\.began"):
        one("posts.nothing")
    with pytest.raises(UnknownDimension, match="region、role、giver、month"):
        compute("posts.accepted", by="colour", **ALL, **FEBRUARY)


def test_figures_agree_with_counting_by_hand(add_post: AddPost) -> None:
    chance = random.Random(7)  # noqa: S311 - sample data
    posts = []
    for _ in range(120):
        accepted = local(1, 1, 0) + timedelta(hours=chance.randrange(24 * 100))
        finished = accepted + timedelta(hours=chance.randrange(24 * 40)) if chance.random() < 0.7 else None
        due = accepted + timedelta(hours=chance.randrange(24 * 40)) if chance.random() < 0.8 else None
        region = chance.randrange(2)
        add_post(accepted, finished, due, region=region)
        posts.append((accepted, finished, due, ("东区", "西区")[region]))
    start, end = local(2, 1, 0), local(3, 1, 0)
    expected: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for accepted, finished, due, name in posts:
        done = finished is not None and start <= finished < end and due is not None
        open_late = due is not None and accepted < end and due < end and (finished is None or finished >= end)
        expected[name][0] += (done and finished > due) + open_late
        expected[name][1] += done + open_late
    rows = compute("posts.overdue_rate", by="region", **ALL, **FEBRUARY)
    assert {row.label: [row.numerator, row.denominator] for row in rows} == expected
    for row in rows:
        for part, number in ((Part.NUMERATOR, row.numerator), (Part.DENOMINATOR, row.denominator)):
            behind = ids(
                "posts.overdue_rate",
                part=part,
                by="region",
                key=row.key,
                actor=SYSTEM,
                as_of=LATER,
                **FEBRUARY,
            )
            assert behind.count() == number
