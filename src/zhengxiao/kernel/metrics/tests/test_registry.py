from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db.models import F, Q

from zhengxiao.kernel.metrics.declarations import AT_END, AsOf, Count, Dimension, Population, Sum
from zhengxiao.kernel.metrics.registry import DeclarationFault, Declarations, register_metrics
from zhengxiao.kernel.metrics.rules import Kind
from zhengxiao.kernel.metrics.tests.conftest import METRICS, POSTS, User

ACCEPTED = METRICS[0]
RATE = METRICS[3]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"source": " "}, "source"),
        ({"unit": ""}, "unit"),
        ({"numerator": ()}, "numerator"),
        ({"denominator": (Count(),)}, "denominator"),
        ({"kind": Kind.RATIO}, "denominator"),
        ({"period_field": None}, "period field"),
        ({"period_field": AT_END}, "condition"),
        ({"period_field": "nowhere"}, "no field"),
        ({"period_field": "user__nowhere"}, "no field"),
        ({"numerator": (Count(Q(nowhere=1)),)}, "no field"),
        ({"numerator": (Count(Q(assigned_at__gt=F("unit__nowhere"))),)}, "no field"),
        ({"numerator": (Count(Q(user__posts__role="x")),)}, "many rows"),
        ({"numerator": (Sum(F("unit__nowhere")),)}, "no field"),
        ({"population": "nobody"}, "population"),
    ],
)
def test_a_faulty_declaration_is_refused_with_its_reason(
    declared: Declarations, change: dict[str, Any], fault: str
) -> None:
    with pytest.raises(DeclarationFault, match=fault):
        declared.add_metric(replace(ACCEPTED, name="posts.other", **change))


def test_a_ratio_that_sums_is_declared_as_such(declared: Declarations) -> None:
    with pytest.raises(DeclarationFault, match="sum_ratio"):
        declared.add_metric(replace(RATE, name="posts.other", numerator=(Sum("unit__region__level"),)))


def test_a_lookup_on_a_plain_field_and_a_key_column_are_fields(declared: Declarations) -> None:
    where = Q(assigned_at__year__gte=2026, user_id__in=[1], pk__gt=0, assigned_by__isnull=True)
    declared.add_metric(replace(ACCEPTED, name="posts.other", numerator=(Count(where),)))


def test_a_second_declaration_of_a_name_is_refused(declared: Declarations) -> None:
    with pytest.raises(RuntimeError, match="twice"):
        declared.add_metric(ACCEPTED)


def test_a_name_begins_with_its_app(declared: Declarations) -> None:
    with pytest.raises(DeclarationFault, match="begin"):
        register_metrics("cases", [replace(ACCEPTED, name="posts.other")])


def test_a_closed_registry_takes_nothing_more(declared: Declarations) -> None:
    declared.close()
    with pytest.raises(RuntimeError, match="closed"):
        declared.add_metric(replace(ACCEPTED, name="posts.other"))
    with pytest.raises(RuntimeError, match="closed"):
        declared.add_population(replace(POSTS, name="others"))


@pytest.mark.parametrize(
    "dimensions",
    [
        (Dimension("role", "角色", "posts__role"),),
        (Dimension("role", "角色", "nowhere"),),
        (Dimension("month", "月份", "joined_at"),),
        (Dimension("language", "语言", "language"), Dimension("language", "语言", "username")),
    ],
)
def test_a_population_whose_dimensions_cannot_be_trusted_is_refused(
    declared: Declarations, dimensions: tuple[Dimension, ...]
) -> None:
    with pytest.raises(DeclarationFault):
        declared.add_population(
            Population("users", "用户", User, lambda actor: User.objects.all(), dimensions)
        )


def test_a_placeholder_outside_a_declaration_is_an_error(db: None) -> None:
    with pytest.raises(TypeError, match="outside a metric"):
        User.objects.filter(joined_at__lt=AsOf()).exists()
