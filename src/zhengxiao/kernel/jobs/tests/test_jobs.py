from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from zhengxiao.kernel.jobs import declarations, queries, runner, services
from zhengxiao.kernel.jobs.api import (
    Job,
    JobNotReplayable,
    JobState,
    LeaseLost,
    Schedule,
    UnknownJob,
    enqueue,
    health,
    job_replay,
    register_job,
    register_schedule,
    run_forever,
    run_once,
)
from zhengxiao.kernel.jobs.models import Heartbeat, ScheduleRun
from zhengxiao.kernel.jobs.rules import next_round, wait_after
from zhengxiao.lib.actors import SYSTEM
from zhengxiao.lib.refusals import Refusal
from zhengxiao.lib.registry import Registry

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class TooLate(Refusal):
    template = "太晚了"


@pytest.fixture(autouse=True)
def empty_registries(monkeypatch):
    """Fresh registries per test: the real ones are closed."""
    jobs, schedules = Registry("job"), Registry("schedule")
    for module in (declarations, services):
        monkeypatch.setattr(module, "JOBS", jobs)
    monkeypatch.setattr(runner, "JOBS", jobs)
    for module in (declarations, queries, runner):
        monkeypatch.setattr(module, "SCHEDULES", schedules)


def ask(name: str = "work", **more):
    return enqueue(name=name, args={"n": 1}, at=MONDAY, actor=SYSTEM, **more)


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


@pytest.mark.django_db
def test_a_job_runs_once_and_keeps_its_result():
    seen = []
    register_job("work", lambda args, run: seen.append((args, run.attempt)) or {"sum": 3})
    job = ask()
    assert run_once(at=MONDAY, runner="a").jobs == 1
    assert run_once(at=MONDAY + MINUTE, runner="a").idle
    job.refresh_from_db()
    assert seen == [({"n": 1}, 1)]
    assert (job.state, job.result, job.requested_by_name) == ("done", {"sum": 3}, "系统")


@pytest.mark.django_db
def test_a_job_of_an_unknown_name_cannot_be_asked_for():
    with pytest.raises(UnknownJob):
        ask("nobody.knows")


@pytest.mark.django_db
def test_a_job_that_breaks_waits_longer_each_time_and_is_parked_in_the_end():
    def broken(args, run):
        raise ValueError("no disk")

    register_job("work", broken, tries=3)
    job = ask()
    at, waits = MONDAY, []
    for _round in range(3):
        run_once(at=at, runner="a")
        job.refresh_from_db()
        waits.append(job.not_before - at)
        at = job.not_before + timedelta(seconds=1)
    assert job.state == JobState.PARKED
    assert "ValueError: no disk" in job.error
    assert [round(wait.total_seconds()) for wait in waits[:2]] == [15, 30]
    assert run_once(at=at + timedelta(days=1), runner="a").idle


@pytest.mark.django_db
def test_a_parked_job_can_be_replayed_and_a_done_one_cannot():
    answers = [ValueError("once"), {"ok": True}]

    def sometimes(args, run):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    register_job("work", sometimes, tries=1)
    job = ask()
    run_once(at=MONDAY, runner="a")
    assert state_of(job) == "parked"
    job_replay(job_id=job.pk, actor=SYSTEM, at=MONDAY + MINUTE)
    run_once(at=MONDAY + MINUTE, runner="a")
    assert state_of(job) == "done"
    with pytest.raises(JobNotReplayable):
        job_replay(job_id=job.pk, actor=SYSTEM, at=MONDAY + MINUTE)


@pytest.mark.django_db
def test_a_refusal_ends_the_job_at_once():
    def refuse(args, run):
        raise TooLate

    register_job("work", refuse)
    job = ask()
    run_once(at=MONDAY, runner="a")
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "TooLate: 太晚了")


@pytest.mark.django_db
def test_one_poison_job_does_not_stop_the_others():
    def handler(args, run):
        if run.job_id == poison.pk:
            raise RuntimeError("poison")

    register_job("work", handler)
    poison, good = ask(), ask()
    run_once(at=MONDAY, runner="a")
    assert (state_of(poison), state_of(good)) == ("queued", "done")


