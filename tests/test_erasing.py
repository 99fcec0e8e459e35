"""Personal values are erased from the record, and every leaf and proof is as good as before."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from zhengxiao.backbone.cases.models import Case
from zhengxiao.backbone.cases.testing import CaseWorld, case_world
from zhengxiao.kernel.proof import verifier
from zhengxiao.kernel.proof.api import (
    EraseGroundMissing,
    checkpoint_issue,
    personal_erase,
    proof_document,
    sequence_all,
    trusted_keys,
    verify,
)
from zhengxiao.kernel.timeline.api import Entry, Subject
from zhengxiao.lib.actors import Role
from zhengxiao.lib.refusals import NotPermitted

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
GROUND = "本人 2026 年 3 月 4 日申请"
MANY = int(os.environ.get("ZX_ERASE", "12"))


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> CaseWorld:
    settings.HOME, settings.CHECKPOINT_DIR = tmp_path / "home", ""
    return case_world()


def case_of(world: CaseWorld, number: int) -> Case:
    case = world.accepted(at=AT, applicant_name=f"示例申请人{number}", summary=f"示例摘要{number}")
    return world.move(
        case, "withdraw", at=AT + timedelta(minutes=9), data={"reason": f"示例申请人{number}不办了"}
    )


def everywhere(text: str) -> list[str]:
    """Tables of the live database in which a text stands in some column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            for column in columns:
                name = connection.ops.quote_name(column.name)
                cursor.execute(
                    f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)} WHERE CAST({name} AS TEXT) LIKE %s",  # noqa: S608
                    [f"%{text}%"],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column.name}")
    return found


def test_after_many_erasures_the_history_is_sound_and_the_values_are_gone(world: CaseWorld) -> None:
    cases = [case_of(world, 1000 + number) for number in range(MANY)]
    sequence_all()
    checkpoint_issue(at=AT + timedelta(hours=1))
    admin = world.org.actor(Role.SECURITY_ADMIN)
    leaves = dict(Entry.objects.values_list("pk", "leaf"))
    assert everywhere("示例申请人1000")
    for case in cases:
        assert (
            personal_erase(
                subject=Subject("case", case.pk), ground=GROUND, actor=admin, at=AT + timedelta(hours=2)
            )
            > 1
        )
    sequence_all()
    report = verify(at=AT + timedelta(hours=3))
    assert report.findings == []
    assert report.erased > 0
    assert everywhere("示例申请人1000") == []
    assert {pk: leaf for pk, leaf in Entry.objects.values_list("pk", "leaf") if pk in leaves} == leaves


def test_the_proof_file_of_an_erased_case_still_verifies(world: CaseWorld) -> None:
    case = case_of(world, 7)
    admin = world.org.actor(Role.SECURITY_ADMIN)
    personal_erase(subject=Subject("case", case.pk), ground=GROUND, actor=admin, at=AT + timedelta(hours=2))
    sequence_all()
    checkpoint_issue(at=AT + timedelta(hours=3))
    text = json.dumps(proof_document(subject=Subject("case", case.pk), name=case.number))
    assert "示例申请人7" not in repr(json.loads(text))
    proof = verifier.check_proof(text, trusted_keys())
    assert len(proof.entries) == Entry.objects.about("case", case.pk).count()


def test_only_the_security_administrator_erases_and_says_why(world: CaseWorld) -> None:
    case = case_of(world, 8)
    subject = Subject("case", case.pk)
    for role in Role:
        if role is not Role.SECURITY_ADMIN:
            with pytest.raises(NotPermitted):
                personal_erase(subject=subject, ground=GROUND, actor=world.org.actor(role), at=AT)
    with pytest.raises(EraseGroundMissing):
        personal_erase(subject=subject, ground=" ", actor=world.org.actor(Role.SECURITY_ADMIN), at=AT)
    assert "示例申请人8" in Case.objects.get(pk=case.pk).applicant_name
