"""`zx metrics` by its contract; the figures themselves are tested where they are declared."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth import get_user_model
from django.db.models import Q

from zhengxiao.config.cli import main
from zhengxiao.kernel.metrics import registry
from zhengxiao.kernel.metrics.api import (
    Count,
    Dimension,
    Direction,
    Kind,
    Metric,
    Population,
    register_metrics,
    register_population,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Accounts opened on the last day of January and the first of February 2026, China time."""
    user = get_user_model()
    monkeypatch.setattr(registry, "DECLARED", registry.Declarations())
    register_population(
        Population(
            "people", "用户", user, lambda _: user.objects.all(), (Dimension("language", "语言", "language"),)
        )
    )
    common = {
        "direction": Direction.NONE,
        "source": "示例",
        "population": "people",
        "period_field": "joined_at",
    }
    english = Count(Q(language="en"))
    register_metrics(
        "people",
        [
            Metric("people.joined", "开户数", Kind.COUNT, "件", numerator=(Count(),), **common),
            Metric(
                "people.english",
                "英文率",
                Kind.RATIO,
                "%",
                numerator=(english,),
                denominator=(Count(),),
                **common,
            ),
        ],
    )
    moments = [datetime(2026, 1, 31, 15, tzinfo=UTC), datetime(2026, 1, 31, 16, tzinfo=UTC)]
    return [
        user.objects.create(
            username=f"sample{n}", display_name="王示例", joined_at=at, language=("en", "zh-hans")[n]
        )
        for n, at in enumerate(moments)
    ]


def zx(*words: str) -> Result:
    return CliRunner().invoke(main, ["metrics", *words])


def test_a_figure_is_one_object_and_the_last_day_is_included(people: list[Any]) -> None:
    answer = zx("people.joined", "people.english", "--from", "2026-01-01", "--to", "2026-01-31", "--json")
    assert answer.exit_code == 0, answer.output
    figures = json.loads(answer.stdout)
    assert {key: figures["people.joined"][key] for key in ("value", "numerator", "denominator")} == {
        "value": 1,
        "numerator": 1,
        "denominator": None,
    }
    assert (figures["people.english"]["value"], figures["people.english"]["text"]) == (1, "100.00%")


def test_by_a_dimension_it_is_a_list_of_rows_with_the_ids_when_asked(people: list[Any]) -> None:
    answer = zx(
        "people.english", "--from", "2026-01-01", "--to", "2026-02-01", "--by", "month", "--ids", "--json"
    )
    rows = json.loads(answer.stdout)["people.english"]
    assert [(row["key"], row["label"], row["value"]) for row in rows] == [
        ("2026-01", "2026-01", 1),
        ("2026-02", "2026-02", 0),
    ]
    assert rows[0]["numerator_ids"] == [people[0].pk]
    assert (rows[1]["numerator_ids"], rows[1]["denominator_ids"]) == ([], [people[1].pk])


def test_no_data_is_null() -> None:
    answer = zx("people.english", "--from", "2025-01-01", "--to", "2025-01-31", "--json")
    figure = json.loads(answer.stdout)["people.english"]
    assert (figure["value"], figure["denominator"], figure["text"]) == (None, 0, "无数据")


def test_without_json_it_is_for_people() -> None:
    answer = zx("people.english", "--from", "2026-01-01", "--to", "2026-02-01")
    assert "50.00%" in answer.stdout
    assert "1 / 2" in answer.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("people.nothing", "--from", "2026-01-01", "--to", "2026-01-31"), "people.english、people.joined"),
        (
            ("people.joined", "--from", "2026-01-01", "--to", "2026-01-31", "--by", "colour"),
            "language、month",
        ),
        (("people.joined", "--from", "2026-02-01", "--to", "2026-01-01"), "起点"),
        (("people.joined", "--from", "2026-01-01", "--to", "2026-01-31", "--at", "noon"), "ISO"),
        (("people.joined", "--from", "January", "--to", "2026-01-31"), "January"),
        (("people.joined",), "--from"),
        ((), "NAME"),
    ],
)
def test_what_cannot_be_answered_ends_with_2_and_says_why(words: tuple[str, ...], said: str) -> None:
    answer = zx(*words)
    assert answer.exit_code == 2
    assert said in answer.stderr


def test_lights_are_counted_by_colour_and_department_at_a_moment() -> None:
    answer = CliRunner().invoke(main, ["lights", "--at", "2026-03-02T09:00", "--json"])
    assert answer.exit_code == 0, answer.output
    counts = json.loads(answer.stdout)
    assert counts["at"] == "2026-03-02T09:00:00+08:00"
    assert (counts["total"], counts["by_department"]) == (0, [])
    assert counts["lights"] == {"green": 0, "blue": 0, "yellow": 0, "red": 0, "grey": 0}
