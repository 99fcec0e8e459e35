from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengxiao.kernel.exchange.api import (
    ImportRun,
    ImportTarget,
    Outcome,
    Rejection,
    RunTakenOver,
    SourceRecord,
    Verdict,
    rejected_rows,
)
from zhengxiao.kernel.exchange.tests.conftest import TABLE, counts, parse, write
from zhengxiao.kernel.jobs.models import Heartbeat
from zhengxiao.lib.spreadsheets import TableRefused

HEAD = "id,rev,name,at\n"


def lines(*entries: str) -> str:
    return HEAD + "".join(f"{entry}\n" for entry in entries)


def many(number: int) -> str:
    return lines(*(f"{n},,name {n},2026/3/{n % 28 + 1} 9:32:09" for n in range(number)))


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.django_db
def test_units_come_in_with_their_source_records(bring):
    run = bring(many(12), batch_size=5)
    assert counts(run) == (12, 12, 0, 0, 0)
    assert (run.state, run.percent, run.rows_read) == ("done", 100, 12)
    record = SourceRecord.objects.get(source_id="7")
    assert (record.subject_kind, record.source_system, record.run_id) == ("pulse", "test", run.pk)
    assert Heartbeat.objects.get(pk=record.subject_id).runner == "name 7"


@pytest.mark.django_db
def test_bringing_a_file_in_again_changes_nothing(bring):
    bring(many(12))
    assert counts(bring(many(12), batch_size=5)) == (12, 0, 0, 12, 0)
    assert Heartbeat.objects.count() == 12


@pytest.mark.django_db
def test_a_changed_unit_updates_its_subject(bring):
    bring(lines("1,1,old,"))
    assert counts(bring(lines("1,2,new,"))) == (1, 0, 1, 0, 0)
    assert list(Heartbeat.objects.values_list("runner", flat=True)) == ["new"]
    assert SourceRecord.objects.get().revision == "2"


@pytest.mark.django_db
def test_an_older_revision_is_refused_and_does_not_overwrite(bring):
    bring(lines("1,10,new,"))
    run = bring(lines("1,9,old,"))
    assert counts(run) == (1, 0, 0, 0, 1)
    assert run.rejections.get().code == "StaleRevision"
    assert Heartbeat.objects.get().runner == "new"


@pytest.mark.django_db
@pytest.mark.parametrize("batch_size", [1, 2, 10])
def test_an_id_repeated_in_one_file_is_judged_the_same_in_any_batch(bring, batch_size):
    run = bring(
        lines("1,1,first,", "1,1,first,", "1,2,second,", "1,1,late,", "2,,a,", "2,,b,", "3,,bad,", "3,,bad,"),
        batch_size=batch_size,
    )
    # 1 accepted, repeated, updated, too old; 2 accepted, then refused as a different double; 3 refused twice.
    assert counts(run) == (8, 2, 1, 1, 4)
    assert sorted(run.rejections.values_list("code", flat=True)) == [
        "BadName",
        "BadName",
        "DuplicateInFile",
        "StaleRevision",
    ]
    assert set(Heartbeat.objects.values_list("runner", flat=True)) == {"second", "a"}


