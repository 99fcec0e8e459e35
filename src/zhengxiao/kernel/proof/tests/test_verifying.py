"""The whole history under attack in SQL, behind the application: each change is found and named, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from zhengxiao.kernel.proof.api import (
    HistoryForked,
    KeyExposed,
    Kind,
    ShorterThanOutside,
    checkpoint_issue,
    sequence_all,
    trusted_keys,
    verify,
    witnessed,
)
from zhengxiao.kernel.proof.checkpoints import note_text
from zhengxiao.kernel.proof.keys import signing_key
from zhengxiao.kernel.proof.models import Checkpoint, TreeHead, TreeLeaf, TreeNode
from zhengxiao.kernel.proof.rules import Frontier
from zhengxiao.kernel.proof.tests.conftest import AT, tell, tell_many
from zhengxiao.kernel.timeline.api import Entry, leaf_payload
from zhengxiao.lib.hashing import leaf_hash


def sql(statement: str, *values: object) -> None:
    """A statement of somebody who owns the database: the triggers that refuse are switched off first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS timeline_entry_no_update")
        cursor.execute(statement, values)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def found(at=AT, outside=()) -> set[tuple[str, str, str]]:
    """Kind, key and field of every finding; the table goes with the kind."""
    return {
        (finding.kind.value, finding.key, finding.field)
        for finding in verify(at=at, outside=outside).findings
    }


EDITS = {
    "fact": "'sample.other'",
    "subject_kind": "'other'",
    "subject_id": "subject_id + 1",
    "at": "'2026-03-02 02:30:01+00:00'",
    "recorded_at": "'2026-03-02 02:30:01+00:00'",
    "actor_name": "'王示例'",
    "data": """'{"what": "乙"}'""",
}


def test_a_history_nobody_touched_has_no_finding(history):
    outside = [row.note for row in Checkpoint.objects.all()]
    report = verify(at=AT, outside=outside)
    assert report.findings == []
    assert (report.entries, report.size, report.checkpoints, report.waiting) == (600, 600, 2, 0)
    tell("还在等待")
    assert verify(at=AT).clean
    assert verify(at=AT).waiting == 1


@pytest.mark.django_db
def test_an_empty_history_has_no_finding_and_nothing_to_sign():
    assert verify(at=AT).clean
    assert checkpoint_issue(at=AT) is None


@pytest.mark.parametrize("column", EDITS)
def test_a_changed_field_of_an_entry_is_named(history, column):
    for entry in (history[0], history[299], history[599]):
        value = EDITS[column] if connection.vendor == "postgresql" else EDITS[column].replace("+00:00", "")
        sql(f"UPDATE timeline_entry SET {column} = {value} WHERE id = %s", entry.pk)  # noqa: S608
    assert found() == {("entry_changed", str(history[n].pk), column) for n in (0, 299, 599)}


def test_a_changed_actor_is_named(history, django_user_model):
    user = django_user_model.objects.create(username="forger", display_name="示例", joined_at=AT)
    sql("UPDATE timeline_entry SET actor_id = %s WHERE id = %s", user.pk, history[5].pk)
    assert found() == {("entry_changed", str(history[5].pk), "actor_id")}


def test_a_changed_leaf_of_an_entry_is_named(history):
    sql("UPDATE timeline_entry SET leaf = %s WHERE id = %s", b"x" * 32, history[5].pk)
    assert found() == {("entry_changed", str(history[5].pk), "leaf")}


def test_an_entry_rewritten_together_with_its_leaf_is_named(history):
    other = Entry.objects.get(pk=history[6].pk)
    sql("UPDATE timeline_entry SET data = (SELECT data FROM timeline_entry WHERE id = %s), leaf = %s WHERE id = %s",
        other.pk, bytes(other.leaf), history[3].pk)  # fmt: skip
    assert {
        ("entry_changed", str(history[3].pk), "data"),
        ("entry_changed", str(history[3].pk), "leaf"),
    } <= found()


def test_two_entries_that_change_places_are_both_named(history):
    one, two = history[0].pk, history[3].pk
    for source, target in ((one, -1), (two, one), (-1, two)):
        sql("UPDATE timeline_entry SET id = %s WHERE id = %s", target, source)
    names = {(kind, key) for kind, key, _field in found()}
    assert names == {("entry_changed", str(one)), ("entry_changed", str(two))}


