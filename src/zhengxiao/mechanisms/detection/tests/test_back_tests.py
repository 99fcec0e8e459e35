"""A rule held against the past: numbers with their cases, compared with the version in force, cut off when asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from zhengxiao.backbone.cases.api import Case
from zhengxiao.backbone.cases.testing import CaseWorld
from zhengxiao.kernel.jobs.api import Job, run_once
from zhengxiao.lib.actors import Actor, Role
from zhengxiao.lib.refusals import NotPermitted
from zhengxiao.mechanisms.detection import refusals
from zhengxiao.mechanisms.detection.backtests import back_test_now, back_test_request, months_before, run_job
from zhengxiao.mechanisms.detection.models import BackTest, Finding, Hit, RuleVersion
from zhengxiao.mechanisms.detection.queries import hits_shown, result_of
from zhengxiao.mechanisms.detection.services import Draft, rule_draft

Decide = Callable[..., Case]


@pytest.fixture
def stricter(in_force: Any, supervisor: Actor, at: datetime) -> RuleVersion:
    """Version 1 (30 minutes) is in force; version 2 says at most ten."""
    first = in_force("swift")
    draft = Draft("秒办结", "red", {"minutes": 10}, first.source, first.template, "只看十分钟以内")
    return rule_draft(code="swift", draft=draft, actor=supervisor, at=at)


def test_a_job_holds_the_version_against_the_past_and_against_the_one_in_force(
    stricter: RuleVersion, decided: Decide, world: CaseWorld, supervisor: Actor, at: datetime
) -> None:
    quick, slower = (
        decided(minutes=5),
        decided(minutes=20, later=timedelta(hours=1), applicant_name="示例乙公司"),
    )
    decided(minutes=50, later=timedelta(hours=2), applicant_name="示例丙公司")
    asked = at + timedelta(days=1)
    (test,) = back_test_request(version_ids=[stricter.pk], actor=supervisor, at=asked)
    assert (test.state, test.against and test.against.number, test.cut_off) == ("waiting", 1, asked)
    run_once(at=asked + timedelta(minutes=1), runner="test")
    test.refresh_from_db()
    job = Job.objects.get(pk=test.job_id)
    assert (test.state, test.read, job.state, job.progress_done) == ("done", 3, "done", job.progress_total)
    changes = {hit.case_id: hit.change for hit in Hit.objects.filter(back_test=test)}
    assert changes == {quick.pk: "same", slower.pk: "gone"}
    result = result_of(test, supervisor)
    assert (result.total.found, result.total.new, result.total.same, result.total.gone) == (1, 0, 1, 1)
    assert [(row.label, row.found) for row in result.departments] == [(world.org.market.short_name, 1)]
    assert [(row.label, row.same, row.gone) for row in result.months] == [("2026-03", 1, 1)]
    assert not Finding.objects.filter(version=stricter).exists()


def test_what_is_entered_after_the_cut_off_and_before_the_period_is_not_in_it(
    versions: dict[str, RuleVersion], decided: Decide, supervisor: Actor, at: datetime
) -> None:
    key = versions["swift"].pk
    decided(minutes=5)
    (before,) = back_test_now(version_ids=[key], actor=supervisor, at=at + timedelta(minutes=7))
    (after,) = back_test_now(version_ids=[key], actor=supervisor, at=at + timedelta(minutes=11))
    (later,) = back_test_now(version_ids=[key], actor=supervisor, at=at + timedelta(days=45), months=1)
    assert [test.hits.count() for test in (before, after, later)] == [0, 1, 0]


def test_a_job_that_is_run_again_changes_nothing(
    versions: dict[str, RuleVersion], decided: Decide, supervisor: Actor, at: datetime
) -> None:
    decided(minutes=5)
    (test,) = back_test_now(version_ids=[versions["swift"].pk], actor=supervisor, at=at + timedelta(hours=1))
    assert run_job({"tests": [test.pk]}, None) == {"tests": 0}  # type: ignore[arg-type]
    assert test.hits.count() == 1


def test_several_versions_are_read_for_once(
    versions: dict[str, RuleVersion], decided: Decide, supervisor: Actor, at: datetime
) -> None:
    decided(minutes=5)
    keys = [version.pk for version in versions.values()]
    tests = back_test_now(version_ids=keys, actor=supervisor, at=at + timedelta(hours=1))
    assert {test.version.rule.code: test.hits.count() for test in tests if test.hits.count()} == {"swift": 1}
    assert len(tests) == len(keys) == BackTest.objects.filter(state="done").count()


def test_numbers_and_cases_are_those_of_ones_reach(
    versions: dict[str, RuleVersion], decided: Decide, world: CaseWorld, supervisor: Actor, at: datetime
) -> None:
    decided(minutes=5)
    (test,) = back_test_now(version_ids=[versions["swift"].pk], actor=supervisor, at=at + timedelta(hours=1))
    for who, number in (("supervisor-b", 0), (Role.SUPERVISOR, 1), (Role.LEADER, 1), (Role.AUDITOR, 1),
                        (Role.DEPARTMENT_HEAD, 0), (Role.SYSTEM_ADMIN, 0)):  # fmt: skip
        actor = world.org.actor(who)
        assert (result_of(test, actor).total.found, hits_shown(test, actor).count()) == (number, number), who


def test_others_than_supervisors_ask_for_none(
    versions: dict[str, RuleVersion], world: CaseWorld, at: datetime
) -> None:
    for role in (Role.DEPARTMENT_HEAD, Role.AUDITOR, Role.LEADER):
        with pytest.raises(NotPermitted):
            back_test_request(version_ids=[versions["swift"].pk], actor=world.org.actor(role), at=at)


def test_the_period_is_between_a_month_and_five_years(
    versions: dict[str, RuleVersion], supervisor: Actor, at: datetime
) -> None:
    for months in (0, 61):
        with pytest.raises(refusals.PeriodUnknown):
            back_test_request(version_ids=[versions["swift"].pk], months=months, actor=supervisor, at=at)


def test_months_are_counted_back_to_the_same_day() -> None:
    assert months_before(date(2026, 3, 5), 14) == date(2025, 1, 5)
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