@pytest.mark.django_db
@pytest.mark.parametrize("batch_size", [1, 3, 50])
def test_a_dry_run_counts_like_a_real_one_and_keeps_nothing(bring, batch_size):
    content = lines("1,1,a,", "1,2,b,", "2,,bad,", "3,,c,", "3,,c,")
    dry = counts(bring(content, dry_run=True, batch_size=batch_size))
    assert not Heartbeat.objects.exists()
    assert not SourceRecord.objects.exists()
    assert Rejection.objects.count() == 1
    assert dry == counts(bring(content, batch_size=batch_size)) == (5, 2, 1, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("killed_in", [0, 1, 3])
def test_a_run_killed_in_the_middle_of_a_batch_goes_on_without_loss_or_double(
    bring, pulses, killed_in, tmp_path
):
    path = tmp_path / "feed.csv"
    path.write_text(many(20))
    calls = []

    def dying(parsed, existing, context, actor, at):
        outcomes = write(parsed, existing, context, actor, at)
        calls.append(1)
        if len(calls) == killed_in + 1:
            raise Killed
        return outcomes

    pulses._entries["pulses"] = ImportTarget(
        kind="pulses", subject_kind="pulse", parse_unit=parse, write_batch=dying
    )
    with pytest.raises(Killed):
        bring(path, batch_size=5)
    stopped = ImportRun.objects.get()
    assert (stopped.state, stopped.offset) == ("stopped", 5 * killed_in)
    assert Heartbeat.objects.count() == SourceRecord.objects.count() == 5 * killed_in
    run = bring(path, batch_size=5)
    assert run.pk == stopped.pk
    assert counts(run) == (20, 20, 0, 0, 0)
    assert Heartbeat.objects.count() == SourceRecord.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_doubles_across_the_point_of_a_kill_are_still_noticed(bring, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text(lines("1,,a,", "2,,bad,", "3,,c,", "1,,other,", "2,,good,"))

    def die_after_first(progress):
        raise Killed

    with pytest.raises(Killed):
        bring(path, batch_size=3, on_progress=die_after_first)
    run = bring(path, batch_size=3)
    assert counts(run) == (5, 3, 0, 0, 2)
    assert sorted(run.rejections.values_list("code", flat=True)) == ["BadName", "DuplicateInFile"]


@pytest.mark.django_db(transaction=True)
def test_a_run_that_another_process_went_on_with_is_left_alone(bring, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text(many(10))

    def other_process(progress):
        ImportRun.objects.update(offset=10)

    with pytest.raises(RunTakenOver):
        bring(path, batch_size=5, on_progress=other_process)
    assert Heartbeat.objects.count() == 5


@pytest.mark.django_db
def test_a_run_is_not_continued_with_another_file(bring):
    run = bring(lines("1,,a,"))
    with pytest.raises(RunTakenOver):
        bring(lines("2,,b,"), run_id=run.pk)
    assert counts(run) == (1, 1, 0, 0, 0)
    assert run.state == "done"


@pytest.mark.django_db
def test_one_unit_that_breaks_a_constraint_is_refused_alone(bring):
    Heartbeat.objects.create(runner="taken", at="2026-03-02T00:00:00Z")
    run = bring(lines("1,,a,", "2,,taken,", "3,,b,"))
    assert counts(run) == (3, 2, 0, 0, 1)
    assert run.rejections.get().code == "NotStorable"


@pytest.mark.django_db
def test_a_target_may_refuse_and_warn_while_writing(bring, pulses):
    def picky(parsed, existing, context, actor, at):
        from zhengxiao.kernel.exchange.api import RowRefusal  # noqa: PLC0415

        outcomes = write(parsed, existing, context, actor, at)
        outcomes[0] = Outcome(Verdict.REJECTED, refusals=(RowRefusal(reason="没有这个事项", code="NoItem"),))
        outcomes[1] = Outcome(
            Verdict.ACCEPTED,
            outcomes[1].subject_id,
            warnings=(RowRefusal(reason="校验码不符", code="Check"),),
        )
        return outcomes

    pulses._entries["pulses"] = ImportTarget(
        kind="pulses", subject_kind="pulse", parse_unit=parse, write_batch=picky
    )
    run = bring(lines("1,,a,", "2,,b,"))
    assert counts(run) == (2, 1, 0, 0, 1)
    assert list(run.rejections.order_by("unit").values_list("code", "warning")) == [
        ("NoItem", False),
        ("Check", True),
    ]


@pytest.mark.django_db
def test_refused_rows_come_back_whole_with_reason_and_row(bring):
    run = bring(
        lines("1,,good,", '2,,"bad, ""x""",2026-03-01', ",,nobody,", "4,,d,yesterday", "5,,e,,surplus")
    )
    headers, rows = rejected_rows(run)
    assert headers == ["id", "rev", "name", "at", "+1", "拒收原因", "字段", "源文件行号"]
    assert list(rows) == [
        ["2", "", 'bad, "x"', "2026-03-01", "", "名称不对", "name", "3"],
        ["", "", "nobody", "", "", "来源编号为空。", "", "4"],
        ["4", "", "d", "yesterday", "", "时间“yesterday”不符合配置中的任何一种格式。", "moment", "5"],
        ["5", "", "e", "", "surplus", "本行的列数多于表头，可能缺少引号。", "", "6"],
    ]


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_marks_the_run_failed(bring):
    with pytest.raises(TableRefused):
        bring(HEAD.encode() + b"1,,a,\n2,,\0,\n")
    run = ImportRun.objects.get()
    assert run.state == "failed"
    assert "空字符" in run.error


@pytest.mark.django_db
def test_a_file_without_the_columns_of_the_profile_is_refused_with_their_names(bring):
    with pytest.raises(TableRefused, match=r"name、rev|rev、name"):
        bring("id,at\n1,2\n")


@pytest.mark.django_db
def test_a_changed_profile_brings_the_same_file_in_anew(bring):
    bring(lines("1,,a,"))
    changed = {**TABLE, "columns": {**TABLE["columns"], "name": {"column": "name", "default": "x"}}}
    assert counts(bring(lines("1,,a,"), table=changed)) == (1, 0, 1, 0, 0)


entry = st.tuples(
    st.sampled_from(["1", "2", "3", "4", ""]),
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["a", "b", "bad"]),
    st.sampled_from(["", "2026-03-01", "2019/4/25 9:32:09", "never"]),
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entry, max_size=14), st.integers(1, 6), st.booleans())
def test_every_unit_read_is_accepted_updated_unchanged_or_rejected(bring, entries, batch_size, dry_run):
    SourceRecord.objects.all().delete()
    ImportRun.objects.all().delete()
    Heartbeat.objects.all().delete()
    content = lines(*(f"{i},{rev},{name}{i}{rev},{at}" for i, rev, name, at in entries))
    run = bring(content, batch_size=batch_size, dry_run=dry_run)
    read, accepted, updated, unchanged, rejected = counts(run)
    assert read == accepted + updated + unchanged + rejected == len(entries)
    assert run.rejections.values("unit").distinct().count() == rejected
    assert SourceRecord.objects.count() == (0 if dry_run else accepted)
    assert len(list(rejected_rows(run)[1])) == rejected
    if not dry_run:
        again = counts(bring(content, batch_size=batch_size))
        assert again[1] == 0