@pytest.mark.django_db
def test_the_job_of_a_vanished_runner_is_taken_over_and_the_old_runner_is_fenced_off():
    register_job("work", lambda args, run: None)
    job = ask()
    lost = services.job_claim(at=MONDAY, runner="vanished")
    assert services.job_claim(at=MONDAY + MINUTE, runner="b") is None
    late = MONDAY + 6 * MINUTE
    assert services.job_claim(at=late, runner="b").attempts == 2
    with pytest.raises(LeaseLost):
        services.job_renew(job_id=job.pk, attempt=lost.attempts, at=late, lease=MINUTE)
    assert services.job_finish(job=lost, at=late, result=None) is False
    assert state_of(job) == "running"


@pytest.mark.django_db
def test_a_job_whose_runners_vanish_every_time_is_parked():
    register_job("work", lambda args, run: None, tries=2)
    job = ask()
    for hour in range(3):
        services.job_claim(at=MONDAY + timedelta(hours=hour), runner="vanishing")
    assert state_of(job) == "parked"


@pytest.mark.django_db
def test_jobs_of_one_lane_run_in_the_order_they_were_asked_for():
    register_job("work", lambda args, run: None)
    first, second, other = ask(lane="imports"), ask(lane="imports"), ask(lane="figures")
    claimed = [services.job_claim(at=MONDAY, runner="a"), services.job_claim(at=MONDAY, runner="b")]
    assert [job.pk for job in claimed] == [first.pk, other.pk]
    assert services.job_claim(at=MONDAY, runner="c") is None
    services.job_finish(job=claimed[0], at=MONDAY, result=None)
    assert services.job_claim(at=MONDAY, runner="c").pk == second.pk


@pytest.mark.django_db
def test_progress_is_stored_and_renews_the_lease():
    seen = []

    def long_work(args, run):
        run.progress(5, 10)
        seen.append(Job.objects.get(pk=run.job_id))

    register_job("work", long_work)
    ask()
    run_once(at=MONDAY, runner="a")
    assert (seen[0].progress_done, seen[0].progress_total) == (5, 10)
    assert seen[0].lease_until >= MONDAY + 5 * MINUTE


@pytest.mark.django_db
def test_a_schedule_comes_round_in_its_rhythm_and_skips_missed_rounds():
    moments = []
    register_schedule(Schedule("sweep", 10 * MINUTE, moments.append))
    for minutes in (0, 5, 10, 47, 49, 50):
        run_once(at=MONDAY + minutes * MINUTE, runner="a")
    assert [round((moment - MONDAY) / MINUTE) for moment in moments] == [0, 10, 47, 50]


@pytest.mark.django_db
def test_two_runners_do_not_run_one_schedule_at_once():
    moments = []

    def sweep(at):
        moments.append(at)
        # The other runner wakes up while this one is busy.
        assert run_once(at=MONDAY + MINUTE, runner="b").schedules == 0

    register_schedule(Schedule("sweep", MINUTE, sweep))
    run_once(at=MONDAY, runner="a")
    assert len(moments) == 1


@pytest.mark.django_db
def test_a_runner_that_slept_through_its_lease_cannot_write_the_end_of_a_schedule():
    def sweep(at):
        ScheduleRun.objects.update(runs=F("runs") + 1, runner="b")

    register_schedule(Schedule("sweep", MINUTE, sweep))
    run_once(at=MONDAY, runner="a")
    state = ScheduleRun.objects.get()
    assert (state.runner, state.finished_at) == ("b", None)


@pytest.mark.django_db
def test_a_schedule_that_breaks_is_tried_again_and_becomes_an_alarm():
    def broken(at):
        raise OSError("gone")

    register_schedule(Schedule("sweep", timedelta(hours=1), broken))
    for minutes in (0, 1, 3):
        assert run_once(at=MONDAY + minutes * MINUTE, runner="a").failures == 1
    levels = {finding.name: finding.level for finding in health(at=MONDAY + 3 * MINUTE)}
    assert levels["jobs.schedule"] == "alarm"