def test_deleted_entries_are_named_with_their_place(history):
    for number in (0, 300, 599):
        sql("DELETE FROM timeline_entry WHERE id = %s", history[number].pk)
    assert found() == {("entry_deleted", str(history[n].pk), "*") for n in (0, 300, 599)}
    assert "第 300 个叶" in verify(at=AT).findings[1].text


def test_an_inserted_entry_that_is_not_what_it_hashes_to_is_named(history):
    with connection.cursor() as cursor:
        columns = "fact, subject_kind, subject_id, at, recorded_at, actor_id, actor_name, unit_id, data, leaf"
        cursor.execute(
            f"INSERT INTO timeline_entry ({columns}) SELECT {columns.replace('subject_id', '99')}"  # noqa: S608
            " FROM timeline_entry WHERE id = %s",
            [history[0].pk],
        )
    key = str(Entry.objects.latest("pk").pk)
    assert found() == {("entry_changed", key, "leaf")}
    sequence_all()
    assert found() == {("entry_changed", key, "leaf")}


def test_an_entry_slipped_past_the_tree_is_named_at_once(history):
    tell("绕过")
    sql("DELETE FROM proof_pendingleaf")
    assert found() == {("entry_unplaced", str(Entry.objects.latest("pk").pk), "*")}


def test_an_entry_that_waits_longer_than_a_minute_is_named(history):
    entry = tell("等待")
    assert found(AT + timedelta(seconds=60)) == set()
    assert found(AT + timedelta(seconds=61)) == {("entry_unplaced", str(entry.pk), "*")}


def test_an_entry_changed_or_deleted_while_it_waits_is_named(history):
    changed, gone, false = tell("一"), tell("二"), tell("三")
    sql("UPDATE timeline_entry SET subject_id = 9 WHERE id = %s", changed.pk)
    sql("DELETE FROM timeline_entry WHERE id = %s", gone.pk)
    sql("UPDATE proof_pendingleaf SET leaf = %s WHERE entry_id = %s", b"f" * 32, false.pk)
    assert found() == {
        ("entry_changed", str(changed.pk), "leaf"),
        ("entry_deleted", str(gone.pk), "*"),
        ("pending_false", str(false.pk), "leaf"),
    }
    sequence_all()
    kinds = {(kind, key) for kind, key, _field in found()}
    assert {("entry_changed", str(changed.pk)), ("entry_deleted", str(gone.pk))} <= kinds
    assert ("entry_changed", str(false.pk)) in kinds


def test_an_entry_removed_and_written_again_keeps_its_first_leaf(history):
    row = Entry.objects.filter(pk=history[4].pk).values().get()
    sql("DELETE FROM timeline_entry WHERE id = %s", row["id"])
    Entry(**{**row, "actor_name": "王示例"}).save(force_insert=True)
    sequence_all()
    assert found() == {("entry_changed", str(row["id"]), "actor_name")}


def test_a_changed_leaf_of_the_tree_is_named(history):
    for index in (0, 255, 256, 599):
        sql('UPDATE proof_treeleaf SET leaf = %s WHERE "index" = %s', b"x" * 32, index)
    assert found() == {("leaf_changed", str(index), "leaf") for index in (0, 255, 256, 599)}


def test_leaves_that_change_places_are_named(history):
    for source, target in ((10, -1), (20, 10), (-1, 20)):
        sql('UPDATE proof_treeleaf SET "index" = %s WHERE "index" = %s', target, source)
    names = found()
    assert {("leaf_changed", "10", "index"), ("leaf_changed", "20", "index")} <= names
    assert {("node_changed", "8/0", "digest"), ("tree_rewritten", "300", "root")} <= names


def test_a_leaf_taken_out_of_the_middle_and_one_put_at_the_end_are_named(history):
    sql('DELETE FROM proof_treeleaf WHERE "index" = 17')
    assert {("leaf_missing", "17", "*"), ("entry_unplaced", str(history[17].pk), "*")} == found()
    TreeLeaf.objects.create(index=17, entry_id=history[17].pk, leaf=b"z" * 32, marks=b"")
    assert ("leaf_changed", "17", "entry_id") in found()


