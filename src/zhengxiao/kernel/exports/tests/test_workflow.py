"""The life of a request: one row per transition, two people, one fetch, in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from zhengxiao.kernel.access.testing import SampleOrg
from zhengxiao.kernel.exports.models import ExportDay, ExportRequest
from zhengxiao.kernel.exports.services import (
    AlreadyAsked,
    ExportPurposeMissing,
    ListHasGrown,
    NotNeeded,
    OtherFile,
    QuotaReached,
    export_ask,
    export_fetch,
    export_leave,
    export_move,
    exports_lapse,
    fetchable,
)
from zhengxiao.kernel.exports.tests.conftest import ADDRESS, NOW, actor, asked, leaving
from zhengxiao.kernel.exports.workflow import WORKFLOW, OwnRequest, RequestOver
from zhengxiao.kernel.notices.models import Notice
from zhengxiao.kernel.timeline.api import Subject, deliver_due, entries_for
from zhengxiao.kernel.workflow.api import MoveNotLawful, move
from zhengxiao.lib.actors import SYSTEM, Role
from zhengxiao.lib.personal_numbers import PersonalNumbersFound
from zhengxiao.lib.refusals import NotPermitted, Refusal

REASON = {"reason": "条件过宽，请只导出本月办结的"}
LATE = NOW + timedelta(days=8)
# transition, state before, who takes it, data, state after
TRANSITION_ROWS = [
    ("approve", "waiting", Role.DEPARTMENT_HEAD, {}, "approved"),
    ("approve", "waiting", Role.SECURITY_ADMIN, {}, "approved"),
    ("refuse", "waiting", Role.DEPARTMENT_HEAD, REASON, "refused"),
    ("withdraw", "waiting", Role.APPROVER, {}, "withdrawn"),
    ("withdraw", "approved", Role.APPROVER, {}, "withdrawn"),
    ("fetch", "approved", Role.APPROVER, {"rows": 20}, "fetched"),
    ("lapse", "waiting", None, {}, "lapsed"),
    ("lapse", "approved", None, {}, "lapsed"),
]


def in_state(org: SampleOrg, state: str) -> ExportRequest:
    found = asked(org)
    return moved(org, found, "approve", Role.DEPARTMENT_HEAD) if state == "approved" else found


def moved(org: SampleOrg, row: ExportRequest, name: str, who: Role | str, at: Any = NOW, **data: Any) -> Any:
    return export_move(request=row, transition=name, data=data, actor=actor(org, who), at=at)


@pytest.mark.parametrize(("name", "before", "who", "data", "after"), TRANSITION_ROWS)
def test_a_move_leads_to_its_state_and_leaves_its_fact(
    org: SampleOrg, name: str, before: str, who: Role | None, data: Any, after: str
) -> None:
    row = in_state(org, before)
    by = actor(org, who) if who else SYSTEM
    assert move(workflow=WORKFLOW.name, transition=name, obj=row, actor=by, at=NOW, data=data).state == after
    fact = WORKFLOW.transition(name).fact
    assert entries_for(Subject("export_request", row.pk)).filter(fact=fact).count() == 1


@pytest.mark.parametrize("who", [Role.DEPARTMENT_HEAD, Role.SECURITY_ADMIN])
def test_nobody_decides_on_the_own_request(org: SampleOrg, who: Role) -> None:
    row = asked(org, who)
    for name, data in (("approve", {}), ("refuse", REASON)):
        with pytest.raises(OwnRequest):
            moved(org, row, name, who, **data)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=row.pk).update(decided_by_id=row.asked_by_id)


@pytest.mark.parametrize(
    "who",
    [
        "head-housing",
        "clerk-beside",
        "supervisor-b",
        Role.APPROVER,
        Role.SUPERVISOR,
        Role.AUDITOR,
        Role.SYSTEM_ADMIN,
    ],
)
def test_only_the_own_head_and_the_security_administrator_decide(org: SampleOrg, who: Role | str) -> None:
    with pytest.raises(NotPermitted):
        moved(org, asked(org), "approve", who)


def test_a_decision_comes_in_time_or_not_at_all(org: SampleOrg) -> None:
    row = asked(org)
    with pytest.raises(RequestOver):
        moved(org, row, "approve", Role.DEPARTMENT_HEAD, at=LATE)
    assert exports_lapse(NOW + timedelta(days=7)) == 0
    assert exports_lapse(LATE) == 1
    row.refresh_from_db()
    assert row.state == "lapsed"


def fetched(
    org: SampleOrg, row: ExportRequest, who: Role | str = Role.APPROVER, at: Any = NOW, **changes: Any
) -> ExportRequest:
    by, what = actor(org, who), leaving(**changes)
    found = fetchable(request_id=row.pk, leaving=what, address=ADDRESS, actor=by, at=at)
    return export_fetch(request=found, leaving=what, actor=by, at=at)


def test_the_asker_alone_fetches_and_once(org: SampleOrg) -> None:
    row = in_state(org, "approved")
    for other in (Role.DEPARTMENT_HEAD, Role.SECURITY_ADMIN, "clerk-beside"):
        with pytest.raises(OtherFile):
            fetched(org, row, other)
    assert fetched(org, row).fetched_rows == 20
    assert ExportDay.objects.get().rows == 20
    with pytest.raises(MoveNotLawful):
        fetched(org, row)


def test_a_file_is_fetched_in_time_and_as_it_was_approved(org: SampleOrg, settings: Any) -> None:
    settings.ZX_EXPORT_HOURS = 2
    row = in_state(org, "approved")
    with pytest.raises(RequestOver):
        fetched(org, row, at=NOW + timedelta(hours=3))
    with pytest.raises(ListHasGrown):
        fetched(org, row, rows=31)
    with pytest.raises(OtherFile):
        fetched(org, row, personal="申请人、电话")
    with pytest.raises(OtherFile):
        fetchable(
            request_id=row.pk,
            leaving=leaving(),
            address="/cases/?export=csv",
            actor=actor(org, Role.APPROVER),
            at=NOW,
        )
    with pytest.raises(OtherFile):
        moved(org, row, "fetch", Role.APPROVER, rows=20)
    assert fetched(org, row, rows=30).state == "fetched"


def test_the_quota_of_a_day_is_counted_to_the_last_row(org: SampleOrg, settings: Any) -> None:
    settings.ZX_EXPORT_QUOTA = 30
    by = actor(org, Role.APPROVER)
    export_leave(leaving=leaving(personal="", rows=30), actor=by, at=NOW)
    for at, more in ((NOW, 1), (NOW + timedelta(hours=12), 1)):
        with pytest.raises(QuotaReached):
            export_leave(leaving=leaving(personal="", rows=more), actor=by, at=at)
    export_leave(leaving=leaving(personal="", rows=30), actor=by, at=NOW + timedelta(days=1))
    export_leave(leaving=leaving(personal="", rows=30), actor=actor(org, Role.AUDITOR), at=NOW)
    assert [row.rows for row in ExportDay.objects.order_by("pk")] == [30, 30, 30]
    with pytest.raises(NotPermitted):
        export_leave(leaving=leaving(rows=0), actor=by, at=NOW)


def test_a_request_needs_a_purpose_a_ground_and_is_made_once(org: SampleOrg) -> None:
    def refused(kind: type[Refusal], **changes: Any) -> None:
        given = {
            "leaving": leaving(),
            "address": ADDRESS,
            "purpose": "报送办件明细表",
            "actor": actor(org, Role.APPROVER),
            "at": NOW,
        }
        with pytest.raises(kind):
            export_ask(**given | changes)

    refused(ExportPurposeMissing, purpose="报送")
    refused(PersonalNumbersFound, purpose="查 13800138000 的办件")
    refused(PersonalNumbersFound, address="/cases/?q=13800138000&export=csv")
    refused(NotNeeded, leaving=leaving(personal=""))
    refused(NotPermitted, actor=actor(org, Role.CITIZEN))
    asked(org)
    refused(AlreadyAsked)


def test_those_who_decide_are_told_and_then_the_asker(org: SampleOrg) -> None:
    row = asked(org)
    deliver_due(at=NOW)
    told = set(Notice.objects.values_list("recipient_id", flat=True))
    assert told == {org.users[Role.DEPARTMENT_HEAD].pk, org.users[Role.SECURITY_ADMIN].pk}
    moved(org, row, "refuse", Role.SECURITY_ADMIN, **REASON)
    deliver_due(at=NOW)
    assert Notice.objects.filter(recipient=org.users[Role.APPROVER]).count() == 1