@pytest.mark.django_db
def test_silence_of_two_minutes_is_an_alarm_and_so_is_no_runner_at_all():
    def runner_level(at):
        return next(finding.level for finding in health(at=at) if finding.name == "jobs.runner")

    assert runner_level(MONDAY) == "alarm"
    run_once(at=MONDAY, runner="a")
    assert runner_level(MONDAY + 2 * MINUTE) == "ok"
    assert runner_level(MONDAY + 2 * MINUTE + timedelta(seconds=1)) == "alarm"


@pytest.mark.django_db
def test_health_tells_of_a_waiting_queue_and_of_parked_jobs():
    register_job("work", lambda args, run: None)
    job = ask()
    levels = {finding.name: finding.level for finding in health(at=MONDAY + 11 * MINUTE)}
    assert (levels["jobs.queue"], levels["jobs.parked"]) == ("warning", "ok")
    Job.objects.filter(pk=job.pk).update(state="parked", finished_at=MONDAY)
    levels = {finding.name: finding.level for finding in health(at=MONDAY + 11 * MINUTE)}
    assert (levels["jobs.queue"], levels["jobs.parked"]) == ("ok", "warning")


@pytest.mark.django_db
def test_tidying_forgets_old_done_jobs_and_keeps_parked_ones():
    register_job("work", lambda args, run: None)
    done, parked = ask(), ask()
    Job.objects.filter(pk=done.pk).update(state="done", finished_at=MONDAY)
    Job.objects.filter(pk=parked.pk).update(state="parked", finished_at=MONDAY)
    services.heartbeat(runner="old", at=MONDAY)
    assert services.jobs_tidy(MONDAY + timedelta(days=31)) == 1
    assert list(Job.objects.values_list("pk", flat=True)) == [parked.pk]
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db
def test_what_a_dead_runner_held_is_free_at_once_and_what_a_living_one_holds_is_not():
    register_job("work", lambda args, run: {})
    register_schedule(Schedule("round", MINUTE, lambda at: None))
    ask()
    job = services.job_claim(at=MONDAY, runner="dead")
    run_once(at=MONDAY, runner="living")
    held = ScheduleRun.objects.filter(name="round")
    held.update(lease_until=MONDAY + MINUTE, runner="living", next_at=MONDAY)
    soon = MONDAY + timedelta(seconds=1)
    assert services.leases_of_the_gone(gone=lambda name: name == "dead", at=soon) == 1
    assert services.job_claim(at=soon, runner="b").pk == job.pk
    assert not services.job_finish(job=job, at=soon, result=None)
    assert run_once(at=soon, runner="b").schedules == 0
    assert services.leases_of_the_gone(gone=lambda name: name == "living", at=soon) == 1
    assert run_once(at=soon, runner="b").schedules == 1


@pytest.mark.django_db(transaction=True)
def test_the_runner_goes_on_after_a_round_that_broke(monkeypatch, caplog):
    rounds, rests = [], []

    def now():
        rounds.append(1)
        if len(rounds) == 1:
            raise OSError("database away")
        return MONDAY

    run_forever(now=now, runner="a", pause=rests.append, stopping=lambda: len(rests) == 3)
    assert len(rounds) == 3
    assert rests == [2.0, 1.0, 1.0]


def test_registries_refuse_what_comes_after_the_start():
    declarations.close_registries()
    with pytest.raises(RuntimeError, match="closed"):
        register_job("late", lambda args, run: None)


@given(st.integers(1, 10_000))
def test_waits_grow_and_never_exceed_an_hour(attempts):
    assert timedelta(seconds=15) <= wait_after(attempts) <= wait_after(attempts + 1) <= timedelta(hours=1)


@given(st.integers(1, 10_000), st.integers(-10_000, 100_000))
def test_the_next_round_lies_ahead_and_in_rhythm(every, late):
    rhythm = timedelta(seconds=every)
    at = MONDAY + timedelta(seconds=late)
    following = next_round(MONDAY, rhythm, at)
    assert following > at
    assert (following - MONDAY) % rhythm == timedelta(0)
    assert following == MONDAY or following - rhythm <= at