def test_a_leaf_put_at_the_end_is_named(history):
    TreeLeaf.objects.create(index=600, entry_id=10**9, leaf=b"z" * 32, marks=b"")
    assert found() == {("leaf_extra", "600", "*"), ("entry_deleted", str(10**9), "*")}


def test_a_changed_a_missing_and_a_superfluous_node_are_named(history):
    sql("UPDATE proof_treenode SET digest = %s WHERE number = 0", b"n" * 32)
    assert found() == {("node_changed", "8/0", "digest")}
    TreeNode.objects.filter(number=0).delete()
    TreeNode.objects.create(level=16, number=0, digest=b"n" * 32)
    TreeNode.objects.create(level=8, number=2, digest=b"n" * 32)
    assert found() == {("node_missing", "8/0", "*"), ("node_extra", "16/0", "*"), ("node_extra", "8/2", "*")}


@pytest.mark.parametrize("size", [0, 599, 601])
def test_a_changed_size_of_the_head_is_found(history, size):
    sql("UPDATE proof_treehead SET size = %s", size)
    assert not verify(at=AT).clean


def test_a_changed_edge_of_the_head_is_named(history):
    sql("UPDATE proof_treehead SET frontier = %s", b"f" * 32)
    assert found() == {("head_changed", "1", "frontier")}


CHECKPOINT_EDITS = {"size": "601", "at": "'2026-03-02 03:00:00'", "key_id": "'00000000'", "note": "'x'"}


@pytest.mark.parametrize("column", CHECKPOINT_EDITS)
def test_a_changed_field_of_a_checkpoint_is_named(history, column):
    sql(f"UPDATE proof_checkpoint SET {column} = {CHECKPOINT_EDITS[column]} WHERE size = 600")  # noqa: S608
    key = "601" if column == "size" else "600"
    assert found() == {("checkpoint_changed", key, column)}


def test_a_changed_root_or_a_forged_signature_of_a_checkpoint_is_named(history):
    sql("UPDATE proof_checkpoint SET root = %s WHERE size = 300", b"r" * 32)
    assert found() == {("checkpoint_changed", "300", "root")}
    note = Checkpoint.objects.get(pk=600).note.replace("time 2026", "time 2025")
    sql("UPDATE proof_checkpoint SET note = %s WHERE size = 600", note)
    assert {("checkpoint_changed", "600", "note"), ("checkpoint_changed", "300", "root")} <= found()


def test_a_checkpoint_by_a_key_nobody_trusts_is_named(history):
    assert {finding.field for finding in verify(at=AT, keys=[]).findings} == {"note"}


