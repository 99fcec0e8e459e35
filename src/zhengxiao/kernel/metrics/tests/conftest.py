"""A test-only population of posts: assigned is accepted, ended is finished, the unit's founding is due."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import F, FloatField, Q
from django.db.models.functions import Cast

from zhengxiao.kernel.metrics import registry
from zhengxiao.kernel.metrics.declarations import AT_END, Count, Dimension, Metric, PeriodEnd, Population, Sum
from zhengxiao.kernel.metrics.rules import Direction, Kind
from zhengxiao.lib.actors import Actor

User = get_user_model()
Post = apps.get_model("orgs.Post")
Region = apps.get_model("orgs.Region")
Unit = apps.get_model("orgs.Unit")

CHINA = timezone(timedelta(hours=8))
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # a unit founded then stands for "no target"

FINISHED = Q(ended_at__isnull=False)
HAS_DUE = Q(unit__created_at__gt=NEVER)
ON_TIME = HAS_DUE & Q(ended_at__lte=F("unit__created_at"))
LATE = HAS_DUE & Q(ended_at__gt=F("unit__created_at"))
OPEN_PAST_DUE = (
    HAS_DUE
    & Q(assigned_at__lt=PeriodEnd(), unit__created_at__lt=PeriodEnd())
    & (Q(ended_at__isnull=True) | Q(ended_at__gte=PeriodEnd()))
)


def metric(name: str, kind: Kind, numerator: tuple, denominator: tuple = (), **options: Any) -> Metric:
    return Metric(
        name=name,
        label=name,
        kind=kind,
        unit="件" if kind == Kind.COUNT else "%",
        direction=Direction.NONE,
        source="domain reference 3.4",
        population="posts",
        numerator=numerator,
        denominator=denominator,
        **options,
    )


METRICS = (
    metric("posts.accepted", Kind.COUNT, (Count(),), period_field="assigned_at"),
    metric("posts.finished", Kind.COUNT, (Count(),), period_field="ended_at"),
    metric("posts.began", Kind.COUNT, (Count(),), period_field="valid_from"),
    metric("posts.on_time_rate", Kind.RATIO, (Count(ON_TIME),), (Count(HAS_DUE),), period_field="ended_at"),
    metric(
        "posts.overdue_rate",
        Kind.RATIO,
        (Count(LATE), Count(OPEN_PAST_DUE, period_field=AT_END)),
        (Count(HAS_DUE), Count(OPEN_PAST_DUE, period_field=AT_END)),
        period_field="ended_at",
        small_n=3,
    ),
    metric(
        "posts.speedup",
        Kind.SUM_RATIO,
        (Sum(F("unit__region__level") - F("unit__region__parent__level"), FINISHED),),
        (Sum("unit__region__level", FINISHED),),
        period_field="ended_at",
    ),
    metric(
        "posts.third",
        Kind.SUM_RATIO,
        (Sum(Cast(F("unit__region__level"), FloatField()) * 0.1, FINISHED),),
        (Sum(Cast(F("unit__region__level"), FloatField()) * 0.3, FINISHED),),
        period_field="ended_at",
    ),
)


def region_names(keys: Collection[Any]) -> Mapping[Any, str]:
    return dict(Region.objects.filter(pk__in=keys).values_list("pk", "name"))


def scoped(actor: Actor) -> Any:
    return Post.objects.all() if actor.is_system else Post.objects.filter(user_id=actor.user_id)


POSTS = Population(
    name="posts",
    label="岗位",
    model=Post,
    base=scoped,
    dimensions=(
        Dimension("region", "区划", "unit__region_id", region_names),
        Dimension("role", "角色", "role"),
        Dimension("giver", "任命人", "assigned_by_id"),
    ),
)


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> registry.Declarations:
    declarations = registry.Declarations()
    monkeypatch.setattr(registry, "DECLARED", declarations)
    registry.register_population(POSTS)
    registry.register_metrics("posts", METRICS)
    return declarations


@pytest.fixture
def regions(db: None) -> list[Any]:
    city = Region.objects.create(
        code="440100000000", name="示例市", level=3, path="/44/4401/", created_at=NEVER, parent=_province()
    )
    return [
        Region.objects.create(
            code=f"44010{n}000000",
            name=name,
            level=4,
            path=f"/44/4401/44010{n}/",
            created_at=NEVER,
            parent=city,
        )
        for n, name in ((3, "东区"), (4, "西区"))
    ]


def _province() -> Any:
    return Region.objects.create(
        code="440000000000", name="示例省", level=2, path="/44/", created_at=NEVER, parent=None
    )


@pytest.fixture
def users(db: None) -> list[Any]:
    return [
        User.objects.create(username=f"sample{n}", display_name=f"王示例{n}", joined_at=NEVER)
        for n in range(3)
    ]


AddPost = Callable[..., Any]


@pytest.fixture
def add_post(regions: list[Any], users: list[Any]) -> AddPost:
    """Adds one "case": region number, accepted, finished and due moments (due None: no target)."""
    count = 0

    def add(
        accepted: datetime,
        finished: datetime | None = None,
        due: datetime | None = None,
        region: int = 0,
        user: int = 0,
        began: date | None = None,
    ) -> Any:
        nonlocal count
        count += 1
        unit = Unit.objects.create(
            code=f"U{count:05d}",
            name="示例窗口",
            short_name="窗口",
            kind="department",
            region=regions[region],
            path=f"/U{count:05d}/",
            created_at=due or NEVER,
        )
        return Post.objects.create(
            user=users[user],
            unit=unit,
            role="window_clerk",
            valid_from=began or accepted.astimezone(CHINA).date(),
            assigned_at=accepted,
            ended_at=finished,
        )

    return add