def truncate(size: int) -> None:
    """What a restored backup, or somebody thorough, leaves: everything after `size` is gone, and all of it agrees."""
    keys = list(TreeLeaf.objects.filter(index__gte=size).values_list("entry_id", flat=True))
    for key in keys:
        sql("DELETE FROM timeline_entry WHERE id = %s", key)
    sql('DELETE FROM proof_treeleaf WHERE "index" >= %s', size)
    sql("DELETE FROM proof_checkpoint WHERE size > %s", size)
    TreeNode.objects.filter(number__gte=size // 256).delete()
    frontier = Frontier()
    for leaf in TreeLeaf.objects.order_by("index").values_list("leaf", flat=True):
        list(frontier.append(bytes(leaf)))
    TreeHead.objects.update(size=size, frontier=frontier.packed())


def test_a_tail_cut_off_with_everything_that_knew_of_it_is_told_by_the_outside_checkpoint(history):
    kept = Checkpoint.objects.get(pk=600).note
    truncate(417)
    assert verify(at=AT).clean
    assert found(outside=[kept]) == {("shorter", "600", "size")}
    assert "首个缺失序号 417" in verify(at=AT, outside=[kept]).findings[0].text


def test_leaves_cut_off_without_the_head_are_named_by_the_first_missing_index(history):
    sql('DELETE FROM proof_treeleaf WHERE "index" >= 590')
    names = found()
    assert ("leaf_missing", "590", "*") in names
    assert ("shorter", "600", "size") in names


def test_a_history_rewritten_and_signed_again_does_not_pass_the_outside_checkpoint(history):
    kept = [row.note for row in Checkpoint.objects.all()]
    entry = history[400]
    sql("UPDATE timeline_entry SET actor_name = '王示例' WHERE id = %s", entry.pk)
    sql("DELETE FROM proof_pendingleaf")
    for table in ("proof_treeleaf", "proof_treenode", "proof_checkpoint", "proof_treehead"):
        sql(f"DELETE FROM {table}")  # noqa: S608
    made = leaf_hash(leaf_payload(Entry.objects.get(pk=entry.pk)))
    sql("UPDATE timeline_entry SET leaf = %s WHERE id = %s", made, entry.pk)
    sql("INSERT INTO proof_pendingleaf (entry_id, leaf) SELECT id, leaf FROM timeline_entry")
    checkpoint_issue(at=AT)
    assert verify(at=AT).clean
    assert verify(at=AT, outside=kept[:1]).clean  # what was signed before the edit still holds
    assert found(outside=kept) == {("forked", "600", "root")}


def test_an_outside_checkpoint_by_a_stranger_is_told(history):
    note = Checkpoint.objects.get(pk=600).note.replace("time 2026", "time 2027")
    assert found(outside=[note]) == {("outside_unsigned", "600", "signature")}


def test_a_missing_trigger_is_told(history):
    with connection.cursor() as cursor:
        on = " ON timeline_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER proof_entry_waits{on}")
    assert ("trigger_missing", "*", "proof_entry_waits") in found()


# signing


def test_a_checkpoint_is_made_only_when_the_tree_has_grown_and_is_laid_down_once(db, tmp_path, settings):
    settings.CHECKPOINT_DIR = str(tmp_path / "outside")
    tell_many(3)
    first = checkpoint_issue(at=AT)
    again = checkpoint_issue(at=AT + timedelta(minutes=1))
    assert first == again
    assert [path.name for path in Path(settings.CHECKPOINT_DIR).iterdir()] == ["checkpoint-000000000003.txt"]
    assert witnessed() == first.note
    tell()
    checkpoint_issue(at=AT, folder=tmp_path / "outside")
    assert witnessed().split("\n")[1] == "4"


def test_a_database_older_than_the_outside_checkpoint_signs_nothing_more(history, tmp_path):
    checkpoint_issue(at=AT, folder=tmp_path)
    truncate(417)
    with pytest.raises(ShorterThanOutside, match="第 418…600 个叶丢失"):
        checkpoint_issue(at=AT, folder=tmp_path)


def test_a_tree_that_does_not_continue_a_signed_head_is_not_signed(history, tmp_path):
    other = note_text(500, b"o" * 32, AT, signing_key())
    (tmp_path / "checkpoint-000000000500.txt").write_text(other, "utf-8")
    with pytest.raises(HistoryForked, match="大小 500"):
        checkpoint_issue(at=AT, folder=tmp_path)
    sql("UPDATE proof_checkpoint SET root = %s WHERE size = 600", b"r" * 32)
    with pytest.raises(HistoryForked, match="大小 600"):
        checkpoint_issue(at=AT)


def test_the_signing_key_is_made_once_for_its_owner_alone_and_refused_when_others_can_read_it(settings):
    first, again = signing_key(), signing_key()
    path = settings.HOME / "keys" / "checkpoint.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert first.public == again.public == trusted_keys()[0]
    assert sorted(file.name for file in path.parent.iterdir()) == sorted(
        [path.name, f"{first.public.key_id}.pub"]
    )
    path.chmod(0o644)
    with pytest.raises(KeyExposed):
        signing_key()


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "a\nb"])
def test_a_name_that_would_spoil_checkpoints_signs_nothing(settings, origin):
    settings.CHECKPOINT_ORIGIN = origin
    with pytest.raises(ImproperlyConfigured, match="ZX_CHECKPOINT_ORIGIN"):
        signing_key()


def test_kinds_are_stable_names():
    assert Kind("entry_changed") is Kind.ENTRY_CHANGED
